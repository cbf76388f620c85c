/* compare_documents - documents against their re-rendering, see comparing.h. The page is made from
 * the views, which were compared with the log before, and drawn by this program's own renderer; the
 * digests are those that were logged with the file. */
#include <string.h>

#include "core/io/sign.h"
#include "core/io/stop.h"
#include "jobs/comparing.h"
#include "jobs/engine/document_page.h"
#include "jobs/engine/fonts.h"
#include "jobs/engine/renderer.h"
#include "jobs/engine/templates.h"

struct drawing {
    struct comparing *comparing;
    struct signer *signer;
    struct renderer *renderer;
    struct progress progress;
};

static outcome open_drawing(struct drawing *drawing, struct error *err)
{
    struct session *session = drawing->comparing->session;
    struct arena *arena = &session->run_arena;
    struct renderer_options options = {.icc_path = str_of(session->config->color_profile)};
    const char *key = engine_path(session->engine, arena, "keys/document.key");
    const char *certificate = engine_path(session->engine, arena, "trust/document.pem");
    TRY(engine_own_file(signer_open(key, certificate, NULL, &drawing->signer, err), err));
    fonts_of_config(str_of(session->config->fonts), arena, &options.fonts, &options.fonts_count);
    options.signer = drawing->signer;
    TRY(renderer_open(&options, &drawing->renderer, err));
    return OK;
}

static bool is_same(ProtobufCBinaryData logged, const uint8_t digest[PDF_DIGEST_SIZE])
{
    return logged.len == PDF_DIGEST_SIZE && memcmp(logged.data, digest, PDF_DIGEST_SIZE) == 0;
}

/* The event of the file that the document has: its page is that of the description that held then.
 * 0 (today's) when no rendering of it was logged, which is told anyway. */
static uint64_t rendered_by(const struct comparing *comparing, const DocumentView *document)
{
    bytes digest = bytes_of(document->pdf_sha256.data, document->pdf_sha256.len);
    const struct map_entry *entry = map_find(&comparing->rendered, digest);
    const struct rendered_file *file = entry != NULL ? entry->value : NULL;
    return file != NULL ? file->event : TEMPLATES_NOW;
}

/* The page first: where it is another one, so are the bytes, and only the page is told. */
static outcome judge(struct drawing *drawing, const DocumentView *document,
                     const struct rendering *rendering, struct error *err)
{
    struct comparing *comparing = drawing->comparing;
    str id = str_of(document->id);
    bytes digest = bytes_of(document->pdf_sha256.data, document->pdf_sha256.len);
    const struct map_entry *entry = map_find(&comparing->rendered, digest);
    const struct rendered_file *file = entry != NULL ? entry->value : NULL;
    uint64_t event = file != NULL ? file->event : document->rendered_event;
    if (!is_same(document->page_sha256, rendering->page_sha256)) {
        return comparing_add(comparing, "document", DIFFERENCE_CONTENT, event, id, err);
    }
    if (file == NULL) {
        return comparing_add(comparing, "document", DIFFERENCE_MISSING, event, id, err);
    }
    if (memcmp(file->unsigned_sha256, rendering->unsigned_sha256, PDF_DIGEST_SIZE) != 0) {
        return comparing_add(comparing, "document", DIFFERENCE_RENDERER, event, id, err);
    }
    return OK;
}

static outcome draw(struct drawing *drawing, const DocumentView *document, struct error *err)
{
    struct session *session = drawing->comparing->session;
    struct arena *arena = &session->item_arena;
    struct document_sheet sheet;
    struct document_wish wish = {str_of(session->config->verify_url),
                                 rendered_by(drawing->comparing, document)};
    struct rendering rendering;
    struct error failure;
    drawing->comparing->documents++;
    if (!document_sheet(session->engine, document, &wish, arena, &sheet, &failure).ok ||
        !renderer_draw(drawing->renderer, &sheet.page, sheet.photo, arena, &rendering, &failure)
             .ok) {
        if (failure.class == ERROR_RESOURCE) {
            *err = failure;
            return error_trace(err, HERE);
        }
        return comparing_add(drawing->comparing, "document", DIFFERENCE_UNDRAWN,
                             document->rendered_event, str_of(document->id), err);
    }
    return judge(drawing, document, &rendering, err);
}

static outcome draw_all(struct drawing *drawing, struct views_scan *scan, struct error *err)
{
    struct session *session = drawing->comparing->session;
    uint64_t limit = drawing->comparing->options->documents;
    for (;;) {
        bool more = false;
        ProtobufCMessage *message = NULL;
        arena_reset(&session->item_arena);
        TRY(views_scan_next(scan, &more, err));
        if (!more || stop_requested() || (limit != 0 && drawing->comparing->documents >= limit)) {
            return OK;
        }
        TRY(views_scan_record(scan, &session->item_arena, &message, err));
        const DocumentView *document = (const DocumentView *)(const void *)message;
        if (document->status == DOCUMENT_STATUS__CODE__READY) {
            TRY(draw(drawing, document, err));
            progress_step(&drawing->progress, drawing->comparing->documents);
        }
    }
}

FALLIBLE compare_documents(struct comparing *comparing, struct error *err)
{
    struct session *session = comparing->session;
    struct drawing drawing = {.comparing = comparing};
    struct view_key prefix = {.size = 0};
    struct views_scan scan = {0};
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
    renderer_close(drawing.renderer);
    signer_close(drawing.signer);
    return result;
}
