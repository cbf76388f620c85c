/* unfinished - what a killed regenerate leaves: `.tmp` files of documents that no event names and,
 * where the signature is different each time (ECDSA, SM2), no later run writes again.
 *
 * A mark, reports/regenerate.unfinished, stands while documents are drawn; a run that finds it
 * removes the `.tmp` files below certificates and proofs first. Needs the writer's lock. */
#pragma once

#include "jobs/session.h"

/* fails   RESOURCE, CREATE */
FALLIBLE unfinished_begin(struct session *session, struct error *err);
/* After a run that removed what it left, whether it failed or not. fails   RESOURCE */
FALLIBLE unfinished_end(struct session *session, struct error *err);
