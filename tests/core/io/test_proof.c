/* test_proof - the text of proofs: what is written is read back, and nothing else is. */
#include "core/io/proof.h"

#include <string.h>

#include "core/io/messages.h"
#include "tests/support/test.h"

#define HASH       "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
#define CHECKPOINT "log.example\n7\n" HASH "\n\n\xe2\x80\x94 log.example AAAAAAA=\n"
#define PROOF      PROOF_HEADER "\nextra aGVsbG8=\nindex 3\n" HASH "\n" HASH "\n\n" CHECKPOINT

static void test_proof_parse_reads_every_part(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct log_proof proof;
    arena_init(&arena, 0);
    assert_true(proof_parse(STR(PROOF), &arena, &proof, &err).ok);
    assert_int_equal(proof.index, 3);
    assert_int_equal(proof.path.count, 2);
    assert_true(bytes_equal(proof.extra, str_bytes(STR("hello"))));
    assert_true(str_equal(proof.checkpoint, STR(CHECKPOINT)));
    assert_true(str_equal(proof_format(&proof, &arena), STR(PROOF)));
    /* a tree of one leaf has no hashes, and extra may be left out */
    str bare = STR(PROOF_HEADER "\nindex 0\n\n" CHECKPOINT);
    assert_true(proof_parse(bare, &arena, &proof, &err).ok);
    assert_null(proof.extra.data);
    assert_int_equal(proof.path.count, 0);
    assert_true(str_equal(proof_format(&proof, &arena), bare));
    arena_release(&arena);
}

static void test_proof_parse_refuses_every_other_form(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct log_proof proof;
    static const struct {
        const char *text;
        const char *line;
    } bad[] = {
        {"", "1"},
        {"c2sp.org/tlog-proof@v2\nindex 0\n\n" CHECKPOINT, "1"},
        {PROOF_HEADER, "1"},
        {PROOF_HEADER "\n", "2"},
        {PROOF_HEADER "\nextra aGVsbG8\nindex 0\n\n" CHECKPOINT, "2"},
        {PROOF_HEADER "\nextra aGVsbG8=\nextra aGVsbG8=\nindex 0\n\n" CHECKPOINT, "3"},
        {PROOF_HEADER "\nindex 03\n\n" CHECKPOINT, "2"},
        {PROOF_HEADER "\nindex -1\n\n" CHECKPOINT, "2"},
        {PROOF_HEADER "\nindex \n\n" CHECKPOINT, "2"},
        {PROOF_HEADER "\nindex 9223372036854775808\n\n" CHECKPOINT, "2"},
        {PROOF_HEADER "\nindex 3\nAAAA\n\n" CHECKPOINT, "3"},
        {PROOF_HEADER "\nindex 3\n" HASH " \n\n" CHECKPOINT, "3"},
        {PROOF_HEADER "\nindex 3\n" HASH "\n", "4"},
        {PROOF_HEADER "\nindex 3\n" HASH "\n\n", "5"},
    };
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(proof_parse(str_of(bad[i].text), &arena, &proof, &err).ok);
        assert_int_equal(err.class, ERROR_MALFORMED);
        assert_int_equal(err.code, MESSAGE_PROOF_MALFORMED);
        assert_string_equal(err.args[0].text, bad[i].line);
    }
    arena_release(&arena);
}

static void test_proof_parse_stops_at_sixty_three_hashes(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct log_proof proof;
    arena_init(&arena, 0);
    for (unsigned count = 63; count <= 64; count++) {
        str text = STR(PROOF_HEADER "\nindex 3\n");
        for (unsigned i = 0; i < count; i++) {
            text = arena_format(&arena, "%.*s" HASH "\n", STR_ARGS(text));
        }
        text = arena_format(&arena, "%.*s\n" CHECKPOINT, STR_ARGS(text));
        assert_int_equal(proof_parse(text, &arena, &proof, &err).ok, count == 63);
    }
    arena_release(&arena);
}

static void test_proof_request_is_that_of_the_specification(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct tree_proof path = {.count = 1};
    memset(path.hashes[0].data, 0, DIGEST_SIZE);
    str request = proof_request(5, &path, STR(CHECKPOINT), &arena);
    assert_true(str_equal(
        request, STR("old 5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n" CHECKPOINT)));
    path.count = 0;
    request = proof_request(0, &path, STR(CHECKPOINT), &arena);
    assert_true(str_equal(request, STR("old 0\n\n" CHECKPOINT)));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proof_parse_reads_every_part),
        cmocka_unit_test(test_proof_parse_refuses_every_other_form),
        cmocka_unit_test(test_proof_parse_stops_at_sixty_three_hashes),
        cmocka_unit_test(test_proof_request_is_that_of_the_specification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
