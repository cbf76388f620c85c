/* proof - the texts that a transparency log hands out: the proof that an entry is in it (C2SP
 * tlog-proof), and the request for a cosignature (C2SP tlog-witness, add-checkpoint).
 *
 * Checks the form only: tree.h and note.h verify whether a proof holds. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/tree.h"

enum {
    PROOF_HASHES_MAX = 63,         /* of one proof; 2^63 entries are enough */
    PROOF_BYTES_MAX = 1024 * 1024, /* of a proof, its entry in base64 included */
};

#define PROOF_HEADER "c2sp.org/tlog-proof@v1"

struct log_proof {
    bytes extra; /* data NULL: none. Here: the entry; not authenticated before it was hashed */
    uint64_t index;
    struct tree_proof path; /* the leaf's sibling first */
    str checkpoint;         /* the whole note, with all signatures */
};

/* The file. path.count is at most PROOF_HASHES_MAX. */
str proof_format(const struct log_proof *proof, struct arena *arena);
/* Back: strict, so that a proof has one form. `checkpoint` is a part of `text`.
 * fails   MALFORMED PROOF_MALFORMED (line, what) */
FALLIBLE proof_parse(str text, struct arena *arena, struct log_proof *ret, struct error *err);

/* The body of add-checkpoint: "old SIZE", the hashes, an empty line, the checkpoint. */
str proof_request(uint64_t old_size, const struct tree_proof *path, str checkpoint,
                  struct arena *arena);
