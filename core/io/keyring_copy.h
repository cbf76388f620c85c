/* keyring_copy - the keyring of a store into a backup, beside its writer.
 *
 * The copy may one day be the only one left. It is therefore never replaced by a damaged keyring,
 * nor by one that lacks a key which the copy has. The index beside the keyring is not copied: the
 * next writer makes it anew. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"

/* From file to file; one that is absent leaves the copy as it is.
 * arena   scratch
 * fails   CONFIG KEYRING_DAMAGED, FILE_NOT_READABLE; MISSING FILE_NOT_READABLE, of a copy that is
 *         there; CORRUPT KEYRING_COPY_HAS_MORE; CREATE, RESOURCE */
FALLIBLE keyring_copy(const char *from, const char *to, struct arena *arena, struct error *err);
