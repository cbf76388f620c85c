/* file_digest - see file_digest.h. */
#include "core/io/file_digest.h"

#include <errno.h>
#include <stdalign.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/io/file_open.h"
#include "core/io/messages.h"

enum { BLOCK = 1 << 16 };

FALLIBLE file_digest_open(int descriptor, const char *path, struct digest *ret, struct error *err)
{
    struct digester digester;
    alignas(ARENA_BUFFER_ALIGNMENT) uint8_t block[BLOCK];
    off_t at = 0;
    ssize_t got = 0;
    digester_init(&digester);
    do {
        got = pread(descriptor, block, sizeof block, at);
        if (got > 0) {
            digester_update(&digester, bytes_of(block, (size_t)got));
            at += got;
        }
    } while (got > 0 || (got < 0 && errno == EINTR));
    int why = got < 0 ? errno : 0;
    struct digest digest = digester_final(&digester);
    digester_release(&digester);
    if (why != 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    *ret = digest;
    return OK;
}

FALLIBLE file_digest(const char *path, struct digest *ret, struct error *err)
{
    int descriptor = -1;
    TRY(file_open(path, &descriptor, err));
    outcome read = file_digest_open(descriptor, path, ret, err);
    (void)close(descriptor); /* read only */
    return read;
}
