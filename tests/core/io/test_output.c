/* test_output - where a user wants a file: regular ones are replaced, all else stays what it is. */
#include "core/io/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static void assert_holds(struct scratch *scratch, const char *path, str wanted)
{
    struct error err = {0};
    bytes content;
    assert_true(file_read(path, &scratch->arena, 100, &content, &err).ok);
    assert_true(bytes_equal(content, str_bytes(wanted)));
}

static void test_output_write_replaces_regular_files(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct stat status;
    const char *path = scratch_path(scratch, "a");
    assert_true(output_write(path, str_bytes(STR("first")), 0644, &err).ok);
    assert_true(output_write(path, str_bytes(STR("second")), 0600, &err).ok);
    assert_holds(scratch, path, STR("second"));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_false(output_write(scratch->dir, str_bytes(STR("x")), 0600, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_false(output_write(scratch_path(scratch, "no/a"), str_bytes(STR("x")), 0600, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
}

static void test_output_write_leaves_pipes_in_their_place(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct stat status;
    char text[8] = {0};
    const char *pipe = scratch_path(scratch, "pipe");
    const char *link = scratch_path(scratch, "to-pipe");
    assert_int_equal(mkfifo(pipe, 0644), 0);
    assert_int_equal(symlink("pipe", link), 0);
    int fd = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(output_write(pipe, str_bytes(STR("one")), 0600, &err).ok);
    assert_true(output_write(link, str_bytes(STR("two")), 0600, &err).ok);
    assert_int_equal(read(fd, text, sizeof text), 6);
    assert_string_equal(text, "onetwo");
    assert_int_equal(lstat(pipe, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(status.st_mode & 0777, 0644);
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(close(fd), 0);
}

static void test_output_write_follows_links_and_keeps_them(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct stat status;
    const char *link = scratch_path(scratch, "link");
    assert_int_equal(symlink("target", link), 0);
    assert_false(output_write(link, str_bytes(STR("x")), 0644, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_CREATED);
    assert_true(
        output_write(scratch_path(scratch, "target"), str_bytes(STR("old")), 0644, &err).ok);
    assert_true(output_write(link, str_bytes(STR("new")), 0644, &err).ok);
    assert_holds(scratch, scratch_path(scratch, "target"), STR("new"));
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void test_output_create_empties_files_and_opens_pipes(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct stat status;
    char text[8] = {0};
    FILE *file = NULL;
    const char *path = scratch_path(scratch, "a");
    const char *pipe = scratch_path(scratch, "pipe");
    assert_true(output_write(path, str_bytes(STR("older")), 0644, &err).ok);
    assert_true(output_create(path, 0600, &file, &err).ok);
    assert_true(fputs("new", file) >= 0 && fclose(file) == 0);
    assert_holds(scratch, path, STR("new"));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(mkfifo(pipe, 0644), 0);
    int fd = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(output_create(pipe, 0600, &file, &err).ok);
    assert_true(fputs("new", file) >= 0 && fclose(file) == 0);
    assert_int_equal(read(fd, text, sizeof text), 3);
    assert_int_equal(lstat(pipe, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(close(fd), 0);
    file = NULL;
    assert_int_equal(symlink("nothing", scratch_path(scratch, "link")), 0);
    assert_false(output_create(scratch_path(scratch, "link"), 0600, &file, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_false(output_create(scratch->dir, 0600, &file, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_null(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_output_write_replaces_regular_files),
        scratch_unit_test(test_output_write_leaves_pipes_in_their_place),
        scratch_unit_test(test_output_write_follows_links_and_keeps_them),
        scratch_unit_test(test_output_create_empties_files_and_opens_pipes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
