/* file_digest - see file_digest.h. */
#include "core/io/file_digest.h"

#include <errno.h>
#include <stdalign.h>
#include <stdio.h>

#include "core/base/arena.h"
#include "core/io/file_open.h"
#include "core/io/messages.h"

enum { BLOCK = 1 << 16 };

FALLIBLE file_digest(const char *path, struct digest *ret, struct error *err)
{
    struct digester digester;
    alignas(ARENA_BUFFER_ALIGNMENT) uint8_t block[BLOCK];
    size_t got = 0;
    FILE *file = NULL;
    TRY(file_open_stream(path, &file, err));
    digester_init(&digester);
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        digester_update(&digester, bytes_of(block, got));
    }
    int why = ferror(file) != 0 ? errno : 0;
    (void)fclose(file); /* read only */
    struct digest digest = digester_final(&digester);
    digester_release(&digester);
    if (why != 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    *ret = digest;
    return OK;
}
