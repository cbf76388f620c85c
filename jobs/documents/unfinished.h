/* unfinished - removes what a killed `regenerate` left: `.tmp` files of documents, and files that
 * were renamed but not logged. No event names them, and where signatures differ each time (ECDSA,
 * SM2, time-stamps) no later run would overwrite them.
 *
 * The file reports/regenerate.unfinished exists while documents are drawn. A run that finds it
 * first removes, below certificates and proofs, the `.tmp` files and the documents that are newer
 * than that file and that no event names. Needs the writer's lock. */
#pragma once

#include "jobs/session.h"

/* *ret_stopped: a signal came before all was removed; the mark stands, nothing is to be drawn.
 * fails   RESOURCE, CREATE, CORRUPT */
FALLIBLE unfinished_begin(struct session *session, bool *ret_stopped, struct error *err);
/* After a run that removed what it left, whether it failed or not. fails   RESOURCE */
FALLIBLE unfinished_end(struct session *session, struct error *err);
