/* compare_documents - compares documents with their re-rendering (comparing.h). The page is made
 * from the views, which were compared with the log before or made from it, and drawn by this
 * program's own renderer; its digests are compared with those that were logged. Nothing is signed
 * again. The room for the signature is taken from the file, because signer and time-stamping
 * authority may have changed since. */
#include <inttypes.h>
#include <string.h>

#include "core/io/blob.h"
#include "core/io/file.h"
#include "core/io/pdf_reader.h"
#include "core/io/stop.h"
#include "jobs/audit/comparing.h"
#include "jobs/documents/document_entry.h"
#include "jobs/engine/document_page.h"
#include "jobs/engine/rendering/fonts.h"
#include "jobs/engine/rendering/renderer.h"
#include "jobs/engine/templates.h"
#include "jobs/folder.h"
#include "jobs/objects/objects.h"

struct drawing {
    struct comparing *comparing;
    struct document_entries *entries;
    struct renderer *renderer;
    struct progress progress;
    struct arena record; /* the document that is looked at: a finding empties the item's memory */
};

static outcome open_drawing(struct drawing *drawing, struct error *err)
{
    struct session *session = drawing->comparing->session;
    struct arena *arena = &session->run_arena;
    struct renderer_options options = {.icc_path = str_of(session->config->color_profile)};
    fonts_of_config(str_of(session->config->fonts), arena, &options.fonts, &options.fonts_count);
    TRY(renderer_open(&options, &drawing->renderer, err));
    return document_entries_open(session, false, &drawing->entries, err);
}

static bool is_same(ProtobufCBinaryData logged, const uint8_t digest[PDF_DIGEST_SIZE])
{
    return logged.len == PDF_DIGEST_SIZE && memcmp(logged.data, digest, PDF_DIGEST_SIZE) == 0;
}

/* What the document's metadata say of the log; event 0: what is to be said is not known. */
static outcome find_entry(struct drawing *drawing, const DocumentView *document,
                          const struct rendered_file *file, struct pdf_entry *ret,
                          struct error *err)
{
    struct arena *arena = &drawing->comparing->session->item_arena;
    struct error cause;
    *ret = (struct pdf_entry){.event = 0};
    if (file == NULL) { /* no rendering was logged, which is reported anyway */
        return OK;
    }
    if (document_entry(drawing->entries, document->rendered_event, file->proof_size, arena, ret,
                       &cause)
            .ok) {
        return OK;
    }
    bool there = false;
    if (cause.class != ERROR_MISSING) {
        *err = cause;
        return error_trace(err, HERE);
    }
    const char *store = drawing->comparing->session->store_dir;
    TRY(folder_is_there(arena_format(arena, "%s/checkpoints", store).data, &there, err));
    str gone = arena_format(arena, "checkpoints/%" PRIu64 ".txt", file->proof_size);
    return comparing_add(drawing->comparing, "checkpoint", DIFFERENCE_MISSING, file->event, gone,
                         err);
}

/* Of the file as it was logged; one that is gone or altered, which is told elsewhere, has none. */
static size_t room_of_file(struct drawing *drawing, const DocumentView *document)
{
    struct session *session = drawing->comparing->session;
    struct arena *arena = &session->item_arena;
    const char *path = engine_path(session->engine, arena, document_file(document, arena).data);
    struct error gone;
    bytes content = {0};
    if (!file_read(path, arena, BLOB_LIMIT, &content, &gone).ok) {
        return 0;
    }
    struct digest digest = digest_sha256(content);
    return is_same(document->pdf_sha256, digest.data) ? pdf_signature_room(content) : 0;
}

/* The page first: where it is another one, so are the bytes, and only the page is told.
 * whole   the file is there, and was drawn with its room */
static outcome judge(struct drawing *drawing, const DocumentView *document,
                     const struct rendered_file *file, const struct rendering *rendering,
                     bool whole, struct error *err)
{
    struct comparing *comparing = drawing->comparing;
    str id = str_of(document->id);
    uint64_t event = file != NULL ? file->event : document->rendered_event;
    if (!is_same(document->page_sha256, rendering->page_sha256)) {
        return comparing_add(comparing, "document", DIFFERENCE_CONTENT, event, id, err);
    }
    if (file == NULL) {
        return comparing_add(comparing, "document", DIFFERENCE_MISSING, event, id, err);
    }
    if (whole && memcmp(file->unsigned_sha256, rendering->unsigned_sha256, PDF_DIGEST_SIZE) != 0) {
        return comparing_add(comparing, "document", DIFFERENCE_RENDERER, event, id, err);
    }
    return OK;
}

/* Draws the document as the wish says. */
static outcome draw_as(struct drawing *drawing, const DocumentView *document,
                       const struct document_wish *wish, const struct pdf_entry *entry,
                       struct rendering *ret, struct error *err)
{
    struct session *session = drawing->comparing->session;
    struct arena *arena = &session->item_arena;
    struct document_sheet sheet;
    TRY(document_sheet(session->engine, document, wish, arena, &sheet, err));
    return renderer_draw(drawing->renderer, &sheet.page, sheet.photo,
                         entry->event > 0 ? entry : NULL, arena, ret, err);
}

/* As it is drawn now, or, where that is not the page that was logged, as it was drawn before
 * decision 0146 where that is. */
static outcome draw_either(struct drawing *drawing, const DocumentView *document,
                           struct document_wish wish, const struct pdf_entry *entry,
                           struct rendering *ret, struct error *err)
{
    struct rendering before;
    TRY(draw_as(drawing, document, &wish, entry, ret, err));
    if (!is_same(document->page_sha256, ret->page_sha256)) {
        wish.as_before = true;
        TRY(draw_as(drawing, document, &wish, entry, &before, err));
        *ret = is_same(document->page_sha256, before.page_sha256) ? before : *ret;
    }
    return OK;
}

static outcome draw(struct drawing *drawing, const DocumentView *document, struct error *err)
{
    struct session *session = drawing->comparing->session;
    struct rendering rendering;
    struct error failure;
    struct pdf_entry entry;
    bytes digest = bytes_of(document->pdf_sha256.data, document->pdf_sha256.len);
    const struct map_entry *found = map_find(&drawing->comparing->rendered, digest);
    const struct rendered_file *file = found != NULL ? found->value : NULL;
    /* its page is that of the description that held when the file was drawn */
    struct document_wish wish = {str_of(session->config->verify_url),
                                 file != NULL ? file->event : TEMPLATES_NOW, false};
    size_t room = room_of_file(drawing, document);
    drawing->comparing->documents++;
    renderer_reserve(drawing->renderer, room);
    TRY(find_entry(drawing, document, file, &entry, err));
    if (!draw_either(drawing, document, wish, &entry, &rendering, &failure).ok) {
        if (failure.class == ERROR_RESOURCE) {
            *err = failure;
            return error_trace(err, HERE);
        }
        return comparing_add(drawing->comparing, "document", DIFFERENCE_UNDRAWN,
                             document->rendered_event, str_of(document->id), err);
    }
    return judge(drawing, document, file, &rendering, room > 0, err);
}

/* Proofs are those of their certificates. */
static bool is_chosen(const struct comparing *comparing, const DocumentView *document)
{
    size_t count = comparing->options->n_certificate;
    for (size_t i = 0; i < count; i++) {
        if (str_equal_c(comparing->certificates[i], document->id)) {
            return true;
        }
        for (size_t j = 0; j < document->n_certificates; j++) {
            if (str_equal_c(comparing->certificates[i], document->certificates[j])) {
                return true;
            }
        }
    }
    return count == 0;
}

/* Was the person erased, by now or by the event that is looked at? Then there is nothing to draw
 * from. */
static outcome is_erased(struct comparing *comparing, const DocumentView *document, bool *ret,
                         struct error *err)
{
    struct session *session = comparing->session;
    CertificateView *certificate = NULL;
    PersonView *person = NULL;
    const char *id = document->person_id;
    if (*id == 0) {
        TRY(certificate_view(session, str_of(document->id), &session->item_arena, &certificate,
                             err));
        id = certificate->person_id;
    }
    TRY(person_view(session, str_of(id), &session->item_arena, &person, err));
    *ret = person->erased || map_find(&comparing->erased, str_bytes(str_of(id))) != NULL;
    return OK;
}

/* The file itself, where compare_files() has not looked at all of them. */
static outcome look_at_file(struct comparing *comparing, const DocumentView *document,
                            struct error *err)
{
    struct session *session = comparing->session;
    struct arena *arena = &session->item_arena;
    str name = document_file(document, arena);
    const char *path = engine_path(session->engine, arena, name.data);
    struct error gone;
    bytes content = {0};
    if (!file_read(path, arena, BLOB_LIMIT, &content, &gone).ok) {
        return comparing_add(comparing, "document", comparing_unread(path, &gone),
                             document->rendered_event, name, err);
    }
    comparing->files++;
    struct digest digest = digest_sha256(content);
    if (!bytes_equal(digest_bytes(&digest),
                     bytes_of(document->pdf_sha256.data, document->pdf_sha256.len))) {
        return comparing_add(comparing, "document", DIFFERENCE_ALTERED, document->rendered_event,
                             name, err);
    }
    return OK;
}

static outcome look_at(struct drawing *drawing, const DocumentView *document, struct error *err)
{
    struct comparing *comparing = drawing->comparing;
    bool erased = false;
    if (document->status != DOCUMENT_STATUS__CODE__READY || !is_chosen(comparing, document)) {
        return OK;
    }
    TRY(is_erased(comparing, document, &erased, err));
    if (erased) {
        return OK;
    }
    if (document->rendered_event == document->wanted_event) { /* else it ended while it waited */
        TRY(draw(drawing, document, err));
    }
    progress_step(&drawing->progress, comparing->documents);
    return comparing_documents_alone(comparing) ? look_at_file(comparing, document, err) : OK;
}

static outcome draw_all(struct drawing *drawing, struct views_scan *scan, struct error *err)
{
    struct session *session = drawing->comparing->session;
    uint64_t limit = drawing->comparing->options->documents;
    for (;;) {
        bool more = false;
        ProtobufCMessage *message = NULL;
        arena_reset(&session->item_arena);
        arena_reset(&drawing->record);
        TRY(views_scan_next(scan, &more, err));
        if (!more || stop_requested() || (limit != 0 && drawing->comparing->documents >= limit)) {
            return OK;
        }
        TRY(views_scan_record(scan, &drawing->record, &message, err));
        TRY(look_at(drawing, (const DocumentView *)(const void *)message, err));
    }
}

FALLIBLE compare_documents(struct comparing *comparing, struct error *err)
{
    struct session *session = comparing->session;
    struct drawing drawing = {.comparing = comparing};
    struct view_key prefix = {.size = 0};
    struct views_scan scan = {0};
    arena_init(&drawing.record, 0);
    outcome result = open_drawing(&drawing, err);
    if (result.ok) {
        result = views_scan_open(engine_views(session->engine), VIEW_DOCUMENT, &prefix, (bytes){0},
                                 &scan, err);
    }
    if (result.ok) {
        progress_start(&drawing.progress, &session->terminal, STR("audit compare"), 0);
        result = draw_all(&drawing, &scan, err);
        progress_end(&drawing.progress);
        views_scan_close(&scan);
    }
    document_entries_close(drawing.entries);
    renderer_close(drawing.renderer);
    arena_release(&drawing.record);
    return result;
}
