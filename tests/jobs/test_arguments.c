/* test_arguments - the command line into messages. */
#include "tests/support/test.h"

#include <action.pb-c.h>
#include <options.pb-c.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/arguments.h"
#include "jobs/messages.h"
#include "jobs/nearest.h"

enum { WORDS_MAX = 8 };

struct fixture {
    struct arena arena;
    struct arguments arguments;
    ListOptions *list;
    CommonOptions *common;
    str *rest;
    size_t rest_count;
    struct error err;
};

static int set_up(void **state)
{
    static struct fixture fixture; /* cmocka wants a pointer that lives as long as the test */
    fixture = (struct fixture){0};
    arena_init(&fixture.arena, 0);
    fixture.list = RECORD_NEW(&fixture.arena, ListOptions, list_options);
    fixture.common = RECORD_NEW(&fixture.arena, CommonOptions, common_options);
    arguments_add(&fixture.arguments, &fixture.list->base, NULL, &fixture.arena);
    arguments_add(&fixture.arguments, &fixture.common->base, NULL, &fixture.arena);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

/* Words up to a NULL. */
static outcome parse(struct fixture *fixture, const char *const *words)
{
    char *argv[WORDS_MAX];
    int count = 0;
    for (; words[count] != NULL; count++) {
        argv[count] = arena_c_string(&fixture->arena, (str){words[count], strlen(words[count])});
    }
    return arguments_parse(&fixture->arguments, "list", count, argv, &fixture->arena,
                           &fixture->rest, &fixture->rest_count, &fixture->err);
}

static void expect_failure(struct fixture *fixture, const char *const *words, int code)
{
    assert_false(parse(fixture, words).ok);
    assert_int_equal(fixture->err.class, ERROR_USAGE);
    assert_int_equal(fixture->err.code, code);
}

static void test_arguments_parse_fills_both_messages(void **state)
{
    struct fixture *fixture = *state;
    const char *const words[] = {"certificates", "--limit=3",          "--name", "王*",
                                 "--json",       "--today=2026-11-25", NULL};
    assert_true(parse(fixture, words).ok);
    assert_int_equal(fixture->list->limit, 3);
    assert_string_equal(fixture->list->name, "王*");
    assert_true(fixture->common->json);
    assert_false(fixture->common->quiet);
    assert_non_null(fixture->common->today);
    assert_int_equal(fixture->rest_count, 1);
    assert_true(str_equal(fixture->rest[0], STR("certificates")));
}

static void test_arguments_parse_ends_options_at_two_dashes(void **state)
{
    struct fixture *fixture = *state;
    const char *const words[] = {"--csv", "--", "--json", NULL};
    assert_true(parse(fixture, words).ok);
    assert_true(fixture->list->csv);
    assert_false(fixture->common->json);
    assert_int_equal(fixture->rest_count, 1);
    assert_true(str_equal(fixture->rest[0], STR("--json")));
}

static void test_arguments_parse_refuses_what_is_wrong(void **state)
{
    struct fixture *fixture = *state;
    const char *const unknown[] = {"--limt=3", NULL};
    const char *const letter[] = {"-x", NULL};
    const char *const no_value[] = {"--limit", NULL};
    const char *const flag_value[] = {"--csv=yes", NULL};
    const char *const bad_value[] = {"--limit=x", NULL};
    const char *const no_text[] = {"\xff", NULL};
    expect_failure(fixture, unknown, MESSAGE_UNKNOWN_OPTION);
    assert_string_equal(fixture->err.args[1].text, "--limt");
    assert_string_equal(fixture->err.args[2].text, "limit");
    expect_failure(fixture, letter, MESSAGE_UNKNOWN_OPTION);
    expect_failure(fixture, no_value, MESSAGE_OPTION_NEEDS_VALUE);
    expect_failure(fixture, flag_value, MESSAGE_OPTION_TAKES_NO_VALUE);
    expect_failure(fixture, bad_value, MESSAGE_OPTION_VALUE);
    assert_string_equal(fixture->err.args[0].text, "limit");
    expect_failure(fixture, no_text, MESSAGE_ARGUMENT_NOT_TEXT);
}

static void test_arguments_parse_keeps_numbers_in_bounds(void **state)
{
    struct fixture *fixture = *state;
    const struct {
        ProtobufCMessage *options;
        const char *least, *most, *below, *above;
    } rows[] = {
        {record_new(&regenerate_options__descriptor, &fixture->arena), "--workers=0",
         "--workers=64", "--workers=-1", "--workers=65"},
        {record_new(&expire_options__descriptor, &fixture->arena), "--within=1", "--within=36600",
         "--within=0", "--within=36601"},
        {record_new(&sample_options__descriptor, &fixture->arena), "--persons=1",
         "--persons=5000000", "--persons=0", "--persons=5000001"},
        {record_new(&sample_options__descriptor, &fixture->arena), "--enterprises=1",
         "--enterprises=100000", "--enterprises=0", "--enterprises=100001"},
        {record_new(&deliver_options__descriptor, &fixture->arena), "--wave=1",
         "--wave=18446744073709551615", "--wave=0", "--wave=18446744073709551616"},
        {record_new(&rename_run_options__descriptor, &fixture->arena), "--expect-count=0",
         "--expect-count=18446744073709551615", "--expect-count=-1", "--expect-count=1.5"},
        {record_new(&common_options__descriptor, &fixture->arena), "--wait=0", "--wait=4294967295",
         "--wait=-1", "--wait=4294967296"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture->arguments.count = 0;
        arguments_add(&fixture->arguments, rows[i].options, NULL, &fixture->arena);
        assert_true(parse(fixture, (const char *const[]){rows[i].least, NULL}).ok);
        assert_true(parse(fixture, (const char *const[]){rows[i].most, NULL}).ok);
        expect_failure(fixture, (const char *const[]){rows[i].below, NULL}, MESSAGE_OPTION_VALUE);
        expect_failure(fixture, (const char *const[]){rows[i].above, NULL}, MESSAGE_OPTION_VALUE);
    }
    fixture->arguments.count = 0;
    arguments_add(&fixture->arguments, rows[0].options, NULL, &fixture->arena);
    expect_failure(fixture, (const char *const[]){"--workers=65", NULL}, MESSAGE_OPTION_VALUE);
    assert_string_equal(fixture->err.args[2].text, "a whole number from 0 to 64");
}

static void test_arguments_add_flattens_and_repeats(void **state)
{
    struct fixture *fixture = *state;
    static const char *const without[] = {"person_id", NULL};
    ChangeAffiliation *change = RECORD_NEW(&fixture->arena, ChangeAffiliation, change_affiliation);
    const char *const words[] = {"--person-name=张三", "--certificate=1", "--certificates=2",
                                 "--confirmed", NULL};
    fixture->arguments.count = 0;
    arguments_add(&fixture->arguments, &change->base, without, &fixture->arena);
    assert_int_equal(fixture->arguments.count, 5);
    assert_true(parse(fixture, words).ok);
    assert_string_equal(change->person->name, "张三");
    assert_int_equal(change->n_certificates, 2);
    assert_string_equal(change->certificates[1], "2");
    assert_true(change->confirmed);
    const char *const hidden[] = {"--person-person-id=x", NULL};
    expect_failure(fixture, hidden, MESSAGE_UNKNOWN_OPTION);
}

static void test_arguments_add_flattens_two_levels(void **state)
{
    struct fixture *fixture = *state;
    ExtendByNotice *extend = RECORD_NEW(&fixture->arena, ExtendByNotice, extend_by_notice);
    const char *const words[] = {"--selection-category=C",
                                 "--selection-valid-until-from=2023-01-01",
                                 "--selection-valid-until-to=2023-06-30", NULL};
    fixture->arguments.count = 0;
    arguments_add(&fixture->arguments, &extend->base, NULL, &fixture->arena);
    assert_true(parse(fixture, words).ok);
    assert_string_equal(extend->selection->category, "C");
    assert_string_equal(extend->selection->valid_until->from, "2023-01-01");
    assert_string_equal(extend->selection->valid_until->to, "2023-06-30");
    assert_string_equal(extend->selection->enterprise, "");
    const char *const whole[] = {"--selection-valid-until=2023", NULL};
    expect_failure(fixture, whole, MESSAGE_UNKNOWN_OPTION);
}

static void test_arguments_add_keeps_the_first_of_a_name(void **state)
{
    struct fixture *fixture = *state;
    Cancel *cancel = RECORD_NEW(&fixture->arena, Cancel, cancel);
    const char *const words[] = {"--reason=employment_ended", NULL};
    fixture->arguments.count = 0;
    arguments_add(&fixture->arguments, &cancel->base, NULL, &fixture->arena);
    arguments_add(&fixture->arguments, &fixture->common->base, NULL, &fixture->arena);
    assert_true(parse(fixture, words).ok);
    assert_string_equal(cancel->reason, "employment_ended");
    assert_string_equal(fixture->common->reason, "");
}

static void test_arguments_put_rest_needs_a_place(void **state)
{
    struct fixture *fixture = *state;
    const str rest[] = {STR("certificates")};
    StatusOptions *status = RECORD_NEW(&fixture->arena, StatusOptions, status_options);
    assert_true(
        arguments_put_rest(&fixture->list->base, "list", rest, 1, &fixture->arena, &fixture->err)
            .ok);
    assert_int_equal(fixture->list->n_arguments, 1);
    assert_false(
        arguments_put_rest(&status->base, "status", rest, 1, &fixture->arena, &fixture->err).ok);
    assert_int_equal(fixture->err.code, MESSAGE_ARGUMENTS_TOO_MANY);
}

static void test_nearest_distance_counts_edits(void **state)
{
    (void)state; /* none needed */
    assert_int_equal(nearest_distance(STR("list"), STR("list")), 0);
    assert_int_equal(nearest_distance(STR("lst"), STR("list")), 1);
    assert_int_equal(nearest_distance(STR("lits"), STR("list")), 1);
    assert_int_equal(nearest_distance(STR(""), STR("list")), 4);
    assert_int_equal(nearest_distance(STR("show"), STR("list")), 4);
}

static void test_nearest_word_takes_the_closest(void **state)
{
    (void)state; /* none needed */
    const char *const words[] = {"status", "list", "show"};
    assert_string_equal(nearest_word(STR("statsu"), words, 3), "status");
    assert_string_equal(nearest_word(STR("shwo"), words, 3), "show");
    assert_null(nearest_word(STR("x"), words, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_arguments_parse_fills_both_messages, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_arguments_parse_ends_options_at_two_dashes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_arguments_parse_refuses_what_is_wrong, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_arguments_parse_keeps_numbers_in_bounds, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_arguments_add_flattens_and_repeats, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_arguments_add_flattens_two_levels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_arguments_add_keeps_the_first_of_a_name, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_arguments_put_rest_needs_a_place, set_up, tear_down),
        cmocka_unit_test(test_nearest_distance_counts_edits),
        cmocka_unit_test(test_nearest_word_takes_the_closest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
