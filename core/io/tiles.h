/* tiles - reads the checkpoint and the hashes of a log that somebody published as C2SP tlog-tiles,
 * in a folder or behind a URL. Nothing is verified here: the caller checks signatures and proofs.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/tree.h"

struct tiles {
    const char *place;   /* a folder, or https://... (http on loopback) */
    const char *scratch; /* a file that a download may use for a moment */
    struct arena *arena; /* tiles that were read stay here */
    uint64_t size;       /* of the tree that is read: set it before asking for hashes */
    struct tile_kept *kept;
    size_t kept_count;
    size_t kept_capacity;
};

/* fails   MISSING, REMOTE; MALFORMED FILE_TOO_LARGE; CORRUPT TILES_NOT_TEXT */
FALLIBLE tiles_checkpoint(struct tiles *tiles, str *ret, struct error *err);
/* For tree_at and tree_consistency up to tiles->size.
 * fails   MISSING, REMOTE; CORRUPT TILES_TILE_SIZE */
struct tree_reader tiles_reader(struct tiles *tiles);
