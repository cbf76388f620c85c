/* keyring_copy - the keyring of a store into a backup, beside its writer.
 *
 * A copy may be all that is left of the keys: it is replaced by nothing that is damaged, nor by a
 * keyring that lacks one of them. The index beside the keyring is not copied; whoever writes next
 * makes it. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"

/* From file to file; one that is absent leaves the copy as it is.
 * arena   scratch
 * fails   CONFIG KEYRING_DAMAGED, FILE_NOT_READABLE; MISSING FILE_NOT_READABLE, of a copy that is
 *         there; CORRUPT KEYRING_COPY_HAS_MORE; CREATE, RESOURCE */
FALLIBLE keyring_copy(const char *from, const char *to, struct arena *arena, struct error *err);
