/* log_ids - what accepted wishes left behind; see log.h. They are not under the tree: each entry
 * carries a check of its own (docs/log-format.md, L9). */
#include <string.h>

#include "core/io/log_format.h"
#include "core/io/messages.h"

enum { ID_BARE_SIZE = DIGEST_SIZE + 16, ID_CHECK_SIZE = 8, ID_SIZE = ID_BARE_SIZE + ID_CHECK_SIZE };

static void id_check(bytes key, const uint8_t bare[ID_BARE_SIZE], uint8_t out[ID_CHECK_SIZE])
{
    uint8_t text[STORE_KEY_MAX + ID_BARE_SIZE];
    BUG_UNLESS(key.size <= STORE_KEY_MAX);
    memcpy(text, key.data, key.size);
    memcpy(text + key.size, bare, ID_BARE_SIZE);
    struct digest digest = digest_sha256(bytes_of(text, key.size + ID_BARE_SIZE));
    memcpy(out, digest.data, ID_CHECK_SIZE);
}

/* Entries of older programs have no check: only L8 can be tested for them. */
static FALLIBLE read_id(const struct log_txn *txn, bytes key, bytes value, struct log_id *ret,
                        struct error *err)
{
    uint8_t check[ID_CHECK_SIZE];
    struct log_id id = {0};
    bool sound = value.size == ID_BARE_SIZE || value.size == ID_SIZE;
    if (sound) {
        memcpy(id.content.data, value.data, DIGEST_SIZE);
        id.first = log_get_u64(value.data + DIGEST_SIZE);
        id.last = log_get_u64(value.data + DIGEST_SIZE + 8);
        sound = id.first >= 1 && id.first <= id.last && id.last <= txn->tree.size; /* L8 */
    }
    if (sound && value.size == ID_SIZE) {
        id_check(key, value.data, check);
        sound = memcmp(check, value.data + ID_BARE_SIZE, sizeof check) == 0; /* L9 */
    }
    if (!sound) {
        FAIL(CORRUPT, MESSAGE_LOG_ID_ALTERED, ARG_INT("event", id.first));
    }
    *ret = id;
    return OK;
}

FALLIBLE log_id_find(struct log_txn *txn, bytes key, struct log_id *ret, bool *ret_found,
                     struct error *err)
{
    bytes value;
    TRY(store_get(txn->store, txn->ids, key, &value, err));
    if (value.data == NULL) {
        *ret_found = false;
        return OK;
    }
    TRY(read_id(txn, key, value, ret, err));
    *ret_found = true;
    return OK;
}

FALLIBLE log_id_put(struct log_txn *txn, bytes key, const struct log_id *id, struct error *err)
{
    uint8_t value[ID_SIZE];
    BUG_UNLESS(id->first >= 1 && id->first <= id->last);
    BUG_UNLESS(id->last <= txn->tree.size); /* L8 */
    memcpy(value, id->content.data, DIGEST_SIZE);
    log_put_u64(id->first, value + DIGEST_SIZE);
    log_put_u64(id->last, value + DIGEST_SIZE + 8);
    id_check(key, value, value + ID_BARE_SIZE);
    return store_put(txn->store, txn->ids, key, bytes_of(value, sizeof value), err);
}

static FALLIBLE verify_all(struct log_txn *txn, struct store_cursor *cursor, struct error *err)
{
    bool found = false;
    bytes key = {NULL, 0};
    bytes value = {NULL, 0};
    TRY(store_cursor_seek(cursor, (bytes){0}, &found, &key, &value, err));
    while (found) {
        struct log_id id;
        TRY(read_id(txn, key, value, &id, err));
        TRY(store_cursor_next(cursor, &found, &key, &value, err));
    }
    return OK;
}

FALLIBLE log_verify_ids(struct log_txn *txn, struct error *err)
{
    struct store_cursor *cursor = NULL;
    if (txn->ids == STORE_NO_TABLE && txn->tree.size > 0) {
        FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "ids"));
    }
    TRY(store_cursor_open(txn->store, txn->ids, &cursor, err));
    outcome verified = verify_all(txn, cursor, err);
    store_cursor_close(cursor);
    return verified;
}
