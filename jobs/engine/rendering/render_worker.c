/* render_worker - a render worker's own side: requests on descriptor 0, replies on 1.
 *
 * It never opens the store: all it needs is in its arguments and requests. It writes the file as
 * `.tmp`; the planner decides whether and when to rename it. A document that cannot be drawn is
 * reported in the reply; only a broken pipe or unusable fonts and keys end the worker. */
#include <malloc.h>
#include <string.h>

#include "core/io/blob.h"
#include "core/io/file_batch.h"
#include "core/io/sign.h"
#include "core/io/stop.h"
#include "jobs/engine/rendering/fonts.h"
#include "jobs/engine/rendering/render_pipe.h"
#include "jobs/engine/rendering/workers.h"
#include "jobs/messages.h"

/* The memory of a document is freed when it is done and allocated again for the next one. The C
 * library must keep that much: otherwise returning pages to the kernel takes half of the time. */
enum { KEEP_BYTES = 4 * 1024 * 1024 };

/* Draws, signs, and writes `.tmp` beside the file's place. */
static outcome make_file(struct renderer *renderer, const struct render_request *request,
                         struct arena *arena, struct drawn *ret, struct error *err)
{
    struct page page;
    struct rendering rendering;
    struct digest digest;
    TRY(page_parse(request->page, arena, &page, err));
    const struct pdf_entry *entry = request->entry.event > 0 ? &request->entry : NULL;
    TRY(renderer_draw(renderer, &page, request->photo, entry, arena, &rendering, err));
    memcpy(digest.data, rendering.pdf_sha256, sizeof digest.data);
    const char *path = blob_path(request->folder, &digest, ".pdf", arena);
    TRY(file_batch_write(path, rendering.pdf, request->mode, err));
    BUG_UNLESS(rendering.template_id.size < sizeof ret->template_id &&
               rendering.fonts.size < sizeof ret->fonts);
    *ret = (struct drawn){.size = (uint32_t)rendering.pdf.size};
    memcpy(ret->page_sha256, rendering.page_sha256, PDF_DIGEST_SIZE);
    memcpy(ret->unsigned_sha256, rendering.unsigned_sha256, PDF_DIGEST_SIZE);
    memcpy(ret->pdf_sha256, rendering.pdf_sha256, PDF_DIGEST_SIZE);
    memcpy(ret->template_id, rendering.template_id.data, rendering.template_id.size);
    memcpy(ret->fonts, rendering.fonts.data, rendering.fonts.size);
    return OK;
}

static outcome serve(struct renderer *renderer, struct error *err)
{
    struct arena arena;
    bool more = true;
    outcome result = OK;
    arena_init(&arena, 0);
    while (result.ok && more) {
        struct render_request request = {.folder = ""};
        struct drawn drawn;
        struct error failure;
        arena_reset(&arena);
        result = render_pipe_take_request(0, &arena, &request, &more, err);
        if (result.ok && more) {
            result = make_file(renderer, &request, &arena, &drawn, &failure).ok
                         ? render_pipe_send_drawn(1, &drawn, err)
                         : render_pipe_send_failed(1, &failure, err);
        }
    }
    arena_release(&arena);
    return result;
}

/* What a worker holds open. */
struct bench {
    struct arena arena;
    struct signer *signer;
    struct timestamper *timestamper;
    struct renderer *renderer;
};

/* A number that the planner wrote; a worker started by anyone else has no effect. */
static uint32_t number_of(const char *text)
{
    uint64_t value = 0;
    return str_to_uint64(str_of(text), &value) && value <= UINT32_MAX ? (uint32_t)value : 0;
}

static outcome open_bench(char *const *argv, struct bench *bench, struct error *err)
{
    struct renderer_options options = {.icc_path = str_of(argv[ARGUMENT_PROFILE])};
    const struct timestamp_options stamps = {
        .url = argv[ARGUMENT_STAMP_URL],
        .roots = argv[ARGUMENT_STAMP_ROOTS],
        .tls_roots = argv[ARGUMENT_STAMP_TLS_ROOTS],
        .proxy = argv[ARGUMENT_STAMP_PROXY],
        .timeout = number_of(argv[ARGUMENT_STAMP_TIMEOUT]),
        .tries = number_of(argv[ARGUMENT_STAMP_TRIES]),
        .room = number_of(argv[ARGUMENT_STAMP_ROOM]),
    };
    TRY(signer_open(argv[ARGUMENT_KEY], argv[ARGUMENT_CERT], argv[ARGUMENT_CERT], &bench->signer,
                    err));
    if (*stamps.url != 0) {
        TRY(timestamper_open(&stamps, &bench->timestamper, err));
    }
    options.signer = bench->signer;
    options.stamp_room = timestamp_room(&stamps);
    options.timestamper = bench->timestamper;
    fonts_of_config(str_of(argv[ARGUMENT_FONTS]), &bench->arena, &options.fonts,
                    &options.fonts_count);
    return renderer_open(&options, &bench->renderer, err);
}

int worker_main(int argc, char *const *argv)
{
    struct error err;
    struct error ignored;
    struct bench bench = {.signer = NULL};
    if (argc != ARGUMENTS_COUNT) {
        return error_exit_status(ERROR_USAGE);
    }
    arena_init(&bench.arena, 0);
    stop_install();                              /* the planner ends us by closing the pipe */
    (void)mallopt(M_TRIM_THRESHOLD, KEEP_BYTES); /* slower without, not wrong */
    (void)mallopt(M_MMAP_THRESHOLD, KEEP_BYTES); /* as above */
    bool ok = open_bench(argv, &bench, &err).ok;
    if (ok) {
        ok = render_pipe_send_ready(1, &err).ok && serve(bench.renderer, &err).ok;
    } else if (!render_pipe_send_failed(1, &err, &ignored).ok) {
        err = ignored;
    }
    renderer_close(bench.renderer);
    timestamper_close(bench.timestamper);
    signer_close(bench.signer);
    arena_release(&bench.arena);
    return ok ? 0 : error_exit_status(err.class);
}
