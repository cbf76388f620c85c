/* test_read_ahead - the same bytes whatever the order of the reads. */
#include "core/io/read_ahead.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"

enum { FILE_SIZE = 900 * 1024 + 123 };

static uint8_t byte_of(size_t i)
{
    return (uint8_t)(i * 31 + i / 4096);
}

/* A file without a name. */
static int make_file(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    for (size_t i = 0; i < FILE_SIZE; i++) {
        assert_int_not_equal(fputc(byte_of(i), file), EOF);
    }
    assert_int_equal(fflush(file), 0);
    int fd = dup(fileno(file));
    assert_true(fd >= 0);
    (void)fclose(file); /* the copy of the descriptor keeps it */
    return fd;
}

static void check(struct read_ahead *reader, size_t offset, size_t size)
{
    uint8_t *out = malloc(size);
    assert_non_null(out);
    assert_true(read_ahead_at(reader, offset, out, size));
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(out[i], byte_of(offset + i));
    }
    free(out);
}

/* The bytes, and where they lie. */
static const uint8_t *check_view(struct read_ahead *reader, size_t offset, uint8_t *buffer,
                                 size_t size)
{
    const uint8_t *view = read_ahead_view(reader, offset, buffer, size);
    assert_non_null(view);
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(view[i], byte_of(offset + i));
    }
    return view;
}

static void test_read_ahead_ascending_descending_and_anywhere(void **state)
{
    (void)state;
    struct read_ahead reader;
    int fd = make_file();
    read_ahead_init(&reader, fd);
    for (size_t at = 0; at + 4096 <= FILE_SIZE; at += 4096) {
        check(&reader, at, 4096);
    }
    for (size_t at = FILE_SIZE - 4096; at >= 5000; at -= 5000) {
        check(&reader, at, 4096);
    }
    for (size_t i = 0; i < 500; i++) {
        check(&reader, i * 7919 * 104729 % (FILE_SIZE - 600), i % 600 + 1);
    }
    check(&reader, 3, FILE_SIZE - 3);
    read_ahead_release(&reader);
    (void)close(fd); /* only read */
}

static void test_read_ahead_refuses_what_is_behind_the_end(void **state)
{
    (void)state;
    struct read_ahead reader;
    uint8_t out[4096];
    int fd = make_file();
    read_ahead_init(&reader, fd);
    assert_true(read_ahead_at(&reader, FILE_SIZE - 100, out, 100));
    assert_false(read_ahead_at(&reader, FILE_SIZE - 100, out, 101));
    assert_false(read_ahead_at(&reader, FILE_SIZE, out, 1));
    assert_false(read_ahead_at(&reader, UINT64_MAX / 2, out, 4096));
    assert_true(read_ahead_at(&reader, 0, out, 4096));
    read_ahead_release(&reader);
    (void)close(fd); /* only read */
}

/* What is not in the window lies in the buffer, what ascends in the window: the buffer is free. */
static void test_read_ahead_view_copies_only_what_it_must(void **state)
{
    (void)state;
    struct read_ahead reader;
    uint8_t buffer[4096];
    int fd = make_file();
    read_ahead_init(&reader, fd);
    assert_ptr_equal(check_view(&reader, 500000, buffer, 4096), buffer);
    for (size_t at = 504096; at + 4096 <= FILE_SIZE; at += 4096) {
        assert_ptr_not_equal(check_view(&reader, at, buffer, 4096), buffer);
    }
    assert_ptr_equal(check_view(&reader, 4096, buffer, 4096), buffer);
    assert_null(read_ahead_view(&reader, FILE_SIZE - 100, buffer, 101));
    (void)check_view(&reader, FILE_SIZE - 100, buffer, 100);
    read_ahead_release(&reader);
    (void)close(fd); /* only read */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_ahead_ascending_descending_and_anywhere),
        cmocka_unit_test(test_read_ahead_refuses_what_is_behind_the_end),
        cmocka_unit_test(test_read_ahead_view_copies_only_what_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
