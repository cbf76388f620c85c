/* program - which program runs: its own code and that of the libraries it has loaded.
 *
 * For what was worked out by one program and must not be taken for the work of another. */
#pragma once

#include <stdbool.h>

#include "core/io/digest.h"

/* A digest of the build ids of all that is loaded; another build of any of them has another one.
 * What is loaded later changes it, too: ask when everything that counts is there. False when
 * something has no build id: then nobody can tell. */
bool program_identity(struct digest *ret);
