/* store_file - see store_file.h. */
#include "core/io/store_file.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t ZEROS[64 * 1024];

void store_file_prefill(int fd, size_t used_bytes, size_t prefill_bytes)
{
    struct stat status;
    if (prefill_bytes == 0 || fstat(fd, &status) != 0) {
        return;
    }
    off_t used = (off_t)used_bytes;
    off_t at = status.st_size > used ? status.st_size : used;
    off_t end = used + (off_t)prefill_bytes;
    if (at - used > (off_t)prefill_bytes / 4) {
        return;
    }
    while (at < end && pwrite(fd, ZEROS, sizeof ZEROS, at) == (ssize_t)sizeof ZEROS) {
        at += (off_t)sizeof ZEROS;
    }
}

void store_file_write_back(int fd)
{
    (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* the flush at the end does it else */
}
