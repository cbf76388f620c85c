/* backup_last - remembers size and root of the log that was last copied into a backup folder. */
#pragma once

#include "core/io/digest.h"
#include "jobs/session.h"

struct last_copy {
    uint64_t events; /* 0: none was copied yet, or what is left of it is damaged */
    struct digest root;
};

/* What a manifest says; false when it does not: of another version, or spoiled. */
bool backup_manifest_says(bytes text, struct arena *arena, struct last_copy *ret);

/* Reads the manifest; if there is none, or a kill came between log and manifest, the copied log
 * itself, after checking its pages. A damaged copy is reported and counts as none: the next backup
 * replaces it.
 * fails   MISSING FILE_NOT_READABLE and as the functions that read, because a copy that cannot be
 * read is not the same as none */
FALLIBLE backup_last_copy(struct session *session, const char *dir, struct last_copy *ret,
                          struct error *err);
