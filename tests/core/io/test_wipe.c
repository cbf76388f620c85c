/* test_wipe - a wiped file is gone, and its bytes were overwritten before. */
#include "tests/support/test.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "core/io/wipe.h"
#include "tests/support/scratch.h"

static void test_file_wipe_overwrites_and_removes(void **state)
{
    struct error err = {0};
    static uint8_t content[200000];
    (void)state;
    memset(content, 'x', sizeof content);
    const char *path = scratch_path(&test_scratch, "photo");
    const char *other = scratch_path(&test_scratch, "another-name");
    assert_true(file_replace(path, bytes_of(content, sizeof content), 0440, &err).ok);
    assert_int_equal(link(path, other), 0); /* what was written is seen by the other name */
    assert_true(file_wipe(path, &err).ok);
    assert_false(file_exists(path));
    bytes left = scratch_read(&test_scratch, other);
    assert_int_equal(left.size, sizeof content);
    for (size_t i = 0; i < left.size; i++) {
        assert_int_equal(left.data[i], 0);
    }
}

static void test_file_wipe_finds_an_absent_file_fine(void **state)
{
    struct error err = {0};
    (void)state;
    assert_true(file_wipe(scratch_path(&test_scratch, "nothing"), &err).ok);
}

static void test_file_wipe_tells_what_it_cannot_write(void **state)
{
    struct error err = {0};
    (void)state;
    const char *path = scratch_path(&test_scratch, "folder");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(file_wipe(path, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_WRITABLE);
    assert_true(file_exists(path));
}

static void test_file_wipe_follows_no_link(void **state)
{
    struct error err = {0};
    struct stat status;
    (void)state;
    const char *target = scratch_path(&test_scratch, "elsewhere");
    const char *path = scratch_path(&test_scratch, "photo");
    assert_true(file_replace(target, str_bytes(STR("theirs")), 0440, &err).ok);
    assert_int_equal(symlink(target, path), 0);
    assert_false(file_wipe(path, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_WRITABLE);
    assert_true(bytes_equal(scratch_read(&test_scratch, target), str_bytes(STR("theirs"))));
    assert_int_equal(stat(target, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0440);
}

static void test_file_wipe_waits_for_no_reader(void **state)
{
    struct error err = {0};
    (void)state;
    const char *path = scratch_path(&test_scratch, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(file_wipe(path, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_WRITABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_file_wipe_overwrites_and_removes),
        scratch_unit_test(test_file_wipe_finds_an_absent_file_fine),
        scratch_unit_test(test_file_wipe_tells_what_it_cannot_write),
        scratch_unit_test(test_file_wipe_follows_no_link),
        scratch_unit_test(test_file_wipe_waits_for_no_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
