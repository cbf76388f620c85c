/* lines - the records of a text file, cut at line ends, through a window of fixed size.
 *
 * With `quotes` a line end inside double quotes does not cut. UTF-16 becomes UTF-8 on the way; no
 * other byte is changed. Counts records from 1 (blank ones too) and the lines they begin on. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/encoding.h"
#include "core/io/file_state.h"

enum { LINE_BYTES_MAX = 1 << 20 };

struct lines {
    const char *path; /* for messages */
    int descriptor;
    enum encoding encoding; /* only UTF-16 matters here */
    size_t mark_size;       /* bytes to skip at the beginning */
    bool quotes;
    bool holds_nul; /* in its first window, as the bytes stand in the file */
    char line_end;
    struct file_state state; /* when it was opened */
    uint64_t read_bytes;
    uint8_t *window; /* [start, end) is not yet used */
    size_t start;
    size_t end;
    bool at_end;
    uint8_t *units; /* UTF-16 that is not converted yet */
    size_t units_held;
    uint64_t next_line;
    /* the record found last: */
    uint64_t row;
    uint64_t line;
    bytes record;  /* without line end; cut when too long; lives until the next call */
    bool quoted;   /* it holds a quote */
    bool too_long; /* longer than LINE_BYTES_MAX; the reader stands behind it */
};

/* Opens a regular file; buffers and the copy of the path are in the arena. With FIND the encoding
 * is that of the byte order mark, or stays FIND. The line end is LF, or CR where no LF is near
 * but inside quotes.
 * fails   MISSING MESSAGE_FILE_NOT_READABLE, RESOURCE MESSAGE_FILE_NOT_READABLE */
FALLIBLE lines_open(const char *path, enum encoding encoding, bool quotes, struct arena *arena,
                    struct lines *ret, struct error *err);
void lines_close(struct lines *lines);
/* fails   MALFORMED MESSAGE_CSV_QUOTING, MESSAGE_CSV_LINE_TOO_LONG, RESOURCE FILE_NOT_READABLE */
FALLIBLE lines_next(struct lines *lines, bool *ret_more, struct error *err);
/* Back to the first record, reading in `encoding` from now on. */
FALLIBLE lines_rewind(struct lines *lines, enum encoding encoding, struct error *err);
/* Is the file still what was opened? fails   MISSING MESSAGE_FILE_CHANGED */
FALLIBLE lines_unchanged(const struct lines *lines, struct error *err);
/* Bytes of the file that are used up. */
uint64_t lines_position(const struct lines *lines);
/* Are the whole lines of the window UTF-8? */
bool lines_window_is_utf8(const struct lines *lines);
