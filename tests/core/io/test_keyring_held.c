/* test_keyring_held - slots that wait for the keyring's file: found while they wait, written to
 * their places and nowhere else, and still there when they could not be written. */
#include "core/io/keyring_held.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

/* Ten windows of the file: full of them, nearly empty, and of one slot. */
enum { SLOTS = 10 << 14, FILE_BYTES = (SLOTS + 1) * SLOT_SIZE, DENSE_END = 3 << 14, HELD = 20000 };

static struct slot slot_of(uint64_t place, uint8_t version)
{
    struct slot slot = {.state = SLOT_PRESENT};
    memcpy(slot.key, &place, sizeof place);
    slot.key[SEAL_KEY_SIZE - 1] = version;
    return slot;
}

/* Each once: places of the first windows in no order, then one a window. */
static uint64_t place_of(int number)
{
    enum { STEP = 7919 }; /* has no divisor in common with DENSE_END */
    int far = number - (HELD - 6);
    return far < 0 ? (uint64_t)number * STEP % DENSE_END
                   : DENSE_END + ((uint64_t)far << 14) + (uint64_t)far;
}

static void put_all(struct keyring_held *held, uint8_t version)
{
    for (int i = 0; i < HELD; i++) {
        struct slot slot = slot_of(place_of(i), version);
        keyring_held_put(held, place_of(i), &slot);
    }
    assert_int_equal(held->count, HELD);
}

static void find_all(const struct keyring_held *held, uint8_t version)
{
    for (int i = 0; i < HELD; i++) {
        const struct slot *found = keyring_held_find(held, place_of(i));
        struct slot wanted = slot_of(place_of(i), version);
        assert_non_null(found);
        assert_memory_equal(found, &wanted, sizeof wanted);
    }
    assert_null(keyring_held_find(held, SLOTS - 1));
}

/* A file in which every slot has something of its own. */
static uint8_t *make_content(struct arena *arena)
{
    uint8_t *content = arena_new_raw(arena, FILE_BYTES);
    for (size_t i = 0; i < FILE_BYTES; i++) {
        content[i] = (uint8_t)(i / SLOT_SIZE * 31 + 1);
    }
    return content;
}

static void test_keyring_held_write_writes_each_to_its_place(void **state)
{
    struct scratch *scratch = *state;
    struct keyring_held held = {.count = 0};
    assert_null(keyring_held_find(&held, 0));
    assert_true(keyring_held_write(&held, -1)); /* nothing to write */
    put_all(&held, 1);
    put_all(&held, 2); /* in their stead */
    find_all(&held, 2);
    uint8_t *content = make_content(&scratch->arena);
    const char *path = scratch_write(scratch, "keys", content, FILE_BYTES);
    int fd = open(path, O_RDWR);
    assert_true(keyring_held_write(&held, fd));
    assert_int_equal(held.count, 0);
    assert_null(keyring_held_find(&held, place_of(0)));
    for (int i = 0; i < HELD; i++) {
        struct slot slot = slot_of(place_of(i), 2);
        memcpy(content + (place_of(i) + 1) * SLOT_SIZE, &slot, sizeof slot);
    }
    bytes found = scratch_read(scratch, path);
    assert_int_equal(found.size, FILE_BYTES);
    assert_memory_equal(found.data, content, FILE_BYTES);
    assert_int_equal(close(fd), 0);
    keyring_held_release(&held);
}

static void test_keyring_held_write_keeps_what_it_cannot_write(void **state)
{
    struct scratch *scratch = *state;
    struct keyring_held held = {.count = 0};
    put_all(&held, 3);
    const char *path = scratch_write(scratch, "keys", make_content(&scratch->arena), FILE_BYTES);
    int fd = open(path, O_RDONLY);
    assert_false(keyring_held_write(&held, fd));
    find_all(&held, 3);
    assert_int_equal(close(fd), 0);
    assert_int_equal(truncate(path, SLOT_SIZE), 0); /* no slot can be read */
    fd = open(path, O_RDWR);
    assert_false(keyring_held_write(&held, fd));
    put_all(&held, 4);
    find_all(&held, 4);
    assert_int_equal(ftruncate(fd, FILE_BYTES), 0);
    assert_true(keyring_held_write(&held, fd));
    struct slot wanted = slot_of(place_of(HELD - 1), 4);
    bytes found = scratch_read(scratch, path);
    assert_memory_equal(found.data + (place_of(HELD - 1) + 1) * SLOT_SIZE, &wanted, sizeof wanted);
    assert_int_equal(close(fd), 0);
    keyring_held_release(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_keyring_held_write_writes_each_to_its_place),
        scratch_unit_test(test_keyring_held_write_keeps_what_it_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
