/* fuzz_encoding - any bytes through every decoder: valid UTF-8 without NUL comes out, a fault is
 * told where it is, and what is whole goes to GB18030 and back unchanged. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/encoding.h"
#include "tests/fuzz/encoding_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REPLACEMENT_SIZE = 3 };

struct decoded {
    char *text; /* exactly as large as the header asks for: ASan sees a byte too many */
    size_t size;
    struct encoding_notes notes;
};

static struct decoded decode(enum encoding encoding, bytes in)
{
    struct decoded ret = {.text = malloc(in.size > 0 ? in.size * 3 : 1)};
    BUG_UNLESS(ret.text != NULL);
    ret.size = encoding == ENCODING_GB18030
                   ? encoding_from_gb18030(shared_tables(), in, ret.text, &ret.notes)
                   : encoding_from_utf8(in, ret.text, &ret.notes);
    BUG_UNLESS(ret.size <= in.size * 3);
    return ret;
}

/* What stands before the first fault is sound by itself. */
static void check_fault(enum encoding encoding, bytes in, const struct decoded *whole)
{
    BUG_UNLESS(whole->notes.fault_offset < in.size);
    struct decoded sound = decode(encoding, bytes_of(in.data, whole->notes.fault_offset));
    BUG_UNLESS(!sound.notes.damaged);
    BUG_UNLESS(whole->size >= sound.size + REPLACEMENT_SIZE);
    BUG_UNLESS(memcmp(sound.text, whole->text, sound.size) == 0);
    BUG_UNLESS(memcmp(whole->text + sound.size, "\xef\xbf\xbd", REPLACEMENT_SIZE) == 0);
    free(sound.text);
}

/* What the C library writes, our tables read: to the same characters. */
static void check_way_back(const struct decoded *decoded, struct arena *arena)
{
    struct error err;
    bytes written;
    str text = {decoded->text, decoded->size};
    if (!encoding_to_gb18030(text, arena, &written, &err).ok) {
        BUG_UNLESS(err.class == ERROR_INVALID);
        return;
    }
    struct decoded again = decode(ENCODING_GB18030, written);
    BUG_UNLESS(!again.notes.damaged && str_equal(text, (str){again.text, again.size}));
    free(again.text);
}

static void check_decoder(enum encoding encoding, bytes in, struct arena *arena)
{
    str text;
    struct decoded decoded = decode(encoding, in);
    BUG_UNLESS(str_from_bytes(bytes_of(decoded.text, decoded.size), &text));
    if (decoded.notes.damaged) {
        check_fault(encoding, in, &decoded);
    } else {
        check_way_back(&decoded, arena);
    }
    free(decoded.text);
}

/* In two pieces, wherever they are cut, the same comes out as in one. */
static void check_utf16(enum encoding encoding, bytes in, size_t cut)
{
    size_t used;
    size_t rest;
    size_t room = in.size / 2 * 3;
    char *whole = malloc(room + 1);
    char *pieces = malloc(room + 1);
    BUG_UNLESS(whole != NULL && pieces != NULL);
    size_t size = encoding_from_utf16(encoding, in, whole, &used);
    BUG_UNLESS(size <= room && used <= in.size && in.size - used < 4);
    size_t first = encoding_from_utf16(encoding, bytes_of(in.data, cut), pieces, &rest);
    BUG_UNLESS(rest <= cut);
    size_t second = encoding_from_utf16(encoding, bytes_of(in.data + rest, in.size - rest),
                                        pieces + first, &cut);
    BUG_UNLESS(first + second == size && rest + cut == used);
    BUG_UNLESS(memcmp(whole, pieces, size) == 0);
    free(whole);
    free(pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    bytes in = bytes_of(data, size);
    size_t mark_size = 0;
    arena_init(&arena, 0);
    (void)encoding_of_mark(in, &mark_size);
    BUG_UNLESS(mark_size <= size);
    check_decoder(ENCODING_UTF8, in, &arena);
    check_decoder(ENCODING_GB18030, in, &arena);
    check_utf16(ENCODING_UTF16LE, in, size > 0 ? data[0] % (size + 1) : 0);
    check_utf16(ENCODING_UTF16BE, in, size > 0 ? data[size - 1] % (size + 1) : 0);
    arena_release(&arena);
    return 0;
}
