/* test_file_copy - bytes behind another file's: all of them, and never through a link. */
#include "core/io/file_copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "tests/support/test.h"

enum { LARGE = 300000 /* several pieces */ };

static void test_file_append_puts_all_bytes_behind(void **state)
{
    (void)state; /* none */
    char dir[] = "/tmp/anzheng-append-XXXXXX";
    struct arena arena;
    struct error err = {0};
    bytes whole;
    arena_init(&arena, 0);
    assert_non_null(mkdtemp(dir));
    const char *from = arena_format(&arena, "%s/from", dir).data;
    const char *to = arena_format(&arena, "%s/to", dir).data;
    const char *link = arena_format(&arena, "%s/link", dir).data;
    char *large = arena_new(&arena, LARGE);
    for (int i = 0; i < LARGE; i++) {
        large[i] = (char)(i % 251);
    }
    assert_true(file_replace(from, bytes_of(large, LARGE), 0600, &err).ok);
    assert_false(file_append(from, to, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_CREATED);
    assert_true(file_replace(to, str_bytes(STR("head")), 0600, &err).ok);
    assert_int_equal(symlink(to, link), 0);
    assert_false(file_append(from, link, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_CREATED);
    assert_true(file_append(from, to, &err).ok);
    assert_true(file_read(to, &arena, 2 * LARGE, &whole, &err).ok);
    assert_int_equal(whole.size, 4 + LARGE);
    assert_memory_equal(whole.data, "head", 4);
    assert_memory_equal(whole.data + 4, large, LARGE);
    assert_true(file_remove(from, &err).ok);
    assert_false(file_append(from, to, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
    assert_true(file_remove(to, &err).ok);
    assert_true(file_remove(link, &err).ok);
    assert_int_equal(rmdir(dir), 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_append_puts_all_bytes_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
