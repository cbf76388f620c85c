/* unpack - see unpack.h. The owner of zlib. */
#include "core/io/unpack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "core/io/file.h"
#include "core/io/file_open.h"
#include "core/io/messages.h"
#include "core/io/stop.h"
#include "core/io/unpack_parts.h"

enum { BLOCK = 1 << 16, GZIP_WINDOW = 15 + 16, RAW_WINDOW = -15 };

outcome unpack_damaged(const struct unpacking *unpacking, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_UNPACK_DAMAGED, ARG_TEXT("file", unpacking->path));
}

static outcome not_readable(const char *path, struct error *err)
{
    FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
}

FALLIBLE packing_of(const char *path, enum packing *ret, struct error *err)
{
    static const uint8_t gzip[] = {0x1f, 0x8b, 8};
    static const uint8_t zip[] = {'P', 'K', 3, 4};
    static const uint8_t empty_zip[] = {'P', 'K', 5, 6};
    uint8_t first[4] = {0};
    FILE *file = NULL;
    *ret = PACKING_NONE;
    TRY(file_open_stream(path, &file, err));
    size_t got = fread(first, 1, sizeof first, file);
    bool failed = ferror(file) != 0;
    int why = errno;
    (void)fclose(file); /* read only */
    if (failed) {
        errno = why;
        return not_readable(path, err);
    }
    if (got >= sizeof gzip && memcmp(first, gzip, sizeof gzip) == 0) {
        *ret = PACKING_GZIP;
    } else if (got == sizeof first &&
               (memcmp(first, zip, got) == 0 || memcmp(first, empty_zip, got) == 0)) {
        *ret = PACKING_ZIP;
    }
    return OK;
}

FALLIBLE unpack_write(struct unpacking *unpacking, bytes b, struct error *err)
{
    if (b.size > unpacking->bytes_max - unpacking->bytes) {
        FAIL(MALFORMED, MESSAGE_UNPACK_TOO_LARGE, ARG_TEXT("file", unpacking->path),
             ARG_INT("limit", unpacking->bytes_max));
    }
    if (fwrite(b.data, 1, b.size, unpacking->out) != b.size) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", unpacking->to),
             ARG_ERRNO("why", errno));
    }
    unpacking->bytes += b.size;
    unpacking->checksum = (uint32_t)crc32(unpacking->checksum, b.data, (unsigned)b.size);
    return OK;
}

/* --- streams ------------------------------------------------------------------------------------
 */

struct stream {
    struct unpacking *unpacking;
    z_stream zlib;
    uint64_t left; /* packed bytes that may still be read */
    uint8_t in[BLOCK];
    uint8_t out[BLOCK];
};

/* More packed bytes, when there are none; false at the end. */
static bool fill(struct stream *stream)
{
    if (stream->zlib.avail_in > 0) {
        return true;
    }
    size_t wanted = stream->left < BLOCK ? (size_t)stream->left : BLOCK;
    size_t got = fread(stream->in, 1, wanted, stream->unpacking->in);
    stream->left -= got;
    stream->zlib.next_in = stream->in;
    stream->zlib.avail_in = (unsigned)got;
    return got > 0;
}

/* One stream to its end. */
static outcome inflate_one(struct stream *stream, struct error *err)
{
    int state = Z_OK;
    while (state != Z_STREAM_END) {
        if (!fill(stream)) {
            return ferror(stream->unpacking->in) != 0 ? not_readable(stream->unpacking->path, err)
                                                      : unpack_damaged(stream->unpacking, err);
        }
        if (stop_requested()) {
            FAIL(BUSY, MESSAGE_UNPACK_STOPPED, ARG_TEXT("file", stream->unpacking->path));
        }
        stream->zlib.next_out = stream->out;
        stream->zlib.avail_out = BLOCK;
        state = inflate(&stream->zlib, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) {
            return unpack_damaged(stream->unpacking, err);
        }
        TRY(unpack_write(stream->unpacking, bytes_of(stream->out, BLOCK - stream->zlib.avail_out),
                         err));
    }
    return OK;
}

/* Another member may follow; zeros behind the last one are padding of tapes, no damage. */
static outcome inflate_members(struct stream *stream, struct error *err)
{
    TRY(inflate_one(stream, err));
    while (fill(stream)) {
        if (*stream->zlib.next_in == 0) {
            stream->zlib.next_in++;
            stream->zlib.avail_in--;
            continue;
        }
        BUG_UNLESS(inflateReset(&stream->zlib) == Z_OK);
        TRY(inflate_one(stream, err));
    }
    return ferror(stream->unpacking->in) != 0 ? not_readable(stream->unpacking->path, err) : OK;
}

FALLIBLE unpack_inflate(struct unpacking *unpacking, bool wrapped, uint64_t left,
                        uint64_t *ret_used, struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct stream *stream = ARENA_NEW(&arena, struct stream);
    stream->unpacking = unpacking;
    stream->left = left;
    BUG_UNLESS(inflateInit2(&stream->zlib, wrapped ? GZIP_WINDOW : RAW_WINDOW) == Z_OK);
    outcome done = wrapped ? inflate_members(stream, err) : inflate_one(stream, err);
    *ret_used = left - stream->left - stream->zlib.avail_in;
    (void)inflateEnd(&stream->zlib); /* only memory */
    arena_release(&arena);
    return done;
}

FALLIBLE unpack(const char *path, enum packing packing, const char *to, uint64_t bytes_max,
                struct error *err)
{
    struct unpacking unpacking = {.path = path, .to = to, .bytes_max = bytes_max};
    uint64_t used = 0;
    BUG_UNLESS(packing != PACKING_NONE);
    TRY(file_open_stream(path, &unpacking.in, err));
    outcome done = file_create(to, 0600, &unpacking.out, err);
    if (!done.ok) {
        (void)fclose(unpacking.in); /* read only */
        return error_trace(err, HERE);
    }
    done = packing == PACKING_GZIP ? unpack_inflate(&unpacking, true, UINT64_MAX, &used, err)
                                   : unpack_zip(&unpacking, err);
    (void)fclose(unpacking.in); /* read only */
    if (done.ok) {
        done = file_finish(unpacking.out, to, err);
    } else {
        (void)fclose(unpacking.out); /* thrown away */
    }
    if (!done.ok) {
        (void)unlink(to); /* half of a file; the failure to report is the first one */
        return error_trace(err, HERE);
    }
    return OK;
}
