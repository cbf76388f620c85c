/* test_erasure_extent - what erasures are about, without a store. */
#include "jobs/engine/erasure_extent.h"

#include "tests/support/test.h"

/* A keyring that was put back from long ago: all persons who were erased since are erased again. */
static void test_erasure_extent_add_takes_many(void **state)
{
    enum { ERASURES = 20000, MEMORY = 16 << 20 }; /* bytes */
    struct erasure_extent extent;
    struct arena arena;
    const PersonErased erased = PERSON_ERASED__INIT;
    (void)state;
    arena_init(&arena, MEMORY);
    erasure_extent_init(&extent, &arena);
    for (size_t i = 0; i < ERASURES; i++) {
        erasure_extent_add(&extent, &erased);
    }
    assert_int_equal(extent.erasures_count, ERASURES);
    assert_ptr_equal(extent.erasures[0], &erased);
    assert_ptr_equal(extent.erasures[ERASURES - 1], &erased);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erasure_extent_add_takes_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
