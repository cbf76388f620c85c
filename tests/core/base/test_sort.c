/* test_sort - against qsort, over keys that agree far, that are prefixes, empty or equal. */
#include "core/base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "tests/support/test.h"

enum { KEYS_COUNT = 6000 };

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static int compare(const void *a, const void *b)
{
    return bytes_compare(((const struct sort_item *)a)->key, ((const struct sort_item *)b)->key);
}

/* Sorts items of the keys both ways. Each item points at the place its key had. */
static void check(struct arena *arena, const bytes *keys, size_t count)
{
    struct sort_item *items = ARENA_ARRAY(arena, struct sort_item, count + 1);
    struct sort_item *spare = ARENA_ARRAY(arena, struct sort_item, count + 1);
    struct sort_item *wanted = ARENA_ARRAY(arena, struct sort_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = wanted[i] = (struct sort_item){.key = keys[i], .item = (void *)&keys[i]};
    }
    sort_by_key(items, spare, count);
    qsort(wanted, count, sizeof *wanted, compare);
    for (size_t i = 0; i < count; i++) {
        const bytes *key = items[i].item;
        assert_true(bytes_equal(items[i].key, wanted[i].key));
        assert_ptr_equal(key->data, items[i].key.data); /* the item came along */
    }
}

/* Keys of random bytes of few values behind a common part. */
static bytes *make_many_keys(struct arena *arena, size_t count, size_t common, size_t longest,
                             unsigned values)
{
    uint32_t seed = 7;
    bytes *keys = ARENA_ARRAY(arena, bytes, count);
    for (size_t i = 0; i < count; i++) {
        size_t size = common + next(&seed) % (longest + 1);
        uint8_t *key = arena_new(arena, size + 1);
        memset(key, 'x', common);
        for (size_t k = common; k < size; k++) {
            key[k] = (uint8_t)(next(&seed) % values);
        }
        keys[i] = bytes_of(key, size);
    }
    return keys;
}

static bytes *make_keys(struct arena *arena, size_t common, size_t longest, unsigned values)
{
    return make_many_keys(arena, KEYS_COUNT, common, longest, values);
}

/* More than the processor's cache holds, in parts of all sizes. */
static void test_sort_by_key_of_many(void **state)
{
    (void)state; /* no setup */
    enum { MANY = 100000 };
    struct arena arena;
    arena_init(&arena, 0);
    check(&arena, make_many_keys(&arena, MANY, 11, 9, 3), MANY);
    check(&arena, make_many_keys(&arena, MANY, 8, 4, 256), MANY);
    check(&arena, make_many_keys(&arena, MANY, 0, 1, 2), MANY);
    arena_release(&arena);
}

static void test_sort_by_key_gives_the_order_of_the_bytes(void **state)
{
    (void)state; /* no setup */
    /* zeros at the end of a key must not be taken for what is missing: values from 0 on */
    static const size_t commons[] = {0, 1, 7, 8, 9, 63, 64, 65, 100};
    for (size_t i = 0; i < sizeof commons / sizeof *commons; i++) {
        struct arena arena;
        arena_init(&arena, SIZE_MAX);
        check(&arena, make_keys(&arena, commons[i], 12, 256), KEYS_COUNT);
        check(&arena, make_keys(&arena, commons[i], 20, 2), KEYS_COUNT);
        check(&arena, make_keys(&arena, commons[i], 30, 1), KEYS_COUNT);
        arena_release(&arena);
    }
}

static void test_sort_by_key_sorts_few_and_none(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    arena_init(&arena, 0);
    const bytes *keys = make_keys(&arena, 2, 3, 3);
    for (size_t count = 0; count < 200; count++) {
        check(&arena, keys, count);
    }
    arena_release(&arena);
}

static void test_sort_by_key_takes_views_of_nothing(void **state)
{
    (void)state; /* no setup */
    struct sort_item items[3] = {
        {.key = {(const uint8_t *)"b", 1}}, {.key = {NULL, 0}}, {.key = {(const uint8_t *)"a", 1}}};
    struct sort_item spare[3];
    sort_by_key(items, spare, 3);
    assert_int_equal(items[0].key.size, 0);
    assert_int_equal(items[1].key.data[0], 'a');
    assert_int_equal(items[2].key.data[0], 'b');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort_by_key_of_many),
        cmocka_unit_test(test_sort_by_key_gives_the_order_of_the_bytes),
        cmocka_unit_test(test_sort_by_key_sorts_few_and_none),
        cmocka_unit_test(test_sort_by_key_takes_views_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
