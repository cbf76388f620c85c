/* test_private - files for nobody else: which are read, and how lines are added. */
#include "tests/support/test.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "core/io/private.h"
#include "tests/support/scratch.h"

static const char *put(const char *text, mode_t mode)
{
    struct error err;
    const char *path = scratch_path(&test_scratch, "secret");
    assert_true(file_replace(path, str_bytes(str_of(text)), mode, &err).ok);
    return path;
}

static void assert_refused(const char *path, enum error_class class, int code)
{
    struct error err = {0};
    str got = STR("old");
    assert_false(private_read(path, &test_scratch.arena, &got, &err).ok);
    assert_int_equal(err.class, class);
    assert_int_equal(err.code, code);
    assert_true(str_equal_c(got, "old"));
}

static void test_read_takes_the_first_line(void **state)
{
    (void)state;
    struct error err;
    str got;
    assert_true(
        private_read(put("  Bearer geheim \r\nmore\n", 0600), &test_scratch.arena, &got, &err).ok);
    assert_true(str_equal_c(got, "Bearer geheim"));
    assert_true(private_read(put("x", 0400), &test_scratch.arena, &got, &err).ok);
    assert_true(str_equal_c(got, "x"));
}

static bool holds(const struct arena *arena, const char *text)
{
    bool found = false;
    for (const struct arena_chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        size_t size = chunk->used > 0 ? chunk->used : chunk->size; /* one block a chunk: no use */
        found = found || memmem(chunk->data, size, text, strlen(text)) != NULL;
    }
    return found;
}

/* Of a private key only the first line is looked at: the key itself must not lie about. */
static void test_read_leaves_nothing_else_in_memory(void **state)
{
    (void)state;
    struct error err;
    struct arena arena;
    str got;
    arena_init(&arena, 0);
    assert_true(private_read(put("-----BEGIN\ngeheim\n", 0600), &arena, &got, &err).ok);
    assert_true(str_equal_c(got, "-----BEGIN"));
    assert_true(holds(&arena, "-----BEGIN"));
    assert_false(holds(&arena, "geheim"));
    assert_false(private_read(put("\x01geheim\n", 0600), &arena, &got, &err).ok);
    assert_false(holds(&arena, "geheim"));
    arena_release(&arena);
}

static void test_read_refuses_what_others_can_use(void **state)
{
    (void)state;
    assert_refused(put("geheim\n", 0640), ERROR_CONFIG, MESSAGE_FILE_NOT_PRIVATE);
    assert_refused(put("geheim\n", 0604), ERROR_CONFIG, MESSAGE_FILE_NOT_PRIVATE);
    assert_refused(put("geheim\n", 0620), ERROR_CONFIG, MESSAGE_FILE_NOT_PRIVATE);
    assert_refused(test_scratch.dir, ERROR_CONFIG, MESSAGE_FILE_NOT_PRIVATE);
    assert_refused(scratch_path(&test_scratch, "nothing"), ERROR_MISSING,
                   MESSAGE_FILE_NOT_READABLE);
}

static void test_read_refuses_what_no_header_can_be(void **state)
{
    (void)state;
    assert_refused(put("", 0600), ERROR_CONFIG, MESSAGE_FILE_NO_SECRET);
    assert_refused(put(" \nx\n", 0600), ERROR_CONFIG, MESSAGE_FILE_NO_SECRET);
    assert_refused(put("a\rb\n", 0600), ERROR_CONFIG, MESSAGE_FILE_NO_SECRET);
    assert_refused(put("密\n", 0600), ERROR_CONFIG, MESSAGE_FILE_NO_SECRET);
    char *most = arena_new(&test_scratch.arena, 4098);
    memset(most, 'x', 4097);
    most[4097] = '\0';
    assert_refused(put(most, 0600), ERROR_CONFIG, MESSAGE_FILE_NO_SECRET);
    most[4096] = '\0';
    struct error err;
    str got;
    assert_true(private_read(put(most, 0600), &test_scratch.arena, &got, &err).ok);
    assert_int_equal(got.size, 4096);
}

static void test_append_adds_private_lines(void **state)
{
    (void)state;
    struct error err;
    struct stat status;
    bytes got;
    const char *path = scratch_path(&test_scratch, "out");
    assert_true(private_append(path, STR("one"), &err).ok);
    assert_true(private_append(path, STR("two"), &err).ok);
    assert_true(file_read(path, &test_scratch.arena, 100, &got, &err).ok);
    assert_int_equal(got.size, 8);
    assert_memory_equal(got.data, "one\ntwo\n", 8);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

/* A disk that has room for three bytes more. */
static void test_append_leaves_no_part_of_a_line(void **state)
{
    (void)state;
    struct error err = {0};
    struct rlimit usual;
    bytes got;
    const char *path = scratch_path(&test_scratch, "out");
    assert_true(private_append(path, STR("one"), &err).ok);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    struct rlimit narrow = {.rlim_cur = 7, .rlim_max = usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &narrow), 0);
    outcome done = private_append(path, STR("twenty"), &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_false(done.ok);
    assert_int_equal(err.class, ERROR_RESOURCE);
    assert_true(private_append(path, STR("three"), &err).ok);
    assert_true(file_read(path, &test_scratch.arena, 100, &got, &err).ok);
    assert_int_equal(got.size, 10);
    assert_memory_equal(got.data, "one\nthree\n", 10);
}

static void test_append_refuses_links_and_open_files(void **state)
{
    (void)state;
    struct error err = {0};
    bytes got;
    const char *path = put("", 0644);
    const char *link = scratch_path(&test_scratch, "link");
    assert_false(private_append(path, STR("geheim"), &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_PRIVATE);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(symlink(path, link), 0);
    assert_false(private_append(link, STR("geheim"), &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_true(file_read(path, &test_scratch.arena, 100, &got, &err).ok);
    assert_int_equal(got.size, 0);
    assert_false(private_append("/nothing/there", STR("geheim"), &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
}

static void test_append_refuses_devices(void **state)
{
    (void)state;
    struct error err = {0};
    assert_false(private_append("/dev/full", STR("x"), &err).ok); /* no regular file, at that */
    assert_int_equal(err.code, MESSAGE_FILE_NOT_PRIVATE);
}

static unsigned folders_flushed;

/* Instead of the C library's: the program's own objects call it, too. */
int fsync(int fd)
{
    struct stat status;
    folders_flushed += fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
    return 0;
}

static void test_append_makes_a_new_name_durable(void **state)
{
    (void)state;
    struct error err = {0};
    const char *path = scratch_path(&test_scratch, "out");
    folders_flushed = 0;
    assert_true(private_append(path, STR("one"), &err).ok);
    assert_int_equal(folders_flushed, 1);
    assert_true(private_append(path, STR("two"), &err).ok);
    assert_int_equal(folders_flushed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_read_takes_the_first_line),
        scratch_unit_test(test_read_leaves_nothing_else_in_memory),
        scratch_unit_test(test_read_refuses_what_others_can_use),
        scratch_unit_test(test_read_refuses_what_no_header_can_be),
        scratch_unit_test(test_append_adds_private_lines),
        scratch_unit_test(test_append_makes_a_new_name_durable),
        scratch_unit_test(test_append_leaves_no_part_of_a_line),
        scratch_unit_test(test_append_refuses_links_and_open_files),
        scratch_unit_test(test_append_refuses_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
