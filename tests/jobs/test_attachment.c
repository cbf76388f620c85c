/* test_attachment - a photo that is there and cannot be read is told apart from one that is not. */
#include "tests/support/test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "jobs/engine/judging/attachment.h"
#include "tests/support/scratch.h"

enum { OPERATOR = 65534, LIMIT = 100 };

static struct attachment_file look(struct scratch *scratch, const char *path)
{
    return attachment_read(scratch->dir, str_of(path), LIMIT, &scratch->arena);
}

static void test_attachment_read_gives_a_file(void **state)
{
    struct error err = {0};
    (void)state;
    assert_true(
        file_replace(scratch_path(&test_scratch, "a.jpg"), str_bytes(STR("a")), 0644, &err).ok);
    struct attachment_file file = look(&test_scratch, "a.jpg");
    assert_true(file.found);
    assert_int_equal(file.unread, 0);
    assert_true(bytes_equal(file.content, str_bytes(STR("a"))));
}

/* A folder of that name, a link, a way out: there is no photo to be read. */
static void test_attachment_read_finds_no_photo(void **state)
{
    (void)state;
    assert_int_equal(mkdir(scratch_path(&test_scratch, "folder.jpg"), 0755), 0);
    assert_int_equal(symlink("folder.jpg", scratch_path(&test_scratch, "link.jpg")), 0);
    const char *const paths[] = {"none.jpg", "none/a.jpg", "folder.jpg", "link.jpg", "../a.jpg"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct attachment_file file = look(&test_scratch, paths[i]);
        assert_false(file.found);
        assert_int_equal(file.unread, 0);
    }
}

static void test_attachment_read_tells_what_rights_hide(void **state)
{
    struct error err = {0};
    bool is_root = geteuid() == 0;
    (void)state;
    assert_int_equal(chmod(test_scratch.dir, 0755), 0);
    assert_true(
        file_replace(scratch_path(&test_scratch, "a.jpg"), str_bytes(STR("a")), 0600, &err).ok);
    assert_int_equal(chmod(scratch_path(&test_scratch, "a.jpg"), 0), 0);
    assert_int_equal(is_root ? seteuid(OPERATOR) : 0, 0);
    struct attachment_file file = look(&test_scratch, "a.jpg");
    assert_int_equal(is_root ? seteuid(0) : 0, 0);
    assert_false(file.found);
    assert_int_equal(file.unread, EACCES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_attachment_read_gives_a_file),
        scratch_unit_test(test_attachment_read_finds_no_photo),
        scratch_unit_test(test_attachment_read_tells_what_rights_hide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
