/* witnesses - whom to trust about a log: its keys, its witnesses, and how many of them must have
 * signed.
 *
 * As a file it is a C2SP tlog-policy (c2sp.org/tlog-policy): `log VKEY [URL]`, `witness NAME VKEY
 * [URL]`, `group NAME all|any|K MEMBER...`, `quorum NAME|none`, comments behind #. A group or
 * quorum names what stands above it. */
#pragma once

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/note.h"

enum { WITNESSES_MAX = 32, WITNESS_NODES_MAX = 64 };

struct witness {
    struct note_verifier key; /* of a cosigner */
    str url;                  /* its submission prefix; empty: none */
};

/* A name that a quorum can ask for: a witness, or `needed` of `members`. */
struct witness_node {
    str name;
    int witness;      /* index, or -1: a group */
    unsigned needed;  /* of a group */
    uint64_t members; /* bits of nodes */
    bool is_member;   /* of some group: no vote counts twice */
};

/* All texts are parts of what was parsed. Filled by witnesses_parse, or from {0} by adding and, at
 * the end, witnesses_ask. */
struct witnesses {
    struct note_verifier logs[WITNESSES_MAX];
    size_t logs_count;
    struct witness witnesses[WITNESSES_MAX];
    size_t witnesses_count;
    struct witness_node nodes[WITNESS_NODES_MAX];
    size_t nodes_count;
    int quorum; /* node, or -1: none is asked for */
};

/* fails   CONFIG WITNESSES_MALFORMED (line, what) */
FALLIBLE witnesses_parse(str text, struct arena *arena, struct witnesses *ret, struct error *err);

/* One by one, as a command line names them; `quorum` of all must cosign (0: none).
 * fails   CONFIG VKEY_INVALID; WITNESSES_MALFORMED for one that was named before, a quorum of more
 *         than there are, or too many */
FALLIBLE witnesses_add_log(struct witnesses *witnesses, str vkey, struct arena *arena,
                           struct error *err);
FALLIBLE witnesses_add(struct witnesses *witnesses, str vkey, struct arena *arena,
                       struct error *err);
FALLIBLE witnesses_ask(struct witnesses *witnesses, unsigned quorum, struct error *err);

/* Is the quorum there when those with cosigned[n] have cosigned? */
bool witnesses_suffice(const struct witnesses *witnesses, const bool cosigned[WITNESSES_MAX]);
