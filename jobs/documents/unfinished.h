/* unfinished - what a killed regenerate leaves: `.tmp` files of documents, and files that have
 * their names and were not logged any more. No event names them, and where the signature is
 * different each time (ECDSA, SM2, time-stamps) no later run writes them again.
 *
 * A mark, reports/regenerate.unfinished, stands while documents are drawn; a run that finds it
 * first removes, below certificates and proofs, the `.tmp` files and the documents that were
 * written since the mark and that no event names. Needs the writer's lock. */
#pragma once

#include "jobs/session.h"

/* *ret_stopped: a signal came before all was removed; the mark stands, nothing is to be drawn.
 * fails   RESOURCE, CREATE, CORRUPT */
FALLIBLE unfinished_begin(struct session *session, bool *ret_stopped, struct error *err);
/* After a run that removed what it left, whether it failed or not. fails   RESOURCE */
FALLIBLE unfinished_end(struct session *session, struct error *err);
