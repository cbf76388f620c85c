/* render_pipe - see render_pipe.h. */
#include "jobs/engine/render_pipe.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "jobs/messages.h"

enum { MESSAGE_BYTES_MAX = 64 * 1024 * 1024 }; /* beyond that the other side is not ours */

static outcome send_all(int fd, bytes b, struct error *err)
{
    size_t done = 0;
    while (done < b.size) {
        ssize_t n = write(fd, b.data + done, b.size - done);
        if (n < 0 && errno != EINTR) {
            FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("reason", errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return OK;
}

/* Exactly `size` bytes; *ret_end when the pipe ended before the first one. */
static outcome take_all(int fd, uint8_t *out, size_t size, bool *ret_end, struct error *err)
{
    size_t done = 0;
    *ret_end = false;
    while (done < size) {
        ssize_t n = read(fd, out + done, size - done);
        if (n == 0 && done == 0) {
            *ret_end = true;
            return OK;
        }
        if (n == 0 || (n < 0 && errno != EINTR)) {
            FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("reason", n == 0 ? EPIPE : errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return OK;
}

static void put_number(uint8_t out[4], size_t value)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static size_t get_number(const uint8_t in[4])
{
    return (size_t)in[0] << 24 | (size_t)in[1] << 16 | (size_t)in[2] << 8 | in[3];
}

static outcome send_number(int fd, size_t value, struct error *err)
{
    uint8_t number[4];
    put_number(number, value);
    return send_all(fd, bytes_of(number, sizeof number), err);
}

static outcome take_number(int fd, size_t *ret, bool *ret_end, struct error *err)
{
    uint8_t number[4];
    TRY(take_all(fd, number, sizeof number, ret_end, err));
    *ret = get_number(number);
    return OK;
}

/* A number that must be there, and bytes of that size. */
static outcome take_sized(int fd, struct arena *arena, bytes *ret, struct error *err)
{
    bool end = false;
    size_t size = 0;
    TRY(take_number(fd, &size, &end, err));
    if (end || size > MESSAGE_BYTES_MAX) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("reason", "protocol"));
    }
    uint8_t *data = arena_new_raw(arena, size + 1);
    data[size] = 0;
    TRY(take_all(fd, data, size, &end, err));
    if (end && size > 0) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("reason", "protocol"));
    }
    *ret = (bytes){data, size};
    return OK;
}

FALLIBLE render_pipe_send_request(int fd, bytes page, bytes photo, struct error *err)
{
    TRY(send_number(fd, page.size, err));
    TRY(send_all(fd, page, err));
    TRY(send_number(fd, photo.size, err));
    TRY(send_all(fd, photo, err));
    return OK;
}

FALLIBLE render_pipe_take_request(int fd, struct arena *arena, bytes *ret_page, bytes *ret_photo,
                                  bool *ret_more, struct error *err)
{
    bool end = false;
    size_t size = 0;
    TRY(take_number(fd, &size, &end, err));
    *ret_more = !end;
    if (end) {
        return OK;
    }
    if (size > MESSAGE_BYTES_MAX) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("reason", "protocol"));
    }
    uint8_t *page = arena_new_raw(arena, size + 1);
    TRY(take_all(fd, page, size, &end, err));
    TRY(take_sized(fd, arena, ret_photo, err));
    *ret_page = (bytes){page, size};
    return OK;
}

FALLIBLE render_pipe_send_ready(int fd, struct error *err)
{
    TRY(send_number(fd, REPLY_READY, err));
    return OK;
}

FALLIBLE render_pipe_send_drawn(int fd, const struct rendering *rendering, struct error *err)
{
    TRY(send_number(fd, REPLY_DRAWN, err));
    TRY(send_all(fd, bytes_of(rendering->page_sha256, PDF_DIGEST_SIZE), err));
    TRY(send_all(fd, bytes_of(rendering->unsigned_sha256, PDF_DIGEST_SIZE), err));
    TRY(send_all(fd, bytes_of(rendering->pdf_sha256, PDF_DIGEST_SIZE), err));
    TRY(send_number(fd, rendering->template_id.size, err));
    TRY(send_all(fd, str_bytes(rendering->template_id), err));
    TRY(send_number(fd, rendering->fonts.size, err));
    TRY(send_all(fd, str_bytes(rendering->fonts), err));
    TRY(send_number(fd, rendering->pdf.size, err));
    TRY(send_all(fd, rendering->pdf, err));
    return OK;
}

FALLIBLE render_pipe_send_failed(int fd, const struct error *failure, struct error *err)
{
    str detail = failure->args_count > 0 ? str_of(failure->args[0].text) : STR("");
    TRY(send_number(fd, REPLY_FAILED, err));
    TRY(send_number(fd, (size_t)failure->class, err));
    TRY(send_number(fd, (size_t)failure->code, err));
    TRY(send_number(fd, detail.size, err));
    TRY(send_all(fd, str_bytes(detail), err));
    return OK;
}

static outcome take_digest(int fd, uint8_t out[PDF_DIGEST_SIZE], struct error *err)
{
    bool end = false;
    TRY(take_all(fd, out, PDF_DIGEST_SIZE, &end, err));
    if (end) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("reason", "protocol"));
    }
    return OK;
}

static outcome take_drawn(int fd, struct arena *arena, struct rendering *ret, struct error *err)
{
    bytes template_id = {0};
    bytes fonts = {0};
    TRY(take_digest(fd, ret->page_sha256, err));
    TRY(take_digest(fd, ret->unsigned_sha256, err));
    TRY(take_digest(fd, ret->pdf_sha256, err));
    TRY(take_sized(fd, arena, &template_id, err));
    TRY(take_sized(fd, arena, &fonts, err));
    TRY(take_sized(fd, arena, &ret->pdf, err));
    ret->template_id = (str){(const char *)template_id.data, template_id.size};
    ret->fonts = (str){(const char *)fonts.data, fonts.size};
    return OK;
}

static outcome take_failed(int fd, struct arena *arena, struct error *ret_failure,
                           struct error *err)
{
    bool end = false;
    size_t class = 0;
    size_t code = 0;
    bytes detail = {0};
    TRY(take_number(fd, &class, &end, err));
    TRY(take_number(fd, &code, &end, err));
    TRY(take_sized(fd, arena, &detail, err));
    if (class == ERROR_NONE || class > ERROR_CORRUPT) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("reason", "protocol"));
    }
    *ret_failure = (struct error){.class = (enum error_class) class, .code = (int)code};
    ret_failure->args[0] = ARG_STR("detail", ((str){(const char *)detail.data, detail.size}));
    ret_failure->args_count = 1;
    return OK;
}

FALLIBLE render_pipe_take_reply(int fd, struct arena *arena, enum reply_kind *ret_kind,
                                struct rendering *ret, struct error *ret_failure, struct error *err)
{
    bool end = false;
    size_t kind = 0;
    TRY(take_number(fd, &kind, &end, err));
    if (end || kind < REPLY_READY || kind > REPLY_FAILED) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("reason", end ? "end" : "protocol"));
    }
    if (kind == REPLY_DRAWN) {
        TRY(take_drawn(fd, arena, ret, err));
    } else if (kind == REPLY_FAILED) {
        TRY(take_failed(fd, arena, ret_failure, err));
    }
    *ret_kind = (enum reply_kind)kind;
    return OK;
}
