/* keyring_header - see keyring_header.h. */
#include "core/io/keyring_header.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAGIC        "anzheng keys 2\n"
#define MAGIC_HASHED "anzheng keys 1\n"

_Static_assert(sizeof(struct keyring_header) == SLOT_SIZE, "the header takes a slot");

bool keyring_header_read(int fd, struct keyring_header *ret)
{
    enum { LOOKS = 100 };
    static const struct timespec pause = {0, 1000000};
    for (int i = 0; i < LOOKS; i++) {
        if (pread(fd, ret, sizeof *ret, 0) != sizeof *ret) {
            return false; /* damaged: no writer shortens the file */
        }
        if (slot_has_checksum(ret)) {
            return true;
        }
        (void)nanosleep(&pause, NULL); /* a signal may end it early: that only means another try */
    }
    return false;
}

enum keyring_form keyring_header_form(const struct keyring_header *header)
{
    _Static_assert(sizeof MAGIC == sizeof header->magic, "with its NUL");
    if (memcmp(header->magic, MAGIC, sizeof header->magic) == 0) {
        return KEYRING_IN_ORDER;
    }
    return memcmp(header->magic, MAGIC_HASHED, sizeof header->magic) == 0 ? KEYRING_HASHED
                                                                          : KEYRING_UNKNOWN;
}

bool keyring_header_write(int fd, uint64_t used, const uint8_t branch[SLOT_BRANCH_SIZE])
{
    struct keyring_header header = {.magic = MAGIC};
    slot_put_u64(used, header.used);
    memcpy(header.branch, branch, SLOT_BRANCH_SIZE);
    slot_checksum(&header, header.checksum);
    ssize_t count = pwrite(fd, &header, sizeof header, 0);
    if (count >= 0 && (size_t)count < sizeof header) {
        errno = ENOSPC;
    }
    return count == sizeof header;
}
