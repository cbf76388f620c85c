/* fixture - what many tests begin and end with. */
#pragma once

/* *state is an arena, for cmocka_unit_test_setup_teardown. */
int arena_setup(void **state);
int arena_teardown(void **state);

/* A test that gets an arena. */
#define TEST_WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, arena_setup, arena_teardown)
