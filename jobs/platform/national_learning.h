/* national_learning - the title and education of a person for the national platform: the highest
 * that a counter has verified (level C, later B), as they were at the event. */
#pragma once

#include "jobs/session.h"

struct national_learning {
    const char *title;     /* codes of events/terms/learning.h, or NULL */
    const char *education; /* or NULL */
    str major;             /* 所学专业 of that education; "" without */
};

/* Behind event `event`, counting it. In a transaction, in the arena. fails   CORRUPT, RESOURCE */
FALLIBLE national_learning_as_at(struct session *session, str person_id, uint64_t event,
                                 struct arena *arena, struct national_learning *ret,
                                 struct error *err);
