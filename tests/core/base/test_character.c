/* test_character - code points with the variation selectors behind them. */
#include "core/base/character.h"

#include "core/base/page.h"
#include "tests/support/test.h"

static void test_character_next_takes_a_selector_along(void **state)
{
    (void)state;
    str text = STR("张\xef\xb8\x80𠮷\xf3\xa0\x84\x80\xf3\xa0\x87\xaf三");
    uint32_t first = character_next(&text);
    assert_int_equal(character_base(first), 0x5f20);
    assert_int_equal(character_selector(first), 0xfe00);
    uint32_t second = character_next(&text);
    assert_int_equal(character_base(second), 0x20bb7);
    assert_int_equal(character_selector(second), 0xe0100);
    uint32_t third = character_next(&text); /* selects nothing: stands alone */
    assert_int_equal(third, 0xe01ef);
    assert_int_equal(character_selector(third), 0);
    assert_int_equal(character_next(&text), 0x4e09);
    assert_int_equal(text.size, 0);
}

static void test_character_next_leaves_other_characters_apart(void **state)
{
    (void)state;
    str text = STR("张，\xef\xb8\x90\xf3\xa0\x87\xb0"); /* U+FF0C, U+FE10, U+E01F0: no selectors */
    assert_int_equal(character_next(&text), 0x5f20);
    assert_int_equal(character_next(&text), 0xff0c);
    assert_int_equal(character_next(&text), 0xfe10);
    assert_int_equal(character_next(&text), 0xe01f0);
    assert_int_equal(text.size, 0);
}

static void test_character_selector_gives_back_every_selector(void **state)
{
    (void)state;
    int count = 0;
    for (uint32_t c = 0xfd00; c < 0xe0200; c++) {
        char written[8] = "A";
        if (c >= 0xd800 && c < 0xe000) {
            continue;
        }
        str text = {written, 1 + utf8_encode(c, written + 1)};
        uint32_t character = character_next(&text);
        assert_int_equal(character_base(character), 'A');
        assert_int_equal(character_selector(character), character_is_selector(c) ? c : 0);
        count += character_is_selector(c);
    }
    assert_int_equal(count, 256);
}

static void test_page_text_half_ems_counts_no_selectors(void **state)
{
    (void)state;
    assert_int_equal(page_text_half_ems(STR("张三B")), 5);
    assert_int_equal(page_text_half_ems(STR("张\xf3\xa0\x84\x80三\xef\xb8\x80"
                                            "B")),
                     5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_character_next_takes_a_selector_along),
        cmocka_unit_test(test_character_next_leaves_other_characters_apart),
        cmocka_unit_test(test_character_selector_gives_back_every_selector),
        cmocka_unit_test(test_page_text_half_ems_counts_no_selectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
