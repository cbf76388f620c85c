/* test_file - whole files: limits, replacement, batches. */
#include "core/io/file.h"
#include "core/io/file_batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file_copy.h"
#include "core/io/file_digest.h"
#include "core/io/flush.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { OPERATOR = 65534 }; /* any user but root */

static void test_file_read_gives_what_was_replaced(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct stat status;
    bytes content;
    const char *path = scratch_path(scratch, "a");
    assert_true(file_replace(path, str_bytes(STR("first")), 0644, &err).ok);
    assert_true(file_replace(path, str_bytes(STR("second")), 0600, &err).ok);
    assert_true(file_read(path, &scratch->arena, 6, &content, &err).ok);
    assert_true(bytes_equal(content, str_bytes(STR("second"))));
    assert_int_equal(content.data[content.size], 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_false(file_exists(scratch_path(scratch, "a.tmp")));
    assert_false(file_read(path, &scratch->arena, 5, &content, &err).ok);
    assert_int_equal(err.class, ERROR_MALFORMED);
    assert_int_equal(err.code, MESSAGE_FILE_TOO_LARGE);
}

static void test_file_read_misses_the_absent_and_directories(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    bytes content = {NULL, 7};
    assert_false(file_read(scratch_path(scratch, "none"), &scratch->arena, 9, &content, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
    assert_false(file_read(scratch->dir, &scratch->arena, 9, &content, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    assert_int_equal(content.size, 7);
}

/* Nobody is there to write into the pipe: whoever opened it as a file would wait for ever. */
static void test_file_read_waits_for_no_pipe_and_no_device(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    bytes content;
    struct digest digest;
    const char *pipe = scratch_path(scratch, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    const char *const paths[] = {pipe, "/dev/null", "/dev/zero"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        err = (struct error){0};
        assert_false(file_read(paths[i], &scratch->arena, 9, &content, &err).ok);
        assert_int_equal(err.class, ERROR_MISSING);
        assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
        err = (struct error){0};
        assert_false(file_digest(paths[i], &digest, &err).ok);
        assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
        err = (struct error){0};
        assert_false(file_copy(paths[i], scratch_path(scratch, "copy"), 0600, &err).ok);
        assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
    }
}

static void test_file_read_takes_files_without_a_size(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    bytes content;
    assert_true(file_read("/proc/self/maps", &scratch->arena, 1 << 20, &content, &err).ok);
    assert_true(content.size > 100);
    assert_false(file_read("/proc/self/maps", &scratch->arena, 50, &content, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_TOO_LARGE);
}

static void test_file_replace_cannot_create_without_a_directory(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    const char *path = scratch_path(scratch, "x/y/z");
    assert_false(file_replace(path, str_bytes(STR("1")), 0644, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_true(directory_make(scratch_path(scratch, "x/y"), 0755, &err).ok);
    assert_true(directory_make(scratch_path(scratch, "x/y"), 0755, &err).ok);
    assert_true(file_replace(path, str_bytes(STR("1")), 0644, &err).ok);
    assert_false(directory_make(scratch_path(scratch, "x/y/z/w"), 0755, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    uint64_t size = 0;
    assert_true(file_size(path, &size, &err).ok);
    assert_int_equal(size, 1);
    assert_true(file_remove(path, &err).ok);
    assert_true(file_remove(path, &err).ok);
    assert_false(file_exists(path));
    assert_false(file_size(path, &size, &err).ok);
}

static void test_file_replace_reports_a_full_disk(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    static uint8_t large[256 * 1024];
    const char *dir = scratch_path(scratch, "small");
    const char *path = scratch_path(scratch, "small/f");
    assert_true(directory_make(dir, 0755, &err).ok);
    if (mount("tmpfs", dir, "tmpfs", 0, "size=64k") != 0) {
        print_message("skipped: no right to mount a small tmpfs\n");
        skip();
    }
    assert_true(file_replace(path, str_bytes(STR("kept")), 0644, &err).ok);
    outcome result = file_replace(path, bytes_of(large, sizeof large), 0644, &err);
    bytes content = {NULL, 0};
    struct error other = {0};
    outcome reading = file_read(path, &scratch->arena, 10, &content, &other);
    bool has_leftover = file_exists(scratch_path(scratch, "small/f.tmp"));
    assert_int_equal(umount(dir), 0);
    assert_false(result.ok);
    assert_int_equal(err.class, ERROR_RESOURCE);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_WRITABLE);
    assert_true(reading.ok && bytes_equal(content, str_bytes(STR("kept"))));
    assert_false(has_leftover);
}

static void batch_of(struct scratch *scratch, int count)
{
    struct error err = {0};
    struct file_batch *batch = NULL;
    bytes content;
    assert_true(file_batch_open(&batch, &err).ok);
    for (int i = 0; i < count; i++) {
        str text = arena_format(&scratch->arena, "content %d of %d", i, count);
        const char *path = scratch_path(
            scratch, arena_format(&scratch->arena, "batch-%d-%d", count, i % (count - 1)).data);
        assert_true(file_batch_add(batch, path, str_bytes(text), 0640, &err).ok);
        assert_false(file_exists(path));
    }
    assert_int_equal(file_batch_count(batch), count);
    assert_true(file_batch_flush(batch, &err).ok);
    assert_int_equal(file_batch_count(batch), 0);
    for (int i = 1; i < count; i++) { /* the last one was added under the first one's name */
        const char *path = scratch_path(
            scratch, arena_format(&scratch->arena, "batch-%d-%d", count, i % (count - 1)).data);
        str text = arena_format(&scratch->arena, "content %d of %d", i, count);
        assert_true(file_read(path, &scratch->arena, 100, &content, &err).ok);
        assert_true(bytes_equal(content, str_bytes(text)));
    }
    file_batch_close(batch);
}

static void test_file_create_opens_only_what_is_new(void **state)
{
    struct scratch *f = *state;
    struct error err = {0};
    struct stat status;
    FILE *file = NULL;
    const char *path = arena_format(&f->arena, "%s/new", f->dir).data;
    const char *link = arena_format(&f->arena, "%s/link", f->dir).data;
    assert_true(file_create(path, 0600, &file, &err).ok);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    file = NULL;
    assert_false(file_create(path, 0600, &file, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_int_equal(symlink(arena_format(&f->arena, "%s/other", f->dir).data, link), 0);
    assert_false(file_create(link, 0600, &file, &err).ok);
    assert_null(file);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(unlink(path), 0);
}

/* A stream that lost bytes is not whole because the last ones found room. */
static void test_file_finish_tells_of_a_write_that_failed_before(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    FILE *file = NULL;
    const char *path = scratch_path(scratch, "lost");
    assert_true(file_create(path, 0600, &file, &err).ok);
    assert_int_equal(fgetc(file), EOF); /* a failure like any other: it is open to write only */
    assert_true(fputs("the rest", file) >= 0);
    assert_false(file_finish(file, path, &err).ok);
    assert_int_equal(err.class, ERROR_RESOURCE);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_WRITABLE);
}

static void test_file_batch_shows_files_after_the_flush(void **state)
{
    batch_of(*state, 4);
    batch_of(*state, 60);
}

static void test_file_batch_close_drops_what_was_not_flushed(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct file_batch *batch = NULL;
    const char *path = scratch_path(scratch, "dropped");
    assert_true(file_batch_open(&batch, &err).ok);
    assert_true(file_batch_add(batch, path, str_bytes(STR("x")), 0644, &err).ok);
    assert_true(file_exists(scratch_path(scratch, "dropped.tmp")));
    file_batch_close(batch);
    assert_false(file_exists(path));
    assert_false(file_exists(scratch_path(scratch, "dropped.tmp")));
    assert_true(file_write_new(path, str_bytes(STR("x")), 0644, &err).ok);
    assert_true(file_sync_tree(scratch->dir, &err).ok);
    assert_true(file_exists(path));
    assert_false(file_sync_tree(scratch_path(scratch, "nowhere"), &err).ok);
}

static void test_file_batch_adopt_takes_what_another_wrote(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct file_batch *batch = NULL;
    bytes content;
    const char *path = scratch_path(scratch, "new/folder/file"),
               *left = scratch_path(scratch, "left");
    assert_true(file_batch_write(path, str_bytes(STR("first")), 0600, &err).ok);
    assert_true(file_batch_write(path, str_bytes(STR("then")), 0640, &err).ok);
    assert_false(file_exists(path));
    assert_true(file_batch_open(&batch, &err).ok);
    file_batch_adopt(batch, path);
    assert_int_equal(file_batch_count(batch), 1);
    assert_true(file_batch_flush(batch, &err).ok);
    assert_int_equal(file_batch_count(batch), 0);
    assert_true(file_read(path, &scratch->arena, 100, &content, &err).ok);
    assert_true(bytes_equal(content, str_bytes(STR("then"))));
    assert_true(file_batch_write(left, str_bytes(STR("x")), 0600, &err).ok);
    file_batch_adopt(batch, left);
    file_batch_close(batch);
    assert_false(file_exists(scratch_path(scratch, "left.tmp")));
}

/* Two batches behind each other: the first one's names come with the second one's bytes. */
static void advance_batches_of(struct scratch *scratch, int count)
{
    struct error err = {0};
    struct file_batch *batches[3];
    struct flush flush = {0};
    const char *paths[2][60];
    for (int i = 0; i < 3; i++) {
        assert_true(file_batch_open(&batches[i], &err).ok);
    }
    for (int i = 0; i < 2 * count; i++) {
        str name = arena_format(&scratch->arena, "advance-%d/%d/%d", count, i % 3, i);
        const char *path = paths[i % 2][i / 2] = scratch_path(scratch, name.data);
        assert_true(file_batch_write(path, str_bytes(name), 0640, &err).ok);
        file_batch_adopt(batches[i % 2], path);
    }
    for (int step = 0; step < 3; step++) { /* batches[2] is empty */
        flush_start(&flush, batches[step < 2 ? step : 2], batches[step > 0 ? step - 1 : 2]);
        assert_true(flush_wait(&flush, &err).ok);
        assert_true(flush_wait(&flush, &err).ok); /* nothing was begun since */
        for (int i = 0; i < 2 * count; i++) {
            assert_int_equal(file_exists(paths[i % 2][i / 2]), i % 2 <= step);
        }
        assert_int_equal(file_batch_count(batches[0]), step < 1 ? count : 0);
        assert_int_equal(file_batch_count(batches[1]), step < 2 ? count : 0);
    }
    for (int i = 0; i < 3; i++) {
        file_batch_close(batches[i]);
    }
    assert_true(file_exists(paths[0][0]) && file_exists(paths[1][count - 1]));
}

static void test_file_batch_advance_takes_one_batch_behind_the_other(void **state)
{
    advance_batches_of(*state, 3);
    advance_batches_of(*state, 60);
}

static void test_flush_wait_tells_what_went_wrong(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct file_batch *batch = NULL, *none = NULL;
    struct flush flush = {0};
    assert_true(file_batch_open(&batch, &err).ok);
    assert_true(file_batch_open(&none, &err).ok);
    file_batch_adopt(batch, scratch_path(scratch, "never written"));
    flush_start(&flush, batch, none);
    assert_false(flush_wait(&flush, &err).ok);
    assert_int_equal(err.class, ERROR_RESOURCE);
    assert_true(flush_wait(&flush, &err).ok); /* said once */
    file_batch_close(batch);
    file_batch_close(none);
    assert_false(file_batch_write("/proc/nowhere/file", str_bytes(STR("x")), 0600, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
}

/* What was read-only already when its writer was killed is in nobody's way, also where the operator
 * is not root, who may write everything. */
static void test_file_batch_and_replace_take_over_what_is_read_only(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct file_batch *batch = NULL;
    bytes content;
    const char *dir = scratch_path(scratch, "of-operator");
    const char *added = arena_format(&scratch->arena, "%s/added", dir).data;
    const char *replaced = arena_format(&scratch->arena, "%s/replaced", dir).data;
    bool is_root = geteuid() == 0;
    assert_int_equal(chmod(scratch->dir, 0755), 0);
    assert_int_equal(mkdir(dir, 0777), 0);
    assert_int_equal(chmod(dir, 0777), 0);
    assert_int_equal(is_root ? seteuid(OPERATOR) : 0, 0);
    assert_true(file_batch_write(added, str_bytes(STR("killed")), 0440, &err).ok);
    assert_true(file_batch_write(replaced, str_bytes(STR("killed")), 0440, &err).ok);
    assert_true(file_batch_open(&batch, &err).ok);
    outcome again = file_batch_add(batch, added, str_bytes(STR("whole")), 0440, &err);
    outcome flushed = again.ok ? file_batch_flush(batch, &err) : again;
    outcome placed = file_replace(replaced, str_bytes(STR("whole")), 0440, &err);
    file_batch_close(batch);
    assert_int_equal(is_root ? seteuid(0) : 0, 0);
    assert_true(flushed.ok);
    assert_true(placed.ok);
    assert_true(file_read(added, &scratch->arena, 9, &content, &err).ok);
    assert_true(bytes_equal(content, str_bytes(STR("whole"))));
    assert_true(file_read(replaced, &scratch->arena, 9, &content, &err).ok);
    assert_true(bytes_equal(content, str_bytes(STR("whole"))));
}

static void test_directory_make_tells_why_it_cannot(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    const char *path = scratch_path(scratch, "to-nothing");
    assert_int_equal(symlink("nowhere", path), 0);
    assert_false(directory_make(path, 0755, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_string_equal(err.args[1].text, strerror(EEXIST)); /* not what looking at it said */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_read_gives_what_was_replaced),
        cmocka_unit_test(test_file_read_misses_the_absent_and_directories),
        cmocka_unit_test(test_file_read_waits_for_no_pipe_and_no_device),
        cmocka_unit_test(test_file_read_takes_files_without_a_size),
        cmocka_unit_test(test_file_replace_cannot_create_without_a_directory),
        cmocka_unit_test(test_file_replace_reports_a_full_disk),
        cmocka_unit_test(test_file_create_opens_only_what_is_new),
        cmocka_unit_test(test_file_finish_tells_of_a_write_that_failed_before),
        cmocka_unit_test(test_file_batch_shows_files_after_the_flush),
        cmocka_unit_test(test_file_batch_close_drops_what_was_not_flushed),
        cmocka_unit_test(test_file_batch_adopt_takes_what_another_wrote),
        cmocka_unit_test(test_file_batch_advance_takes_one_batch_behind_the_other),
        cmocka_unit_test(test_flush_wait_tells_what_went_wrong),
        cmocka_unit_test(test_file_batch_and_replace_take_over_what_is_read_only),
        cmocka_unit_test(test_directory_make_tells_why_it_cannot),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
