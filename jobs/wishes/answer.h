/* answer - makes the JSON answer to a wish (CONTRACT 4), for submissions and for actions on the
 * command line. */
#pragma once

#include "jobs/engine/judging/submission.h"
#include "jobs/report.h"

/* The JSON record of an answer; the caller gives it back. `arena` for its texts. */
struct json *answer_record(struct session *session, const struct answer *answer,
                           struct arena *arena);
