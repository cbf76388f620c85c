/* render_pipe - see render_pipe.h. */
#include "jobs/engine/rendering/render_pipe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "jobs/messages.h"

enum {
    PART_BYTES_MAX = 64 * 1024 * 1024, /* more can only come from a foreign program */
    NAME_SIZE = 32,
};

struct request_head {
    size_t page_size, photo_size, folder_size, origin_size, proof_size;
    unsigned mode;
    uint64_t event;
    struct digest leaf;
};

struct reply {
    enum reply_kind kind;
    enum error_class class;
    int code;
    int args_count;
    char args[ERROR_ARGS_MAX][ERROR_ARG_SIZE];
    char names[ERROR_ARGS_MAX][NAME_SIZE];
    struct drawn drawn;
};

static outcome send_parts(int fd, struct iovec *parts, int count, struct error *err)
{
    while (count > 0) {
        ssize_t n = writev(fd, parts, count);
        if (n < 0 && errno != EINTR) {
            FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("why", errno));
        }
        size_t done = n > 0 ? (size_t)n : 0;
        while (count > 0 && done >= parts->iov_len) {
            done -= parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (uint8_t *)parts->iov_base + done;
            parts->iov_len -= done;
        }
    }
    return OK;
}

/* iovec wants a pointer to what is not const; writev only reads. */
static struct iovec part_of(const void *data, size_t size)
{
    return (struct iovec){.iov_base = (void *)(uintptr_t)data, .iov_len = size};
}

/* Exactly `size` bytes; *ret_end when the pipe ended before the first one. */
static outcome take_all(int fd, void *out, size_t size, bool *ret_end, struct error *err)
{
    size_t done = 0;
    *ret_end = false;
    while (done < size) {
        ssize_t n = read(fd, (uint8_t *)out + done, size - done);
        if (n == 0 && done == 0) {
            *ret_end = true;
            return OK;
        }
        if (n == 0 || (n < 0 && errno != EINTR)) {
            FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("why", n == 0 ? EPIPE : errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return OK;
}

/* --- requests --------------------------------------------------------------------------------- */

FALLIBLE render_pipe_send_request(int fd, const struct render_request *request, struct error *err)
{
    const struct request_head head = {.page_size = request->page.size,
                                      .photo_size = request->photo.size,
                                      .folder_size = strlen(request->folder),
                                      .origin_size = request->entry.origin.size,
                                      .proof_size = request->entry.proof.size,
                                      .mode = request->mode,
                                      .event = request->entry.event,
                                      .leaf = request->entry.leaf};
    struct iovec parts[] = {part_of(&head, sizeof head),
                            part_of(request->page.data, head.page_size),
                            part_of(request->photo.data, head.photo_size),
                            part_of(request->entry.origin.data, head.origin_size),
                            part_of(request->entry.proof.data, head.proof_size),
                            part_of(request->folder, head.folder_size)};
    return send_parts(fd, parts, 6, err);
}

FALLIBLE render_pipe_take_request(int fd, struct arena *arena, struct render_request *ret,
                                  bool *ret_more, struct error *err)
{
    bool end = false;
    struct request_head head;
    TRY(take_all(fd, &head, sizeof head, &end, err));
    *ret_more = !end;
    if (end) {
        return OK;
    }
    if (head.page_size > PART_BYTES_MAX || head.photo_size > PART_BYTES_MAX ||
        head.folder_size > PART_BYTES_MAX || head.origin_size > PART_BYTES_MAX ||
        head.proof_size > PART_BYTES_MAX) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("why", "protocol"));
    }
    size_t origin_at = head.page_size + head.photo_size;
    size_t proof_at = origin_at + head.origin_size;
    size_t folder_at = proof_at + head.proof_size;
    size_t size = folder_at + head.folder_size;
    uint8_t *data = arena_buffer(arena, size + 1);
    TRY(take_all(fd, data, size, &end, err));
    if (end && size > 0) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("why", "protocol"));
    }
    data[size] = 0;
    *ret = (struct render_request){
        .page = {data, head.page_size},
        .photo = {data + head.page_size, head.photo_size},
        .entry = {.origin = {(const char *)data + origin_at, head.origin_size},
                  .event = head.event,
                  .leaf = head.leaf,
                  .proof = {(const char *)data + proof_at, head.proof_size}},
        .folder = (const char *)data + folder_at,
        .mode = head.mode,
    };
    return OK;
}

/* --- replies ---------------------------------------------------------------------------------- */

static outcome send_reply(int fd, const struct reply *reply, struct error *err)
{
    struct iovec part = part_of(reply, sizeof *reply);
    return send_parts(fd, &part, 1, err);
}

FALLIBLE render_pipe_send_ready(int fd, struct error *err)
{
    struct reply reply = {.kind = REPLY_READY};
    return send_reply(fd, &reply, err);
}

FALLIBLE render_pipe_send_drawn(int fd, const struct drawn *drawn, struct error *err)
{
    struct reply reply = {.kind = REPLY_DRAWN, .drawn = *drawn};
    return send_reply(fd, &reply, err);
}

FALLIBLE render_pipe_send_failed(int fd, const struct error *failure, struct error *err)
{
    struct reply reply = {.kind = REPLY_FAILED,
                          .class = failure->class,
                          .code = failure->code,
                          .args_count = failure->args_count};
    for (int i = 0; i < failure->args_count; i++) {
        memcpy(reply.args[i], failure->args[i].text, ERROR_ARG_SIZE);
        (void)snprintf(reply.names[i], NAME_SIZE, "%s", failure->args[i].name); /* or unknown */
    }
    return send_reply(fd, &reply, err);
}

/* Are the numbers of the reply in range, and does each text end with its NUL? */
static bool is_sound(const struct reply *reply)
{
    if (reply->kind == REPLY_FAILED) {
        bool good = reply->class > ERROR_NONE && reply->class <= ERROR_CORRUPT;
        good = good && reply->args_count >= 0 && reply->args_count <= ERROR_ARGS_MAX;
        for (int i = 0; good && i < reply->args_count; i++) {
            good = memchr(reply->args[i], 0, ERROR_ARG_SIZE) != NULL &&
                   memchr(reply->names[i], 0, NAME_SIZE) != NULL;
        }
        return good;
    }
    if (reply->kind == REPLY_DRAWN) {
        return memchr(reply->drawn.template_id, 0, PDF_TEMPLATE_ID_SIZE) != NULL &&
               memchr(reply->drawn.fonts, 0, PDF_FONTS_SIZE) != NULL;
    }
    return reply->kind == REPLY_READY;
}

/* An argument's name is a literal, and gives its value words: "why". */
static const char *name_of(const char *sent)
{
    static const char *const known[] = {"path", "why"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(sent, known[i]) == 0) {
            return known[i];
        }
    }
    return "detail";
}

FALLIBLE render_pipe_take_reply(int fd, enum reply_kind *ret_kind, struct drawn *ret,
                                struct error *ret_failure, struct error *err)
{
    bool end = false;
    struct reply reply;
    TRY(take_all(fd, &reply, sizeof reply, &end, err));
    if (end || !is_sound(&reply)) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_TEXT("why", end ? "end" : "protocol"));
    }
    *ret_failure = (struct error){0};
    if (reply.kind == REPLY_DRAWN) {
        *ret = reply.drawn;
    } else if (reply.kind == REPLY_FAILED) {
        ret_failure->class = reply.class;
        ret_failure->code = reply.code;
        ret_failure->args_count = reply.args_count;
        for (int i = 0; i < reply.args_count; i++) {
            ret_failure->args[i] = ARG_TEXT(name_of(reply.names[i]), reply.args[i]);
        }
    }
    *ret_kind = reply.kind;
    return OK;
}
