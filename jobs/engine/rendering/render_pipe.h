/* render_pipe - the messages between the planner and a render worker, over a pair of pipes.
 *
 * Both run this same program on this machine, so a message is a struct as it is in memory; in a
 * request the page and photo follow it. A worker sees pages, photos and the folder for its file,
 * never the store. A pipe has room for many replies, so a planner that sends a few requests ahead
 * cannot deadlock with its worker. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "jobs/engine/rendering/renderer.h"

enum reply_kind { REPLY_READY = 1, REPLY_DRAWN, REPLY_FAILED };

/* One page to draw. */
struct render_request {
    bytes page; /* canonical bytes */
    bytes photo;
    struct pdf_entry entry; /* event 0: none */
    const char *folder;     /* the file becomes FOLDER/<aa>/<sha256>.pdf */
    unsigned mode;          /* its permissions */
};

/* What was drawn; the file itself lies beside its place as `.tmp` (core/io/file.h). */
struct drawn {
    uint8_t page_sha256[PDF_DIGEST_SIZE];
    uint8_t unsigned_sha256[PDF_DIGEST_SIZE];
    uint8_t pdf_sha256[PDF_DIGEST_SIZE];
    char template_id[PDF_TEMPLATE_ID_SIZE];
    char fonts[PDF_FONTS_SIZE];
    uint32_t size;
};

/* All of these: fails RESOURCE MESSAGE_WORKER_GONE when the other side has gone away. */
FALLIBLE render_pipe_send_request(int fd, const struct render_request *request, struct error *err);
/* *ret_more false: the planner closed the pipe. */
FALLIBLE render_pipe_take_request(int fd, struct arena *arena, struct render_request *ret,
                                  bool *ret_more, struct error *err);

FALLIBLE render_pipe_send_ready(int fd, struct error *err);
FALLIBLE render_pipe_send_drawn(int fd, const struct drawn *drawn, struct error *err);
FALLIBLE render_pipe_send_failed(int fd, const struct error *failure, struct error *err);

/* *ret_failure has class NONE unless the reply is FAILED. */
FALLIBLE render_pipe_take_reply(int fd, enum reply_kind *ret_kind, struct drawn *ret,
                                struct error *ret_failure, struct error *err);
