/* encoding - finds the encoding of a text file and converts it to UTF-8.
 *
 * GB18030 is read by tables built from iconv at start, with the differences of the 2000, 2005 and
 * 2022 editions on top: either form gives the real character, never one of the private-use area. An
 * illegal sequence is reported with its offset; it never aborts. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum encoding {
    ENCODING_FIND = 0,
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_GB18030, /* also GBK and GB2312, its subsets */
    ENCODING_UTF16,   /* of either order: a name only, a file is read as one of the two above */
};

/* utf-8, utf8, utf-16, utf-16le, utf-16be, gb18030, gbk, gb2312, cp936 in any case; false
 * otherwise. */
bool encoding_from_name(str name, enum encoding *ret);
/* "UTF-8", "GB18030"; "" for ENCODING_FIND. */
const char *encoding_name(enum encoding encoding);

/* The encoding that a byte order mark says, and the mark's size; ENCODING_FIND and 0 without. */
enum encoding encoding_of_mark(bytes start, size_t *ret_mark_size);

/* The byte order of UTF-16 without a mark, found from its ASCII characters: every table has some
 * (commas, digits, line ends). UTF16LE when there are none. */
enum encoding encoding_order_of_utf16(bytes start);

struct encoding_tables;

/* Builds the tables (about 3 ms, 270 kB, in the arena). They are constant afterwards.
 * fails   RESOURCE MESSAGE_ENCODING_UNAVAILABLE when the C library has no GB18030 */
FALLIBLE encoding_tables_new(struct arena *arena, const struct encoding_tables **ret,
                             struct error *err);

/* What happened to a piece of text on its way. */
struct encoding_notes {
    bool private_use;    /* a known private-use form was replaced, or one was left as it was */
    bool damaged;        /* something did not decode */
    size_t fault_offset; /* of the first bad byte in the input, when damaged */
};

/* GB18030 to UTF-8 at `out`, which holds 3 * in.size bytes; returns the bytes written. A bad byte
 * becomes U+FFFD and is noted; notes accumulate (the first fault stays). NUL is a fault. */
size_t encoding_from_gb18030(const struct encoding_tables *tables, bytes in, char *out,
                             struct encoding_notes *notes);
/* The same for UTF-8: checked, known private-use forms replaced. `out` holds 3 * in.size bytes. */
size_t encoding_from_utf8(bytes in, char *out, struct encoding_notes *notes);

/* UTF-16 units to UTF-8 at `out`, which holds 3 bytes a unit; a lone surrogate becomes three bytes
 * that are no UTF-8, so that whoever checks the row finds it. Returns the bytes written and in
 * *ret_used how many bytes of `in` were complete. */
size_t encoding_from_utf16(enum encoding encoding, bytes in, char *out, size_t *ret_used);

/* UTF-8 to GB18030, as a file of the national platform holds it.
 * fails   RESOURCE MESSAGE_ENCODING_UNAVAILABLE, INVALID MESSAGE_BAD_ENCODING */
FALLIBLE encoding_to_gb18030(str text, struct arena *arena, bytes *ret, struct error *err);
