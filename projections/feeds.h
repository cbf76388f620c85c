/* feeds - where each kind of event goes: which views it feeds, and what it is about there.
 *
 * The table, feeds.def, is the one place that says so: the driver asks no view whose business an
 * event is not. A kind without a row does not compile. A view may still have nothing of one event
 * of a kind that feeds it (view_kind.key says which): an extension that used no exam, say. */
#pragma once

#include <event.pb-c.h>

#include "projections/registry.h"

/* The views that events of the kind feed, a bit each: 1U << VIEW_…. */
uint32_t feeds_of(Event__BodyCase body);

static inline bool feeds(const Event *event, enum view_id view)
{
    return (feeds_of(event->body_case) >> view & 1U) != 0;
}

/* The number, id or code that the event is about; NULL for an event of none. The event's own. */
const char *event_subject(const Event *event);
/* The certificate that the event is about; NULL for all events that change none. */
const char *event_certificate(const Event *event);
