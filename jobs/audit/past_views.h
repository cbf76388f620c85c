/* past_views - the views of an earlier state, for this process alone. They are made in a folder
 * below TMPDIR that is removed as soon as they are open, because they hold names in the clear. A
 * kernel lock marks the folder as in use; the next run removes the folder of a killed one. */
#pragma once

#include "jobs/engine/project.h"
#include "jobs/session.h"

/* The session's engine reads them from now on. In a transaction, and in one of theirs afterwards.
 * fails   CREATE MESSAGE_COMPARE_NO_FOLDER; as project_write */
FALLIBLE past_views_open(struct session *session, const struct fold_options *options,
                         uint64_t *ret_last, struct error *err);
