/* test_keyring_copy - what a power cut leaves of a keyring is copied, what lost slots is not,
 * and no copy that cannot be read is written over. */
#include "core/io/keyring_copy.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/io/keyring_slot.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { CAPACITY_LAST_BYTE = 23, USED_LAST_BYTE = 31, SUMMED = SLOT_SIZE - SLOT_CHECKSUM_SIZE };

/* A keyring of one person; `used`: what its header says. */
static uint8_t *make_ring(uint8_t used, size_t *ret_size)
{
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t key[SEAL_KEY_SIZE];
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_make(ring, STR("aaaaaaaaaaaaaaaaaaaaaaaa"), key, &err).ok);
    assert_true(keyring_flush(ring, &err).ok);
    keyring_close(ring);
    bytes whole = scratch_read(&test_scratch, scratch_path(&test_scratch, "persons.keys"));
    uint8_t *data = arena_new_raw(&test_scratch.arena, whole.size);
    memcpy(data, whole.data, whole.size);
    assert_int_equal(data[USED_LAST_BYTE], 1);
    data[USED_LAST_BYTE] = used;
    slot_checksum(data, data + SUMMED);
    *ret_size = whole.size;
    return data;
}

static void is_copied(const uint8_t *data, size_t size)
{
    struct error err = {0};
    const char *from = scratch_write(&test_scratch, "persons.keys", data, size);
    const char *to = scratch_path(&test_scratch, "copy");
    assert_true(keyring_copy(from, to, &test_scratch.arena, &err).ok);
    bytes copy = scratch_read(&test_scratch, to);
    assert_int_equal(copy.size, size);
    assert_memory_equal(copy.data, data, size);
}

static void is_damaged(const uint8_t *data, size_t size)
{
    struct error err = {0};
    const char *from = scratch_write(&test_scratch, "persons.keys", data, size);
    assert_false(
        keyring_copy(from, scratch_path(&test_scratch, "copy"), &test_scratch.arena, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
}

static void test_a_keyring_that_lacks_slots_is_damaged(void **state)
{
    size_t size = 0;
    (void)state;
    uint8_t *data = make_ring(1, &size);
    is_copied(data, size);
    memset(data + SLOT_SIZE, 0, SLOT_SIZE);
    is_damaged(data, size);
    is_damaged(data, size - SLOT_SIZE);
}

/* In the format before, a power cut could leave a header ahead of its slots. */
static void test_a_header_of_the_format_before_may_be_ahead(void **state)
{
    size_t size = 0;
    (void)state;
    uint8_t *data = make_ring(9, &size);
    memset(data, 0, USED_LAST_BYTE);
    memcpy(data, "anzheng keys 1\n", 16);
    memset(data + USED_LAST_BYTE + 1, 0, SLOT_BRANCH_SIZE);
    data[CAPACITY_LAST_BYTE] = 1;
    slot_checksum(data, data + SUMMED);
    is_copied(data, size);
    memset(data + SLOT_SIZE, 0, SLOT_SIZE);
    is_damaged(data, size);
}

/* What happens when a header was read. Not static: to clang pread() is an inline function of the
 * C library's headers, which may use no static variable. */
void (*behind_header)(void);

/* Instead of the C library's: the program's own objects call it, too. */
ssize_t pread(int fd, void *out, size_t size, off_t at)
{
    ssize_t count = syscall(SYS_pread64, fd, out, size, at);
    if (at == 0 && size == SLOT_SIZE && behind_header != NULL) {
        behind_header();
    }
    return count;
}

static int headers_before; /* so many headers are read before the writer comes */

/* A writer who takes a keyring of the format before, and makes a key in it. */
static void convert(void)
{
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t key[SEAL_KEY_SIZE];
    if (headers_before-- == 0) {
        behind_header = NULL;
        assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
        assert_true(keyring_make(ring, STR("bbbbbbbbbbbbbbbbbbbbbbbb"), key, &err).ok);
        assert_true(keyring_flush(ring, &err).ok);
        keyring_close(ring);
    }
}

static void find_both(const char *dir, enum key_state second)
{
    struct error err = {0};
    struct keyring *ring = NULL;
    enum key_state found = KEY_ABSENT;
    uint8_t key[SEAL_KEY_SIZE];
    assert_true(keyring_open(dir, STORE_READ, &ring, &err).ok);
    assert_true(keyring_find(ring, STR("aaaaaaaaaaaaaaaaaaaaaaaa"), key, &found, &err).ok);
    assert_int_equal(found, KEY_PRESENT);
    assert_true(keyring_find(ring, STR("bbbbbbbbbbbbbbbbbbbbbbbb"), key, &found, &err).ok);
    assert_int_equal(found, second);
    keyring_close(ring);
}

/* Whoever reads or copies a keyring of the format before while a writer takes it over has the one
 * or the other. */
static void test_a_keyring_that_is_taken_over_meanwhile(void **state)
{
    struct error err = {0};
    size_t size = 0;
    (void)state;
    uint8_t *data = make_ring(1, &size);
    memcpy(data, "anzheng keys 1\n", 16);
    memset(data + USED_LAST_BYTE + 1, 0, SLOT_BRANCH_SIZE);
    data[CAPACITY_LAST_BYTE] = 1;
    slot_checksum(data, data + SUMMED);
    const char *to = scratch_path(&test_scratch, "copied/persons.keys");
    assert_int_equal(mkdir(scratch_path(&test_scratch, "copied"), 0700), 0);
    for (int before = 0; before < 2; before++) {
        const char *from = scratch_write(&test_scratch, "persons.keys", data, size);
        headers_before = before;
        behind_header = convert;
        assert_true(keyring_copy(from, to, &test_scratch.arena, &err).ok);
        assert_null(behind_header);
        find_both(scratch_path(&test_scratch, "copied"), before == 0 ? KEY_PRESENT : KEY_ABSENT);
        assert_int_equal(unlink(to), 0);
    }
    (void)scratch_write(&test_scratch, "persons.keys", data, size);
    headers_before = 0;
    behind_header = convert;
    find_both(test_scratch.dir, KEY_PRESENT);
}

/* Where slots lie says nothing: a copy of the same persons in another order is replaced. */
static void test_a_copy_in_another_order(void **state)
{
    size_t size = 0;
    (void)state;
    uint8_t *data = make_ring(1, &size);
    uint8_t *moved = arena_new(&test_scratch.arena, size + SLOT_SIZE);
    memcpy(moved, data, SLOT_SIZE);
    memcpy(moved + 2 * SLOT_SIZE, data + SLOT_SIZE, SLOT_SIZE);
    is_copied(moved, size + SLOT_SIZE);
    is_copied(data, size);
    is_copied(moved, size + SLOT_SIZE);
}

/* It may have keys that the keyring lacks. */
static void test_a_copy_that_cannot_be_read_stays(void **state)
{
    struct error err = {0};
    struct stat status;
    size_t size = 0;
    (void)state;
    uint8_t *data = make_ring(1, &size);
    const char *from = scratch_write(&test_scratch, "persons.keys", data, size);
    const char *to = scratch_path(&test_scratch, "copy");
    assert_int_equal(mkfifo(to, 0600), 0); /* what the superuser cannot read either */
    assert_false(keyring_copy(from, to, &test_scratch.arena, &err).ok);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
    assert_int_equal(stat(to, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_a_keyring_that_lacks_slots_is_damaged),
        scratch_unit_test(test_a_header_of_the_format_before_may_be_ahead),
        scratch_unit_test(test_a_keyring_that_is_taken_over_meanwhile),
        scratch_unit_test(test_a_copy_in_another_order),
        scratch_unit_test(test_a_copy_that_cannot_be_read_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
