/* fuzz_pages - any bytes as an LMDB data file: sound, or damaged at a named page, and read to the
 * end either way. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "core/io/pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    if (descriptor < 0 || write(descriptor, data, size) != (ssize_t)size) {
        abort();
    }
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor); /* a short name */
    struct error err;
    struct pages_report quick = {0};
    struct pages_report full = {0};
    bool opens = pages_check(path, PAGES_QUICK, &quick, &err).ok;
    bool sound = pages_check(path, PAGES_FULL, &full, &err).ok;
    BUG_UNLESS(opens || !sound);
    BUG_UNLESS(sound || err.class == ERROR_CORRUPT);
    BUG_UNLESS(!sound || full.reachable <= full.pages);
    (void)close(descriptor); /* in memory */
    return 0;
}
