/* views_held - holds new index entries back and writes them later, sorted; for runs that do not
 * read these entries meanwhile.
 *
 * The entries of a register come in the order of its rows and are scattered over the whole table.
 * Written together in the order of their keys, each page is found and changed once. Internal to
 * views.h. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/store.h"

/* More than so many, or so many bytes of keys, are not held: at most 250 MB while they are sorted,
 * half of it of usual keys. Somewhat more than the events an import holds, so that the entries are
 * written beside the flush of the log (views_prepare) and not before it. */
enum { VIEWS_HELD_ENTRIES = 1 << 20, VIEWS_HELD_BYTES = 128 << 20 };

struct views_held {
    struct arena arena;
    bytes *keys;
    size_t count;
    size_t capacity;
    size_t bytes; /* of all keys */
};

void views_held_init(struct views_held *held);
void views_held_release(struct views_held *held);
/* Keeps a copy. Is it time to write them? */
bool views_held_add(struct views_held *held, bytes key);
/* Writes the entries, each with an empty value, and forgets them. Releases the mapped memory below
 * `dir` on the way, because the whole table would otherwise count as this process's memory. fails
 * as store_put */
FALLIBLE views_held_write(struct views_held *held, struct store_txn *txn, unsigned table,
                          const char *dir, struct error *err);
/* Forgets them: the transaction is given up. */
void views_held_drop(struct views_held *held);
