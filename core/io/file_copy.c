/* file_copy - see file_copy.h. By plain reads and writes: what is copied may lie on another disk.
 */
#include "core/io/file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/io/file.h"
#include "core/io/file_open.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"

enum { CHUNK_BYTES = 1 << 16 };

/* Reads and writes; `digester` may be NULL. */
static outcome pour(int in, FILE *out, const char *from, const char *to, struct digester *digester,
                    struct error *err)
{
    alignas(ARENA_BUFFER_ALIGNMENT) uint8_t chunk[CHUNK_BYTES];
    ssize_t count = 0;
    while ((count = read(in, chunk, sizeof chunk)) != 0) {
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", from),
                 ARG_ERRNO("why", errno));
        }
        if (fwrite(chunk, 1, (size_t)count, out) != (size_t)count) {
            FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", to),
                 ARG_ERRNO("why", errno));
        }
        if (digester != NULL) {
            digester_update(digester, bytes_of(chunk, (size_t)count));
        }
    }
    return OK;
}

static outcome copy_bytes(int in, FILE *out, const char *from, const char *to, struct error *err)
{
    TRY(pour(in, out, from, to, NULL, err));
    if (fflush(out) != 0 || fdatasync(fileno(out)) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", to), ARG_ERRNO("why", errno));
    }
    return OK;
}

static outcome copy_to(int in, const char *from, const char *temporary, mode_t mode,
                       struct error *err)
{
    FILE *out = NULL;
    TRY(file_remove(temporary, err)); /* left by a copy that was killed */
    TRY(file_create(temporary, mode, &out, err));
    outcome copied = copy_bytes(in, out, from, temporary, err);
    if (fclose(out) != 0 && copied.ok) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", temporary),
             ARG_ERRNO("why", errno));
    }
    return copied;
}

FALLIBLE file_copy(const char *from, const char *to, mode_t mode, struct error *err)
{
    char temporary[PATH_MAX];
    int in = -1;
    TRY(temporary_name_of(to, temporary, err));
    TRY(file_open(from, &in, err));
    outcome copied = copy_to(in, from, temporary, mode, err);
    (void)close(in); /* read only */
    if (!copied.ok) {
        (void)unlink(temporary); /* the failure to report is the first one */
        return error_trace(err, HERE);
    }
    return temporary_place(to, temporary, err);
}

static outcome pour_beside(int in, const char *from, const char *temporary, mode_t mode,
                           struct file_copied *ret, struct error *err)
{
    FILE *out = NULL;
    struct digester digester;
    TRY(file_remove(temporary, err)); /* left by a copy that was killed */
    TRY(file_create(temporary, 0600, &out, err));
    digester_init(&digester);
    outcome poured = pour(in, out, from, temporary, &digester, err);
    ret->sha256 = digester_final(&digester);
    digester_release(&digester);
    bool good = fflush(out) == 0 && fchmod(fileno(out), mode) == 0;
    off_t size = good ? ftello(out) : -1;
    if ((fclose(out) != 0 || size < 0) && poured.ok) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", temporary),
             ARG_ERRNO("why", errno));
    }
    ret->size = (uint64_t)size;
    return poured;
}

FALLIBLE file_copy_beside(const char *from, const char *to, mode_t mode, struct file_copied *ret,
                          struct error *err)
{
    char temporary[PATH_MAX];
    struct file_copied copied = {.size = 0};
    int in = -1;
    TRY(temporary_name_of(to, temporary, err));
    TRY(file_open(from, &in, err));
    outcome done = pour_beside(in, from, temporary, mode, &copied, err);
    (void)close(in); /* read only */
    if (!done.ok) {
        (void)unlink(temporary); /* the failure to report is the first one */
        return error_trace(err, HERE);
    }
    *ret = copied;
    return OK;
}

static outcome append_to(int in, const char *from, const char *to, struct error *err)
{
    int end = open(to, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    FILE *out = end < 0 ? NULL : fdopen(end, "a");
    if (out == NULL) {
        int reason = errno;
        if (end >= 0) {
            (void)close(end); /* nothing was written */
        }
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", to), ARG_ERRNO("why", reason));
    }
    outcome copied = copy_bytes(in, out, from, to, err);
    if (fclose(out) != 0 && copied.ok) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", to), ARG_ERRNO("why", errno));
    }
    return copied;
}

FALLIBLE file_append(const char *from, const char *to, struct error *err)
{
    int in = -1;
    TRY(file_open(from, &in, err));
    outcome copied = append_to(in, from, to, err);
    (void)close(in); /* read only */
    return copied;
}
