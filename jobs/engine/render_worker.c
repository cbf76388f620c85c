/* render_worker - a render worker's own side: requests on descriptor 0, replies on 1.
 *
 * It never opens the store: what it needs is in its arguments and requests. It writes the file, but
 * as `.tmp`: whether and when it becomes one is the planner's business. A document that cannot be
 * drawn is a reply like any other; only a broken pipe or unusable fonts and keys end it. */
#include <malloc.h>
#include <string.h>

#include "core/io/blob.h"
#include "core/io/file.h"
#include "core/io/sign.h"
#include "core/io/stop.h"
#include "jobs/engine/fonts.h"
#include "jobs/engine/render_pipe.h"
#include "jobs/engine/workers.h"
#include "jobs/messages.h"

/* What a document takes is given back when it is done, and taken again for the next one: the C
 * library is to keep that much, or half of the time goes into returning pages to the kernel. */
enum { KEEP_BYTES = 4 * 1024 * 1024 };

enum { ARGUMENT_KEY = 2, ARGUMENT_CERT, ARGUMENT_FONTS, ARGUMENT_PROFILE, ARGUMENTS_COUNT };

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
    TRY(file_write_temporary(path, rendering.pdf, request->mode, err));
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

static outcome open_renderer(char *const *argv, struct arena *arena, struct signer **ret_signer,
                             struct renderer **ret, struct error *err)
{
    struct renderer_options options = {.icc_path = str_of(argv[ARGUMENT_PROFILE])};
    TRY(signer_open(argv[ARGUMENT_KEY], argv[ARGUMENT_CERT], NULL, ret_signer, err));
    options.signer = *ret_signer;
    fonts_of_config(str_of(argv[ARGUMENT_FONTS]), arena, &options.fonts, &options.fonts_count);
    TRY(renderer_open(&options, ret, err));
    return OK;
}

int worker_main(int argc, char *const *argv)
{
    struct error err;
    struct error ignored;
    struct arena arena;
    struct signer *signer = NULL;
    struct renderer *renderer = NULL;
    if (argc != ARGUMENTS_COUNT) {
        return error_exit_status(ERROR_USAGE);
    }
    arena_init(&arena, 0);
    stop_install();                              /* the planner ends us by closing the pipe */
    (void)mallopt(M_TRIM_THRESHOLD, KEEP_BYTES); /* slower without, not wrong */
    (void)mallopt(M_MMAP_THRESHOLD, KEEP_BYTES); /* as above */
    bool ok = open_renderer(argv, &arena, &signer, &renderer, &err).ok;
    if (ok) {
        ok = render_pipe_send_ready(1, &err).ok && serve(renderer, &err).ok;
    } else if (!render_pipe_send_failed(1, &err, &ignored).ok) {
        err = ignored;
    }
    renderer_close(renderer);
    signer_close(signer);
    arena_release(&arena);
    return ok ? 0 : error_exit_status(err.class);
}
