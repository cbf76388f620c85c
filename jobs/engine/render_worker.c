/* render_worker - a render worker's own side: requests on descriptor 0, replies on 1.
 *
 * It never opens the store: what it needs is in its arguments. A document that cannot be drawn is a
 * reply like any other; only a broken pipe or unusable fonts and keys end it. */
#include <string.h>

#include "core/io/sign.h"
#include "core/io/stop.h"
#include "jobs/engine/fonts.h"
#include "jobs/engine/render_pipe.h"
#include "jobs/engine/workers.h"
#include "jobs/messages.h"

enum { ARGUMENT_KEY = 2, ARGUMENT_CERT, ARGUMENT_FONTS, ARGUMENT_PROFILE, ARGUMENTS_COUNT };

static outcome answer_request(struct renderer *renderer, bytes page_bytes, bytes photo,
                              struct arena *arena, struct error *err)
{
    struct page page;
    struct rendering rendering;
    struct error failure;
    if (page_parse(page_bytes, arena, &page, &failure).ok &&
        renderer_draw(renderer, &page, photo, arena, &rendering, &failure).ok) {
        TRY(render_pipe_send_drawn(1, &rendering, err));
        return OK;
    }
    TRY(render_pipe_send_failed(1, &failure, err));
    return OK;
}

static outcome serve(struct renderer *renderer, struct error *err)
{
    struct arena arena;
    bool more = true;
    outcome result = OK;
    arena_init(&arena, 0);
    while (result.ok && more) {
        bytes page = {0};
        bytes photo = {0};
        arena_reset(&arena);
        result = render_pipe_take_request(0, &arena, &page, &photo, &more, err);
        if (result.ok && more) {
            result = answer_request(renderer, page, photo, &arena, err);
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
    stop_install(); /* the planner ends us by closing the pipe */
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
