/* test_seal - sealing, the hash key and person ids. */
#include "core/io/seal.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static void test_unseal_gives_back_what_was_sealed(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct sealer *sealer = NULL;
    uint8_t key[SEAL_KEY_SIZE] = {1, 2, 3};
    uint8_t other[SEAL_KEY_SIZE] = {1, 2, 4};
    bytes aad = str_bytes(STR("event 5"));
    bytes back;
    arena_init(&arena, 0);
    assert_true(sealer_open(&sealer, &err).ok);
    for (size_t size = 0; size < 300; size += 37) {
        uint8_t plain[300];
        memset(plain, (int)size, sizeof plain);
        bytes sealed = seal(sealer, key, bytes_of(plain, size), aad, &arena);
        assert_int_equal(sealed.size, size + SEAL_OVERHEAD);
        assert_true(unseal(sealer, key, sealed, aad, &arena, &back, &err).ok);
        assert_true(bytes_equal(back, bytes_of(plain, size)));
        assert_false(unseal(sealer, other, sealed, aad, &arena, &back, &err).ok);
        assert_int_equal(err.code, MESSAGE_SEAL_BROKEN);
        assert_false(
            unseal(sealer, key, sealed, str_bytes(STR("event 6")), &arena, &back, &err).ok);
        uint8_t *altered = (uint8_t *)(uintptr_t)sealed.data;
        for (size_t i = 0; i < sealed.size; i += 9) {
            altered[i] ^= 0x10;
            assert_false(unseal(sealer, key, sealed, aad, &arena, &back, &err).ok);
            altered[i] ^= 0x10;
        }
        assert_true(unseal(sealer, key, sealed, aad, &arena, &back, &err).ok);
        sealed.size = 27;
        assert_false(unseal(sealer, key, sealed, aad, &arena, &back, &err).ok);
    }
    sealer_close(sealer);
    arena_release(&arena);
}

static void test_hash_key_is_made_once(void **state)
{
    (void)state;
    struct error err = {0};
    uint8_t first[SEAL_KEY_SIZE];
    uint8_t second[SEAL_KEY_SIZE];
    char path[96];
    struct stat status;
    const char *dir = test_scratch.dir;
    (void)snprintf(path, sizeof path, "%s/hash.key", dir); /* fits */
    assert_false(hash_key_load(dir, first, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_true(hash_key_make(dir, &err).ok);
    assert_true(hash_key_load(dir, first, &err).ok);
    assert_false(hash_key_make(dir, &err).ok);
    assert_true(hash_key_load(dir, second, &err).ok);
    assert_memory_equal(first, second, SEAL_KEY_SIZE);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

/* A key that would read as another one loses every person: all 64 digits and the line's end, or
 * none. */
static void test_hash_key_is_read_whole(void **state)
{
    (void)state;
    static const char digits[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    static const struct {
        const char *digits, *behind;
        bool good;
    } files[] = {
        {digits, "\n", true},          {digits + 1, "\n", false}, {digits, "", false},
        {digits, "\n\n", false},       {digits, " ", false},      {digits + 1, "0x", false},
        {digits + 2, "\n\n\n", false}, {"", "", false},           {"", "\n", false}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct error err = {0};
        uint8_t key[SEAL_KEY_SIZE] = {0};
        char path[96];
        char text[80];
        struct scratch scratch;
        scratch_open(&scratch);
        (void)snprintf(path, sizeof path, "%s/hash.key", scratch.dir); /* fits */
        (void)snprintf(text, sizeof text, "%s%s", files[i].digits, files[i].behind);
        assert_true(file_replace(path, str_bytes(str_of(text)), 0600, &err).ok);
        assert_int_equal(hash_key_load(scratch.dir, key, &err).ok, files[i].good);
        assert_int_equal(key[SEAL_KEY_SIZE - 1], files[i].good ? 0x1f : 0);
        if (!files[i].good) {
            assert_int_equal(err.class, ERROR_CONFIG);
            assert_int_equal(err.code, MESSAGE_KEY_UNUSABLE);
        }
        scratch_close(&scratch);
    }
}

static void test_person_id_make_depends_on_key_and_identity(void **state)
{
    (void)state;
    const uint8_t keys[2][SEAL_KEY_SIZE] = {{1}, {2}};
    struct hmac_key one;
    struct hmac_key two;
    char a[PERSON_ID_SIZE];
    char b[PERSON_ID_SIZE];
    hmac_key_init(&one, bytes_of(keys[0], SEAL_KEY_SIZE));
    hmac_key_init(&two, bytes_of(keys[1], SEAL_KEY_SIZE));
    person_id_make(&one, STR("identity"), a);
    assert_int_equal(strlen(a), 24);
    assert_int_equal(strspn(a, "abcdefghijklmnopqrstuvwxyz234567"), 24);
    person_id_make(&one, STR("identity"), b);
    assert_string_equal(a, b);
    person_id_make(&two, STR("identity"), b);
    assert_string_not_equal(a, b);
    person_id_make(&one, STR("identitz"), b);
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unseal_gives_back_what_was_sealed),
        scratch_unit_test(test_hash_key_is_made_once),
        cmocka_unit_test(test_hash_key_is_read_whole),
        cmocka_unit_test(test_person_id_make_depends_on_key_and_identity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
