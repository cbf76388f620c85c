/* answer - a line's answer as CONTRACT 4 shows it, for submissions and for actions as verbs. */
#pragma once

#include "jobs/engine/judging/submission.h"
#include "jobs/report.h"

/* The JSON record of an answer; the caller gives it back. `arena` for its texts. */
struct json *answer_record(struct session *session, const struct answer *answer,
                           struct arena *arena);
