/* test_size - sizes as people write them. */
#include "core/base/size.h"
#include "tests/support/test.h"

static uint64_t size_of(const char *text)
{
    uint64_t size = 12345;
    assert_true(size_parse(str_of(text), &size));
    return size;
}

static void test_size_parse_reads_digits_and_a_letter(void **state)
{
    (void)state; /* no setup */
    assert_int_equal(size_of("0"), 0);
    assert_int_equal(size_of("65536"), 65536);
    assert_int_equal(size_of("64K"), 65536);
    assert_int_equal(size_of("64k"), 65536);
    assert_int_equal(size_of("007M"), 7 << 20);
    assert_true(size_of("4G") == UINT64_C(4) << 30);
    assert_true(size_of("3t") == UINT64_C(3) << 40);
    assert_true(size_of("18446744073709551615") == UINT64_MAX);
    assert_true(size_of("16777215T") == UINT64_C(16777215) << 40);
}

static void test_size_parse_refuses_everything_else(void **state)
{
    (void)state; /* no setup */
    static const char *const bad[] = {"",
                                      "K",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.5G",
                                      "1KB",
                                      "1KK",
                                      "1P",
                                      "0x10",
                                      "1e3",
                                      "１G",
                                      "1,0",
                                      "18446744073709551616",
                                      "99999999999999999999999",
                                      "16777216T",
                                      "1\xC3\xA9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t size = 12345;
        assert_false(size_parse(str_of(bad[i]), &size));
        assert_int_equal(size, 12345);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_parse_reads_digits_and_a_letter),
        cmocka_unit_test(test_size_parse_refuses_everything_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
