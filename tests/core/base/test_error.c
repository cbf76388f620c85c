/* test_error - failures as values. */
#include <errno.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/messages.h"
#include "tests/support/test.h"

static FALLIBLE fail_at_the_bottom(int *ret_value, struct error *err)
{
    (void)ret_value; /* untouched on failure */
    FAIL(REFUSED("R-AF-03"), MESSAGE_BAD_VALUE, ARG_TEXT("field", "f"), ARG_INT("value", -5),
         ARG_DATE("day", 0));
}

static FALLIBLE pass_it_on(int *ret_value, struct error *err)
{
    TRY(fail_at_the_bottom(ret_value, err));
    *ret_value = 1;
    return OK;
}

static void test_fail_fills_the_error_and_try_traces_it(void **state)
{
    (void)state; /* no setup */
    struct error err = {0};
    int value = 42;
    assert_false(pass_it_on(&value, &err).ok);
    assert_int_equal(value, 42);
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_int_equal(err.code, MESSAGE_BAD_VALUE);
    assert_string_equal(err.rule, "R-AF-03");
    assert_int_equal(err.args_count, 3);
    assert_string_equal(err.args[0].name, "field");
    assert_string_equal(err.args[0].text, "f");
    assert_false(err.args[0].is_number);
    assert_string_equal(err.args[1].text, "-5");
    assert_true(err.args[1].is_number);
    assert_string_equal(err.args[2].text, "1970-01-01");
    assert_int_equal(err.trace_count, 2);
    assert_non_null(strstr(err.trace[0], "test_error.c:"));
    assert_string_not_equal(err.trace[0], err.trace[1]);
}

static FALLIBLE fail_without_arguments(struct error *err)
{
    FAIL(CORRUPT, MESSAGE_BAD_RECORD);
}

static void test_fail_takes_no_arguments_too(void **state)
{
    (void)state; /* no setup */
    struct error err = {0};
    assert_false(fail_without_arguments(&err).ok);
    assert_int_equal(err.args_count, 0);
    assert_null(err.rule);
    assert_int_equal(error_exit_status(err.class), 79);
}

static void test_arg_int_keeps_what_is_beyond_signed(void **state)
{
    (void)state; /* no setup */
    const uint64_t large = UINT64_MAX;
    const struct error_arg args[] = {ARG_INT("a", large), ARG_INT("b", INT64_MIN),
                                     ARG_INT("c", 7U)};
    assert_string_equal(args[0].text, "18446744073709551615");
    assert_string_equal(args[1].text, "-9223372036854775808");
    assert_string_equal(args[2].text, "7");
    assert_true(args[0].is_number);
}

static void test_error_arg_str_cuts_at_a_character(void **state)
{
    (void)state; /* no setup */
    char text[400];
    for (size_t i = 0; i + 3 <= sizeof text; i += 3) {
        memcpy(text + i, "沪", 3);
    }
    struct error_arg arg = error_arg_str("x", (str){text, 399});
    assert_int_equal(strlen(arg.text), 255);
    arg = error_arg_str("x", (str){text + 1, 0});
    assert_string_equal(arg.text, "");
    text[0] = 'a'; /* two bytes of a broken character follow: cut before the one at 254 */
    arg = error_arg_str("x", (str){text, 4});
    assert_int_equal(strlen(arg.text), 4);
}

static void test_error_trace_stops_when_it_is_full(void **state)
{
    (void)state; /* no setup */
    struct error err = {0};
    for (int i = 0; i < ERROR_TRACE_MAX + 5; i++) {
        assert_false(error_trace(&err, "here").ok);
    }
    assert_int_equal(err.trace_count, ERROR_TRACE_MAX);
}

static void test_error_exit_status_follows_the_class(void **state)
{
    (void)state; /* no setup */
    assert_int_equal(error_exit_status(ERROR_NONE), 0);
    assert_int_equal(error_exit_status(ERROR_REFUSED), 1);
    assert_int_equal(error_exit_status(ERROR_USAGE), 64);
    assert_int_equal(error_exit_status(ERROR_BUSY), 75);
    assert_int_equal(error_exit_status(ERROR_SIGNATURE), 77);
    assert_int_equal(error_exit_status(ERROR_CONFIG), 78);
}

static outcome fail_with(enum error_class class, int number, struct error *err)
{
    const struct error_origin origin = {.class = class};
    const struct error_arg args[] = {{0}, ARG_TEXT("path", "a"), ARG_ERRNO("why", number)};
    return error_set(err, origin, "here", MESSAGE_BAD_VALUE, 2, args);
}

/* Not the file is to blame; what says more than that a file could not be had stays. */
static void test_error_set_tells_what_the_machine_lacks(void **state)
{
    (void)state; /* no setup */
    static const int lacks[] = {ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM};
    struct error err = {0};
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        assert_false(fail_with(ERROR_MISSING, lacks[i], &err).ok);
        assert_int_equal(err.class, ERROR_RESOURCE);
        assert_false(fail_with(ERROR_CREATE, lacks[i], &err).ok);
        assert_int_equal(err.class, ERROR_RESOURCE);
        assert_false(fail_with(ERROR_CONFIG, lacks[i], &err).ok);
        assert_int_equal(err.class, ERROR_CONFIG);
    }
    assert_false(fail_with(ERROR_MISSING, ENOENT, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    assert_false(fail_with(ERROR_CREATE, EACCES, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail_fills_the_error_and_try_traces_it),
        cmocka_unit_test(test_fail_takes_no_arguments_too),
        cmocka_unit_test(test_arg_int_keeps_what_is_beyond_signed),
        cmocka_unit_test(test_error_arg_str_cuts_at_a_character),
        cmocka_unit_test(test_error_trace_stops_when_it_is_full),
        cmocka_unit_test(test_error_set_tells_what_the_machine_lacks),
        cmocka_unit_test(test_error_exit_status_follows_the_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
