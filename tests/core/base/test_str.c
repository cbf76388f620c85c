/* test_str - text and bytes as views. */
#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "tests/support/test.h"

static bool is_text(const char *data, size_t size)
{
    str text = STR("untouched");
    bool ok = str_from_bytes(bytes_of(data, size), &text);
    assert_true(ok ? text.size == size : str_equal_c(text, "untouched"));
    return ok;
}

static void test_str_from_bytes_accepts_utf8(void **state)
{
    (void)state; /* no setup */
    assert_true(is_text("", 0));
    assert_true(is_text("abc", 3));
    assert_true(is_text("沪建安\xf0\xa0\xae\xb7", 13));
    assert_true(is_text("\xf4\x8f\xbf\xbf", 4));
    assert_true(is_text("\xed\x9f\xbf\xee\x80\x80", 6));
    assert_true(is_text("\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80", 9));
}

static void test_str_from_bytes_refuses_what_is_no_utf8(void **state)
{
    (void)state; /* no setup */
    assert_false(is_text("a\0b", 3));
    assert_false(is_text("\xc0\x80", 2));
    assert_false(is_text("\xc1\xbf", 2));
    assert_false(is_text("\xe0\x9f\xbf", 3));
    assert_false(is_text("\xed\xa0\x80", 3));
    assert_false(is_text("\xf0\x8f\xbf\xbf", 4));
    assert_false(is_text("\xf4\x90\x80\x80", 4));
    assert_false(is_text("\xf5\x80\x80\x80", 4));
    assert_false(is_text("\x80", 1));
    assert_false(is_text("\xe6\xb2", 2));
    assert_false(is_text("\xe6\xb2z", 3));
    assert_false(is_text("\xc3\x7f", 2)); /* the neighbours of what goes on */
    assert_false(is_text("\xc3\xc0", 2));
    assert_false(is_text("\xe1\x7f\x80", 3));
    assert_false(is_text("\xee\x80\xc0", 3));
    assert_false(is_text("\xf1\x7f\x80\x80", 4));
    assert_false(is_text("\xf1\x80\x80\x7f", 4));
}

static void test_str_trim_removes_blanks_at_the_ends(void **state)
{
    (void)state; /* no setup */
    assert_true(str_equal_c(str_trim(STR(" \t\xe3\x80\x80\xc2\xa0\xef\xbb\xbf"
                                         "a b\r\n\xe3\x80\x80")),
                            "a b"));
    assert_true(str_equal_c(str_trim(STR(" \xe3\x80\x80")), ""));
    assert_true(str_equal_c(str_trim(STR("\xe3\x80\x81")), "\xe3\x80\x81"));
    static const char *const blanks[] = {" ",        "\t",           "\v",          "\r",
                                         "\xc2\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"};
    static const char *const words[] = {"a", "建", "\xc2\xa1", "\xe3\x80\x81", "\xef\xbb\xbe"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) { /* at one end, and at both */
            char text[3][16];
            (void)snprintf(text[0], sizeof text[0], "%s%s", blanks[i], words[k]);
            (void)snprintf(text[1], sizeof text[1], "%s%s", words[k], blanks[i]);
            (void)snprintf(text[2], sizeof text[2], "%s%s%s", blanks[i], words[k], blanks[i]);
            for (size_t j = 0; j < 3; j++) {
                assert_true(str_equal_c(str_trim(str_of(text[j])), words[k]));
            }
        }
    }
}

static void test_str_without_mark_takes_off_one(void **state)
{
    (void)state; /* no setup */
    assert_true(str_equal_c(str_without_mark(STR("\xef\xbb\xbf年")), "年"));
    assert_true(str_equal_c(str_without_mark(STR("\xef\xbb\xbf\xef\xbb\xbf")), "\xef\xbb\xbf"));
    assert_true(str_equal_c(str_without_mark(STR("a\xef\xbb\xbf")), "a\xef\xbb\xbf"));
    assert_true(str_empty(str_without_mark(STR("\xef\xbb\xbf"))));
    assert_true(str_empty(str_without_mark(STR(""))));
}

static void test_str_cut_gives_every_part(void **state)
{
    (void)state; /* no setup */
    str rest = STR("a,,b");
    assert_true(str_equal_c(str_cut(&rest, ','), "a"));
    assert_true(str_equal_c(str_cut(&rest, ','), ""));
    assert_non_null(rest.data);
    assert_true(str_equal_c(str_cut(&rest, ','), "b"));
    assert_null(rest.data);
    rest = STR("a,");
    assert_true(str_equal_c(str_cut(&rest, ','), "a"));
    assert_non_null(rest.data);
    assert_true(str_empty(str_cut(&rest, ',')));
    assert_null(rest.data);
}

static void assert_encoded(uint32_t c, size_t size)
{
    char out[4];
    str text = {out, utf8_encode(c, out)};
    assert_int_equal(text.size, size);
    assert_true(is_text(text.data, text.size));
    assert_int_equal(str_length(text), 1);
    assert_int_equal(str_next(&text), c);
    assert_true(str_empty(text));
}

static void test_str_next_reads_what_utf8_encode_writes(void **state)
{
    (void)state;                                                    /* no setup */
    static const uint32_t last[] = {0x7f, 0x7ff, 0xffff, 0x10ffff}; /* of each size */
    for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
        assert_encoded(last[i], i + 1);
    }
    for (uint32_t c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 256) {
        if (c < 0xd800 || c > 0xdfff) {
            assert_encoded(c, c <= last[0] ? 1 : c <= last[1] ? 2 : c <= last[2] ? 3 : 4);
        }
    }
}

static void test_str_compare_puts_a_prefix_first(void **state)
{
    (void)state; /* no setup */
    assert_true(str_compare(STR("ab"), STR("abc")) < 0);
    assert_true(str_compare(STR("abd"), STR("abc")) > 0);
    assert_int_equal(str_compare(STR("abc"), STR("abc")), 0);
    assert_true(str_starts_with(STR("abc"), STR("ab")));
    assert_false(str_starts_with(STR("ab"), STR("abc")));
    assert_true(str_ends_with(STR("abc"), STR("bc")));
    assert_false(str_ends_with(STR("bc"), STR("abc")));
}

static void test_str_from_and_first_end_at_the_end(void **state)
{
    (void)state; /* no setup */
    assert_true(str_equal_c(str_from(STR("abc"), 1), "bc"));
    assert_true(str_empty(str_from(STR("abc"), 3)));
    assert_true(str_empty(str_from(STR("abc"), 9)));
    assert_true(str_equal_c(str_first(STR("abc"), 2), "ab"));
    assert_true(str_equal_c(str_first(STR("abc"), 9), "abc"));
}

static void test_str_to_uint64_knows_its_limit(void **state)
{
    (void)state; /* no setup */
    uint64_t value = 7;
    assert_true(str_to_uint64(STR("18446744073709551615"), &value));
    assert_true(value == UINT64_MAX);
    assert_true(str_to_uint64(STR("007"), &value));
    assert_true(value == 7);
    assert_false(str_to_uint64(STR("18446744073709551616"), &value));
    assert_false(str_to_uint64(STR(""), &value));
    assert_false(str_to_uint64(STR("+1"), &value));
    assert_false(str_to_uint64(STR("1 "), &value));
    assert_true(value == 7);
}

/* Texts are looked at eight bytes at a time, short ones at once: a bad byte is seen at every place
 * of a text of any size. */
static void test_str_from_bytes_sees_a_bad_byte_anywhere(void **state)
{
    static const char bad[] = {'\0', '\x80', '\xff'};
    char text[21];
    (void)state; /* no setup */
    memset(text, '\x7f', sizeof text);
    text[3] = '\x01';
    for (size_t size = 0; size <= sizeof text; size++) {
        assert_true(is_text(text, size));
        for (size_t at = 0; at < size; at++) {
            for (size_t i = 0; i < sizeof bad; i++) {
                char kept = text[at];
                text[at] = bad[i];
                assert_false(is_text(text, size));
                text[at] = kept;
            }
        }
    }
}

/* Chinese and Latin in turns: text that ends in less than eight bytes, wherever a character is cut
 * or a byte is spoilt. */
static void test_str_from_bytes_sees_a_bad_byte_in_mixed_text(void **state)
{
    static const char text[] = "沪a建bc安defg号hijklmno册pqrstuvwxyz年";
    static const char bad[] = {0, '\x80', '\xff', '\xc1'};
    char buffer[sizeof text];
    (void)state; /* no setup */
    for (size_t end = 1; end < sizeof text; end++) {
        bool whole = (text[end] & 0xc0) != 0x80; /* the next character begins there */
        assert_int_equal(is_text(text, end), whole);
        for (size_t at = 0; at < end; at++) {
            for (size_t i = 0; i < sizeof bad; i++) {
                bool is_other = text[at] != bad[i] && ((text[at] & 0xc0) != 0x80 || i != 1);
                memcpy(buffer, text, end);
                buffer[at] = bad[i];
                assert_true(!is_other || !is_text(buffer, end));
            }
        }
    }
}

static void test_str_cut_item_takes_any_mark(void **state)
{
    (void)state; /* none */
    static const char *const items[] = {"注销", "失效", "", "办理 转出", "a", "b", "c", ""};
    str rest = STR("注销、 失效，；办理 转出;a|b\n　c,");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        assert_non_null(rest.data);
        assert_true(str_equal_c(str_cut_item(&rest), items[i]));
    }
    assert_null(rest.data);
    rest = STR("");
    assert_true(str_empty(str_cut_item(&rest)));
    assert_null(rest.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_str_from_bytes_accepts_utf8),
        cmocka_unit_test(test_str_from_bytes_refuses_what_is_no_utf8),
        cmocka_unit_test(test_str_from_bytes_sees_a_bad_byte_anywhere),
        cmocka_unit_test(test_str_from_bytes_sees_a_bad_byte_in_mixed_text),
        cmocka_unit_test(test_str_trim_removes_blanks_at_the_ends),
        cmocka_unit_test(test_str_without_mark_takes_off_one),
        cmocka_unit_test(test_str_cut_gives_every_part),
        cmocka_unit_test(test_str_next_reads_what_utf8_encode_writes),
        cmocka_unit_test(test_str_compare_puts_a_prefix_first),
        cmocka_unit_test(test_str_from_and_first_end_at_the_end),
        cmocka_unit_test(test_str_cut_item_takes_any_mark),
        cmocka_unit_test(test_str_to_uint64_knows_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
