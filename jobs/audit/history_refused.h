/* history_refused - wishes that a rule refused, for `audit history`. They left no event, but the
 * file they came in, its signature and its answers are kept (jobs/engine/judging/evidence.h).
 *
 * Shown are the action, its actor, its subject, and the rule and code of the refusal. The wish's
 * text and its ID numbers stay sealed (`audit history file` takes them out). */
#pragma once

#include "jobs/objects/subject.h"
#include "jobs/session.h"

/* Whose wishes: NULL in a member that does not count. */
struct refused_filter {
    const struct subject *subject; /* named in the wish, or holder of a certificate that is */
    const char *actor;             /* enterprise code, 工号 or person id of whoever wished */
};

/* Takes a line of the history. `record` is given to it. */
typedef outcome refused_put(void *state, struct json *record, struct error *err);

/* Those of one FileProcessed event; any other event has none. A file whose key was destroyed
 * has none any more. Needs keys and a transaction.
 * fails   as evidence_open and `put` */
FALLIBLE history_refused_of(struct session *session, const Event *event,
                            const struct refused_filter *filter, refused_put *put, void *state,
                            struct error *err);

/* Is the text the subject, or a certificate that the subject holds? */
FALLIBLE history_names(struct session *session, const struct subject *subject, str text, bool *ret,
                       struct error *err);
