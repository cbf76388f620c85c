/* test_lack - what the machine has too little of is no fault of the file that was to be opened: who
 * reads a file, the hash key or a signer's key is told RESOURCE, and not to restore them. */
#include "tests/support/test.h"

#include <sys/resource.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "core/io/seal.h"
#include "core/io/sign.h"
#include "tests/support/scratch.h"

static void assert_lack(outcome result, const struct error *err)
{
    assert_false(result.ok);
    assert_int_equal(err->class, ERROR_RESOURCE);
    assert_int_equal(err->code, MESSAGE_FILE_NOT_READABLE);
}

static void test_no_descriptor_is_left(void **state)
{
    (void)state;
    struct error err = {0};
    struct signer *signer = NULL;
    struct rlimit before;
    uint8_t key[SEAL_KEY_SIZE];
    bytes content = {0};
    const char *dir = test_scratch.dir;
    assert_true(hash_key_make(dir, &err).ok);
    const char *path = scratch_path(&test_scratch, "hash.key");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit none = {0, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    outcome file = file_read(path, &test_scratch.arena, 4096, &content, &err);
    struct error of_hash_key = {0}, of_signer = {0};
    outcome hash_key = hash_key_load(dir, key, &of_hash_key);
    outcome opened = signer_open(path, path, NULL, &signer, &of_signer);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_lack(file, &err);
    assert_lack(hash_key, &of_hash_key);
    assert_lack(opened, &of_signer);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        scratch_unit_test(test_no_descriptor_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
