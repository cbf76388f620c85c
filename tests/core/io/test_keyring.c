/* test_keyring - the keyring: keys that are made, found and destroyed, by a writer and by readers
 * beside him. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/keyring_copy.h"
#include "core/io/messages.h"
#include "core/io/seal.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static str id_of(uint64_t n, char out[PERSON_ID_SIZE])
{
    static const uint8_t hash_key[SEAL_KEY_SIZE] = {7};
    char text[32];
    int size = snprintf(text, sizeof text, "person %llu", (unsigned long long)n);
    struct hmac_key hmac;
    hmac_key_init(&hmac, bytes_of(hash_key, sizeof hash_key));
    person_id_make(&hmac, (str){text, (size_t)size}, out);
    return str_of(out);
}

/* Slots of the keyring's file, behind its header. */
static uint64_t slots_in(const char *dir)
{
    char path[96];
    struct stat status;
    (void)snprintf(path, sizeof path, "%s/persons.keys", dir); /* fits */
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size % 64, 0);
    return (uint64_t)status.st_size / 64 - 1;
}

static void test_keyring_keeps_keys_while_it_grows(void **state)
{
    (void)state;
    enum { PERSONS = 35000 }; /* more than wait, and the index grows */
    struct error err = {0};
    struct keyring *ring = NULL;
    struct keyring *reader = NULL;
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state found = KEY_PRESENT;
    char id[PERSON_ID_SIZE];
    const char *dir = test_scratch.dir;
    assert_true(keyring_open(dir, STORE_READ, &reader, &err).ok); /* no file yet */
    assert_true(keyring_find(reader, id_of(1, id), key, &found, &err).ok);
    assert_int_equal(found, KEY_ABSENT);
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    keyring_expect(reader, id_of(1, id));
    keyring_expect(ring, STR("nobody's id"));
    for (uint64_t i = 0; i < PERSONS; i++) {
        keyring_expect(ring, id_of(i % 3 == 0 ? i : i + 1, id)); /* whether it comes or not */
        assert_true(keyring_make(ring, id_of(i, id), keys[i], &err).ok);
        assert_true(keyring_make(ring, str_of(id), key, &err).ok);
        assert_memory_equal(key, keys[i], SEAL_KEY_SIZE);
        if (i == 10) { /* the reader holds a file that grows */
            assert_true(keyring_flush(ring, &err).ok);
            assert_true(keyring_find(reader, str_of(id), key, &found, &err).ok);
            assert_int_equal(found, KEY_PRESENT);
        }
    }
    assert_memory_not_equal(keys[0], keys[1], SEAL_KEY_SIZE);
    assert_true(keyring_flush(ring, &err).ok);
    keyring_close(ring);
    assert_int_equal(slots_in(dir), PERSONS);
    assert_true(keyring_open(dir, STORE_READ, &ring, &err).ok);
    for (uint64_t i = 0; i < PERSONS; i++) {
        assert_true(keyring_find(ring, id_of(i, id), key, &found, &err).ok);
        assert_int_equal(found, KEY_PRESENT);
        assert_memory_equal(key, keys[i], SEAL_KEY_SIZE);
        assert_true(keyring_find(reader, str_of(id), key, &found, &err).ok);
        assert_int_equal(found, KEY_PRESENT);
    }
    assert_true(keyring_find(ring, id_of(PERSONS, id), key, &found, &err).ok);
    assert_int_equal(found, KEY_ABSENT);
    keyring_close(ring);
    keyring_close(reader);
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    for (uint64_t i = 0; i < PERSONS; i++) {
        assert_true(keyring_make(ring, id_of(i, id), key, &err).ok);
        assert_memory_equal(key, keys[i], SEAL_KEY_SIZE);
    }
    keyring_close(ring);
    assert_int_equal(slots_in(dir), PERSONS);
}

/* A second run finds those of the first, and what waits to be written. */
static void test_keyring_sees_what_waits(void **state)
{
    (void)state; /* no memory needed */
    enum { OLD = 300, PERSONS = 500 };
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state found = KEY_ABSENT;
    char id[PERSON_ID_SIZE];
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    for (uint64_t i = 0; i < OLD; i++) {
        assert_true(keyring_make(ring, id_of(i, id), keys[i], &err).ok);
    }
    assert_true(keyring_flush(ring, &err).ok);
    keyring_close(ring);
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    for (uint64_t i = OLD; i < PERSONS; i++) {
        assert_true(keyring_make(ring, id_of(i, id), keys[i], &err).ok);
    }
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < PERSONS; i++) {
            assert_true(keyring_find(ring, id_of(i, id), key, &found, &err).ok);
            assert_int_equal(found, KEY_PRESENT);
            assert_memory_equal(key, keys[i], SEAL_KEY_SIZE);
        }
    }
    assert_true(keyring_find(ring, id_of(PERSONS, id), key, &found, &err).ok);
    assert_int_equal(found, KEY_ABSENT);
    assert_true(keyring_flush(ring, &err).ok);
    keyring_close(ring);
    assert_int_equal(slots_in(test_scratch.dir), PERSONS);
}

/* Do the bytes stand anywhere in the file? */
static bool file_holds(const char *path, const uint8_t key[SEAL_KEY_SIZE])
{
    uint8_t *data = malloc(1 << 20);
    int fd = open(path, O_RDONLY);
    ssize_t size = read(fd, data, 1 << 20);
    bool found = false;
    for (ssize_t i = 0; i + SEAL_KEY_SIZE <= size; i++) {
        found = found || memcmp(data + i, key, SEAL_KEY_SIZE) == 0;
    }
    assert_int_equal(close(fd), 0);
    free(data);
    return found;
}

/* Through the mapping it sees what it writes beside it. */
static void test_keyring_of_a_writer_that_looks_often(void **state)
{
    (void)state;
    enum { PERSONS = 2000, BEFORE = 10 };
    struct error err = {0};
    struct keyring *ring = NULL;
    static uint8_t keys[PERSONS][SEAL_KEY_SIZE];
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state found = KEY_PRESENT;
    char id[PERSON_ID_SIZE];
    const char *dir = test_scratch.dir;
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    uint64_t size = keyring_bytes(ring);
    for (uint64_t i = 0; i < PERSONS; i++) {
        if (i == BEFORE) {
            keyring_look_often(ring, true);
        }
        assert_true(keyring_find(ring, id_of(i, id), key, &found, &err).ok);
        assert_int_equal(found, KEY_ABSENT);
        assert_true(keyring_make(ring, str_of(id), keys[i], &err).ok);
        assert_true(keyring_find(ring, str_of(id), key, &found, &err).ok);
        assert_int_equal(found, KEY_PRESENT);
        assert_memory_equal(key, keys[i], SEAL_KEY_SIZE);
    }
    assert_true(keyring_bytes(ring) > size); /* it has grown */
    keyring_look_often(ring, true);
    keyring_look_often(ring, true); /* twice is once */
    assert_true(keyring_destroy(ring, id_of(0, id), &err).ok);
    for (uint64_t i = 0; i < PERSONS; i++) {
        assert_true(keyring_find(ring, id_of(i, id), key, &found, &err).ok);
        assert_int_equal(found, i == 0 ? KEY_DESTROYED : KEY_PRESENT);
        assert_true(i == 0 || memcmp(key, keys[i], SEAL_KEY_SIZE) == 0);
    }
    keyring_look_often(ring, false);
    assert_true(keyring_find(ring, id_of(1, id), key, &found, &err).ok);
    assert_memory_equal(key, keys[1], SEAL_KEY_SIZE);
    keyring_look_often(ring, true);
    keyring_close(ring);
}

/* A glance tells of what is found in the mapping, and of nothing else. */
static void test_keyring_glance_tells_what_is_there(void **state)
{
    (void)state;
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t made[SEAL_KEY_SIZE];
    uint8_t key[SEAL_KEY_SIZE] = {0};
    enum key_state found = KEY_ABSENT;
    char id[PERSON_ID_SIZE];
    assert_true(keyring_open(test_scratch.dir, STORE_READ, &ring, &err).ok);
    assert_false(keyring_glance(ring, id_of(1, id), key, &found)); /* there is no file */
    keyring_close(ring);
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_make(ring, id_of(1, id), made, &err).ok);
    assert_false(keyring_glance(ring, id_of(1, id), key, &found)); /* nothing is mapped */
    keyring_look_often(ring, true);
    assert_true(keyring_glance(ring, id_of(1, id), key, &found)); /* not in the file yet */
    assert_int_equal(found, KEY_PRESENT);
    assert_memory_equal(key, made, SEAL_KEY_SIZE);
    assert_true(keyring_flush(ring, &err).ok);
    assert_true(keyring_destroy(ring, id_of(2, id), &err).ok);
    assert_true(keyring_glance(ring, id_of(2, id), key, &found));
    assert_int_equal(found, KEY_DESTROYED);
    assert_memory_equal(key, made, SEAL_KEY_SIZE);
    assert_false(keyring_glance(ring, id_of(3, id), key, &found));
    assert_false(keyring_glance(ring, STR("short"), key, &found));
    assert_int_equal(found, KEY_DESTROYED);
    keyring_close(ring);
}

/* A reader whose file gives way to one that cannot be read says so each time, and sees the next. */
static void test_keyring_of_a_reader_whose_next_file_is_damaged(void **state)
{
    (void)state;
    struct error err = {0};
    struct keyring *ring = NULL;
    struct keyring *reader = NULL;
    uint8_t made[SEAL_KEY_SIZE];
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state found = KEY_ABSENT;
    char id[PERSON_ID_SIZE];
    char path[96];
    char aside[96];
    const char *dir = test_scratch.dir;
    (void)snprintf(path, sizeof path, "%s/persons.keys", dir); /* fits */
    (void)snprintf(aside, sizeof aside, "%s/aside", dir);      /* fits */
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_make(ring, id_of(1, id), made, &err).ok);
    assert_true(keyring_flush(ring, &err).ok);
    assert_true(keyring_open(dir, STORE_READ, &reader, &err).ok);
    assert_int_equal(rename(path, aside), 0);
    (void)scratch_write(&test_scratch, "persons.keys", "no keys", 7);
    for (int i = 0; i < 3; i++) {
        assert_false(keyring_find(reader, id_of(2, id), key, &found, &err).ok);
        assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
    }
    assert_int_equal(rename(aside, path), 0);
    assert_true(keyring_find(reader, id_of(2, id), key, &found, &err).ok);
    assert_int_equal(found, KEY_ABSENT);
    assert_true(keyring_find(reader, id_of(1, id), key, &found, &err).ok);
    assert_int_equal(found, KEY_PRESENT);
    keyring_close(reader);
    keyring_close(ring);
}

static void test_keyring_destroy_leaves_no_key_on_disk(void **state)
{
    (void)state;
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t key[SEAL_KEY_SIZE];
    uint8_t kept[SEAL_KEY_SIZE];
    enum key_state found = KEY_ABSENT;
    char id[PERSON_ID_SIZE];
    char path[96];
    const char *dir = test_scratch.dir;
    (void)snprintf(path, sizeof path, "%s/persons.keys", dir); /* fits */
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_make(ring, id_of(2, id), kept, &err).ok);
    assert_true(keyring_make(ring, id_of(1, id), key, &err).ok);
    assert_true(keyring_flush(ring, &err).ok);
    assert_true(file_holds(path, key));
    assert_true(keyring_destroy(ring, str_of(id), &err).ok);
    assert_false(file_holds(path, key));
    assert_true(file_holds(path, kept));
    keyring_close(ring);
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_find(ring, str_of(id), key, &found, &err).ok);
    assert_int_equal(found, KEY_DESTROYED);
    assert_false(keyring_make(ring, str_of(id), key, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEY_IS_DESTROYED);
    assert_true(keyring_destroy(ring, id_of(3, id), &err).ok); /* never had a key */
    assert_true(keyring_find(ring, str_of(id), key, &found, &err).ok);
    assert_int_equal(found, KEY_DESTROYED);
    keyring_close(ring);
}

static void test_keyring_find_reports_damage(void **state)
{
    (void)state;
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state found = KEY_ABSENT;
    char id[PERSON_ID_SIZE];
    char path[96];
    const char *dir = test_scratch.dir;
    (void)snprintf(path, sizeof path, "%s/persons.keys", dir); /* fits */
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_make(ring, id_of(1, id), key, &err).ok);
    assert_true(keyring_flush(ring, &err).ok);
    int fd = open(path, O_RDWR);
    uint8_t slot[64];
    off_t at = 64;
    assert_int_equal(pread(fd, slot, sizeof slot, at), 64);
    slot[20] ^= 1;
    assert_int_equal(pwrite(fd, slot, sizeof slot, at), 64);
    assert_false(keyring_find(ring, str_of(id), key, &found, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
    keyring_close(ring);
    assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok); /* no new key in its place */
    assert_false(keyring_make(ring, str_of(id), key, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
    assert_true(keyring_make(ring, id_of(2, id), key, &err).ok); /* others are not concerned */
    (void)id_of(1, id);
    slot[20] ^= 1;
    assert_int_equal(pwrite(fd, slot, sizeof slot, at), 64);
    assert_true(keyring_find(ring, str_of(id), key, &found, &err).ok);
    assert_false(keyring_find(ring, STR("not an id"), key, &found, &err).ok);
    assert_int_equal(err.code, MESSAGE_PERSON_ID_INVALID);
    keyring_close(ring);
    assert_int_equal(pread(fd, slot, sizeof slot, 0), 64);
    slot[13] = '3'; /* "anzheng keys 3", whole: not damaged, and not to be restored from a backup */
    struct digest sum = digest_sha256(bytes_of(slot, 48));
    memcpy(slot + 48, sum.data, 16);
    assert_int_equal(pwrite(fd, slot, sizeof slot, 0), 64);
    assert_false(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, MESSAGE_KEYRING_FORMAT);
    assert_int_equal(pwrite(fd, "x", 1, 3), 1);
    assert_int_equal(close(fd), 0);
    assert_false(keyring_open(dir, STORE_READ, &ring, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
}

static void test_keyring_survives_kill(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 10; round++) {
        struct error err = {0};
        struct keyring *ring = NULL;
        uint8_t key[SEAL_KEY_SIZE];
        enum key_state found = KEY_ABSENT;
        char id[PERSON_ID_SIZE];
        uint64_t told = 0;
        int pipes[2];
        struct scratch scratch;
        scratch_open(&scratch);
        const char *dir = scratch.dir;
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0) {
            bool good = keyring_open(dir, STORE_WRITE, &ring, &err).ok;
            for (uint64_t i = 1; good; i++) {
                good = keyring_make(ring, id_of(i, id), key, &err).ok &&
                       (i % 100 != 0 || (keyring_flush(ring, &err).ok &&
                                         write(pipes[1], &i, sizeof i) == (ssize_t)sizeof i));
            }
            _exit(1);
        }
        assert_int_equal(close(pipes[1]), 0);
        while (told < 500 * (round % 3 + 1) &&
               read(pipes[0], &told, sizeof told) == (ssize_t)sizeof told) {
        }
        (void)usleep(round * 200); /* anywhere, also while it grows */
        assert_int_equal(kill(child, SIGKILL), 0);
        while (read(pipes[0], &told, sizeof told) == (ssize_t)sizeof told) {
        }
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_int_equal(close(pipes[0]), 0);
        assert_true(keyring_open(dir, STORE_WRITE, &ring, &err).ok);
        for (uint64_t i = 1; i <= told; i++) {
            assert_true(keyring_find(ring, id_of(i, id), key, &found, &err).ok);
            assert_int_equal(found, KEY_PRESENT);
        }
        keyring_close(ring);
        scratch_close(&scratch);
    }
}

/* One that the writer is just writing is looked at again; one that stays so is damaged. */
static void test_keyring_header_that_is_being_written(void **state)
{
    (void)state;
    enum { ROUNDS = 20 };
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state found = KEY_ABSENT;
    char id[PERSON_ID_SIZE];
    const char *path = scratch_path(&test_scratch, "persons.keys");
    const char *copy = scratch_path(&test_scratch, "copy");
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    assert_true(keyring_make(ring, id_of(1, id), key, &err).ok);
    assert_true(keyring_flush(ring, &err).ok);
    keyring_close(ring);
    bytes whole = scratch_read(&test_scratch, path);
    int fd = open(path, O_RDWR);
    for (int round = 0; round < ROUNDS; round++) {
        assert_int_equal(pwrite(fd, "torn", 4, 28), 4);
        pid_t child = fork();
        if (child == 0) {
            (void)usleep(3000);
            _exit(pwrite(fd, whole.data, 64, 0) == 64 ? 0 : 1);
        }
        if (round % 2 == 0) {
            assert_true(keyring_open(test_scratch.dir, STORE_READ, &ring, &err).ok);
            assert_true(keyring_find(ring, str_of(id), key, &found, &err).ok);
            assert_int_equal(found, KEY_PRESENT);
            keyring_close(ring);
        } else {
            assert_true(keyring_copy(path, copy, &test_scratch.arena, &err).ok);
            assert_memory_equal(scratch_read(&test_scratch, copy).data, whole.data, whole.size);
        }
        assert_int_equal(waitpid(child, NULL, 0), child);
    }
    assert_int_equal(pwrite(fd, "torn", 4, 28), 4);
    assert_false(keyring_open(test_scratch.dir, STORE_READ, &ring, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
    assert_int_equal(close(fd), 0);
}

/* A reader's file that becomes shorter in place is damaged, and is not read behind its end. */
static void test_keyring_that_is_cut_beside_a_reader(void **state)
{
    (void)state;
    enum { PERSONS = 300 };
    static const off_t lengths[] = {64 * 101, 64, 10, 0};
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state found = KEY_PRESENT;
    char id[PERSON_ID_SIZE];
    const char *path = scratch_path(&test_scratch, "persons.keys");
    assert_true(keyring_open(test_scratch.dir, STORE_WRITE, &ring, &err).ok);
    for (uint64_t i = 0; i < PERSONS; i++) {
        assert_true(keyring_make(ring, id_of(i, id), key, &err).ok);
    }
    assert_true(keyring_flush(ring, &err).ok);
    keyring_close(ring);
    bytes whole = scratch_read(&test_scratch, path);
    for (size_t i = 0; i < 2 * (sizeof lengths / sizeof lengths[0]); i++) {
        (void)scratch_write(&test_scratch, "persons.keys", whole.data, whole.size);
        assert_true(keyring_open(test_scratch.dir, STORE_READ, &ring, &err).ok);
        if (i % 2 == 0) { /* he has looked at all slots before */
            assert_true(keyring_find(ring, id_of(PERSONS, id), key, &found, &err).ok);
            assert_int_equal(found, KEY_ABSENT);
        }
        assert_int_equal(truncate(path, lengths[i / 2]), 0);
        assert_false(keyring_find(ring, id_of(PERSONS, id), key, &found, &err).ok);
        assert_int_equal(err.code, MESSAGE_KEYRING_DAMAGED);
        keyring_close(ring);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_keyring_keeps_keys_while_it_grows),
        scratch_unit_test(test_keyring_sees_what_waits),
        scratch_unit_test(test_keyring_of_a_writer_that_looks_often),
        scratch_unit_test(test_keyring_glance_tells_what_is_there),
        scratch_unit_test(test_keyring_of_a_reader_whose_next_file_is_damaged),
        scratch_unit_test(test_keyring_destroy_leaves_no_key_on_disk),
        scratch_unit_test(test_keyring_find_reports_damage),
        scratch_unit_test(test_keyring_header_that_is_being_written),
        scratch_unit_test(test_keyring_that_is_cut_beside_a_reader),
        cmocka_unit_test(test_keyring_survives_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
