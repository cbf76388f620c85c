/* test_identifier - identifiers of electronic certificates (GB/T 36904-2018). */
#include <stdio.h>
#include <string.h>

#include "events/terms/identifier.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

#define TYPE "11100000000013338W011"

static void check(const char *authority, const char *certificate, uint32_t version,
                  const char *behind_root, struct arena *arena)
{
    str got = identifier_format(str_of(authority), str_of(certificate), version, arena);
    str expected = arena_format(arena, "1.2.156.3005.2." TYPE ".%s", behind_root);
    assert_true(str_equal(got, expected));
}

static void test_identifier_check_follows_mod_37_36(void **state)
{
    (void)state;                                                       /* no memory needed */
    assert_int_equal(identifier_check(STR("A12425GABC1234002")), 'M'); /* the GRid example */
    assert_int_equal(identifier_check(STR(TYPE "11110000000021135M20230329701003")), 'Y');
    assert_int_not_equal(identifier_check(STR("A12425GABC1234003")), 'M');
}

static void test_identifier_format_gives_the_examples(void **state)
{
    check("11110000000021135M", "京建安B(2023)0329701", 3, "11110000000021135M.20230329701.003.Y",
          *state);
    check("11430000006122244L", "湘建安A(2023)0000403", 1, "11430000006122244L.20230000403.001.U",
          *state);
    check("11430000006122244L", "湘建安A(2023)0000403", 2, "11430000006122244L.20230000403.002.S",
          *state);
    check("11310000TEX000010W", "沪建安B(2018)0000123", 1, "11310000TEX000010W.20180000123.001.V",
          *state);
    check("11310000TEX000010W", "沪建安B(2018)0000123", 2, "11310000TEX000010W.20180000123.002.T",
          *state);
    check("11310000TEX000010W", "沪建安C3(2022)0000001", 1, "11310000TEX000010W.20220000001.001.Y",
          *state);
    /* both ends of the 36 characters, where the remainder goes over */
    check("11310000TEX000010W", "沪建安B(2018)0000029", 1, "11310000TEX000010W.20180000029.001.0",
          *state);
    check("11310000TEX000010W", "沪建安B(2018)0000006", 1, "11310000TEX000010W.20180000006.001.Z",
          *state);
}

static void test_identifier_format_pads_a_legacy_serial(void **state)
{
    str padded = identifier_format(STR("11310000TEX000010W"), STR("沪建安B(2018)123"), 1, *state);
    str full = identifier_format(STR("11310000TEX000010W"), STR("沪建安B(2018)0000123"), 1, *state);
    assert_true(str_equal(padded, full));
}

static void test_identifier_format_is_empty_without_room(void **state)
{
    str code = STR("11310000TEX000010W");
    assert_true(str_empty(identifier_format(code, STR("沪建安B(2018)12345678"), 1, *state)));
    assert_true(str_empty(identifier_format(code, STR("沪建安B"), 1, *state)));
    assert_true(str_empty(identifier_format(code, STR("沪建安B(2018)1"), 1000, *state)));
    assert_false(str_empty(identifier_format(code, STR("沪建安B(2018)1"), 999, *state)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_identifier_check_follows_mod_37_36),
        TEST_WITH_ARENA(test_identifier_format_gives_the_examples),
        TEST_WITH_ARENA(test_identifier_format_pads_a_legacy_serial),
        TEST_WITH_ARENA(test_identifier_format_is_empty_without_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
