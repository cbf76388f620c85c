/* past_views - the views as they were, for this process alone: in a folder below TMPDIR that is
 * gone as soon as they are open, for names stand in them in the clear. It is held by a kernel lock
 * meanwhile: what a killed run left goes with the next one. */
#pragma once

#include "jobs/engine/project.h"
#include "jobs/session.h"

/* The session's engine reads them from now on. In a transaction, and in one of theirs afterwards.
 * fails   CREATE MESSAGE_COMPARE_NO_FOLDER; as project_write */
FALLIBLE past_views_open(struct session *session, const struct fold_options *options,
                         uint64_t *ret_last, struct error *err);
