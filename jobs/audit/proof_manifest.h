/* proof_manifest - the manifest of a folder of proofs. It proves nothing, but a proof that it lists
 * and that is gone was taken away. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"

/* Are all that it lists among the `count` names?
 * fails   MALFORMED MESSAGE_MANIFEST_FORM, and what is no JSON; MISSING MESSAGE_PROOFS_LISTED */
FALLIBLE proof_manifest_check(const char *path, const char *const *names, size_t count,
                              struct arena *arena, struct error *err);
