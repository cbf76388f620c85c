/* redact - reduces the view of a blocked or erased person to what may still be shown (R-PV-02): the
 * id, the fact of being blocked, and the event numbers. */
#pragma once

#include "jobs/session.h"

/* Views of an earlier day do not know who is blocked now (session.blocked_persons): they learn it.
 */
void person_mark_blocked(const struct session *session, PersonView *person);

/* The person as others may see him: himself, or a copy without anything personal. */
PersonView *person_redacted(PersonView *person, struct arena *arena);

/* Refuses what would show or hand out something of the person: MESSAGE_PERSON_BLOCKED. */
FALLIBLE person_refuse_blocked(const PersonView *person, struct error *err);
