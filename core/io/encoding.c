/* encoding - see encoding.h.
 *
 * glibc follows the 2005 edition of GB18030 for most codes and refuses the four-byte forms that the
 * 2022 edition swapped; other converters still write the private-use characters of the 2000
 * edition. Files of all these editions come in, so every form of the 25 characters is decoded to
 * the real character. */
#include "core/io/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "core/io/messages.h"

enum {
    LEADS = 126,
    TRAILS = 191,
    FOUR_BYTE_CODES = 39420, /* 81308130 .. 8431A439: the basic plane */
    FOUR_BYTE_HIGH = 189000, /* 90308130: U+10000 */
    REPLACEMENT = 0xfffd,
    PRIVATE_USE_FIRST = 0xe000,
    PRIVATE_USE_LAST = 0xf8ff,
};

struct encoding_tables {
    uint32_t two[LEADS * TRAILS];   /* 0: no character */
    uint16_t four[FOUR_BYTE_CODES]; /* 0: no character */
    /* `two` as three bytes of UTF-8 and one more, which the next character writes over; zeros where
     * there is more to do: no character, private use, another size. */
    char plain[LEADS * TRAILS][4];
};

/* The private-use forms of GB 18030-2000 and -2005, what they are since the 2022 edition, and their
 * two bytes: what those mean does not depend on the edition that the C library follows. */
static const struct {
    uint16_t private_use;
    uint32_t real;
    uint16_t bytes;
} real_forms[] = {
    {0xe78d, 0xfe10, 0xa6d9},  {0xe78e, 0xfe12, 0xa6da},  {0xe78f, 0xfe11, 0xa6db},
    {0xe790, 0xfe13, 0xa6dc},  {0xe791, 0xfe14, 0xa6dd},  {0xe792, 0xfe15, 0xa6de},
    {0xe793, 0xfe16, 0xa6df},  {0xe794, 0xfe17, 0xa6ec},  {0xe795, 0xfe18, 0xa6ed},
    {0xe796, 0xfe19, 0xa6f3},  {0xe7c7, 0x1e3f, 0xa8bc},  {0xe816, 0x20087, 0xfe51},
    {0xe817, 0x20089, 0xfe52}, {0xe818, 0x200cc, 0xfe53}, {0xe81e, 0x9fb4, 0xfe59},
    {0xe826, 0x9fb5, 0xfe61},  {0xe82b, 0x9fb6, 0xfe66},  {0xe82c, 0x9fb7, 0xfe67},
    {0xe831, 0x215d7, 0xfe6c}, {0xe832, 0x9fb8, 0xfe6d},  {0xe83b, 0x2298f, 0xfe76},
    {0xe843, 0x9fb9, 0xfe7e},  {0xe854, 0x9fba, 0xfe90},  {0xe855, 0x241fe, 0xfe91},
    {0xe864, 0x9fbb, 0xfea0},
};

static const struct {
    const char *name;
    enum encoding encoding;
} encoding_names[] = {
    {"utf-8", ENCODING_UTF8},       {"utf8", ENCODING_UTF8},       {"utf-16le", ENCODING_UTF16LE},
    {"utf-16be", ENCODING_UTF16BE}, {"gb18030", ENCODING_GB18030}, {"gbk", ENCODING_GB18030},
    {"gb2312", ENCODING_GB18030},   {"cp936", ENCODING_GB18030},   {"utf-16", ENCODING_UTF16},
};

bool encoding_from_name(str name, enum encoding *ret)
{
    for (size_t i = 0; i < sizeof encoding_names / sizeof *encoding_names; i++) {
        if (strlen(encoding_names[i].name) == name.size &&
            strncasecmp(encoding_names[i].name, name.data, name.size) == 0) {
            *ret = encoding_names[i].encoding;
            return true;
        }
    }
    return false;
}

const char *encoding_name(enum encoding encoding)
{
    switch (encoding) {
    case ENCODING_FIND: return "";
    case ENCODING_UTF8: return "UTF-8";
    case ENCODING_UTF16LE: return "UTF-16LE";
    case ENCODING_UTF16BE: return "UTF-16BE";
    case ENCODING_GB18030: return "GB18030";
    case ENCODING_UTF16: return "UTF-16";
    }
    return "";
}

enum encoding encoding_of_mark(bytes start, size_t *ret_mark_size)
{
    const uint8_t *b = start.data;
    if (start.size >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf) {
        *ret_mark_size = 3;
        return ENCODING_UTF8;
    }
    if (start.size >= 2 && b[0] == 0xff && b[1] == 0xfe) {
        *ret_mark_size = 2;
        return ENCODING_UTF16LE;
    }
    if (start.size >= 2 && b[0] == 0xfe && b[1] == 0xff) {
        *ret_mark_size = 2;
        return ENCODING_UTF16BE;
    }
    *ret_mark_size = 0;
    return ENCODING_FIND;
}

enum encoding encoding_order_of_utf16(bytes start)
{
    size_t little = 0;
    size_t big = 0;
    for (size_t i = 0; i + 2 <= start.size; i += 2) {
        uint8_t first = start.data[i];
        uint8_t second = start.data[i + 1];
        little += first != 0 && first < 0x80 && second == 0 ? 1 : 0;
        big += second != 0 && second < 0x80 && first == 0 ? 1 : 0;
    }
    return big > little ? ENCODING_UTF16BE : ENCODING_UTF16LE;
}

/* One sequence through iconv: its character, or 0. */
static uint32_t iconv_one(iconv_t converter, const uint8_t *in, size_t size)
{
    uint8_t raw[4];
    memcpy(raw, in, size);
    char *from = (char *)raw;
    size_t from_left = size;
    uint8_t out[8] = {0};
    char *to = (char *)out;
    size_t to_left = sizeof out;
    (void)iconv(converter, NULL, NULL, NULL, NULL); /* resets it: cannot fail */
    /* glibc holds characters back that might combine: the second call gives them out */
    if (iconv(converter, &from, &from_left, &to, &to_left) == (size_t)-1 || from_left != 0 ||
        iconv(converter, NULL, NULL, &to, &to_left) == (size_t)-1 || to_left != sizeof out - 4) {
        return 0;
    }
    return (uint32_t)out[0] | (uint32_t)out[1] << 8 | (uint32_t)out[2] << 16;
}

static uint32_t real_form(uint32_t private_use)
{
    for (size_t i = 0; i < sizeof real_forms / sizeof *real_forms; i++) {
        if (real_forms[i].private_use == private_use) {
            return real_forms[i].real;
        }
    }
    return private_use;
}

static size_t four_linear(const uint8_t *b)
{
    return (((size_t)(b[0] - 0x81) * 10 + (size_t)(b[1] - 0x30)) * 126 + (size_t)(b[2] - 0x81)) *
               10 +
           (size_t)(b[3] - 0x30);
}

/* The four-byte forms that glibc refuses: the 2005 edition's codes of what is two bytes now. */
static void add_refused_forms(struct encoding_tables *tables)
{
    static const struct {
        uint8_t first[4];
        uint16_t code_point;
        int count;
    } refused[] = {{{0x82, 0x35, 0x90, 0x37}, 0x9fb4, 8}, {{0x84, 0x31, 0x82, 0x36}, 0xfe10, 10}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        size_t linear = four_linear(refused[i].first);
        for (int k = 0; k < refused[i].count; k++) {
            tables->four[linear + (size_t)k] = (uint16_t)(refused[i].code_point + k);
        }
    }
}

static void add_own_forms(struct encoding_tables *tables)
{
    for (size_t i = 0; i < sizeof real_forms / sizeof *real_forms; i++) {
        size_t lead = (size_t)(real_forms[i].bytes >> 8) - 0x81;
        size_t trail = (size_t)(real_forms[i].bytes & 0xff) - 0x40;
        tables->two[lead * TRAILS + trail] = real_forms[i].real;
    }
}

static void add_plain(struct encoding_tables *tables)
{
    for (size_t i = 0; i < LEADS * TRAILS; i++) {
        uint32_t found = tables->two[i];
        if (found >= 0x800 && found < 0xffff &&
            (found < PRIVATE_USE_FIRST || found > PRIVATE_USE_LAST)) {
            (void)utf8_encode(found, tables->plain[i]); /* three */
        }
    }
}

FALLIBLE encoding_tables_new(struct arena *arena, const struct encoding_tables **ret,
                             struct error *err)
{
    iconv_t converter = iconv_open("UTF-32LE", "GB18030");
    if (converter == (iconv_t)-1) {
        FAIL(RESOURCE, MESSAGE_ENCODING_UNAVAILABLE, ARG_ERRNO("why", errno));
    }
    struct encoding_tables *tables = ARENA_NEW(arena, struct encoding_tables);
    for (size_t lead = 0; lead < LEADS; lead++) {
        for (size_t trail = 0; trail < TRAILS; trail++) {
            uint8_t code[2] = {(uint8_t)(lead + 0x81), (uint8_t)(trail + 0x40)};
            if (code[1] != 0x7f) {
                tables->two[lead * TRAILS + trail] = iconv_one(converter, code, 2);
            }
        }
    }
    for (size_t linear = 0; linear < FOUR_BYTE_CODES; linear++) {
        uint8_t code[4] = {(uint8_t)(linear / 12600 + 0x81), (uint8_t)(linear / 1260 % 10 + 0x30),
                           (uint8_t)(linear / 10 % 126 + 0x81), (uint8_t)(linear % 10 + 0x30)};
        tables->four[linear] = (uint16_t)iconv_one(converter, code, 4);
    }
    (void)iconv_close(converter); /* frees memory only */
    add_refused_forms(tables);
    add_own_forms(tables);
    add_plain(tables);
    *ret = tables;
    return OK;
}

/* Bytes of plain ASCII (without NUL) at the start, copied on the way. */
static size_t copy_ascii(const uint8_t *in, size_t size, char *out)
{
    size_t done = 0;
    while (done + 8 <= size) {
        uint64_t word;
        memcpy(&word, in + done, sizeof word);
        /* a high bit, or a byte that is zero */
        if (((word | (word - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
        memcpy(out + done, &word, sizeof word);
        done += sizeof word;
    }
    while (done < size && in[done] < 0x80 && in[done] != 0) {
        out[done] = (char)in[done];
        done++;
    }
    return done;
}

static void note_fault(struct encoding_notes *notes, size_t offset)
{
    if (!notes->damaged) {
        notes->damaged = true;
        notes->fault_offset = offset;
    }
}

/* Writes a character, as its real form when it is a known private-use one. */
static size_t put_character(uint32_t code_point, char *out, struct encoding_notes *notes)
{
    if (code_point >= PRIVATE_USE_FIRST && code_point <= PRIVATE_USE_LAST) {
        notes->private_use = true;
        code_point = real_form(code_point);
    }
    return utf8_encode(code_point, out);
}

/* The character at `in` and in *ret_used its bytes; 0 when there is none. */
static uint32_t gb18030_next(const struct encoding_tables *tables, const uint8_t *in, size_t size,
                             size_t *ret_used, struct encoding_notes *notes)
{
    *ret_used = 1;
    if (in[0] < 0x81 || in[0] == 0xff || size < 2) {
        return 0;
    }
    if (in[1] >= 0x40 && in[1] != 0x7f && in[1] != 0xff) {
        uint32_t found = tables->two[(size_t)(in[0] - 0x81) * TRAILS + (size_t)(in[1] - 0x40)];
        *ret_used = found != 0 ? 2 : 1;
        notes->private_use |= found > 0xffff; /* two bytes that never left the private-use area */
        return found;
    }
    if (size < 4 || in[1] < 0x30 || in[1] > 0x39 || in[2] < 0x81 || in[2] == 0xff || in[3] < 0x30 ||
        in[3] > 0x39) {
        return 0;
    }
    size_t linear = four_linear(in);
    uint32_t found = 0;
    if (linear < FOUR_BYTE_CODES) {
        found = tables->four[linear];
        /* the swapped forms mean a private-use character in the newest edition: worth a look */
        notes->private_use |= (found >= 0x9fb4 && found <= 0x9fbb && in[0] == 0x82) ||
                              (found >= 0xfe10 && found <= 0xfe19);
    } else if (linear >= FOUR_BYTE_HIGH && linear <= FOUR_BYTE_HIGH + 0xfffff) {
        found = (uint32_t)(linear - FOUR_BYTE_HIGH + 0x10000);
    }
    *ret_used = found != 0 ? 4 : 1;
    return found;
}

/* Two-byte characters at the start that are plain, three bytes each; *ret_used: those of `in`. */
static size_t copy_plain(const struct encoding_tables *tables, const uint8_t *in, size_t size,
                         char *out, size_t *ret_used)
{
    size_t written = 0;
    size_t i = 0;
    for (; i + 2 <= size; i += 2) {
        size_t lead = (size_t)in[i] - 0x81;
        size_t trail = (size_t)in[i + 1] - 0x40;
        if (lead >= LEADS || trail >= TRAILS || tables->plain[lead * TRAILS + trail][0] == 0) {
            break;
        }
        memcpy(out + written, tables->plain[lead * TRAILS + trail], 4); /* there is room for 6 */
        written += 3;
    }
    *ret_used = i;
    return written;
}

size_t encoding_from_gb18030(const struct encoding_tables *tables, bytes in, char *out,
                             struct encoding_notes *notes)
{
    size_t written = 0;
    size_t i = 0;
    while (i < in.size) {
        size_t plain = copy_ascii(in.data + i, in.size - i, out + written);
        i += plain;
        written += plain;
        size_t used;
        written += copy_plain(tables, in.data + i, in.size - i, out + written, &used);
        i += used;
        if (i >= in.size) {
            break;
        }
        if (used > 0 && in.data[i] < 0x80) {
            continue;
        }
        uint32_t found = gb18030_next(tables, in.data + i, in.size - i, &used, notes);
        if (found == 0) {
            note_fault(notes, i);
            found = REPLACEMENT;
        }
        written += put_character(found, out + written, notes);
        i += used;
    }
    return written;
}

/* Length of the well-formed UTF-8 sequence at `in` (no surrogates, no overlong forms), or 0. */
static size_t utf8_sequence(const uint8_t *in, size_t size)
{
    size_t length = in[0] >= 0xf0 ? 4 : in[0] >= 0xe0 ? 3 : 2;
    if (in[0] < 0xc2 || in[0] > 0xf4 || size < length) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((in[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool wrong = (in[0] == 0xe0 && in[1] < 0xa0) || (in[0] == 0xed && in[1] > 0x9f) ||
                 (in[0] == 0xf0 && in[1] < 0x90) || (in[0] == 0xf4 && in[1] > 0x8f);
    return wrong ? 0 : length;
}

size_t encoding_from_utf8(bytes in, char *out, struct encoding_notes *notes)
{
    size_t written = 0;
    size_t i = 0;
    while (i < in.size) {
        size_t plain = copy_ascii(in.data + i, in.size - i, out + written);
        i += plain;
        written += plain;
        if (i >= in.size) {
            break;
        }
        size_t length = utf8_sequence(in.data + i, in.size - i);
        if (length == 0) {
            note_fault(notes, i);
            written += utf8_encode(REPLACEMENT, out + written);
            i++;
        } else if (length == 3 && (in.data[i] == 0xee || in.data[i] == 0xef)) {
            uint32_t found = (uint32_t)(in.data[i] & 0x0f) << 12 |
                             (uint32_t)(in.data[i + 1] & 0x3f) << 6 | (in.data[i + 2] & 0x3f);
            written += put_character(found, out + written, notes);
            i += length;
        } else {
            memcpy(out + written, in.data + i, length);
            written += length;
            i += length;
        }
    }
    return written;
}

/* Three bytes whatever the unit: a surrogate gives what no UTF-8 check lets pass. */
static size_t put_unit(uint32_t unit, char *out)
{
    if (unit < 0xd800 || unit > 0xdfff) {
        return utf8_encode(unit, out);
    }
    out[0] = (char)(0xe0 | unit >> 12);
    out[1] = (char)(0x80 | (unit >> 6 & 0x3f));
    out[2] = (char)(0x80 | (unit & 0x3f));
    return 3;
}

static uint32_t utf16_unit(enum encoding encoding, const uint8_t *in)
{
    return encoding == ENCODING_UTF16LE ? (uint32_t)(in[0] | in[1] << 8)
                                        : (uint32_t)(in[1] | in[0] << 8);
}

size_t encoding_from_utf16(enum encoding encoding, bytes in, char *out, size_t *ret_used)
{
    size_t written = 0;
    size_t i = 0;
    while (i + 2 <= in.size) {
        uint32_t unit = utf16_unit(encoding, in.data + i);
        if (unit >= 0xd800 && unit <= 0xdbff) {
            if (i + 4 > in.size) {
                break; /* its other half may come with the next piece */
            }
            uint32_t low = utf16_unit(encoding, in.data + i + 2);
            if (low >= 0xdc00 && low <= 0xdfff) {
                written +=
                    utf8_encode(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), out + written);
                i += 4;
                continue;
            }
        }
        written += put_unit(unit, out + written);
        i += 2;
    }
    *ret_used = i;
    return written;
}

FALLIBLE encoding_to_gb18030(str text, struct arena *arena, bytes *ret, struct error *err)
{
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    if (converter == (iconv_t)-1) {
        FAIL(RESOURCE, MESSAGE_ENCODING_UNAVAILABLE, ARG_ERRNO("why", errno));
    }
    size_t room = text.size * 2 + 8; /* at worst three bytes of UTF-8 become four */
    char *in = arena_c_string(arena, text);
    char *from = in;
    size_t from_left = text.size;
    char *out = arena_new_raw(arena, room);
    char *to = out;
    size_t to_left = room;
    bool fine = iconv(converter, &from, &from_left, &to, &to_left) != (size_t)-1 &&
                iconv(converter, NULL, NULL, &to, &to_left) != (size_t)-1;
    (void)iconv_close(converter); /* frees memory only */
    if (!fine) {
        FAIL(INVALID, MESSAGE_BAD_ENCODING, ARG_INT("row", 0),
             ARG_TEXT("encoding", encoding_name(ENCODING_UTF8)), ARG_INT("offset", from - in));
    }
    *ret = bytes_of(out, room - to_left);
    return OK;
}
