/* streams - see streams.h. */
#include "core/io/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool streams_keep(void)
{
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++) {
        /* With O_PATH nothing can be read or written there. open() takes the lowest free number:
         * this one. */
        if (fcntl(number, F_GETFD) < 0 && errno == EBADF && open("/", O_PATH) != number) {
            return false;
        }
    }
    return true;
}
