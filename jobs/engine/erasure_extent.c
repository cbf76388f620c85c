/* erasure_extent - see erasure_extent.h.
 *
 * Fields are found by their names (person_id, certificate, document, *_blob), so a new kind of
 * event needs no line here. */
#include "jobs/engine/erasure_extent.h"

#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/parts/log_walk.h"

void erasure_extent_init(struct erasure_extent *extent, struct arena *arena)
{
    *extent = (struct erasure_extent){.arena = arena};
    map_init(&extent->ids, arena);
    map_init(&extent->drawn, arena);
    map_init(&extent->paths, arena);
}

static bool has(const struct map *map, const char *text)
{
    return text[0] != 0 && map_find(map, str_bytes(str_of(text))) != NULL;
}

/* True when it was not there. */
static bool put(struct erasure_extent *extent, struct map *map, const char *text)
{
    bool made = false;
    if (text[0] == 0) {
        return false;
    }
    (void)map_put(map, str_bytes(arena_str(extent->arena, str_of(text))), &made); /* a set */
    return made;
}

void erasure_extent_add(struct erasure_extent *extent, const PersonErased *erased)
{
    ARENA_GROW(extent->arena, extent->erasures, extent->erasures_count, &extent->erasures_capacity);
    extent->erasures[extent->erasures_count++] = erased;
    (void)put(extent, &extent->ids, erased->person_id);
    for (size_t i = 0; i < erased->n_further_ids; i++) {
        (void)put(extent, &extent->ids, erased->further_ids[i]);
    }
}

/* --- files --------------------------------------------------------------------------------------
 */

/* True when the file was not known yet. */
static bool add_file(struct erasure_extent *extent, const char *folder, bytes sha256,
                     const char *suffix)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    if (sha256.size != sizeof digest.data) {
        return false;
    }
    memcpy(digest.data, sha256.data, sizeof digest.data);
    digest_hex(&digest, hex);
    const char *path = arena_format(extent->arena, "%s/%.2s/%s%s", folder, hex, hex, suffix).data;
    if (!put(extent, &extent->paths, path)) {
        return false;
    }
    ARENA_GROW(extent->arena, extent->files, extent->files_count, &extent->files_capacity);
    extent->files[extent->files_count++] = path;
    return true;
}

/* Photos, scans, proofs: whatever an event about the person names as kept. */
static void add_blobs(struct erasure_extent *extent, const Event *event)
{
    const ProtobufCMessage *body = event_body(event, NULL);
    for (unsigned i = 0; body != NULL && i < body->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &body->descriptor->fields[i];
        if (field->type == PROTOBUF_C_TYPE_BYTES &&
            str_ends_with(str_of(field->name), STR("_blob"))) {
            const ProtobufCBinaryData *data = (const void *)((const char *)body + field->offset);
            extent->blobs += add_file(extent, "blobs", bytes_of(data->data, data->len), "");
        }
    }
}

static void add_document(struct erasure_extent *extent, const DocumentRendered *rendered)
{
    /* Proofs have ids with a colon, certificates their number. */
    const char *folder = strchr(rendered->document, ':') != NULL ? "proofs" : "certificates";
    extent->documents += add_file(
        extent, folder, bytes_of(rendered->pdf_sha256.data, rendered->pdf_sha256.len), ".pdf");
}

/* A proof of several persons is sealed with the keys of all: when one is destroyed, it is
 * unreadable. */
static bool names_applicant(const struct erasure_extent *extent, const Event *event)
{
    bool names = false;
    if (event->body_case == EVENT__BODY_APPLICATION_OPENED) {
        const ApplicationOpened *opened = event->application_opened;
        for (size_t i = 0; i < opened->n_persons && !names; i++) {
            names = has(&extent->ids, opened->persons[i]->person_id);
        }
    }
    return names;
}

/* --- the walk -----------------------------------------------------------------------------------
 */

static void look_at_submission(struct erasure_extent *extent, const Event *event)
{
    const FileProcessed *file = event->file_processed;
    bool touches = false;
    for (size_t i = 0; i < extent->touched_count && file->file_blob.len > 0; i++) {
        touches |=
            extent->touched[i] >= file->first_event && extent->touched[i] <= file->last_event;
    }
    if (touches) {
        ARENA_GROW(extent->arena, extent->submissions, extent->submissions_count,
                   &extent->submissions_capacity);
        extent->submissions[extent->submissions_count++] = event->sequence;
    }
}

static void look_at(struct erasure_extent *extent, Event *event)
{
    bool persons =
        has(&extent->ids, event_text(event, "person_id")) || names_applicant(extent, event);
    bool documents = has(&extent->drawn, event_text(event, "document")) ||
                     has(&extent->drawn, event_text(event, "certificate"));
    if (event->body_case == EVENT__BODY_FILE_PROCESSED) {
        look_at_submission(extent, event);
    }
    if (!persons && !documents) {
        return;
    }
    ARENA_GROW(extent->arena, extent->touched, extent->touched_count, &extent->touched_capacity);
    extent->touched[extent->touched_count++] = event->sequence;
    if (event->body_case == EVENT__BODY_DOCUMENT_RENDERED) {
        add_document(extent, event->document_rendered);
    }
    if (persons) {
        struct personal_slot slot = event_personal(event);
        extent->sealed += slot.sealed != NULL && slot.sealed->len > 0;
        (void)put(extent, &extent->drawn, event_text(event, "certificate"));
        (void)put(extent, &extent->drawn, event_text(event, "document"));
        add_blobs(extent, event);
    }
}

/* Unpacks the erasure again, into memory that lives as long as the extent. */
static outcome take_erasure(struct erasure_extent *extent, bytes stored, struct error *err)
{
    ProtobufCMessage *message = NULL;
    TRY(record_unpack(&event__descriptor, stored, extent->arena, &message, err));
    erasure_extent_add(extent, ((const Event *)(const void *)message)->person_erased);
    return OK;
}

FALLIBLE erasure_extent_measure(struct log_txn *txn, struct erasure_extent *extent,
                                struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    TRY(log_walk_open(txn, 1, &walk, err));
    while (walk.event != NULL) {
        look_at(extent, walk.event);
        TRY(log_walk_next(&walk, err));
    }
    return OK;
}

FALLIBLE erasure_extent_read(struct log_txn *txn, uint64_t applied, struct erasure_extent *extent,
                             struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    TRY(log_walk_open(txn, applied + 1, &walk, err));
    while (walk.event != NULL) {
        if (walk.event->body_case == EVENT__BODY_PERSON_ERASED) {
            TRY(take_erasure(extent, walk.stored, err));
        }
        TRY(log_walk_next(&walk, err));
    }
    if (extent->erasures_count > 0) {
        TRY(erasure_extent_measure(txn, extent, err));
    }
    return OK;
}

bool erasure_extent_has(const struct erasure_extent *extent, const char *path)
{
    return has(&extent->paths, path);
}
