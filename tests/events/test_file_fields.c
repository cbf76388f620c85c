/* test_file_fields - the fields of records in their normal form; what is wrong with them is told in
 * tests/scenarios/file. */
#include "events/file_fields.h"

#include <string.h>

#include "core/base/record.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

/* "label=value;label=value" */
static struct file_fields fields_of(const char *text, struct arena *arena)
{
    struct file_fields fields = {ARENA_ARRAY(arena, RecordField *, 16), 0};
    for (str rest = str_of(text); rest.data != NULL;) {
        str value = str_cut(&rest, ';');
        RecordField *field = RECORD_NEW(arena, RecordField, record_field);
        field->name = arena_c_string(arena, str_cut(&value, '='));
        field->value = arena_c_string(arena, value);
        fields.items[fields.count++] = field;
    }
    return fields;
}

static const char *text_of(struct file_fields fields, struct arena *arena)
{
    str text = STR("");
    for (size_t i = 0; i < fields.count; i++) {
        text = arena_format(arena, "%.*s%s%s=%s", STR_ARGS(text), i > 0 ? ";" : "",
                            fields.items[i]->name, fields.items[i]->value);
    }
    return arena_c_string(arena, text);
}

static const char *tidy(const char *text, struct arena *arena)
{
    return text_of(file_fields_tidy(fields_of(text, arena), arena), arena);
}

/* R-PF-25: neither order nor spelling makes another wish. */
static void test_file_fields_tidy_gives_one_form(void **state)
{
    const char *form = "学校名称=同济大学;校(院)长=周某;发证日期=2012-07-01";
    assert_string_equal(tidy("发证日期=2012年7月1日;校（院）长= 周某 ;学校名称=同济大学", *state),
                        form);
    assert_string_equal(tidy(form, *state), form);
    assert_string_not_equal(tidy("学校名称=同济大學;校(院)长=周某;发证日期=2012-07-01", *state),
                            form);
}

/* The screen's one label is two values. */
static void test_file_fields_tidy_parts_a_period(void **state)
{
    static const char *const periods[] = {"2008-09-01至2012-07-01", "2008/9/1 - 2012/7/1",
                                          "20080901～20120701", "2008年9月1日 至 2012年7月1日",
                                          "2008-09-01——2012-07-01"};
    static const char *const open_ends[] = {"2008-09-01至今", "2008-09-01 至 今", "2008-09-01~至今",
                                            "2008年9月1日—至今", "2008/9/1 - 至今"};
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        str text = arena_format(*state, "起止时间=%s", periods[i]);
        assert_string_equal(tidy(text.data, *state), "开始时间=2008-09-01;结束时间=2012-07-01");
    }
    for (size_t i = 0; i < sizeof open_ends / sizeof open_ends[0]; i++) {
        str text = arena_format(*state, "起止时间=%s", open_ends[i]);
        assert_string_equal(tidy(text.data, *state), "开始时间=2008-09-01;结束时间=至今");
    }
    assert_string_equal(tidy("起止时间=2008-09-01", *state), "起止时间=2008-09-01"); /* no period */
}

static void test_file_fields_merge_changes_what_is_named(void **state)
{
    struct file_fields old = fields_of("学校名称=同济大学;学历=专科;学制=3年", *state);
    struct file_fields merged =
        file_fields_merge(old, fields_of("学历=本科;学制=", *state), *state);
    assert_string_equal(file_fields_value(merged, "学校名称").data, "同济大学");
    assert_string_equal(file_fields_value(merged, "学历").data, "本科");
    assert_true(str_empty(file_fields_value(merged, "学制")));
    assert_false(file_fields_equal(old, merged));
    assert_true(
        file_fields_equal(old, file_fields_merge(old, (struct file_fields){NULL, 0}, *state)));
}

/* Every kind of a wish can be made with its mandatory labels, and not without any of them. */
static void test_file_fields_check_wants_every_mandatory_label(void **state)
{
    static const char *const names[] = {"education", "degree", "title",  "skill",
                                        "post",      "work",   "project"};
    struct arena *arena = *state;
    struct error error;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct file_kind *kind = file_kind_named(str_of(names[i]));
        assert_non_null(kind);
        struct file_fields all = fields_of("考试取得=是", arena);
        all.count = strcmp(names[i], "title") == 0 ? 1 : 0;
        for (size_t k = 0; k < kind->count; k++) {
            bool day = kind->labels[k].form == FORM_DATE || kind->labels[k].form == FORM_END;
            str text =
                arena_format(arena, "%s=%s", kind->labels[k].name, day ? "2020-01-01" : "某某");
            if (kind->labels[k].mandatory) {
                all.items[all.count++] = fields_of(text.data, arena).items[0];
            }
        }
        struct file_fields made;
        assert_true(file_fields_check(kind, all, arena, &made, &error).ok);
        for (size_t k = 0; k < all.count; k++) {
            struct file_fields without = fields_of("x=y", arena);
            without.count = 0;
            for (size_t m = 0; m < all.count; m++) {
                if (m != k) {
                    without.items[without.count++] = all.items[m];
                }
            }
            assert_false(file_fields_check(kind, without, arena, &made, &error).ok);
            assert_true(str_starts_with(str_of(error.args[0].text), STR("fields.")));
        }
    }
}

/* A record has room in one event of the log. */
static void test_file_fields_check_bounds_the_whole_record(void **state)
{
    struct arena *arena = *state;
    struct error error;
    struct file_fields made;
    const struct file_kind *kind = file_kind_named(STR("education"));
    str most = arena_format(arena, "学校名称=%0*d", 32 * 1024 - 12, 7);
    assert_true(file_fields_check(kind, fields_of(most.data, arena), arena, &made, &error).ok);
    str more = arena_format(arena, "%.*s0", STR_ARGS(most));
    assert_false(file_fields_check(kind, fields_of(more.data, arena), arena, &made, &error).ok);
    assert_string_equal(error.args[0].text, "fields");
}

/* R-PF-21. */
static void test_file_role_knows_thirteen(void **state)
{
    static const char *const roles[] = {
        "施工-项目经理",   "施工-项目技术负责人", "施工-施工管理人员", "监理-总监",
        "勘察-项目负责人", "勘察-专业负责人",     "勘察-主要参与人员", "设计-项目负责人",
        "设计-专业负责人", "设计-主要设计人员",   "招标-项目负责人",   "造价-项目负责人",
        "检测-项目负责人"};
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        assert_string_equal(file_role(str_of(roles[i]), *state), roles[i]);
    }
    assert_string_equal(file_role(STR("施工－项目经理 "), *state), "施工-项目经理");
    assert_null(file_role(STR("施工-安全员"), *state));
    assert_null(file_role(STR(""), *state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_file_fields_tidy_gives_one_form),
        TEST_WITH_ARENA(test_file_fields_tidy_parts_a_period),
        TEST_WITH_ARENA(test_file_fields_merge_changes_what_is_named),
        TEST_WITH_ARENA(test_file_fields_check_wants_every_mandatory_label),
        TEST_WITH_ARENA(test_file_fields_check_bounds_the_whole_record),
        TEST_WITH_ARENA(test_file_role_knows_thirteen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
