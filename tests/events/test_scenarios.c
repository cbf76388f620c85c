/* test_scenarios - every file of tests/scenarios, one test each, and that no refusal code of the
 * rules is without a scenario. Run from the root of the tree. */
#include "tests/support/test.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "events/messages.h"
#include "tests/support/scenario.h"

/* What the engine and later functions answer; no rule of this folder does. */
static bool is_answered_elsewhere(int code)
{
    switch (code) {
    case MESSAGE_NO_SUCH_FIELD: /* core/base */
    case MESSAGE_BAD_VALUE:
    case MESSAGE_BAD_RECORD:
    case MESSAGE_RECORD_IS_NEWER:
    case MESSAGE_MALFORMED:
    case MESSAGE_UNKNOWN_ACTION:
    case MESSAGE_ID_REUSED:
    case MESSAGE_ACTOR_MISMATCH:
    case MESSAGE_LEGAL_REPRESENTATIVE_NAME_DIFFERS: /* warnings */
    case MESSAGE_UNUSED_RECORD_CHANGED:
    case MESSAGE_USED_RECORD_CHANGED:
    case MESSAGE_POLICY_UNKNOWN: /* tests/events/test_policies.c */
    case MESSAGE_POLICY_VALUE: return true;
    default: return false; /* a code is a number, not an enum of the schema */
    }
}

static void test_scenario_run_finds_no_contradiction(void **state)
{
    struct arena arena;
    arena_init(&arena, 0);
    const char *failure = scenario_run(*state, &arena);
    if (failure != NULL) {
        fail_msg("%s", failure);
    }
    arena_release(&arena);
}

static void test_decide_has_a_scenario_for_every_refusal_code(void **state)
{
    struct arena arena;
    arena_init(&arena, 0);
    const glob_t *files = *state;
    struct scenario_codes codes = {.count = 0};
    int missing = 0;
    for (size_t i = 0; i < files->gl_pathc; i++) {
        (void)scenario_run_counting(files->gl_pathv[i], &arena, &codes); /* tested above */
    }
    for (size_t i = 0; scenario_code_at(i) != 0; i++) {
        const char *name = scenario_code_name(scenario_code_at(i), &arena);
        bool reached = is_answered_elsewhere(scenario_code_at(i));
        for (size_t k = 0; k < codes.count; k++) {
            reached = reached || strcmp(codes.names[k], name) == 0;
        }
        if (!reached) {
            print_error("no scenario is refused with %s\n", name);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
    arena_release(&arena);
}

/* The negative twin: a scenario that is wrong is found to be wrong, and where. */
static void test_scenario_run_names_file_and_line_of_a_contradiction(void **state)
{
    struct arena arena;
    arena_init(&arena, 0);
    (void)state;
    const char *failure = scenario_run("tests/support/wrong.scn", &arena);
    assert_non_null(failure);
    assert_non_null(strstr(failure, "tests/support/wrong.scn:6: "));
    assert_non_null(scenario_run("tests/support/unnamed.scn", &arena));
    assert_non_null(scenario_run("tests/support/absent.scn", &arena));
    arena_release(&arena);
}

int main(void)
{
    glob_t files;
    struct CMUnitTest tests[256];
    size_t count = 0;
    if (glob("tests/scenarios/*/*.scn", 0, NULL, &files) != 0 || files.gl_pathc > 250) {
        (void)fprintf(stderr, "no scenarios: run from the root of the tree\n");
        return 1;
    }
    for (size_t i = 0; i < files.gl_pathc; i++) {
        tests[count++] =
            (struct CMUnitTest){files.gl_pathv[i], test_scenario_run_finds_no_contradiction, NULL,
                                NULL, files.gl_pathv[i]};
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(
        test_decide_has_a_scenario_for_every_refusal_code, &files);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_scenario_run_names_file_and_line_of_a_contradiction);
    int failed = _cmocka_run_group_tests("scenarios", tests, count, NULL, NULL);
    globfree(&files);
    return failed;
}
