/* test_processor - what children are told of the processor, and that an operator's word stands. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/processor.h"

static const char VARIABLE[] = "OPENSSL_ia32cap";

static void test_children_are_told_the_choice_if_there_is_one(void **state)
{
    (void)state;
    const char *choice = processor_openssl_choice();
    assert_int_equal(unsetenv(VARIABLE), 0);
    processor_advise_children();
    const char *told = getenv(VARIABLE);
    if (choice == NULL) {
        assert_null(told);
    } else {
        assert_string_equal(told, choice);
    }
    assert_int_equal(unsetenv(VARIABLE), 0);
}

/* Anything but ':' first would replace what libcrypto found in the words before. */
static void test_a_choice_only_takes_away(void **state)
{
    (void)state;
    const char *choice = processor_openssl_choice();
    assert_true(choice == NULL || strncmp(choice, ":~0x", 4) == 0);
}

static void test_what_the_operator_set_is_kept(void **state)
{
    (void)state;
    assert_int_equal(setenv(VARIABLE, ":~0", 1), 0);
    processor_advise_children();
    assert_string_equal(getenv(VARIABLE), ":~0");
    assert_int_equal(unsetenv(VARIABLE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_are_told_the_choice_if_there_is_one),
        cmocka_unit_test(test_a_choice_only_takes_away),
        cmocka_unit_test(test_what_the_operator_set_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
