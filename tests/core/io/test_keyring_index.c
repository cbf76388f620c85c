/* test_keyring_index - where a person's slot is: what an index finds, and that nobody is missed
 * where it is absent, of another boot, of another keyring, behind the slots or damaged. */
#include "core/io/keyring_index.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/messages.h"
#include "core/io/seal.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum {
    HEAD_BYTES = 4096,
    BOOT_AT = 16,
    BRANCH_AT = 32,
    INODE_AT = 56,
    SLOTS_AT = 72,
    PERSONS = 300
};

/* Ids whose first bytes are alike share their place; `n` tells them apart. */
static void raw_id(uint32_t first, uint64_t n, uint8_t out[SLOT_ID_SIZE])
{
    memset(out, 0, SLOT_ID_SIZE);
    memcpy(out, &first, sizeof first);
    memcpy(out + 7, &n, sizeof n);
}

static bool is_in(const struct keyring_index *index, const uint8_t id[SLOT_ID_SIZE],
                  uint64_t number)
{
    uint64_t found = 0;
    struct keyring_index_walk walk = keyring_index_walk(index, id);
    bool any = false;
    while (keyring_index_next(index, &walk, &found)) {
        any = any || found == number;
    }
    assert_false(walk.is_broken);
    return any;
}

static void test_an_index_names_each_slot_while_it_grows(void **state)
{
    enum { SLOTS = 20000 };
    struct error err = {0};
    struct keyring_index index;
    uint8_t id[SLOT_ID_SIZE];
    (void)state;
    keyring_index_make(&index, 0);
    for (uint64_t i = 0; i < SLOTS; i++) {
        struct digest digest = digest_sha256(bytes_of(&i, sizeof i));
        if (keyring_index_is_full(&index)) {
            assert_true(keyring_index_grow(&index, NULL, &err).ok);
        }
        keyring_index_add(&index, digest.data, i);
        keyring_index_add(&index, digest.data, i); /* twice is once */
    }
    assert_int_equal(index.used, SLOTS);
    for (uint64_t i = 0; i < SLOTS; i++) {
        struct digest digest = digest_sha256(bytes_of(&i, sizeof i));
        keyring_index_expect(&index, digest.data);
        assert_true(is_in(&index, digest.data, i));
        assert_false(is_in(&index, digest.data, i + 1));
    }
    raw_id(7, 7, id);
    assert_false(is_in(&index, id, 7));
    keyring_index_release(&index);
    assert_false(is_in(&index, id, 7)); /* there is none any more */
}

/* The last places are followed by the first ones, and ids that begin alike by one another. */
static void test_an_index_of_ids_that_begin_alike(void **state)
{
    struct error err = {0};
    struct keyring_index index;
    uint8_t id[SLOT_ID_SIZE];
    (void)state;
    keyring_index_make(&index, 0);
    for (uint64_t i = 0; i < PERSONS; i++) {
        raw_id(UINT32_MAX, i, id);
        keyring_index_add(&index, id, i);
    }
    assert_true(keyring_index_grow(&index, NULL, &err).ok);
    for (uint64_t i = 0; i < PERSONS; i++) {
        raw_id(UINT32_MAX, i, id);
        assert_true(is_in(&index, id, i));
    }
    keyring_index_release(&index);
}

static str id_of(uint64_t n, char out[PERSON_ID_SIZE])
{
    static const uint8_t hash_key[SEAL_KEY_SIZE] = {9};
    struct hmac_key hmac;
    hmac_key_init(&hmac, bytes_of(hash_key, sizeof hash_key));
    person_id_make(&hmac, (str){(const char *)&n, sizeof n}, out);
    return str_of(out);
}

/* Keys of persons from `first` on; returns what they are. */
static void make_keys(uint64_t first, uint64_t behind, uint8_t keys[][SEAL_KEY_SIZE])
{
    struct error err = {0};
    struct keyring *ring = NULL;
    char id[PERSON_ID_SIZE];
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    for (uint64_t i = first; i < behind; i++) {
        assert_true(keyring_make(ring, id_of(i, id), keys[i], &err).ok);
    }
    assert_true(keyring_flush(ring, &err).ok);
    keyring_close(ring);
}

static void find_keys(enum store_mode mode, uint64_t count, uint8_t keys[][SEAL_KEY_SIZE])
{
    struct error err = {0};
    struct keyring *ring = NULL;
    enum key_state found = KEY_ABSENT;
    uint8_t key[SEAL_KEY_SIZE];
    char id[PERSON_ID_SIZE];
    assert_true(keyring_open(test_scratch.dir, mode, &ring, &err).ok);
    for (uint64_t i = 0; i < count; i++) {
        assert_true(keyring_find(ring, id_of(i, id), key, &found, &err).ok);
        assert_int_equal(found, KEY_PRESENT);
        assert_memory_equal(key, keys[i], SEAL_KEY_SIZE);
    }
    assert_true(keyring_find(ring, id_of(count, id), key, &found, &err).ok);
    assert_int_equal(found, KEY_ABSENT);
    keyring_close(ring);
}

/* One bit of the index' file. */
static void flip(off_t at)
{
    uint8_t byte = 0;
    int fd = open(scratch_path(&test_scratch, "persons.index"), O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

static void test_an_index_that_cannot_be_believed_is_made_anew(void **state)
{
    static const uint8_t zeros[4096];
    static const off_t places[] = {0, BOOT_AT, BRANCH_AT, INODE_AT, SLOTS_AT};
    static uint8_t keys[PERSONS + 1][SEAL_KEY_SIZE];
    (void)state;
    make_keys(0, PERSONS, keys);
    find_keys(STORE_READ, PERSONS, keys);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        flip(places[i]);
        find_keys(STORE_READ, PERSONS, keys);
        find_keys(STORE_WRITE, PERSONS, keys);
    }
    const char *path = scratch_path(&test_scratch, "persons.index");
    int fd = open(path, O_WRONLY); /* a page of cells that was lost */
    assert_int_equal(pwrite(fd, zeros, sizeof zeros, HEAD_BYTES + (off_t)sizeof zeros),
                     sizeof zeros);
    assert_int_equal(close(fd), 0);
    find_keys(STORE_READ, PERSONS, keys);
    find_keys(STORE_WRITE, PERSONS, keys);
    make_keys(0, PERSONS, keys);
    assert_int_equal(scratch_read(&test_scratch, scratch_path(&test_scratch, "persons.keys")).size,
                     (PERSONS + 1) * SLOT_SIZE);
    assert_int_equal(truncate(path, HEAD_BYTES + 8), 0);
    find_keys(STORE_READ, PERSONS, keys);
    find_keys(STORE_WRITE, PERSONS, keys);
    assert_int_equal(unlink(path), 0);
    find_keys(STORE_READ, PERSONS, keys); /* who reads leaves nothing behind */
    assert_int_equal(access(path, F_OK), -1);
    find_keys(STORE_WRITE, PERSONS, keys); /* nor who makes no key */
    assert_int_equal(access(path, F_OK), -1);
    make_keys(PERSONS, PERSONS + 1, keys);
    assert_int_equal(access(path, F_OK), 0);
    find_keys(STORE_WRITE, PERSONS + 1, keys);
}

/* Each bit of some cell, used or free, is looked past by nobody. */
static void test_a_damaged_cell_hides_nobody(void **state)
{
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    enum { CELL = 8, CELLS = 4096 };
    (void)state;
    make_keys(0, PERSONS, keys);
    for (int i = 0; i < 64; i++) {
        off_t at = HEAD_BYTES + (off_t)(i * 61 % CELLS) * CELL + i % CELL;
        flip(at);
        find_keys(STORE_READ, PERSONS, keys);
        find_keys(STORE_WRITE, PERSONS, keys);
    }
    bytes whole = scratch_read(&test_scratch, scratch_path(&test_scratch, "persons.index"));
    for (size_t at = HEAD_BYTES, used = 0; used < 40; at += CELL) { /* every used one's own bits */
        uint64_t cell = 0;
        memcpy(&cell, whole.data + at, sizeof cell);
        if (cell != 0) {
            flip((off_t)(at + used++ % CELL));
            find_keys(STORE_READ, PERSONS, keys);
            find_keys(STORE_WRITE, PERSONS, keys);
        }
    }
}

/* Cells that are all in use say nothing, and nobody looks for a free one for ever. */
static void test_an_index_without_a_free_cell(void **state)
{
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    (void)state;
    make_keys(0, 100, keys);
    const char *path = scratch_path(&test_scratch, "persons.index");
    bytes whole = scratch_read(&test_scratch, path);
    uint8_t *full = arena_new_raw(&test_scratch.arena, whole.size);
    memcpy(full, whole.data, HEAD_BYTES);
    memset(full + HEAD_BYTES, 0x11, whole.size - HEAD_BYTES); /* its half bytes' sum is 0 */
    (void)scratch_write(&test_scratch, "persons.index", full, whole.size);
    find_keys(STORE_READ, 100, keys);
    make_keys(100, PERSONS, keys);
    find_keys(STORE_WRITE, PERSONS, keys);
}

/* A keyring of 100 persons gets as many as the longer one has, each in another place; then the
 * longer one is put over it. */
static void go_another_way_and_back(bytes longer, uint8_t keys[PERSONS][SEAL_KEY_SIZE],
                                    uint8_t others[PERSONS][SEAL_KEY_SIZE])
{
    for (uint64_t i = PERSONS; i > 100; i--) {
        make_keys(i - 1, i, others);
    }
    find_keys(STORE_WRITE, PERSONS, others);
    (void)scratch_write(&test_scratch, "persons.keys", longer.data, longer.size);
    find_keys(STORE_READ, PERSONS, keys);
    find_keys(STORE_WRITE, PERSONS, keys);
}

/* An older keyring, put back beside the index of a longer one, and one that went another way. */
static void test_an_index_of_another_keyring(void **state)
{
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    static uint8_t others[PERSONS][SEAL_KEY_SIZE];
    (void)state;
    const char *path = scratch_path(&test_scratch, "persons.keys");
    make_keys(0, 100, keys);
    bytes older = scratch_read(&test_scratch, path);
    make_keys(100, 200, keys);
    (void)scratch_write(&test_scratch, "persons.keys", older.data, older.size);
    find_keys(STORE_READ, 100, keys);
    make_keys(100, PERSONS, keys); /* others at the numbers that the index knew */
    find_keys(STORE_WRITE, PERSONS, keys);
    bytes longer = scratch_read(&test_scratch, path);
    (void)scratch_write(&test_scratch, "persons.keys", older.data, older.size);
    memcpy(others, keys, sizeof others);
    go_another_way_and_back(longer, keys, others);
}

/* Keyring and index put back together, into the same files, and a keyring that went the other way
 * by as many slots over that. */
static void test_an_index_that_went_another_way(void **state)
{
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    static uint8_t others[PERSONS][SEAL_KEY_SIZE];
    (void)state;
    const char *path = scratch_path(&test_scratch, "persons.keys");
    const char *index_path = scratch_path(&test_scratch, "persons.index");
    make_keys(0, 100, keys);
    bytes older = scratch_read(&test_scratch, path);
    bytes older_index = scratch_read(&test_scratch, index_path);
    memcpy(others, keys, sizeof others);
    make_keys(100, PERSONS, keys);
    bytes longer = scratch_read(&test_scratch, path);
    (void)scratch_write(&test_scratch, "persons.keys", older.data, older.size);
    (void)scratch_write(&test_scratch, "persons.index", older_index.data, older_index.size);
    go_another_way_and_back(longer, keys, others);
    make_keys(0, PERSONS, keys);
    assert_int_equal(scratch_read(&test_scratch, path).size, (PERSONS + 1) * SLOT_SIZE);
}

/* What a writer made and did not flush is named by the index, and by nobody else. */
static void test_slots_that_were_never_written(void **state)
{
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    struct error err = {0};
    struct keyring *ring = NULL;
    struct keyring *reader = NULL;
    enum key_state found = KEY_PRESENT;
    uint8_t key[SEAL_KEY_SIZE];
    char id[PERSON_ID_SIZE];
    (void)state;
    make_keys(0, 100, keys);
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_open(test_scratch.dir, STORE_READ, &reader, &err).ok);
    for (uint64_t i = 100; i < 200; i++) {
        assert_true(keyring_make(ring, id_of(i, id), key, &err).ok);
    }
    assert_true(keyring_find(reader, str_of(id), key, &found, &err).ok);
    assert_int_equal(found, KEY_ABSENT);
    keyring_close(reader);
    keyring_close(ring);
    make_keys(150, 250, keys);
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    for (uint64_t i = 0; i < 250; i++) {
        bool is_made = i < 100 || i >= 150;
        assert_true(keyring_find(ring, id_of(i, id), key, &found, &err).ok);
        assert_int_equal(found, is_made ? KEY_PRESENT : KEY_ABSENT);
        assert_true(!is_made || memcmp(key, keys[i], SEAL_KEY_SIZE) == 0);
    }
    keyring_close(ring);
}

/* Where all slots are looked at, a damaged one may be anybody's: nobody gets a second key. */
static void test_a_damaged_slot_and_no_index(void **state)
{
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    enum { DAMAGED = 7 };
    struct error err = {0};
    enum key_state found = KEY_PRESENT;
    uint8_t key[SEAL_KEY_SIZE];
    char id[PERSON_ID_SIZE];
    (void)state;
    make_keys(0, 20, keys);
    int fd = open(scratch_path(&test_scratch, "persons.keys"), O_RDWR);
    assert_int_equal(pwrite(fd, "x", 1, 64 * (DAMAGED + 1) + 3), 1); /* of its id */
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(scratch_path(&test_scratch, "persons.index")), 0);
    for (int round = 0; round < 3; round++) { /* also the run behind the one that looked */
        struct keyring *ring = NULL;
        enum store_mode mode = round == 2 ? STORE_READ : STORE_WRITE;
        assert_true(keyring_open(test_scratch.dir, mode, &ring, &err).ok);
        assert_true(keyring_find(ring, id_of(DAMAGED + 1, id), key, &found, &err).ok);
        assert_int_equal(found, KEY_PRESENT);
        assert_false(keyring_find(ring, id_of(DAMAGED, id), key, &found, &err).ok);
        assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
        if (mode == STORE_WRITE) {
            assert_false(keyring_make(ring, id_of(DAMAGED, id), key, &err).ok);
            assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
        }
        keyring_close(ring);
    }
}

/* Slots that were flushed once and are not there any more are missed, also without the index: their
 * persons get no other keys. */
static void test_lost_slots_and_no_index(void **state)
{
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    static const uint8_t zeros[5 * SLOT_SIZE];
    struct error err = {0};
    struct keyring *ring = NULL;
    enum key_state found = KEY_PRESENT;
    uint8_t key[SEAL_KEY_SIZE];
    char id[PERSON_ID_SIZE];
    (void)state;
    make_keys(0, 20, keys);
    int fd = open(scratch_path(&test_scratch, "persons.keys"), O_RDWR);
    assert_int_equal(pwrite(fd, zeros, sizeof zeros, 8 * SLOT_SIZE), sizeof zeros);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(scratch_path(&test_scratch, "persons.index")), 0);
    assert_false(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
    assert_true(keyring_open(test_scratch.dir, STORE_READ, &ring, &err).ok);
    assert_false(keyring_find(ring, id_of(8, id), key, &found, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
    keyring_close(ring);
}

/* A file of the format before: slots at places by their ids, free ones between them. */
static void test_a_keyring_of_the_format_before(void **state)
{
    enum { SLOTS = 1024, OLD = 200 };
    static uint8_t data[SLOTS + 1][SLOT_SIZE];
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    char id[PERSON_ID_SIZE];
    (void)state;
    for (uint64_t i = 0; i < OLD; i++) {
        struct slot slot = {.state = SLOT_PRESENT};
        size_t size = 0;
        assert_true(base32_parse(id_of(i, id), slot.id, &size));
        memset(slot.key, (int)i + 1, sizeof slot.key);
        memcpy(keys[i], slot.key, sizeof slot.key);
        slot_checksum(&slot, slot.checksum);
        uint64_t place = slot_get_u64(slot.id) % SLOTS;
        while (data[place + 1][0] != SLOT_FREE) {
            place = (place + 1) % SLOTS;
        }
        memcpy(data[place + 1], &slot, sizeof slot);
    }
    memcpy(data[0], "anzheng keys 1\n", 16);
    slot_put_u64(SLOTS, data[0] + 16);
    slot_put_u64(OLD, data[0] + 24);
    slot_checksum(data[0], data[0] + SLOT_SIZE - SLOT_CHECKSUM_SIZE);
    const char *path = scratch_write(&test_scratch, "persons.keys", data, sizeof data);
    find_keys(STORE_READ, OLD, keys);
    bytes whole = scratch_read(&test_scratch, path);
    assert_memory_equal(whole.data, data, sizeof data); /* who reads changes nothing */
    make_keys(OLD, PERSONS, keys);
    find_keys(STORE_READ, PERSONS, keys);
    find_keys(STORE_WRITE, PERSONS, keys);
    whole = scratch_read(&test_scratch, path);
    assert_memory_equal(whole.data, "anzheng keys 2\n", 16);
    assert_memory_equal(whole.data + SLOT_SIZE, data[1], sizeof data - SLOT_SIZE);
    assert_int_equal(whole.size, sizeof data + (PERSONS - OLD) * SLOT_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_index_names_each_slot_while_it_grows),
        cmocka_unit_test(test_an_index_of_ids_that_begin_alike),
        scratch_unit_test(test_an_index_that_cannot_be_believed_is_made_anew),
        scratch_unit_test(test_a_damaged_cell_hides_nobody),
        scratch_unit_test(test_an_index_without_a_free_cell),
        scratch_unit_test(test_an_index_of_another_keyring),
        scratch_unit_test(test_an_index_that_went_another_way),
        scratch_unit_test(test_slots_that_were_never_written),
        scratch_unit_test(test_a_damaged_slot_and_no_index),
        scratch_unit_test(test_lost_slots_and_no_index),
        scratch_unit_test(test_a_keyring_of_the_format_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
