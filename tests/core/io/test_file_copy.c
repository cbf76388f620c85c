/* test_file_copy - another file's bytes, alone or behind what is there: all of them or nothing, and
 * never through a link. */
#include "core/io/file_copy.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { LARGE = 300000 /* several pieces */ };

static void test_file_append_puts_all_bytes_behind(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    bytes whole;
    const char *from = scratch_path(scratch, "from");
    const char *to = scratch_path(scratch, "to");
    const char *link = scratch_path(scratch, "link");
    char *large = arena_new(&scratch->arena, LARGE);
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
    assert_true(file_read(to, &scratch->arena, 2 * LARGE, &whole, &err).ok);
    assert_int_equal(whole.size, 4 + LARGE);
    assert_memory_equal(whole.data, "head", 4);
    assert_memory_equal(whole.data + 4, large, LARGE);
    assert_true(file_remove(from, &err).ok);
    assert_false(file_append(from, to, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
    assert_true(file_remove(to, &err).ok);
    assert_true(file_remove(link, &err).ok);
}

static void test_file_copy_copies_or_leaves_nothing(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    bytes whole;
    struct stat status;
    const char *from = scratch_path(scratch, "from");
    const char *to = scratch_path(scratch, "to");
    assert_false(file_copy(from, to, 0600, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
    assert_string_equal(err.args[0].text, from);
    assert_int_not_equal(stat(to, &status), 0);
    assert_int_not_equal(stat(scratch_path(scratch, "to.tmp"), &status), 0);
    assert_true(file_replace(from, str_bytes(STR("content")), 0644, &err).ok);
    assert_true(file_copy(from, to, 0600, &err).ok);
    assert_true(file_read(to, &scratch->arena, LARGE, &whole, &err).ok);
    assert_int_equal(whole.size, 7);
    assert_memory_equal(whole.data, "content", 7);
    assert_int_equal(stat(to, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_not_equal(stat(scratch_path(scratch, "to.tmp"), &status), 0);
}

static void test_file_copy_beside_tells_what_went_by(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    bytes whole;
    struct stat status;
    struct file_copied copied = {.size = 1};
    const char *from = scratch_path(scratch, "from");
    const char *to = scratch_path(scratch, "to");
    const char *beside = scratch_path(scratch, "to.tmp");
    assert_false(file_copy_beside(from, to, 0440, &copied, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
    assert_false(file_exists(beside));
    char *large = arena_new(&scratch->arena, LARGE);
    large[LARGE - 1] = 'x';
    assert_true(file_replace(from, bytes_of(large, LARGE), 0640, &err).ok);
    assert_true(file_replace(beside, str_bytes(STR("of a killed run")), 0440, &err).ok);
    mode_t before = umask(077);
    assert_true(file_copy_beside(from, to, 0440, &copied, &err).ok);
    (void)umask(before);
    assert_false(file_exists(to));
    assert_int_equal(stat(beside, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0440);
    assert_true(file_read(beside, &scratch->arena, LARGE, &whole, &err).ok);
    assert_int_equal(whole.size, LARGE);
    assert_memory_equal(whole.data, large, LARGE);
    assert_int_equal(copied.size, LARGE);
    struct digest digest = digest_sha256(whole);
    assert_true(digest_equal(&copied.sha256, &digest));
    assert_true(file_remove(beside, &err).ok);
    assert_int_equal(mkdir(beside, 0700), 0);
    assert_false(file_copy_beside(from, to, 0440, &copied, &err).ok);
    assert_true(file_exists(beside));
    assert_int_equal(rmdir(beside), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_file_append_puts_all_bytes_behind),
        scratch_unit_test(test_file_copy_beside_tells_what_went_by),
        scratch_unit_test(test_file_copy_copies_or_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
