/* feeds - which views each kind of event feeds, and which certificate, person or other subject it
 * is about.
 *
 * The table feeds.def is the only place that says so; the driver does not call views that an event
 * does not feed. An event kind without a row does not compile. A single event may still leave a
 * view alone that its kind feeds (view_kind.key says so): for example, an extension that used no
 * exam. */
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
