/* test_shown - what is shown instead of obeyed. */
#include "core/base/shown.h"

#include "tests/support/test.h"

static void assert_shown(const char *text, const char *wanted)
{
    struct arena arena;
    arena_init(&arena, 0);
    str shown = shown_text(str_of(text), &arena);
    if (!str_equal_c(shown, wanted)) {
        fail_msg("%s became %.*s", wanted, STR_ARGS(shown));
    }
    arena_release(&arena);
}

static void test_shown_text_keeps_what_is_plain(void **state)
{
    (void)state;
    static const char *const plain[] = {"",
                                        "a b\tc\nd",
                                        "沪建安B(2018)0001234",
                                        "\xf0\xa0\xae\xb7 𠮷",
                                        "·\u200d·",
                                        "\u061b\u061d",
                                        "\u200a\u200d\u2010\u2027\u202f\u205f\u206a\ufefe",
                                        "\u00a0"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct arena arena;
        arena_init(&arena, 0);
        str text = str_of(plain[i]);
        assert_ptr_equal(shown_text(text, &arena).data, text.data); /* not a copy */
        arena_release(&arena);
    }
}

static void test_shown_text_escapes_each_bound(void **state)
{
    (void)state;
    assert_shown("\x01\x08\x0b\x1f\x7f", "\\u0001\\u0008\\u000b\\u001f\\u007f");
    assert_shown("\xc2\x80\xc2\x9f", "\\u0080\\u009f");
    assert_shown("\u061c\u200b\u200e\u200f", "\\u061c\\u200b\\u200e\\u200f");
    assert_shown("\u2028\u202e\u2060\u2069\ufeff", "\\u2028\\u202e\\u2060\\u2069\\ufeff");
    assert_shown("甲\033[31m乙", "甲\\u001b[31m乙");
}

static void test_shown_bytes_puts_a_mark_for_what_is_no_text(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    assert_shown("a\xff\xc3", "a\\ufffd\\ufffd");
    assert_true(
        str_equal_c(shown_bytes(bytes_of("a\xff甲\xe7\x94", 7), &arena), "a\ufffd甲\ufffd\ufffd"));
    assert_int_equal(shown_bytes((bytes){NULL, 0}, &arena).size, 0);
    arena_release(&arena);
}

static void test_str_first_text_cuts_between_characters(void **state)
{
    (void)state;
    str text = STR("a孙b");
    static const size_t wanted[] = {0, 1, 1, 1, 4, 5, 5};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_int_equal(str_first_text(text, i).size, wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shown_text_keeps_what_is_plain),
        cmocka_unit_test(test_shown_text_escapes_each_bound),
        cmocka_unit_test(test_shown_bytes_puts_a_mark_for_what_is_no_text),
        cmocka_unit_test(test_str_first_text_cuts_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
