/* single_wish - judges a single wish that is no line of a submission: an action on the command
 * line, or a notice.
 *
 * It is signed here or comes with a signature file, and is verified and judged like a line. A
 * signed wish leaves the same evidence as a submission of one line, so that it can be shown later
 * what was signed. */
#pragma once

#include "jobs/engine/judging/act.h"
#include "jobs/engine/judging/evidence.h"
#include "jobs/session.h"

struct single_wish {
    struct session *session;
    Action *action;
    str name;                   /* the action's */
    struct evidence evidence;   /* what is signed, and the signature when there is one */
    const char *attachments;    /* as in act.h */
    const char *expected_count; /* likewise */
    bool dry_run;               /* all is judged and nothing kept */
};

/* Are certificate and key both given, or neither?
 * fails   USAGE MESSAGE_OPTION_REQUIRED */
FALLIBLE single_wish_check_signer(const struct session *session, const char *certificate,
                                  const char *key, struct error *err);

/* Signs it with these files; with neither it stays as it is: whether one is needed is the store's
 * to say.
 * fails   USAGE MESSAGE_OPTION_REQUIRED with one of the two; as signer_open */
FALLIBLE single_wish_sign(struct single_wish *wish, const char *certificate, const char *key,
                          struct error *err);

/* Verifies, judges, keeps and commits, in a transaction of its own; a wave is shown running
 * (R-NM-04). All results in the session's run arena. A result that is `stopped` was told, and has
 * set the exit status.
 * fails   SIGNATURE; as act */
FALLIBLE single_wish_run(const struct single_wish *wish, struct act_result *ret, struct error *err);

/* Its answer as CONTRACT 4 shows it; the caller gives it back. */
struct json *single_wish_answer(const struct single_wish *wish, const struct act_result *result);
