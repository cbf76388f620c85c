/* test_encoding - the bytes of FACTS 5.2, of every edition of GB18030, and what is none. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "core/io/encoding.h"
#include "core/io/messages.h"

static struct arena arena;
static const struct encoding_tables *tables;

static int setup(void **state)
{
    (void)state;
    struct error err = {0};
    arena_init(&arena, 0);
    return encoding_tables_new(&arena, &tables, &err).ok ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void assert_decodes(const char *raw, const char *expected, bool private_use)
{
    char out[64];
    struct encoding_notes notes = {0};
    size_t size = encoding_from_gb18030(tables, bytes_of(raw, strlen(raw)), out, &notes);
    assert_false(notes.damaged);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(out, expected, size);
    assert_int_equal(notes.private_use, private_use);
}

static void assert_refused(const void *raw, size_t raw_size, size_t offset)
{
    char out[64];
    struct encoding_notes notes = {0};
    (void)encoding_from_gb18030(tables, bytes_of(raw, raw_size), out, &notes);
    assert_true(notes.damaged);
    assert_int_equal(notes.fault_offset, offset);
}

static void test_from_gb18030_reads_two_and_four_bytes(void **state)
{
    (void)state;
    assert_decodes("\xd6\xd0\xce\xc4", "中文", false);
    assert_decodes("\x88\xd2\x86\xb4\xdf\x97\xed\xb5", "堃喆邨淼", false);
    assert_decodes("\xfe\x9f\xfe\x56\x81\x39\xef\x31", "䶮㑇㐂", false);
    assert_decodes("\x95\x34\xb2\x35\x95\x32\xa6\x32\x99\x31\xde\x30", "𠮷𠅤𬎆", false);
    assert_decodes("\x98\x38\xfb\x33\x98\x37\xc3\x38", "𫗧𪻐", false);
    assert_decodes("\xa1\xa4\xd5\x5c\xab\x7c", "·誠珅", false);
    assert_decodes("\xe3\x32\x9a\x35", "\xf4\x8f\xbf\xbf", false);
}

static void test_from_gb18030_reads_every_edition(void **state)
{
    (void)state;
    assert_decodes("\xfe\x59\xfe\xa0", "\u9fb4\u9fbb", false); /* two bytes, 2022 */
    assert_decodes("\x82\x35\x90\x37", "\u9fb4", true);        /* four bytes, 2005 */
    assert_decodes("\x82\x35\x91\x34", "\u9fbb", true);
    assert_decodes("\x84\x31\x82\x36", "\ufe10", true);
    assert_decodes("\x84\x31\x83\x35", "\ufe19", true);
    assert_decodes("\xa6\xd9\xa8\xbc", "\ufe10\u1e3f", false);
    assert_decodes("\x81\x35\xf4\x37", "\u1e3f", true); /* U+E7C7 since 2005 */
    /* private-use in the standard to this day, so worth a look */
    assert_decodes("\xfe\x51\xfe\x6c\xfe\x76\xfe\x91", "\U00020087\U000215d7\U0002298f\U000241fe",
                   true);
}

static void test_from_gb18030_refuses_what_is_no_character(void **state)
{
    (void)state;
    assert_refused("ab\xff", 3, 2);
    assert_refused("\x80", 1, 0);
    assert_refused("\xd6\xd0\xd6", 3, 2);
    assert_refused("\x81\x30\x81", 3, 0);
    assert_refused("\xd6\x7f", 2, 0);
    assert_refused("\xe3\x32\x9a\x36", 4, 0);
    assert_refused("a\0b", 3, 1);
}

/* Each pair of bytes between two others and a digit gives what it gives alone: plain ones go a
 * faster way than the rest, in runs. */
static void test_from_gb18030_reads_runs(void **state)
{
    size_t characters = 0;
    (void)state;
    for (unsigned pair = 0x8000; pair <= 0xffff; pair++) {
        const uint8_t run[] = {0xd6, 0xd0, (uint8_t)(pair >> 8), (uint8_t)pair, '7', 0xce, 0xc4};
        char alone[8];
        char out[24];
        char expected[24];
        struct encoding_notes notes = {0};
        struct encoding_notes in_run = {0};
        size_t size = encoding_from_gb18030(tables, bytes_of(run + 2, 2), alone, &notes);
        size_t all = encoding_from_gb18030(tables, bytes_of(run, sizeof run), out, &in_run);
        bool second_is_ascii = (pair & 0xff) < 0x80;
        if (notes.damaged && !second_is_ascii) {
            continue; /* its second half may begin another one there */
        }
        int wanted = snprintf(expected, sizeof expected, "中%.*s7文", (int)size, alone);
        str text;
        assert_int_equal(all, wanted + (alone[size - 1] == 0)); /* NUL ends what is printed */
        assert_int_equal(in_run.damaged, notes.damaged);
        assert_int_equal(in_run.private_use, notes.private_use);
        if (!notes.damaged) {
            assert_memory_equal(out, expected, all);
            assert_true(str_from_bytes(bytes_of(alone, size), &text));
            characters++;
        }
    }
    assert_true(characters > 23000);
}

static void test_from_utf8_replaces_known_private_use(void **state)
{
    (void)state;
    char out[64];
    struct encoding_notes notes = {0};
    size_t size = encoding_from_utf8(bytes_of("王\ue81e", 6), out, &notes);
    assert_true(notes.private_use);
    assert_int_equal(size, 6);
    assert_memory_equal(out, "王\u9fb4", 6);
    notes = (struct encoding_notes){0};
    size = encoding_from_utf8(bytes_of("王\ue000（", 9), out, &notes);
    assert_true(notes.private_use);
    assert_memory_equal(out, "王\ue000（", 9);
    assert_int_equal(size, 9);
    notes = (struct encoding_notes){0};
    (void)encoding_from_utf8(bytes_of("（王）", 9), out, &notes);
    assert_false(notes.private_use);
}

static void test_from_utf8_refuses_bad_forms(void **state)
{
    (void)state;
    static const char *const bad[] = {"\xed\xa0\x80",     "\xc0\xaf", "\xe0\x80\xaf",    "\xff",
                                      "\xf4\x90\x80\x80", "\xe4\xbd", "\xf0\x80\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char raw[16] = "a";
        char out[64];
        struct encoding_notes notes = {0};
        strcat(raw, bad[i]);
        (void)encoding_from_utf8(bytes_of(raw, strlen(raw)), out, &notes);
        assert_true(notes.damaged);
        assert_int_equal(notes.fault_offset, 1);
    }
}

static void test_order_of_utf16_is_that_of_its_ascii(void **state)
{
    (void)state;
    const uint8_t le[] = {0x53, 0x59, 0x2c, 0x00, 0x0d, 0x00}; /* 奓,CR */
    const uint8_t be[] = {0x00, 0x59, 0x59, 0x00, 0x00, 0x2c, 0x00, 0x0a};
    enum encoding encoding;
    assert_int_equal(encoding_order_of_utf16(bytes_of(le, sizeof le)), ENCODING_UTF16LE);
    assert_int_equal(encoding_order_of_utf16(bytes_of(be, sizeof be)), ENCODING_UTF16BE);
    assert_int_equal(encoding_order_of_utf16(bytes_of(be, 1)), ENCODING_UTF16LE);
    assert_true(encoding_from_name(STR("UTF-16"), &encoding));
    assert_int_equal(encoding, ENCODING_UTF16);
    assert_false(encoding_from_name(STR("utf-1"), &encoding));
}

static void test_from_utf16_reads_pairs_and_keeps_halves(void **state)
{
    (void)state;
    char out[64];
    size_t used;
    const uint8_t wide[] = {0x42, 0xd8, 0xb7, 0xdf, 0x41, 0x00}; /* 𠮷A */
    size_t size = encoding_from_utf16(ENCODING_UTF16LE, bytes_of(wide, 6), out, &used);
    assert_int_equal(used, 6);
    assert_int_equal(size, 5);
    assert_memory_equal(out, "𠮷A", 5);
    size = encoding_from_utf16(ENCODING_UTF16LE, bytes_of(wide, 3), out, &used);
    assert_int_equal(used, 0);
    assert_int_equal(size, 0);
    const uint8_t lone[] = {0xd8, 0x42, 0x00, 0x41};
    size = encoding_from_utf16(ENCODING_UTF16BE, bytes_of(lone, 4), out, &used);
    str text;
    assert_false(str_from_bytes(bytes_of(out, size), &text));
}

static void test_to_gb18030_is_the_way_back(void **state)
{
    (void)state;
    struct error err = {0};
    bytes raw;
    str text = STR("沪建安B（2018）0001234,王𠮷·堃,㐂");
    assert_true(encoding_to_gb18030(text, &arena, &raw, &err).ok);
    struct encoding_notes notes = {0};
    char back[200];
    BUG_UNLESS(raw.size * 3 <= sizeof back);
    size_t size = encoding_from_gb18030(tables, raw, back, &notes);
    assert_true(str_equal((str){back, size}, text));
    assert_false(notes.damaged);
}

static void test_of_mark_finds_marks_only(void **state)
{
    (void)state;
    size_t size;
    assert_int_equal(encoding_of_mark(bytes_of("\xef\xbb\xbfx", 4), &size), ENCODING_UTF8);
    assert_int_equal(size, 3);
    assert_int_equal(encoding_of_mark(bytes_of("\xff\xfe", 2), &size), ENCODING_UTF16LE);
    assert_int_equal(encoding_of_mark(bytes_of("\xfe\xff", 2), &size), ENCODING_UTF16BE);
    assert_int_equal(encoding_of_mark(bytes_of("\xef\xbb", 2), &size), ENCODING_FIND);
    assert_int_equal(size, 0);
}

static void test_from_name_knows_the_names(void **state)
{
    (void)state;
    enum encoding encoding = ENCODING_FIND;
    assert_true(encoding_from_name(STR("GBK"), &encoding));
    assert_int_equal(encoding, ENCODING_GB18030);
    assert_false(encoding_from_name(STR("latin1"), &encoding));
    assert_false(encoding_from_name(STR("utf"), &encoding));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_gb18030_reads_two_and_four_bytes),
        cmocka_unit_test(test_from_gb18030_reads_every_edition),
        cmocka_unit_test(test_from_gb18030_reads_runs),
        cmocka_unit_test(test_from_gb18030_refuses_what_is_no_character),
        cmocka_unit_test(test_from_utf8_replaces_known_private_use),
        cmocka_unit_test(test_from_utf8_refuses_bad_forms),
        cmocka_unit_test(test_order_of_utf16_is_that_of_its_ascii),
        cmocka_unit_test(test_from_utf16_reads_pairs_and_keeps_halves),
        cmocka_unit_test(test_to_gb18030_is_the_way_back),
        cmocka_unit_test(test_of_mark_finds_marks_only),
        cmocka_unit_test(test_from_name_knows_the_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
