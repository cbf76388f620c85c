/* test_unicode - comparison keys and widths. */
#include <string.h>

#include "core/base/unicode.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

static void check(str got, const char *expected)
{
    assert_int_equal(got.size, strlen(expected));
    assert_memory_equal(got.data, expected, got.size);
}

static void test_unicode_nfc_composes(void **state)
{
    check(unicode_nfc(STR("e\xcc\x81"), *state), "\xc3\xa9");
    check(unicode_nfc(STR("a\xcc\x81\xcc\xa3z"), *state), "\xe1\xba\xa1\xcc\x81z");
    check(unicode_nfc(STR("\xe1\x84\x80\xe1\x85\xa1"), *state), "\xea\xb0\x80");
    check(unicode_nfc(STR(""), *state), "");
}

static void test_unicode_nfc_keeps_compatibility_forms(void **state)
{
    check(unicode_nfc(STR("张三（甲）Ａ1"), *state), "张三（甲）Ａ1");
    check(unicode_nfc(STR("𠮷䶮𪻐"), *state), "𠮷䶮𪻐");
    check(unicode_nfc(STR("\xe8\x91\x9b\xf3\xa0\x84\x80"), *state),
          "\xe8\x91\x9b\xf3\xa0\x84\x80"); /* an ideographic variation sequence */
}

static void test_unicode_with_marks_joined_joins_them_alone(void **state)
{
    check(unicode_with_marks_joined(STR("Jose\xcc\x81 Mart\xc3\xad"), *state),
          "Jos\xc3\xa9 Mart\xc3\xad");
    check(unicode_with_marks_joined(STR("Nguye\xcc\x82\xcc\x83n"), *state), "Nguy\xe1\xbb\x85n");
    check(unicode_with_marks_joined(STR("\xe3\x81\x8b\xe3\x82\x99"), *state), "\xe3\x81\x8c");
    /* what makes no other character stays: a letter without such a form, a mark alone */
    check(unicode_with_marks_joined(STR("x\xcc\x82"), *state), "x\xcc\x82");
    check(unicode_with_marks_joined(STR("\xcc\x81"), *state), "\xcc\x81");
    /* a compatibility ideograph stays beside a joined letter, though NFC would replace it */
    check(unicode_nfc(STR("\xef\xa8\x9c"), *state), "\xe9\x9d\x96");
    check(unicode_with_marks_joined(STR("\xef\xa8\x9c"
                                        "e\xcc\x81"),
                                    *state),
          "\xef\xa8\x9c\xc3\xa9");
    check(unicode_with_marks_joined(STR(""), *state), "");
}

static void test_unicode_with_marks_joined_takes_memory_by_length(void **state)
{
    enum { LETTERS = 20000, EACH = 1024 };
    struct arena *arena = *state;
    str marked = STR("e\xcc\x81");
    char *text = arena_new_raw(arena, LETTERS * marked.size);
    for (size_t i = 0; i < LETTERS; i++) {
        memcpy(text + i * marked.size, marked.data, marked.size);
    }
    size_t before = arena->used_bytes;
    str joined = unicode_with_marks_joined((str){text, LETTERS * marked.size}, arena);
    assert_int_equal(joined.size, LETTERS * strlen("\xc3\xa9"));
    assert_in_range(arena->used_bytes - before, 0, LETTERS * EACH);
}

static void test_unicode_narrow_changes_width_alone(void **state)
{
    check(unicode_narrow(STR("ＡＢ（１）\xe3\x80\x80。沪"), *state), "AB(1) 。沪");
    check(unicode_narrow(STR("\xef\xbf\xa5"), *state), "\xef\xbf\xa5"); /* U+FFE5 */
}

static void test_unicode_case_changes_ascii_alone(void **state)
{
    check(unicode_upper_ascii(STR("abcxyz{\xc3\xa9"), *state), "ABCXYZ{\xc3\xa9");
    check(unicode_lower_ascii(STR("ABCXYZ[\xc3\x89"), *state), "abcxyz[\xc3\x89");
}

static void test_unicode_without_blanks_drops_blanks_alone(void **state)
{
    check(unicode_without_blanks(STR(" a\tb\r\n\xe3\x80\x80"
                                     "c\xc2\xa0\xc2\xb7"),
                                 *state),
          "abc\xc2\xb7");
}

static void test_unicode_width_counts_columns(void **state)
{
    (void)state; /* no memory needed */
    assert_int_equal(unicode_width(STR("abc")), 3);
    assert_int_equal(unicode_width(STR("张三")), 4);
    assert_int_equal(unicode_width(STR("𠮷（")), 4);
    assert_int_equal(unicode_width(STR("e\xcc\x81")), 1);
    assert_int_equal(unicode_width(STR("")), 0);
}

static void test_unicode_is_mark_knows_the_ends_of_its_ranges(void **state)
{
    (void)state; /* no arena */
    static const uint32_t marks[] = {0x300, 0x36f, 0x3099, 0x309a};
    static const uint32_t others[] = {0x2ff, 0x370, 0x3098, 0x309b};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        assert_true(unicode_is_mark(marks[i]));
        assert_false(unicode_is_mark(others[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_unicode_nfc_composes),
        TEST_WITH_ARENA(test_unicode_nfc_keeps_compatibility_forms),
        TEST_WITH_ARENA(test_unicode_with_marks_joined_joins_them_alone),
        TEST_WITH_ARENA(test_unicode_with_marks_joined_takes_memory_by_length),
        TEST_WITH_ARENA(test_unicode_narrow_changes_width_alone),
        TEST_WITH_ARENA(test_unicode_case_changes_ascii_alone),
        TEST_WITH_ARENA(test_unicode_without_blanks_drops_blanks_alone),
        cmocka_unit_test(test_unicode_width_counts_columns),
        cmocka_unit_test(test_unicode_is_mark_knows_the_ends_of_its_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
