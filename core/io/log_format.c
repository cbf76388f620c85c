/* log_format - see log_format.h; also the small records of log.h: ids, meta, tiles. */
#include "core/io/log_format.h"

#include <string.h>

#include "core/io/messages.h"

enum { HEAD_FIXED_SIZE = 8 + DIGEST_SIZE, NAME_MAX_SIZE = 64 };

void log_put_u64(uint64_t value, uint8_t out[8])
{
    for (int i = 7; i >= 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
}

void log_tile_key(unsigned level, uint64_t index, uint8_t out[LOG_TILE_KEY_SIZE])
{
    out[0] = (uint8_t)level;
    log_put_u64(index, out + 1);
}

static outcome head_damaged(const char *what, struct error *err)
{
    FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", what));
}

FALLIBLE log_head_read(struct log_txn *txn, struct tree *ret_tree, struct digest *ret_root,
                       struct error *err)
{
    bytes head;
    uint64_t events = 0;
    struct tree tree;
    tree_init(&tree);
    TRY(store_get(txn->store, txn->meta, str_bytes(STR("head")), &head, err));
    TRY(store_entries(txn->store, txn->events, &events, err));
    if (head.data != NULL) {
        if (head.size < HEAD_FIXED_SIZE) {
            return head_damaged("too short", err);
        }
        tree.size = log_get_u64(head.data);
    }
    if (tree.size != events) { /* L2 */
        return head_damaged("number of events", err);
    }
    if (head.data == NULL) {
        *ret_tree = tree;
        *ret_root = tree_root(&tree);
        return OK;
    }
    size_t levels = (size_t)__builtin_popcountll(tree.size);
    if (head.size != HEAD_FIXED_SIZE + levels * DIGEST_SIZE) {
        return head_damaged("size of the record", err);
    }
    const uint8_t *from = head.data + HEAD_FIXED_SIZE;
    for (unsigned level = 0; level < 64; level++) {
        if ((tree.size >> level & 1) != 0) {
            memcpy(tree.level[level].data, from, DIGEST_SIZE);
            from += DIGEST_SIZE;
        }
    }
    struct digest root = tree_root(&tree);
    if (memcmp(root.data, head.data + 8, DIGEST_SIZE) != 0) { /* L5 */
        return head_damaged("root", err);
    }
    *ret_tree = tree;
    *ret_root = root;
    return OK;
}

FALLIBLE log_head_write(struct log_txn *txn, struct error *err)
{
    uint8_t head[HEAD_FIXED_SIZE + 64 * DIGEST_SIZE];
    size_t size = HEAD_FIXED_SIZE;
    struct digest root = tree_root(&txn->tree);
    log_put_u64(txn->tree.size, head);
    memcpy(head + 8, root.data, DIGEST_SIZE);
    for (unsigned level = 0; level < 64; level++) {
        if ((txn->tree.size >> level & 1) != 0) {
            memcpy(head + size, txn->tree.level[level].data, DIGEST_SIZE);
            size += DIGEST_SIZE;
        }
    }
    return store_put(txn->store, txn->meta, str_bytes(STR("head")), bytes_of(head, size), err);
}

FALLIBLE log_meta_get(struct log_txn *txn, const char *name, bytes *ret, struct error *err)
{
    return store_get(txn->store, txn->meta, str_bytes(str_of(name)), ret, err);
}

FALLIBLE log_meta_put(struct log_txn *txn, const char *name, bytes value, struct error *err)
{
    BUG_UNLESS(strcmp(name, "format") != 0 && strcmp(name, "head") != 0);
    BUG_UNLESS(strlen(name) <= NAME_MAX_SIZE);
    return store_put(txn->store, txn->meta, str_bytes(str_of(name)), value, err);
}

FALLIBLE log_meta_delete(struct log_txn *txn, const char *name, struct error *err)
{
    BUG_UNLESS(strcmp(name, "format") != 0 && strcmp(name, "head") != 0);
    return store_delete(txn->store, txn->meta, str_bytes(str_of(name)), err);
}

FALLIBLE log_tile(struct log_txn *txn, struct tile tile, bytes *ret, struct error *err)
{
    uint8_t key[LOG_TILE_KEY_SIZE];
    bytes value;
    log_tile_key(tile.level, tile.index, key);
    TRY(store_get(txn->store, txn->tiles, bytes_of(key, sizeof key), &value, err));
    if (value.data == NULL || value.size < tile.width * (size_t)DIGEST_SIZE ||
        value.size % DIGEST_SIZE != 0) {
        uint64_t first = (tile.index * TREE_TILE_WIDTH << 8 * tile.level) + 1;
        FAIL(CORRUPT, MESSAGE_LOG_TILE_DAMAGED, ARG_INT("level", tile.level),
             ARG_INT("event", first));
    }
    *ret = value;
    return OK;
}

static outcome read_hash(void *context, unsigned level, uint64_t index, struct digest *ret,
                         struct error *err)
{
    bytes stored;
    unsigned at = (unsigned)(index % TREE_TILE_WIDTH);
    struct tile tile = {level, index / TREE_TILE_WIDTH, at + 1};
    TRY(log_tile(context, tile, &stored, err));
    memcpy(ret->data, stored.data + at * (size_t)DIGEST_SIZE, DIGEST_SIZE);
    return OK;
}

struct tree_reader log_tree_reader(struct log_txn *txn)
{
    return (struct tree_reader){read_hash, txn};
}

FALLIBLE log_root_at(struct log_txn *txn, uint64_t size, struct digest *ret, struct error *err)
{
    struct tree tree;
    struct tree_reader reader = log_tree_reader(txn);
    BUG_UNLESS(size <= txn->stored_size);
    if (size == txn->stored_size) {
        *ret = txn->root;
        return OK;
    }
    TRY(tree_at(&reader, size, &tree, err));
    *ret = tree_root(&tree);
    return OK;
}
