/* test_declaration - the digest that every entry carries is that of the declaration's text. */
#include "tests/support/test.h"

#include "core/io/digest.h"
#include "events/decide.h"

static void test_declaration_sha256_is_the_digest_of_the_text(void **state)
{
    (void)state;
    struct digest digest = digest_sha256(str_bytes(declaration_text()));
    assert_true(bytes_equal(digest_bytes(&digest), declaration_sha256()));
}

/* The negative twin: without its last line feed it is another text. */
static void test_declaration_sha256_is_not_that_of_another_text(void **state)
{
    (void)state;
    str text = declaration_text();
    struct digest digest = digest_sha256(str_bytes(str_first(text, text.size - 1)));
    assert_false(bytes_equal(digest_bytes(&digest), declaration_sha256()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declaration_sha256_is_the_digest_of_the_text),
        cmocka_unit_test(test_declaration_sha256_is_not_that_of_another_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
