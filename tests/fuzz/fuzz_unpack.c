/* fuzz_unpack - any bytes as a packed file, as gzip and as zip, whatever they begin with: refused,
 * or unpacked within the limit, and nothing is left of what was refused. */
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 100000 };

static void unpack_as(const char *from, const char *to, enum packing packing)
{
    struct error err;
    struct stat status;
    outcome done = unpack(from, packing, to, LIMIT, &err);
    bool there = stat(to, &status) == 0;
    BUG_UNLESS(there == done.ok);
    BUG_UNLESS(!there || status.st_size <= LIMIT);
    if (there) {
        (void)unlink(to); /* a scratch file */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char from[PATH_MAX];
    char to[PATH_MAX];
    struct error err;
    enum packing packing = PACKING_NONE;
    const char *scratch = getenv("TMPDIR"); /* removed by tests/fuzz/run, also after a crash */
    const char *folder = scratch != NULL ? scratch : "/tmp";
    (void)snprintf(from, sizeof from, "%s/unpack-%d", folder, (int)getpid()); /* fits, or fails */
    (void)snprintf(to, sizeof to, "%s/unpack-%d.out", folder, (int)getpid());
    int descriptor = open(from, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0 || write(descriptor, data, size) != (ssize_t)size) {
        abort();
    }
    (void)close(descriptor); /* a scratch file */
    BUG_UNLESS(packing_of(from, &packing, &err).ok);
    unpack_as(from, to, PACKING_GZIP);
    unpack_as(from, to, PACKING_ZIP);
    (void)unlink(from); /* likewise */
    return 0;
}
