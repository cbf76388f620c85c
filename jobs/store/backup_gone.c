/* backup_gone - see backup_gone.h. The log is read only where something is gone. */
#include "jobs/store/backup_gone.h"

#include <string.h>

#include "core/base/map.h"
#include "core/io/blob.h"
#include "core/io/file.h"
#include "jobs/engine/erasure_extent.h"
#include "jobs/engine/parts/log_walk.h"
#include "jobs/report.h"
#include "jobs/store/backup.h"

enum { TOLD_MAX = 20 };

struct gone {
    const char *path; /* "blobs/aa/<sha256>" */
    bool named;       /* by an event */
};

struct going {
    struct session *session;
    struct arena *arena;
    const char *to;
    struct gone **items; /* each by itself: the map points at them */
    size_t count;
    size_t capacity;
    struct map by_digest;
};

static FALLIBLE gather_folder(struct going *going, const struct backup_folder *folder,
                              struct error *err)
{
    struct arena *arena = going->arena;
    const char **names = NULL;
    size_t count = 0;
    const char *from = arena_format(arena, "%s/%s", going->session->store_dir, folder->name).data;
    const char *to = arena_format(arena, "%s/%s", going->to, folder->name).data;
    TRY(mirror_leftovers(from, to, arena, &names, &count, err));
    for (size_t i = 0; i < count; i++) {
        struct digest digest;
        bool made = false;
        struct gone *item = ARENA_NEW(arena, struct gone);
        item->path = arena_format(arena, "%s/%s", folder->name, names[i]).data;
        ARENA_GROW(arena, going->items, going->count, &going->capacity);
        going->items[going->count++] = item;
        if (blob_name_digest(strchr(names[i], '/') + 1, folder->suffix, &digest)) {
            map_put(&going->by_digest, digest_bytes(&digest), &made)->value = item;
        } /* else a `.tmp` of a killed copy: no event names it */
    }
    return OK;
}

static void look_at(struct going *going, Event *event)
{
    const ProtobufCMessage *body = event_body(event, NULL);
    for (unsigned i = 0; body != NULL && i < body->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &body->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_BYTES || field->label == PROTOBUF_C_LABEL_REPEATED) {
            continue;
        }
        const ProtobufCBinaryData *data = (const void *)((const char *)body + field->offset);
        struct map_entry *entry = data->len == DIGEST_SIZE
                                      ? map_find(&going->by_digest, bytes_of(data->data, data->len))
                                      : NULL;
        if (entry != NULL) {
            ((struct gone *)entry->value)->named = true;
        }
    }
}

/* An event names a file by its digest, in whatever field: one that comes later is met, too. */
static FALLIBLE find_named(struct going *going, struct log_txn *txn, struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    TRY(log_walk_open(txn, 1, &walk, err));
    while (walk.event != NULL) {
        look_at(going, walk.event);
        TRY(log_walk_next(&walk, err));
    }
    return OK;
}

static void tell_lost(const struct going *going, const char *path, const char *copy)
{
    struct error lost;
    str file = arena_format(going->arena, "%s/%s", going->session->store_dir, path);
    (void)ERROR_SET(&lost, CORRUPT, MESSAGE_BACKUP_FILE_LOST, ARG_STR("file", file),
                    ARG_TEXT("copy", copy)); /* the run goes on */
    report_error(going->session, &lost);
}

static FALLIBLE remove_copies(struct going *going, const struct erasure_extent *erased,
                              struct gone_report *ret, struct error *err)
{
    for (size_t i = 0; i < going->count; i++) {
        const struct gone *item = going->items[i];
        const char *copy = arena_format(going->arena, "%s/%s", going->to, item->path).data;
        if (!item->named || erasure_extent_has(erased, item->path)) {
            TRY(file_remove(copy, err));
            ret->removed++;
            continue;
        }
        if (ret->lost++ < TOLD_MAX) {
            tell_lost(going, item->path, copy);
        }
    }
    if (ret->lost > 0) {
        session_status(going->session, error_exit_status(ERROR_CORRUPT));
    }
    return OK;
}

/* In a transaction of its own: what went while files were copied went by an event that the copied
 * log may not have yet. */
static FALLIBLE judge(struct going *going, struct log_txn *txn, struct gone_report *ret,
                      struct error *err)
{
    struct erasure_extent erased;
    struct log_txn *now = NULL;
    erasure_extent_init(&erased, going->arena);
    TRY(log_begin_beside(txn, &now, err));
    outcome result = erasure_extent_read(now, 0, &erased, err);
    if (result.ok) {
        result = find_named(going, now, err);
    }
    log_abort(now);
    TRY(result);
    return remove_copies(going, &erased, ret, err);
}

FALLIBLE backup_judge_gone(struct session *session, struct log_txn *txn, const char *to,
                           struct gone_report *ret, struct error *err)
{
    struct arena arena;
    struct going going = {.session = session, .arena = &arena, .to = to};
    outcome result = OK;
    *ret = (struct gone_report){0};
    arena_init(&arena, 0);
    map_init(&going.by_digest, &arena);
    for (size_t i = 0; result.ok && i < backup_folders_count; i++) {
        result = gather_folder(&going, &backup_folders[i], err);
    }
    if (result.ok && going.count > 0) {
        result = judge(&going, txn, ret, err);
    }
    arena_release(&arena);
    return result;
}
