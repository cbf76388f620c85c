/* proof_manifest - the list of the proofs in a folder. It proves nothing by itself, but it shows
 * that a listed proof is missing. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"

/* Are all that it lists among the `count` names?
 * fails   MALFORMED MESSAGE_MANIFEST_FORM, and what is no JSON; MISSING MESSAGE_PROOFS_LISTED */
FALLIBLE proof_manifest_check(const char *path, const char *const *names, size_t count,
                              struct arena *arena, struct error *err);
