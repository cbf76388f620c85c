/* test_names - when two names are the same name. */
#include "events/terms/names.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

/* D33. */
static void test_person_names_equal_whatever_the_dot(void **state)
{
    str name = STR("阿卜杜拉·艾力");
    assert_true(person_names_equal(name, STR("阿卜杜拉•艾力"), *state));
    assert_true(person_names_equal(name, STR("阿卜杜拉‧艾力"), *state));
    assert_true(person_names_equal(name, STR("阿卜杜拉・艾力"), *state));
    assert_true(person_names_equal(name, STR("阿卜杜拉．艾力"), *state));
    assert_true(person_names_equal(name, STR("阿卜杜拉\xef\xbd\xa5艾力"), *state));
    assert_true(person_names_equal(name, STR(" 阿卜杜拉·艾力\xe3\x80\x80"), *state));
    assert_true(person_names_equal(STR("Jose\xcc\x81"), STR("Jos\xc3\xa9"), *state));
}

static void test_person_names_equal_not_for_other_names(void **state)
{
    assert_false(person_names_equal(STR("张三"), STR("张 三"), *state));
    assert_false(person_names_equal(STR("阿卜杜拉艾力"), STR("阿卜杜拉·艾力"), *state));
    assert_false(person_names_equal(STR("吴"), STR("吳"), *state));
    assert_false(person_names_equal(STR("Ａ"), STR("A"), *state)); /* no NFKC */
}

/* R-NM-09. */
static void test_enterprise_names_equal_whatever_the_brackets(void **state)
{
    str name = STR("上海示例（集团）建筑有限公司");
    assert_true(enterprise_names_equal(name, STR("上海示例(集团)建筑有限公司"), *state));
    assert_true(enterprise_names_equal(name, STR("上海示例 ( 集团 ) 建筑有限公司"), *state));
    assert_true(enterprise_names_equal(name, STR(" 上海示例（集团）建筑有限公司 "), *state));
    assert_true(str_equal_c(enterprise_name_key(name, *state), "上海示例(集团)建筑有限公司"));
}

static void test_enterprise_names_equal_not_for_other_names(void **state)
{
    str name = STR("上海示例（集团）建筑有限公司");
    assert_false(enterprise_names_equal(name, STR("上海示例集团建筑有限公司"), *state));
    assert_false(enterprise_names_equal(STR("AB 公司"), STR("AB公司"), *state));
    assert_true(str_equal_c(enterprise_name_key(STR("AB 公司"), *state), "AB 公司"));
}

static void test_name_is_damaged_sees_lost_characters(void **state)
{
    (void)state; /* no memory needed */
    assert_true(name_is_damaged(STR("张?")));
    assert_true(name_is_damaged(STR("张？")));
    assert_true(name_is_damaged(STR("张\xef\xbf\xbd")));
    assert_true(name_is_damaged(STR("张〓")));
    assert_false(name_is_damaged(STR("张𠮷")));
    assert_false(name_is_damaged(STR("")));
}

static void test_name_has_private_use_sees_three_areas(void **state)
{
    (void)state;                                                           /* no memory needed */
    assert_true(name_has_private_use(STR("张\xee\xa0\x9e")));              /* U+E81E */
    assert_true(name_has_private_use(STR("张\xf3\xb0\x80\x80")));          /* U+F0000 */
    assert_true(name_has_private_use(STR("张\xf4\x80\x80\x80")));          /* U+100000 */
    assert_false(name_has_private_use(STR("张\xef\xa4\x80\xe9\xbe\xb4"))); /* U+F900, U+9FB4 */
}

static void test_name_has_odd_separator_accepts_the_middle_dot(void **state)
{
    (void)state; /* no memory needed */
    assert_true(name_has_odd_separator(STR("阿卜杜拉•艾力")));
    assert_false(name_has_odd_separator(STR("阿卜杜拉·艾力")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_person_names_equal_whatever_the_dot),
        TEST_WITH_ARENA(test_person_names_equal_not_for_other_names),
        TEST_WITH_ARENA(test_enterprise_names_equal_whatever_the_brackets),
        TEST_WITH_ARENA(test_enterprise_names_equal_not_for_other_names),
        TEST_WITH_ARENA(test_name_is_damaged_sees_lost_characters),
        TEST_WITH_ARENA(test_name_has_private_use_sees_three_areas),
        TEST_WITH_ARENA(test_name_has_odd_separator_accepts_the_middle_dot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
