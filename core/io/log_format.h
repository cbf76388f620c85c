/* log_format - the stored forms of the log, shared by log.c and log_verify.c (docs/log-format.md).
 *
 * Internal to the log: others include log.h. */
#pragma once

#include <string.h>

#include "core/io/log.h"

#define LOG_FORMAT "anzheng log 1"

enum { LOG_EVENT_KEY_SIZE = 8, LOG_TILE_KEY_SIZE = 9 };

/* The last tile of a level, while it is appended to. */
struct log_edge {
    struct digest hashes[TREE_TILE_WIDTH];
    uint64_t index;
    unsigned width;
    bool is_changed;
};

struct log_txn {
    struct log *log;
    struct store_txn *store;
    unsigned events;
    unsigned ids;
    unsigned meta;
    unsigned tiles;
    struct tree tree;
    struct digest root;     /* of stored_size events */
    uint64_t stored_size;   /* when the transaction began */
    struct log_edge *edges; /* TREE_TILE_LEVELS of them when writing, else NULL */
};

void log_put_u64(uint64_t value, uint8_t out[8]);
static inline uint64_t log_get_u64(const uint8_t *in)
{
    uint64_t value;
    memcpy(&value, in, sizeof value);
    return __builtin_bswap64(value);
}
void log_tile_key(unsigned level, uint64_t index, uint8_t out[LOG_TILE_KEY_SIZE]);

/* fails   CORRUPT LOG_HEAD_DAMAGED */
FALLIBLE log_head_read(struct log_txn *txn, struct tree *ret_tree, struct digest *ret_root,
                       struct error *err);
FALLIBLE log_head_write(struct log_txn *txn, struct error *err);
