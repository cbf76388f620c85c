/* test_arena - memory by lifetime. */
#include <signal.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "tests/support/test.h"

static void test_arena_new_is_zeroed_and_aligned(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    arena_init(&arena, 0);
    for (int round = 0; round < 2; round++) { /* the second round uses the chunks again */
        for (size_t size = 0; size < 300; size++) {
            uint8_t *block = arena_new(&arena, size);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(block[i], 0);
            }
            memset(block, 0xff, size);
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
}

static void test_arena_blocks_do_not_overlap(void **state)
{
    (void)state; /* no setup */
    enum { COUNT = 2000 };
    struct arena arena;
    static uint32_t *blocks[COUNT];
    arena_init(&arena, 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        blocks[i] = ARENA_ARRAY(&arena, uint32_t, 1 + i % 50);
        for (uint32_t j = 0; j < 1 + i % 50; j++) {
            blocks[i][j] = i;
        }
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        for (uint32_t j = 0; j < 1 + i % 50; j++) {
            assert_int_equal(blocks[i][j], i);
        }
    }
    arena_release(&arena);
}

static void test_arena_new_gives_blocks_larger_than_a_chunk(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    arena_init(&arena, 0);
    for (int round = 0; round < 3; round++) {
        char *small = arena_new(&arena, 16);
        char *large = arena_new(&arena, 1000000);
        char *again = arena_new(&arena, 16);
        memset(large, 1, 1000000);
        assert_int_equal(small[15], 0);
        assert_int_equal(again[0], 0);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* Under AddressSanitizer each is a block of its own, which begins where malloc says. */
static void test_arena_buffer_begins_with_a_line_of_the_cache(void **state)
{
    (void)state; /* no setup */
    static const size_t sizes[] = {0, 1, 63, 64, 65, 70000, 1000000};
    enum { COUNT = sizeof sizes / sizeof sizes[0] };
    struct arena arena;
    uint8_t *buffers[COUNT];
    arena_init(&arena, 0);
    for (size_t i = 0; i < COUNT; i++) {
        (void)arena_new(&arena, 1 + i * 16); /* so that each begins elsewhere */
        buffers[i] = arena_buffer(&arena, sizes[i]);
        assert_true(ARENA_SEPARATE || (uintptr_t)buffers[i] % ARENA_BUFFER_ALIGNMENT == 0);
        memset(buffers[i], (int)i, sizes[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal(buffers[i][k], i);
        }
    }
    arena_release(&arena);
}

static void test_arena_copies_end_with_nul(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    arena_init(&arena, 0);
    assert_string_equal(arena_str(&arena, str_first(STR("abcdef"), 3)).data, "abc");
    assert_string_equal(arena_c_string(&arena, (str){NULL, 0}), "");
    assert_string_equal(arena_format(&arena, "%d-%s", 7, "x").data, "7-x");
    bytes copy = arena_bytes(&arena, bytes_of("a\0b", 3));
    assert_memory_equal(copy.data, "a\0b", 4);
    arena_release(&arena);
}

/* Around the end of a chunk: whatever is left of it, and texts larger than any. */
static void test_arena_format_is_whole_wherever_it_stands(void **state)
{
    (void)state; /* no setup */
    enum { ROOM = 64 * 1024, LONGEST = 40, STEP = 7 };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t used = ROOM - 20 * LONGEST; used < ROOM + LONGEST; used += STEP) {
        arena_reset(&arena);
        (void)arena_new_raw(&arena, used);
        str before = STR("");
        for (int width = 1; width <= LONGEST; width++) {
            str text = arena_format(&arena, "%*d", width, 7);
            assert_int_equal(text.size, width);
            assert_int_equal(strlen(text.data), width);
            assert_int_equal(text.data[width - 1], '7');
            assert_true(before.size == 0 || before.data[before.size - 1] == '7');
            before = text;
        }
    }
    str large = arena_format(&arena, "%*d", 3 * ROOM, 7);
    assert_int_equal(large.size, 3 * ROOM);
    assert_int_equal(large.data[large.size - 1], '7');
    arena_release(&arena);
}

static void test_arena_join_puts_texts_behind_each_other(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    str text = ARENA_JOIN(&arena, STR("安"), STR(""), (str){NULL, 0}, STR("全-"), STR("x"));
    assert_true(str_equal(text, STR("安全-x")));
    assert_int_equal(text.data[text.size], 0);
    text = arena_join(&arena, NULL, 0);
    assert_int_equal(text.size, 0);
    assert_int_equal(text.data[0], 0);
    arena_release(&arena);
}

static void test_arena_grow_keeps_the_items(void **state)
{
    (void)state; /* no setup */
    enum { COUNT = 1000 };
    struct arena arena;
    uint32_t *items = NULL;
    size_t capacity = 0;
    int moves = 0;
    arena_init(&arena, 0);
    for (uint32_t count = 0; count < COUNT; count++) {
        const uint32_t *before = items;
        ARENA_GROW(&arena, items, count, &capacity);
        moves += items != before;
        assert_true(capacity > count);
        assert_int_equal(items[count], 0);
        items[count] = count + 1;
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(items[i], i + 1);
    }
    assert_in_range(moves, 1, 10); /* a copy only when it is full */
    arena_release(&arena);
}

/* What is asked of an arena that has used so many bytes ends the process. */
static int ends_with(size_t limit_bytes, size_t used, size_t item_size, size_t count)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct arena arena;
        volatile size_t unforeseen = count;
        (void)close(STDERR_FILENO); /* what it says is not for us */
        arena_init(&arena, limit_bytes);
        if (used > 0) {
            (void)arena_new(&arena, used);
        }
        _exit(arena_new(&arena, arena_array_size(item_size, unforeseen)) == NULL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void check_is_bug(size_t limit_bytes, size_t used, size_t item_size, size_t count)
{
    int status = ends_with(limit_bytes, used, item_size, count);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* What there is no memory for is no mistake of the program (CONTRACT 1: 74). */
static void test_arena_without_memory_ends_as_a_resource_error(void **state)
{
    (void)state; /* no setup */
    if (ARENA_SEPARATE) {
        skip(); /* the sanitizer ends it its own way */
    }
    int status = ends_with(SIZE_MAX, 0, 1, SIZE_MAX / 4);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 74);
}

static void test_arena_array_that_has_no_size_is_a_bug(void **state)
{
    (void)state;                                                           /* no setup */
    check_is_bug(0, 0, sizeof(uint64_t), SIZE_MAX / sizeof(uint64_t) + 2); /* as one would be */
    check_is_bug(0, 64, 1, SIZE_MAX - 31); /* with what is used it would be less than the limit */
    check_is_bug(SIZE_MAX, 0, 1, SIZE_MAX - 31); /* and with the chunk's head nothing */
    assert_int_equal(arena_array_size(24, 1000), 24000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_new_is_zeroed_and_aligned),
        cmocka_unit_test(test_arena_blocks_do_not_overlap),
        cmocka_unit_test(test_arena_new_gives_blocks_larger_than_a_chunk),
        cmocka_unit_test(test_arena_buffer_begins_with_a_line_of_the_cache),
        cmocka_unit_test(test_arena_copies_end_with_nul),
        cmocka_unit_test(test_arena_format_is_whole_wherever_it_stands),
        cmocka_unit_test(test_arena_join_puts_texts_behind_each_other),
        cmocka_unit_test(test_arena_grow_keeps_the_items),
        cmocka_unit_test(test_arena_array_that_has_no_size_is_a_bug),
        cmocka_unit_test(test_arena_without_memory_ends_as_a_resource_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
