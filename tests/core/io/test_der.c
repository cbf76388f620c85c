/* test_der - lengths in their shortest form, headers around what they are put around. */
#include "core/io/der.h"

#include <string.h>

#include "tests/support/test.h"

static void test_der_wrap_writes_the_shortest_length(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        uint8_t header[5];
        size_t header_size;
    } cases[] = {
        {0, {0x30, 0x00}, 2},
        {127, {0x30, 0x7F}, 2},
        {128, {0x30, 0x81, 0x80}, 3},
        {255, {0x30, 0x81, 0xFF}, 3},
        {256, {0x30, 0x82, 0x01, 0x00}, 4},
        {70000, {0x30, 0x83, 0x01, 0x11, 0x70}, 5},
    };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct der der = der_new(&arena, cases[i].size + DER_HEADER_SIZE_MAX);
        der_put(&der, bytes_of(arena_new(&arena, cases[i].size), cases[i].size));
        der_wrap(&der, DER_SEQUENCE, 0);
        assert_int_equal(der_size(&der), cases[i].size + cases[i].header_size);
        assert_memory_equal(der_bytes(&der).data, cases[i].header, cases[i].header_size);
    }
    arena_release(&arena);
}

static void test_der_wrap_leaves_out_what_stood_before(void **state)
{
    (void)state;
    static const uint8_t wanted[] = {0x31, 5, 0x04, 1, 7, 0x05, 0};
    struct arena arena;
    arena_init(&arena, 0);
    struct der der = der_new(&arena, 32);
    static const uint8_t null[] = {DER_NULL, 0};
    der_put(&der, bytes_of(null, 2));
    size_t since = der_size(&der);
    der_put_byte(&der, 7);
    der_wrap(&der, DER_OCTETS, since);
    der_wrap(&der, DER_SET, 0);
    assert_int_equal(der_size(&der), sizeof(wanted));
    assert_memory_equal(der_bytes(&der).data, wanted, sizeof(wanted));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_der_wrap_writes_the_shortest_length),
        cmocka_unit_test(test_der_wrap_leaves_out_what_stood_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
