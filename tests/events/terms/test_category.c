/* test_category - classes, posts and states of the national platform. */
#include "events/terms/category.h"
#include "tests/support/test.h"

/* D22, R-NAT-01. */
static void test_category_from_text_reads_six_classes(void **state)
{
    (void)state; /* no setup */
    static const Category__Code all[] = {CATEGORY__CODE__A,  CATEGORY__CODE__B,
                                         CATEGORY__CODE__C,  CATEGORY__CODE__C1,
                                         CATEGORY__CODE__C2, CATEGORY__CODE__C3};
    Category__Code category = CATEGORY__CODE__NONE;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_true(category_from_text(category_text(all[i]), &category));
        assert_int_equal(category, all[i]);
        assert_false(str_empty(category_class_line(all[i])));
        assert_int_equal(category_is_c(all[i]), i >= 2);
    }
    assert_true(category_from_text(STR(" ｃ１ "), &category));
    assert_int_equal(category, CATEGORY__CODE__C1);
}

static void test_category_from_text_refuses_others(void **state)
{
    (void)state; /* no setup */
    Category__Code category = CATEGORY__CODE__B;
    assert_false(category_from_text(STR("D"), &category));
    assert_false(category_from_text(STR("C4"), &category));
    assert_false(category_from_text(STR("C11"), &category));
    assert_false(category_from_text(STR("A 类"), &category));
    assert_false(category_from_text(STR(""), &category));
    assert_int_equal(category, CATEGORY__CODE__B);
    assert_true(str_equal_c(category_text(CATEGORY__CODE__OTHER), "?"));
}

/* D13, R-NAT-17. */
static void test_category_is_same_kind_of_any_subclass_of_c(void **state)
{
    (void)state; /* no setup */
    assert_true(category_is_same_kind(CATEGORY__CODE__C1, CATEGORY__CODE__C3));
    assert_true(category_is_same_kind(CATEGORY__CODE__C, CATEGORY__CODE__C2));
    assert_true(category_is_same_kind(CATEGORY__CODE__B, CATEGORY__CODE__B));
    assert_false(category_is_same_kind(CATEGORY__CODE__A, CATEGORY__CODE__B));
    assert_false(category_is_same_kind(CATEGORY__CODE__B, CATEGORY__CODE__C1));
}

static void test_category_class_name_is_short(void **state)
{
    (void)state; /* no setup */
    assert_true(str_equal_c(category_class_name(CATEGORY__CODE__A), "企业主要负责人"));
    assert_true(str_equal_c(category_class_name(CATEGORY__CODE__B), "项目负责人"));
    assert_true(str_equal_c(category_class_name(CATEGORY__CODE__C1), "机械类专职安全生产管理人员"));
    assert_true(str_equal_c(category_class_line(CATEGORY__CODE__C1),
                            "建筑施工企业机械类专职安全生产管理人员"));
    assert_true(str_empty(category_class_name(CATEGORY__CODE__NONE)));
}

static void test_post_from_text_reads_texts_and_codes(void **state)
{
    (void)state; /* no setup */
    static const char *const codes[] = {"01", "02", "03", "04", "05", "06", "07", "08", "99"};
    str code = STR("");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_true(post_is_code(str_of(codes[i])));
        assert_true(post_from_text(post_text(str_of(codes[i])), &code));
        assert_true(str_equal_c(code, codes[i]));
        assert_true(post_from_text(str_of(codes[i]), &code));
        assert_true(str_equal_c(code, codes[i]));
    }
    assert_true(post_from_text(STR("总经理(总裁)"), &code) && str_equal_c(code, "02"));
    assert_true(post_from_text(STR(" 项目经理 "), &code) && str_equal_c(code, "07"));
    assert_false(post_is_code(STR("09")));
    assert_false(post_from_text(STR("会计"), &code));
    assert_false(post_from_text(STR(""), &code));
    assert_true(str_empty(post_text(STR("09"))));
}

/* D23, R-NAT-12. */
static void test_post_fits_follows_the_class(void **state)
{
    (void)state; /* no setup */
    assert_true(str_equal_c(post_prescribed(CATEGORY__CODE__A, true), "01"));
    assert_true(str_equal_c(post_prescribed(CATEGORY__CODE__B, false), "07"));
    assert_true(str_equal_c(post_prescribed(CATEGORY__CODE__C, false), "08"));
    assert_true(str_empty(post_prescribed(CATEGORY__CODE__A, false)));
    assert_true(post_fits(STR("01"), CATEGORY__CODE__A, true));
    assert_false(post_fits(STR("02"), CATEGORY__CODE__A, true));
    assert_true(post_fits(STR("06"), CATEGORY__CODE__A, false));
    assert_true(post_fits(STR("99"), CATEGORY__CODE__A, false));
    assert_false(post_fits(STR("01"), CATEGORY__CODE__A, false));
    assert_false(post_fits(STR("07"), CATEGORY__CODE__A, false));
    assert_false(post_fits(STR("08"), CATEGORY__CODE__A, false));
    assert_false(post_fits(STR("09"), CATEGORY__CODE__A, false));
    assert_true(post_fits(STR("07"), CATEGORY__CODE__B, false));
    assert_false(post_fits(STR("08"), CATEGORY__CODE__B, false));
    assert_true(post_fits(STR("08"), CATEGORY__CODE__C3, false));
    assert_false(post_fits(STR("99"), CATEGORY__CODE__C3, false));
}

static void test_national_state_from_text_reads_what_is_written(void **state)
{
    (void)state; /* no setup */
    static const NationalState__Code all[] = {
        NATIONAL_STATE__CODE__VALID,     NATIONAL_STATE__CODE__SUSPENDED,
        NATIONAL_STATE__CODE__REVOKED,   NATIONAL_STATE__CODE__CANCELLED,
        NATIONAL_STATE__CODE__LAPSED,    NATIONAL_STATE__CODE__TRANSFERRED,
        NATIONAL_STATE__CODE__WITHDRAWN, NATIONAL_STATE__CODE__OTHER,
    };
    NationalState__Code back = NATIONAL_STATE__CODE__NONE;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_true(national_state_from_text(national_state_text(all[i]), &back));
        assert_int_equal(back, all[i]);
    }
    assert_true(str_equal_c(national_state_text(NATIONAL_STATE__CODE__TRANSFERRED), "办理转出"));
    assert_false(national_state_from_text(STR("过期"), &back));
    assert_false(national_state_from_text(STR(""), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_category_from_text_reads_six_classes),
        cmocka_unit_test(test_category_from_text_refuses_others),
        cmocka_unit_test(test_category_is_same_kind_of_any_subclass_of_c),
        cmocka_unit_test(test_category_class_name_is_short),
        cmocka_unit_test(test_post_from_text_reads_texts_and_codes),
        cmocka_unit_test(test_post_fits_follows_the_class),
        cmocka_unit_test(test_national_state_from_text_reads_what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
