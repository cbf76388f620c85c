/* lines - see lines.h. */
#include "core/io/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/io/file_open.h"
#include "core/io/messages.h"

enum {
    WINDOW_BYTES = 4 << 20,  /* larger than any record */
    UNITS_BYTES = 256 << 10, /* UTF-16 read at once */
};

/* Reads more into the window; sets at_end at the end of the file. */
static FALLIBLE lines_fill(struct lines *lines, struct error *err)
{
    if (lines->start > 0) {
        memmove(lines->window, lines->window + lines->start, lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    bool wide = lines->encoding == ENCODING_UTF16LE || lines->encoding == ENCODING_UTF16BE;
    uint8_t *to = wide ? lines->units + lines->units_held : lines->window + lines->end;
    size_t room = wide ? UNITS_BYTES - lines->units_held : WINDOW_BYTES - lines->end;
    if (wide && (WINDOW_BYTES - lines->end) / 2 < UNITS_BYTES) {
        return OK; /* enough for now: the caller looks at it first */
    }
    ssize_t got = read(lines->descriptor, to, room);
    if (got < 0) {
        if (errno == EINTR) {
            return OK;
        }
        FAIL(RESOURCE, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", lines->path),
             ARG_ERRNO("why", errno));
    }
    lines->read_bytes += (uint64_t)got;
    lines->at_end = got == 0;
    if (!wide) {
        lines->end += (size_t)got;
        return OK;
    }
    size_t used;
    lines->units_held += (size_t)got;
    lines->end += encoding_from_utf16(lines->encoding, bytes_of(lines->units, lines->units_held),
                                      (char *)lines->window + lines->end, &used);
    lines->units_held -= used;
    memmove(lines->units, lines->units + used, lines->units_held);
    if (lines->at_end && lines->units_held > 0) {
        lines->window[lines->end++] = 0xff; /* half a character: makes the last row undecodable */
        lines->units_held = 0;
    }
    return OK;
}

/* Is the number of quotes odd? *ret_any: is there one at all? */
static bool quotes_odd(const uint8_t *data, size_t size, bool *ret_any)
{
    bool odd = false;
    const uint8_t *end = data + size;
    for (const uint8_t *at = memchr(data, '"', size); at != NULL;
         at = memchr(at, '"', (size_t)(end - at))) {
        *ret_any = true;
        odd = !odd;
        at++;
    }
    return odd;
}

/* The size of the record at the start of the window with its line end; 0: not complete yet. */
static size_t record_size(struct lines *lines, uint64_t *ret_count, bool *ret_open)
{
    const uint8_t *begin = lines->window + lines->start;
    size_t size = lines->end - lines->start;
    size_t at = 0;
    bool open = false;
    lines->quoted = false;
    *ret_count = 0;
    while (at < size) {
        const uint8_t *found = memchr(begin + at, lines->line_end, size - at);
        size_t stop = found != NULL ? (size_t)(found - begin) : size;
        if (lines->quotes) {
            open ^= quotes_odd(begin + at, stop - at, &lines->quoted);
        }
        if (found == NULL) {
            break;
        }
        (*ret_count)++;
        at = stop + 1;
        if (!open) {
            *ret_open = false;
            return at;
        }
    }
    *ret_open = open;
    return lines->at_end ? size : 0;
}

/* Skips the rest of a line that is longer than a row may be. */
static FALLIBLE skip_line(struct lines *lines, struct error *err)
{
    for (;;) {
        size_t size = lines->end - lines->start;
        const uint8_t *found = memchr(lines->window + lines->start, lines->line_end, size);
        if (found != NULL) {
            lines->start = (size_t)(found - lines->window) + 1;
            lines->next_line++;
            return OK;
        }
        lines->start = lines->end;
        if (lines->at_end) {
            return OK;
        }
        TRY(lines_fill(lines, err));
    }
}

/* The first `size` bytes of the window, without the line end. */
static bytes record_at_start(const struct lines *lines, size_t size)
{
    const uint8_t *data = lines->window + lines->start;
    size -= size > 0 && data[size - 1] == (uint8_t)lines->line_end;
    size -= size > 0 && data[size - 1] == '\r';
    return bytes_of(data, size);
}

/* Finds the next record; *ret_more is false at the end. */
FALLIBLE lines_next(struct lines *lines, bool *ret_more, struct error *err)
{
    lines->too_long = false;
    lines->record = bytes_of(lines->window, 0);
    for (;;) {
        uint64_t count;
        bool open = false;
        size_t size = record_size(lines, &count, &open);
        size_t held = lines->end - lines->start;
        if (size == 0 && lines->at_end) {
            *ret_more = false;
            return OK;
        }
        size_t known = size > 0 ? size : held;
        if (size == 0 && known <= LINE_BYTES_MAX + 2) {
            TRY(lines_fill(lines, err));
            continue;
        }
        bytes record = record_at_start(lines, known);
        lines->row++;
        lines->line = lines->next_line;
        lines->too_long = record.size > LINE_BYTES_MAX;
        if (open || (lines->too_long && count > 1)) {
            FAIL(MALFORMED, !lines->too_long ? MESSAGE_CSV_QUOTING : MESSAGE_CSV_LINE_TOO_LONG,
                 ARG_TEXT("file", lines->path), ARG_INT("row", lines->row),
                 ARG_INT("line", lines->line), ARG_INT("limit", LINE_BYTES_MAX));
        }
        lines->next_line += count;
        *ret_more = true;
        if (size == 0) {
            return skip_line(lines, err);
        }
        record.size = lines->too_long ? LINE_BYTES_MAX : record.size;
        lines->record = record;
        lines->start += size;
        return OK;
    }
}

/* The byte that ends a line. It is found in the first window after decoding, because in UTF-16 a
 * byte of a character may equal a line feed. Where only returns end lines, a cell of several lines
 * may have line feeds. */
static char line_end_of(const struct lines *lines)
{
    bool open = false;
    bool returns = false;
    for (const uint8_t *at = lines->window; at < lines->window + lines->end; at++) {
        open ^= lines->quotes && *at == '"';
        if (*at == '\n' && !open) {
            return '\n';
        }
        returns |= *at == '\r' && !open;
    }
    return returns ? '\r' : '\n'; /* returns alone: so old spreadsheets wrote it */
}

FALLIBLE lines_rewind(struct lines *lines, enum encoding encoding, struct error *err)
{
    if (lseek(lines->descriptor, (off_t)lines->mark_size, SEEK_SET) < 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", lines->path),
             ARG_ERRNO("why", errno));
    }
    lines->encoding = encoding;
    lines->start = lines->end = lines->units_held = 0;
    lines->read_bytes = lines->mark_size;
    lines->at_end = false;
    lines->row = 0;
    lines->next_line = 1;
    while (lines->end == 0 && !lines->at_end) {
        TRY(lines_fill(lines, err));
    }
    lines->line_end = line_end_of(lines);
    return OK;
}

/* Looks at the first window: its mark. */
static FALLIBLE lines_begin(struct lines *lines, enum encoding wanted, struct error *err)
{
    TRY(lines_fill(lines, err));
    size_t mark_size;
    bytes start = bytes_of(lines->window, lines->end);
    enum encoding marked = encoding_of_mark(start, &mark_size);
    enum encoding encoding = wanted != ENCODING_FIND ? wanted : marked;
    if (wanted == ENCODING_UTF16) {
        bool is_marked = marked == ENCODING_UTF16LE || marked == ENCODING_UTF16BE;
        encoding = is_marked ? marked : encoding_order_of_utf16(start);
    }
    lines->mark_size = encoding == marked ? mark_size : 0;
    lines->holds_nul = memchr(lines->window, 0, lines->end) != NULL;
    return lines_rewind(lines, encoding, err);
}

FALLIBLE lines_open(const char *path, enum encoding encoding, bool quotes, struct arena *arena,
                    struct lines *ret, struct error *err)
{
    struct lines lines = {.quotes = quotes, .line_end = '\n', .next_line = 1};
    TRY(file_open(path, &lines.descriptor, err));
    lines.path = arena_c_string(arena, str_of(path));
    lines.window = arena_buffer(arena, WINDOW_BYTES + 1);
    lines.units = arena_new_raw(arena, UNITS_BYTES);
    outcome begun = file_state_of_open(lines.descriptor, path, &lines.state, err);
    if (begun.ok) {
        begun = lines_begin(&lines, encoding, err);
    }
    if (!begun.ok) {
        lines_close(&lines);
        return error_trace(err, HERE);
    }
    *ret = lines;
    return OK;
}

void lines_close(struct lines *lines)
{
    if (lines->descriptor >= 0) {
        (void)close(lines->descriptor); /* read only */
        lines->descriptor = -1;
    }
}

FALLIBLE lines_unchanged(const struct lines *lines, struct error *err)
{
    struct file_state now;
    TRY(file_state_of_open(lines->descriptor, lines->path, &now, err));
    return file_state_check(&lines->state, &now, lines->path, err);
}

uint64_t lines_position(const struct lines *lines)
{
    uint64_t held = lines->end - lines->start;
    return lines->read_bytes > held ? lines->read_bytes - held : 0;
}

bool lines_window_is_utf8(const struct lines *lines)
{
    size_t size = lines->end;
    while (!lines->at_end && size > 0 && lines->window[size - 1] != (uint8_t)lines->line_end) {
        size--;
    }
    str whole;
    return str_from_bytes(bytes_of(lines->window, size), &whole);
}
