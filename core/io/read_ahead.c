/* read_ahead - see read_ahead.h. */
#include "core/io/read_ahead.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WINDOW = 256 * 1024,
    NEAR = 64 * 1024, /* so far ahead still counts as ascending */
    PAGE = 4096,
};

void read_ahead_init(struct read_ahead *reader, int fd)
{
    *reader = (struct read_ahead){.fd = fd};
}

void read_ahead_release(struct read_ahead *reader)
{
    free(reader->window);
    reader->window = NULL;
}

/* As much as there is, up to `size`. */
static size_t read_some(int fd, uint64_t offset, uint8_t *out, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t count = pread(fd, out + got, size - got, (off_t)(offset + got));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        got += (size_t)count;
    }
    return got;
}

static bool is_in_window(const struct read_ahead *reader, uint64_t offset, size_t size)
{
    return offset >= reader->from && offset - reader->from <= reader->filled &&
           size <= reader->filled - (size_t)(offset - reader->from);
}

/* Without memory for the window it goes on without. It begins with a page of memory: the kernel
 * copies page by page, and some processors (Zen 3) do that five times slower to a place sixteen
 * bytes into a page, which is where malloc puts what is large. */
static void fill(struct read_ahead *reader, uint64_t offset)
{
    if (reader->window == NULL) {
        reader->window = aligned_alloc(PAGE, WINDOW);
    }
    if (reader->window != NULL) {
        reader->filled = read_some(reader->fd, offset, reader->window, WINDOW);
        reader->from = offset;
    }
}

const uint8_t *read_ahead_view(struct read_ahead *reader, uint64_t offset, uint8_t *buffer,
                               size_t size)
{
    bool ascends = offset >= reader->last && offset - reader->last <= NEAR;
    if (!is_in_window(reader, offset, size) && ascends && size <= WINDOW / 2) {
        fill(reader, offset);
    }
    reader->last = offset + size;
    if (is_in_window(reader, offset, size)) {
        return reader->window + (offset - reader->from);
    }
    return read_some(reader->fd, offset, buffer, size) == size ? buffer : NULL;
}

bool read_ahead_at(struct read_ahead *reader, uint64_t offset, void *out, size_t size)
{
    const uint8_t *view = read_ahead_view(reader, offset, out, size);
    if (view != NULL && view != out) {
        memcpy(out, view, size);
    }
    return view != NULL;
}
