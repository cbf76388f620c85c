/* test_blob - kept files: named by their bytes, verified when read. */
#include "core/io/blob.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static bool is_there(struct scratch *scratch, const struct digest *digest)
{
    return file_exists(blob_path(scratch->dir, digest, "", &scratch->arena));
}

static struct digest put(struct scratch *scratch, str content)
{
    struct error err = {0};
    struct blob_batch *batch = NULL;
    struct digest digest;
    assert_true(blob_batch_open(scratch->dir, &batch, &err).ok);
    assert_true(blob_batch_put(batch, str_bytes(content), &digest, &err).ok);
    assert_true(blob_batch_flush(batch, &err).ok);
    blob_batch_close(batch);
    return digest;
}

static void test_blob_get_gives_what_was_put(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct digest digest = put(scratch, STR("abc"));
    struct digest again = put(scratch, STR("abc"));
    bytes back;
    assert_true(digest_equal(&digest, &again));
    assert_true(blob_get(scratch->dir, &digest, &scratch->arena, &back, &err).ok);
    assert_true(bytes_equal(back, str_bytes(STR("abc"))));
    const char *path = blob_path(scratch->dir, &digest, "", &scratch->arena);
    assert_string_equal(path + strlen(scratch->dir),
                        "/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_blob_get_reports_absent_and_altered(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct digest digest = digest_sha256(str_bytes(STR("other")));
    bytes back;
    assert_false(is_there(scratch, &digest));
    assert_false(blob_get(scratch->dir, &digest, &scratch->arena, &back, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    digest = put(scratch, STR("other"));
    assert_true(is_there(scratch, &digest));
    const char *path = blob_path(scratch->dir, &digest, "", &scratch->arena);
    assert_int_equal(chmod(path, 0600), 0);
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, "O", 1, 0), 1);
    assert_int_equal(close(fd), 0);
    assert_false(blob_get(scratch->dir, &digest, &scratch->arena, &back, &err).ok);
    assert_int_equal(err.class, ERROR_CORRUPT);
    assert_int_equal(err.code, MESSAGE_BLOB_ALTERED);
}

static void test_blob_batch_shows_blobs_after_the_flush(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct blob_batch *batch = NULL;
    struct digest digests[40];
    bytes back;
    assert_true(blob_batch_open(scratch->dir, &batch, &err).ok);
    for (int i = 0; i < 40; i++) {
        str text = arena_format(&scratch->arena, "photo %d", i / 2); /* each twice */
        assert_true(blob_batch_put(batch, str_bytes(text), &digests[i], &err).ok);
        assert_false(is_there(scratch, &digests[i]));
    }
    assert_true(blob_batch_flush(batch, &err).ok);
    for (int i = 0; i < 40; i++) {
        str text = arena_format(&scratch->arena, "photo %d", i / 2);
        assert_true(blob_get(scratch->dir, &digests[i], &scratch->arena, &back, &err).ok);
        assert_true(bytes_equal(back, str_bytes(text)));
    }
    struct digest dropped;
    assert_true(blob_batch_put(batch, str_bytes(STR("dropped")), &dropped, &err).ok);
    blob_batch_close(batch);
    assert_false(is_there(scratch, &dropped));
}

static void test_blob_batch_drop_leaves_nothing_and_takes_others(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct blob_batch *batch = NULL;
    struct digest dropped, known;
    assert_true(blob_batch_open(scratch->dir, &batch, &err).ok);
    assert_true(blob_batch_put(batch, str_bytes(STR("a refused one")), &dropped, &err).ok);
    const char *path = blob_path(scratch->dir, &dropped, ".tmp", &scratch->arena);
    assert_true(file_exists(path));
    blob_batch_drop(batch);
    assert_false(file_exists(path));
    known = digest_sha256(str_bytes(STR("another")));
    assert_true(blob_batch_put_known(batch, str_bytes(STR("another")), &known, &err).ok);
    assert_true(blob_batch_flush(batch, &err).ok);
    assert_false(is_there(scratch, &dropped));
    assert_true(is_there(scratch, &known));
    blob_batch_close(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blob_get_gives_what_was_put),
        cmocka_unit_test(test_blob_get_reports_absent_and_altered),
        cmocka_unit_test(test_blob_batch_shows_blobs_after_the_flush),
        cmocka_unit_test(test_blob_batch_drop_leaves_nothing_and_takes_others),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
