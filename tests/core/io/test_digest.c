/* test_digest - published vectors of SHA-256, HMAC and the text forms. */
#include "core/io/digest.h"

#include <string.h>

#include "tests/support/test.h"

static void assert_hex(struct digest digest, const char *expected)
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(&digest, hex);
    assert_string_equal(hex, expected);
}

static void test_digest_sha256_vectors(void **state)
{
    (void)state;
    struct digester digester;
    const char *abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_hex(digest_sha256(str_bytes(STR("abc"))), abc); /* FIPS 180-4 */
    digester_init(&digester);
    digester_update(&digester, str_bytes(STR("a")));
    digester_update(&digester, str_bytes(STR("")));
    digester_update(&digester, str_bytes(STR("bc")));
    assert_hex(digester_final(&digester), abc);
    assert_hex(digester_sha256(&digester, str_bytes(STR("abc"))), abc);
    digester_release(&digester);
}

static struct digest hmac_of(bytes key, str text)
{
    struct hmac_key made;
    hmac_key_init(&made, key);
    return hmac_sha256(&made, str_bytes(text));
}

static void test_hmac_sha256_vector(void **state)
{
    (void)state;
    assert_hex(hmac_of(str_bytes(STR("Jefe")), /* RFC 4231, 4.3 */
                       STR("what do ya want for nothing?")),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    uint8_t key[131]; /* 4.7: longer than a block */
    memset(key, 0xaa, sizeof key);
    assert_hex(hmac_of(bytes_of(key, sizeof key),
                       STR("Test Using Larger Than Block-Size Key - Hash Key First")),
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_digest_parse_hex_takes_only_digests(void **state)
{
    (void)state;
    struct digest digest = digest_sha256(str_bytes(STR("x")));
    struct digest back = {{0}};
    char hex[DIGEST_HEX_SIZE];
    digest_hex(&digest, hex);
    assert_true(digest_parse_hex(str_of(hex), &back));
    assert_true(digest_equal(&digest, &back));
    assert_false(digest_parse_hex(str_first(str_of(hex), 63), &back));
    hex[5] = 'g';
    assert_false(digest_parse_hex(str_of(hex), &back));
}

static void test_base64_vectors(void **state)
{
    (void)state;
    struct arena arena;
    bytes back;
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    static const char *const bad[] = {
        "Z", "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9v", "Zm9-"};
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) { /* RFC 4648, 10 */
        bytes plain = str_bytes(str_of(pairs[i][0]));
        assert_string_equal(base64_encode(plain, &arena).data, pairs[i][1]);
        assert_true(base64_decode(str_of(pairs[i][1]), &arena, &back));
        assert_true(bytes_equal(back, plain));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(base64_decode(str_of(bad[i]), &arena, &back));
    }
    arena_release(&arena);
}

static void test_base32_vectors(void **state)
{
    (void)state;
    char text[32];
    uint8_t back[32];
    size_t size = 0;
    base32_format(str_bytes(STR("foobar")), text); /* RFC 4648, 10 */
    assert_string_equal(text, "mzxw6ytboi");
    base32_format(str_bytes(STR("fooba")), text);
    assert_string_equal(text, "mzxw6ytb");
    assert_true(base32_parse(STR("mzxw6ytboi"), back, &size));
    assert_true(bytes_equal(bytes_of(back, size), str_bytes(STR("foobar"))));
    assert_false(base32_parse(STR("mzxw6ytbo"), back, &size));
    assert_false(base32_parse(STR("MZXW6YTB"), back, &size));
    assert_false(base32_parse(STR("mzxw6ytboj"), back, &size));
}

/* Each byte but those of the alphabet, each of which is its own place there. */
static void test_base32_takes_its_alphabet_alone(void **state)
{
    (void)state; /* no memory needed */
    const char *alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    for (int byte = 0; byte < 256; byte++) {
        const char *at = byte != 0 ? strchr(alphabet, byte) : NULL;
        char text[] = {(char)byte, 'a', 'a', 'a', 'a', 'a', 'a', 'a'};
        uint8_t back[8] = {0};
        size_t size = 0;
        assert_int_equal(base32_parse((str){text, sizeof text}, back, &size), at != NULL);
        assert_true(at == NULL || back[0] == (at - alphabet) << 3);
    }
}

static void test_random_bytes_differ(void **state)
{
    (void)state;
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    memory_wipe(a, sizeof a);
    memset(b, 0, sizeof b);
    assert_memory_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest_sha256_vectors),
        cmocka_unit_test(test_hmac_sha256_vector),
        cmocka_unit_test(test_digest_parse_hex_takes_only_digests),
        cmocka_unit_test(test_base64_vectors),
        cmocka_unit_test(test_base32_vectors),
        cmocka_unit_test(test_base32_takes_its_alphabet_alone),
        cmocka_unit_test(test_random_bytes_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
