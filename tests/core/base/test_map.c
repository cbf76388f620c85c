/* test_map - against an array that is searched from end to end. */
#include <string.h>

#include "core/base/map.h"
#include "tests/support/test.h"

enum { KEYS_COUNT = 5000 };

static bytes key_of(struct arena *arena, int i)
{
    /* sizes from 1 to 40, so that every tail of the hash is used */
    str text = arena_format(arena, "%0*d", 1 + i % 40, i);
    return str_bytes(text);
}

static void test_map_put_finds_every_key_again(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    struct map map;
    arena_init(&arena, 0);
    map_init(&map, &arena);
    static int values[KEYS_COUNT];
    int made_count = 0;
    for (int i = 0; i < KEYS_COUNT; i++) {
        bool made = false;
        struct map_entry *entry = map_put(&map, key_of(&arena, i), &made);
        made_count += made;
        assert_true(made == (entry->value == NULL));
        entry->value = &values[i];
    }
    assert_int_equal(map.count, made_count);
    for (int i = 0; i < KEYS_COUNT; i++) {
        struct map_entry *entry = map_find(&map, key_of(&arena, i));
        assert_non_null(entry);
        assert_ptr_equal(entry->value, &values[i]);
    }
    arena_release(&arena);
}

static void test_map_find_gives_null_for_what_is_not_there(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    struct map map;
    bool made = false;
    arena_init(&arena, 0);
    map_init(&map, &arena);
    assert_null(map_find(&map, str_bytes(STR("a"))));
    map_put(&map, str_bytes(STR("a")), &made);
    assert_true(made);
    map_put(&map, str_bytes(STR("a")), &made);
    assert_false(made);
    assert_null(map_find(&map, str_bytes(STR("b"))));
    assert_null(map_find(&map, bytes_of("a\0", 2)));
    assert_null(map_find(&map, str_bytes(STR(""))));
    map_put(&map, str_bytes(STR("")), &made);
    assert_true(made);
    assert_non_null(map_find(&map, str_bytes(STR(""))));
    arena_release(&arena);
}

static void test_map_sorted_is_in_key_order(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    struct map map;
    bool made = false;
    arena_init(&arena, 0);
    map_init(&map, &arena);
    for (int i = 0; i < KEYS_COUNT; i++) {
        map_put(&map, key_of(&arena, i), &made);
    }
    struct map_entry **sorted = map_sorted(&map, &arena);
    for (size_t i = 1; i < map.count; i++) {
        assert_true(bytes_compare(sorted[i - 1]->key, sorted[i]->key) < 0);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map_put_finds_every_key_again),
        cmocka_unit_test(test_map_find_gives_null_for_what_is_not_there),
        cmocka_unit_test(test_map_sorted_is_in_key_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
