/* test_wrap - where lines end. */
#include <stdio.h>
#include <string.h>

#include "core/base/unicode.h"
#include "core/base/wrap.h"
#include "tests/support/test.h"

/* The lines of `text`, a stroke behind each. */
static void check(const char *text, int columns, const char *expected)
{
    char lines[1024] = "";
    str rest = str_of(text);
    do {
        str line = wrap_line(&rest, columns);
        (void)snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "%.*s|",
                       STR_ARGS(line));
    } while (!str_empty(rest));
    assert_string_equal(lines, expected);
}

static void test_what_fits_is_one_line(void **state)
{
    (void)state;
    check("", 10, "|");
    check("证书编号", 8, "证书编号|");
    check("two words", 9, "two words|");
    check("trailing   ", 8, "trailing|");
}

static void test_words_numbers_and_dates_stay_whole(void **state)
{
    (void)state;
    check("the quick brown fox", 10, "the quick|brown fox|");
    check("开始时间：2019-06-11；结束时间：2020-03-29", 20,
          "开始时间：|2019-06-11；结束时|间：2020-03-29|");
}

static void test_signs_stay_with_what_they_belong_to(void **state)
{
    (void)state;
    check("示例市建设局，上海", 12, "示例市建设|局，上海|");
    check("上海（示例）公司", 5, "上海|（示|例）|公司|");
    check("他说“好”。", 6, "他说|“好”。|");
}

static void test_a_word_longer_than_a_line_is_broken(void **state)
{
    (void)state;
    check("0123456789abcdef", 10, "0123456789|abcdef|");
    check("号 0123456789abcdef", 10, "号|0123456789|abcdef|");
    check("宽", 1, "宽|");
    check("！！！", 2, "！|！|！|");
}

static void test_a_mark_stays_on_its_letter(void **state)
{
    (void)state;
    check("甲乙\xf3\xa0\x84\x80丙", 4, "甲乙\xf3\xa0\x84\x80|丙|");
    check("甲e\u0301e\u0301", 3, "甲|e\u0301e\u0301|");
    check("e\u0301e\u0301", 1, "e\u0301|e\u0301|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_fits_is_one_line),
        cmocka_unit_test(test_words_numbers_and_dates_stay_whole),
        cmocka_unit_test(test_signs_stay_with_what_they_belong_to),
        cmocka_unit_test(test_a_word_longer_than_a_line_is_broken),
        cmocka_unit_test(test_a_mark_stays_on_its_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
