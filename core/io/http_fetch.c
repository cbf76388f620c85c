/* http_fetch - fetches a file over http(s) and resumes after a broken connection; see http.h.
 *
 * The bytes received so far are in `PATH.part`; the version that the server named for them (ETag or
 * Last-Modified) is in `PATH.from`. A further try asks for the rest on condition that the version
 * is still the same; a server that cannot tell sends everything again. Only a whole file that is on
 * the disk gets the name PATH. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/clock.h"
#include "core/io/file.h"
#include "core/io/file_digest.h"
#include "core/io/http_transfer.h"
#include "core/io/messages.h"
#include "core/io/stop.h"

#define BYTES_DEFAULT (UINT64_C(4) << 30)

enum {
    TIMEOUT_DEFAULT_MS = 600000,
    PAUSE_FIRST_MS = 500, /* doubled from try to try */
    PAUSE_MAX_MS = 30000,
    FROM_SIZE_MAX = 512,
    STATUS_PARTIAL = 206,
    STATUS_UNCHANGED = 304,
    STATUS_TIMEOUT = 408,
    STATUS_NO_SUCH_RANGE = 416,
    STATUS_TOO_MANY = 429,
    STATUS_SERVER_FAULT = 500,
};

/* May another try help? Yes if the connection broke or the server is busy. */
static bool may_help(const struct transfer *transfer, const struct attempt *made)
{
    static const CURLcode broken[] = {
        CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_PARTIAL_FILE,
        CURLE_OPERATION_TIMEDOUT,   CURLE_GOT_NOTHING,     CURLE_SSL_CONNECT_ERROR,
        CURLE_SEND_ERROR,           CURLE_RECV_ERROR,      CURLE_HTTP2,
        CURLE_HTTP2_STREAM,
    };
    if (transfer->wrong_range || made->status == STATUS_NO_SUCH_RANGE) {
        return true; /* from the beginning */
    }
    if (transfer->stalled) {
        return true;
    }
    if (made->code == CURLE_OK) {
        return made->status == STATUS_TIMEOUT || made->status == STATUS_TOO_MANY ||
               made->status >= STATUS_SERVER_FAULT;
    }
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        if (made->code == broken[i]) {
            return true;
        }
    }
    return false;
}

/* Drops a part that cannot be continued. */
static void drop_part(struct transfer *transfer)
{
    if (ftruncate(transfer->fd, 0) != 0) {
        transfer->write_failure = errno;
    }
    (void)unlink(transfer->from); /* it may not be there */
    transfer->bytes = 0;
    transfer->state = (struct http_state){0};
}

/* Was the server asked whether the file is still in the known state? (For a part it is asked for
 * the rest instead.) */
static bool asked_for_change(const struct transfer *transfer)
{
    const struct http_state *known = &transfer->fetch->known;
    return transfer->bytes == 0 && (*known->etag != 0 || *known->modified != 0);
}

static outcome judge(const struct transfer *transfer, const struct attempt *made, struct error *err)
{
    if (stop_requested()) {
        FAIL(BUSY, MESSAGE_FETCH_STOPPED, ARG_TEXT("url", transfer->url));
    }
    if (transfer->write_failure != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", transfer->part),
             ARG_ERRNO("why", transfer->write_failure));
    }
    if (transfer->too_large || made->code == CURLE_FILESIZE_EXCEEDED) {
        FAIL(REMOTE, MESSAGE_REMOTE_TOO_LARGE, ARG_TEXT("url", transfer->url),
             ARG_INT("limit", transfer->bytes_max));
    }
    if (transfer->wrong_range) {
        FAIL(REMOTE, MESSAGE_REMOTE_FAILED, ARG_TEXT("url", transfer->url),
             ARG_TEXT("reason", "another part came than was asked for"));
    }
    if (made->code != CURLE_OK) {
        CURLcode code = transfer->stalled ? CURLE_OPERATION_TIMEDOUT : made->code;
        FAIL(http_origin(code), MESSAGE_REMOTE_FAILED, ARG_TEXT("url", transfer->url),
             ARG_TEXT("reason", http_reason(code, transfer->words)));
    }
    bool unchanged = made->status == STATUS_UNCHANGED && asked_for_change(transfer);
    if (!http_holds_file(made->status) && !unchanged) {
        FAIL(REMOTE, MESSAGE_REMOTE_STATUS, ARG_TEXT("url", transfer->url),
             ARG_INT("status", made->status));
    }
    return OK;
}

/* Waits between two tries: as long as the server asks for, but not past the deadline. */
static void pause_before(const struct transfer *transfer, unsigned try, curl_off_t asked_s)
{
    int64_t first_ms = transfer->fetch->pause_ms > 0 ? transfer->fetch->pause_ms : PAUSE_FIRST_MS;
    int64_t pause_ms = first_ms << (try < 6 ? try : 6);
    int64_t asked_max_s = PAUSE_MAX_MS / 1000; /* never waits longer */
    pause_ms =
        asked_s > 0 ? (asked_s < asked_max_s ? (int64_t)asked_s : asked_max_s) * 1000 : pause_ms;
    pause_ms = pause_ms < PAUSE_MAX_MS ? pause_ms : PAUSE_MAX_MS;
    int64_t left_ms = (transfer->ends_us - clock_monotonic_us()) / 1000;
    (void)stop_wait_ms(pause_ms < left_ms ? pause_ms : left_ms); /* the next try looks why */
}

static outcome all_tries(struct transfer *transfer, bool *ret_unchanged, struct error *err)
{
    unsigned tries = transfer->fetch->tries > 0 ? transfer->fetch->tries : 1;
    for (unsigned try = 0;; try++) {
        struct attempt made = http_attempt(transfer);
        outcome judged = judge(transfer, &made, err);
        *ret_unchanged = judged.ok && made.status == STATUS_UNCHANGED;
        /* A good answer without a body means an empty file: no write has begun it yet. */
        bool empty = judged.ok && !*ret_unchanged && !transfer->begun;
        if (empty && transfer->bytes > 0 && made.status != STATUS_PARTIAL) {
            drop_part(transfer);
        }
        if (judged.ok) {
            transfer->state = transfer->begun && made.status != STATUS_PARTIAL ? transfer->named
                                                                               : transfer->state;
            return OK;
        }
        bool again = may_help(transfer, &made) && try + 1 < tries &&
                     clock_monotonic_us() < transfer->ends_us && !stop_requested();
        if (transfer->wrong_range || made.status == STATUS_NO_SUCH_RANGE ||
            *http_strong(&transfer->state) == 0) {
            drop_part(transfer);
        }
        if (!again) {
            return judged;
        }
        pause_before(transfer, try, made.retry_after_s);
        if (clock_monotonic_us() >= transfer->ends_us && !stop_requested()) {
            return judged; /* without time left, a try would only fail with a timeout */
        }
    }
}

/* --- the file -----------------------------------------------------------------------------------
 */

static bool next_line(str *rest, char *out, size_t room)
{
    size_t end = str_find_byte(*rest, '\n');
    bool found = end < rest->size;
    http_keep_text(str_first(*rest, end), out, room);
    *rest = str_from(*rest, found ? end + 1 : rest->size);
    return found;
}

/* What an earlier fetch left, and the file's state (tag or date) at that time. */
static void find_part(struct transfer *transfer)
{
    struct stat status;
    struct error ignored;
    bytes content = {0};
    str rest = STR("");
    struct http_state state = {0};
    bool found = transfer->fetch->keeps_part && fstat(transfer->fd, &status) == 0 &&
                 status.st_size > 0 &&
                 file_read(transfer->from, transfer->arena, FROM_SIZE_MAX, &content, &ignored).ok &&
                 str_from_bytes(content, &rest) && next_line(&rest, state.etag, HTTP_ETAG_SIZE) &&
                 next_line(&rest, state.modified, HTTP_DATE_SIZE) && *http_strong(&state) != 0 &&
                 (uint64_t)status.st_size <= transfer->bytes_max;
    if (!found) {
        drop_part(transfer);
        return;
    }
    transfer->bytes = (uint64_t)status.st_size;
    transfer->state = state;
}

static outcome check_digest(const struct transfer *transfer, struct error *err)
{
    struct digest found;
    if (transfer->fetch->sha256 == NULL) {
        return OK;
    }
    TRY(file_digest(transfer->part, &found, err));
    if (memcmp(found.data, transfer->fetch->sha256, sizeof found.data) != 0) {
        FAIL(REMOTE, MESSAGE_REMOTE_DIGEST, ARG_TEXT("url", transfer->url));
    }
    return OK;
}

/* Complete and on the disk; fails rather than replace another file. */
static outcome give_name(const struct transfer *transfer, struct error *err)
{
    if (fsync(transfer->fd) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", transfer->part),
             ARG_ERRNO("why", errno));
    }
    TRY(check_digest(transfer, err));
    if (renameat2(AT_FDCWD, transfer->part, AT_FDCWD, transfer->fetch->path, RENAME_NOREPLACE) !=
        0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", transfer->fetch->path),
             ARG_ERRNO("why", errno));
    }
    return OK;
}

static outcome run(struct transfer *transfer, struct http_fetched *ret, struct error *err)
{
    bool unchanged = false;
    transfer->fd = open(transfer->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (transfer->fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", transfer->part),
             ARG_ERRNO("why", errno));
    }
    find_part(transfer);
    transfer->curl = curl_easy_init();
    BUG_UNLESS(transfer->curl != NULL);
    outcome done = all_tries(transfer, &unchanged, err);
    curl_easy_cleanup(transfer->curl);
    if (done.ok && !unchanged) {
        done = give_name(transfer, err);
    }
    /* Removes a part that cannot be continued, or that is not what was promised. */
    bool keep = !done.ok && transfer->fetch->keeps_part && *http_strong(&transfer->state) != 0 &&
                err->code != MESSAGE_REMOTE_DIGEST && err->code != MESSAGE_REMOTE_TOO_LARGE;
    (void)close(transfer->fd); /* flushed above, or only a part */
    if (!keep) {
        (void)unlink(transfer->part); /* it was renamed, or is useless */
        (void)unlink(transfer->from); /* likewise */
    }
    TRY(done);
    *ret = (struct http_fetched){unchanged, transfer->bytes, transfer->state};
    return OK;
}

FALLIBLE http_fetch(const struct http_fetch *fetch, struct http_fetched *ret, struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    int64_t timeout_ms = fetch->timeout_ms > 0 ? fetch->timeout_ms : TIMEOUT_DEFAULT_MS;
    struct transfer transfer = {
        .fetch = fetch,
        .arena = &arena,
        .url = http_url_shown(fetch->url, &arena).data,
        .part = arena_format(&arena, "%s.part", fetch->path).data,
        .from = arena_format(&arena, "%s.from", fetch->path).data,
        .bytes_max = fetch->bytes_max > 0 ? fetch->bytes_max : BYTES_DEFAULT,
        .ends_us = clock_monotonic_us() + timeout_ms * 1000,
    };
    outcome done = http_check_file(fetch->url, transfer.url, err);
    if (done.ok && !http_url_is_allowed(fetch->url)) {
        done = ERROR_SET(err, USAGE, MESSAGE_URL_NOT_ALLOWED, ARG_TEXT("url", transfer.url));
    } else if (done.ok) {
        done = run(&transfer, ret, err);
    }
    arena_release(&arena);
    return done.ok ? done : error_trace(err, HERE);
}
