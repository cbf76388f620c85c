/* national_walk - walks over the records that the national platform must get after a given event:
 * one for each version of a document and each change of state, in the order of the log, then one
 * for each certificate that expired since. */
#pragma once

#include "jobs/platform/national_record.h"

enum { NATIONAL_EVER = INT32_MIN }; /* a day before all days */

struct national_item {
    const char *key;         /* national_record_key: of one record for ever */
    const char *certificate; /* its number */
    uint64_t event;          /* 0: it ran out */
    struct json *record;     /* the taker gives it back */
};

struct national_walk {
    struct national_source source;
    uint64_t since;    /* everything up to this event is done */
    int32_t since_day; /* and what ended before this day */
    bool enough;       /* set by the taker: it has seen what it wanted */
    uint64_t records;  /* found */
    uint64_t blocked;  /* records of persons who are blocked or erased (R-PV-02) */
    outcome (*take)(void *state, const struct national_item *item, struct error *err);
    void *state;
};

/* In a transaction; reads up to the log's last event, and the session's day for what ran out.
 * fails   as the taker; BUSY MESSAGE_LOG_STOPPED; CORRUPT, RESOURCE */
FALLIBLE national_walk(struct national_walk *walk, struct error *err);

/* The day of an event, which `since_day` is when nothing else is known; NATIONAL_EVER of 0.
 * fails   MISSING, CORRUPT */
FALLIBLE national_day_of(struct session *session, uint64_t event, int32_t *ret, struct error *err);

/* What the platform will miss in the records that were made, to people. */
void national_tell_gaps(const struct national_source *source);
/* What was found, and what the platform will miss, to people. */
void national_tell(const struct national_walk *walk);
