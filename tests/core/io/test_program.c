/* test_program - who speaks with another machine is still the same program. */
#include "tests/support/test.h"

#include <dlfcn.h>

#include "core/io/http.h"
#include "core/io/program.h"
#include "tests/support/scratch.h"

static bool is_curl_loaded(void)
{
    return dlopen("libcurl.so.4", RTLD_NOW | RTLD_NOLOAD) != NULL;
}

static void test_identity_is_that_of_the_program_without_curl(void **state)
{
    (void)state;
    struct digest before;
    struct digest after;
    bool known = program_identity(&before);
    assert_false(is_curl_loaded());
    assert_string_equal(http_local_path("file:///tmp/a%20b", &test_scratch.arena), "/tmp/a b");
    assert_true(is_curl_loaded());
    assert_int_equal(program_identity(&after), known);
    assert_true(digest_equal(&before, &after));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_identity_is_that_of_the_program_without_curl),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
