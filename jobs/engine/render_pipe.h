/* render_pipe - what the planner and a render worker say to each other, over a pair of pipes.
 *
 * Numbers are big-endian uint32. A request is: size of the page, size of the photo, the page's
 * canonical bytes, the photo. A reply begins with its kind: DRAWN (three SHA-256, then sizes and
 * bytes of template id, fonts, PDF), FAILED (class, code, size and text of the first argument), and
 * first of all, once, READY. A worker sees pages and photos, never the store. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "jobs/engine/renderer.h"

enum reply_kind { REPLY_READY = 1, REPLY_DRAWN, REPLY_FAILED };

/* All of these: fails RESOURCE MESSAGE_WORKER_GONE when the other side has gone away. */
FALLIBLE render_pipe_send_request(int fd, bytes page, bytes photo, struct error *err);
/* *ret_more false: the planner closed the pipe. */
FALLIBLE render_pipe_take_request(int fd, struct arena *arena, bytes *ret_page, bytes *ret_photo,
                                  bool *ret_more, struct error *err);

FALLIBLE render_pipe_send_ready(int fd, struct error *err);
FALLIBLE render_pipe_send_drawn(int fd, const struct rendering *rendering, struct error *err);
FALLIBLE render_pipe_send_failed(int fd, const struct error *failure, struct error *err);

/* *ret_failure has class NONE unless the reply is FAILED. */
FALLIBLE render_pipe_take_reply(int fd, struct arena *arena, enum reply_kind *ret_kind,
                                struct rendering *ret, struct error *ret_failure,
                                struct error *err);
