/* mirror - updates a copy of a folder: missing files are copied, present ones stay. Files that the
 * original no longer has are listed; the caller decides about them (backup_gone.h).
 *
 * For folders of files that never change and are named by the SHA-256 of their bytes, below <aa>/:
 * every copied file is checked against its name. An interrupted run leaves complete files and
 * `.tmp` files, which the next run replaces. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"

struct mirror_report {
    uint64_t copied;
    uint64_t bytes; /* of what was copied */
    uint64_t kept;
};

/* from     may be absent where `to` holds nothing; its folders are made in `to` also when empty
 * suffix   behind the digest: ".pdf" or ""
 * arena    scratch, reset between files
 * fails    CORRUPT BLOB_ALTERED (the original has other bytes than its name says),
 *          BACKUP_FOLDER_LOST; MISSING FILE_NOT_READABLE; BUSY MESSAGE_BACKUP_STOPPED; RESOURCE,
 *          CREATE. Adds to *report */
FALLIBLE mirror_digests(const char *from, const char *to, const char *suffix, struct arena *arena,
                        struct mirror_report *report, struct error *err);

/* What `to` has and `from` has not, "<aa>/<name>"; also a `.tmp` that a killed copy left. Asked
 * behind mirror_digests(), which refuses a folder that is gone as a whole.
 * ret     in the arena, sorted
 * fails   MISSING FILE_NOT_READABLE */
FALLIBLE mirror_leftovers(const char *from, const char *to, struct arena *arena, const char ***ret,
                          size_t *ret_count, struct error *err);

/* mirror_digests() for single files that may change (keys, configuration): replaced when their
 * bytes differ, with the original's permissions; one that is absent is left out. */
FALLIBLE mirror_file(const char *from, const char *to, struct arena *arena, struct error *err);
