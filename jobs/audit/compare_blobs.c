/* compare_blobs - compares blobs with the log (comparing.h): which blobs events name, and which of
 * them are missing although no erasure removed them.
 *
 * An event names a blob in a field whose name ends with _blob, as in erasure_extent.c. The list of
 * a wave is not among them: it is needed only while the wave is open, and `rename status` reports a
 * missing one. */
#include <string.h>

#include "core/io/blob.h"
#include "jobs/audit/comparing.h"
#include "jobs/engine/erasure_extent.h"

FALLIBLE compare_blobs_gather(struct comparing *comparing, const Event *event, struct error *err)
{
    const ProtobufCMessage *body = event_body(event, NULL);
    for (unsigned i = 0; body != NULL && i < body->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &body->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_BYTES ||
            !str_ends_with(str_of(field->name), STR("_blob"))) {
            continue;
        }
        const ProtobufCBinaryData *data = (const void *)((const char *)body + field->offset);
        if (data->len != 0 && data->len != DIGEST_SIZE) {
            FAIL(CORRUPT, MESSAGE_LOG_CONTRADICTS, ARG_INT("event", event->sequence),
                 ARG_TEXT("what", field->name));
        }
        if (data->len != 0) {
            bool made = false;
            struct named_blob *blob = ARENA_NEW(&comparing->session->run_arena, struct named_blob);
            blob->event = event->sequence;
            map_put(&comparing->blobs, bytes_of(data->data, data->len), &made)->value = blob;
        }
    }
    return OK;
}

struct named_blob *compare_blobs_find(const struct comparing *comparing,
                                      const struct digest *digest)
{
    struct map_entry *entry = map_find(&comparing->blobs, digest_bytes(digest));
    return entry != NULL ? entry->value : NULL;
}

FALLIBLE compare_erasures(struct comparing *comparing, struct erasure_extent *ret,
                          struct error *err)
{
    struct log_txn *now = NULL;
    erasure_extent_init(ret, &comparing->session->run_arena);
    TRY(log_begin_beside(engine_log_txn(comparing->session->engine), &now, err));
    outcome result = erasure_extent_read(now, 0, ret, err);
    log_abort(now);
    return result;
}

static FALLIBLE tell_missing(struct comparing *comparing, struct map_entry **entries,
                             struct error *err)
{
    struct arena *arena = &comparing->session->run_arena;
    struct erasure_extent erased;
    TRY(compare_erasures(comparing, &erased, err));
    for (size_t i = 0; i < comparing->blobs.count; i++) {
        const struct named_blob *blob = entries[i]->value;
        struct digest digest;
        if (blob->seen) {
            continue;
        }
        memcpy(digest.data, entries[i]->key.data, sizeof digest.data);
        const char *path = blob_path("blobs", &digest, "", arena);
        if (!erasure_extent_has(&erased, path)) {
            TRY(comparing_add(comparing, "blob", DIFFERENCE_MISSING, blob->event, str_of(path),
                              err));
        }
    }
    return OK;
}

FALLIBLE compare_blobs_missing(struct comparing *comparing, struct error *err)
{
    struct map_entry **entries = map_sorted(&comparing->blobs, &comparing->session->run_arena);
    bool all_seen = true;
    for (size_t i = 0; i < comparing->blobs.count; i++) {
        const struct named_blob *blob = entries[i]->value;
        all_seen &= blob->seen;
    }
    if (!all_seen) { /* as nearly never: the log is not read again for nothing */
        TRY(tell_missing(comparing, entries, err));
    }
    return OK;
}
