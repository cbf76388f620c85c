/* history - a log in memory for tests of views: events written as text, applied as they come.
 *
 *     history_add(&history, "certificate_cancelled", "certificate=X released=true");
 *
 * Fields are those of the event's body, separated by blanks; `$` in a value stands for a number of
 * no meaning that differs from event to event (its sequence). Each event goes through pack and
 * unpack before it is applied, as in the log. */
#pragma once

#include "tests/support/memory_views.h"

enum { HISTORY_EVENTS_MAX = 4096 };

struct history {
    struct arena *arena;
    struct memory_views views;
    int32_t today;                        /* the business date of the next event */
    uint64_t sequence;                    /* of the last event */
    bytes events[HISTORY_EVENTS_MAX + 1]; /* packed, by sequence */
};

struct history *history_new(struct arena *arena);

/* Adds an event that must apply; returns its sequence. */
uint64_t history_add(struct history *history, const char *body, const char *fields);
/* Adds an event that must contradict the log; it is taken back. */
void history_refuse(struct history *history, const char *body, const char *fields);

/* Applies a packed event to views. */
outcome history_apply(struct memory_views *views, bytes packed, struct arena *arena,
                      struct error *err);

/* A field of a record as text; "" when the record has none; fails the test when there is no such
 * record. `field` may be "identities.2.name": the third of a repeated message. */
const char *history_field(struct history *history, enum view_id view, struct view_key key,
                          const char *field);
