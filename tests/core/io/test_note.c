/* test_note - signed notes, verifier keys and checkpoints; the vector is that of the note's spec.
 */
#include "core/io/note.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

#define VECTOR_KEY  "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define VECTOR_TEXT "This is an example message.\n"
#define VECTOR_LINE                                                                                \
    "\xe2\x80\x94 example.com/foo "                                                                \
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=" \
    "\n"

static void test_note_verify_accepts_the_vector(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct note_verifier verifier;
    str text;
    arena_init(&arena, 0);
    assert_true(note_vkey_parse(STR(VECTOR_KEY), &arena, &verifier, &err).ok);
    assert_true(str_equal(note_vkey_format(&verifier, &arena), STR(VECTOR_KEY)));
    assert_true(note_verify(STR(VECTOR_TEXT "\n" VECTOR_LINE), &verifier, &text, &err).ok);
    assert_true(str_equal(text, STR(VECTOR_TEXT)));
    assert_false(
        note_verify(STR("This is an example messagE.\n\n" VECTOR_LINE), &verifier, &text, &err).ok);
    assert_int_equal(err.class, ERROR_SIGNATURE);
    assert_int_equal(err.code, MESSAGE_NOTE_BAD_SIGNATURE);
    arena_release(&arena);
}

static void test_note_verify_refuses_what_is_no_note(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct note_verifier verifier;
    str text;
    static const char *const bad[] = {
        "", "\n", "\n\n", VECTOR_TEXT, VECTOR_TEXT "\n", VECTOR_TEXT VECTOR_LINE,
        VECTOR_TEXT "\n" VECTOR_LINE "x", VECTOR_TEXT "\n\xe2\x80\x94 example.com/foo !!!!\n",
        /* a key's id and no signature */
        VECTOR_TEXT "\n\xe2\x80\x94 example.com/foo AAAAAA==\n", "a\tb\n\n" VECTOR_LINE};
    arena_init(&arena, 0);
    assert_true(note_vkey_parse(STR(VECTOR_KEY), &arena, &verifier, &err).ok);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(note_verify(str_of(bad[i]), &verifier, &text, &err).ok);
        assert_int_equal(err.code, MESSAGE_NOTE_MALFORMED);
    }
    arena_release(&arena);
}

static void test_note_vkey_parse_refuses_wrong_ids(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct note_verifier verifier;
    static const char *const bad[] = {
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exam ple.com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2"};
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(note_vkey_parse(str_of(bad[i]), &arena, &verifier, &err).ok);
        assert_int_equal(err.code, MESSAGE_VKEY_INVALID);
    }
    assert_true(note_vkey_parse(STR(VECTOR_KEY), &arena, &verifier, &err).ok);
    arena_release(&arena);
}

static void test_note_sign_is_verified_after_save_and_load(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct note_key *key = NULL;
    struct note_key *loaded = NULL;
    struct scratch scratch;
    struct stat status;
    str note;
    str text;
    arena_init(&arena, 0);
    scratch_open(&scratch);
    const char *path = scratch_path(&scratch, "log.key");
    assert_true(note_key_generate(&key, &err).ok);
    assert_true(note_key_save(key, path, &err).ok);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_true(note_key_load(path, &loaded, &err).ok);
    struct digest root = digest_sha256(str_bytes(STR("root")));
    str origin = STR("anzheng.example/log");
    str body = checkpoint_format(origin, 20852163, &root, &arena);
    assert_true(note_sign(loaded, origin, body, &arena, &note, &err).ok);
    struct note_verifier verifier = note_verifier_of(key, origin);
    assert_true(note_verify(note, &verifier, &text, &err).ok);
    struct checkpoint checkpoint;
    assert_true(checkpoint_parse(text, &checkpoint, &err).ok);
    assert_true(str_equal(checkpoint.origin, origin));
    assert_int_equal(checkpoint.size, 20852163);
    assert_true(digest_equal(&checkpoint.root, &root));
    struct note_verifier other = note_verifier_of(key, STR("other.example"));
    assert_false(note_verify(note, &other, &text, &err).ok);
    assert_int_equal(err.code, MESSAGE_NOTE_NOT_SIGNED);
    assert_false(note_sign(key, STR("a b"), body, &arena, &note, &err).ok);
    assert_int_equal(err.code, MESSAGE_NOTE_NAME_INVALID);
    note_key_close(key);
    note_key_close(loaded);
    assert_int_equal(truncate(path, 30), 0);
    assert_false(note_key_load(path, &loaded, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEY_UNUSABLE);
    assert_int_equal(unlink(path), 0);
    assert_false(note_key_load(path, &loaded, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    scratch_close(&scratch);
    arena_release(&arena);
}

static void test_checkpoint_parse_refuses_the_malformed(void **state)
{
    (void)state;
    struct error err = {0};
    struct checkpoint checkpoint;
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    static const char *const bad[] = {"",
                                      "example.com/log\n",
                                      "example.com/log\n12\n",
                                      "example.com/log\n012\n" ROOT,
                                      "example.com/log\n-1\n" ROOT,
                                      "example.com/log\n1x\n" ROOT,
                                      "example.com/log\n4611686018427387904\n" ROOT,
                                      "exam ple.com/log\n12\n" ROOT,
                                      "example.com/log\n12\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2\n",
                                      "example.com/log\n12\n" ROOT "\nextension\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(checkpoint_parse(str_of(bad[i]), &checkpoint, &err).ok);
        assert_int_equal(err.code, MESSAGE_CHECKPOINT_MALFORMED);
    }
    assert_true(checkpoint_parse(STR("example.com/log\n0\n" ROOT "more\n"), &checkpoint, &err).ok);
    assert_int_equal(checkpoint.size, 0);
}

/* A cosignature stands behind the log's own signature and is bound to text, time, name and kind. */
static void test_note_cosign_is_verified_with_its_time(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct note_key *key = NULL;
    struct note_verifier log;
    struct note_verifier parsed;
    str line;
    str text;
    int64_t seconds = 0;
    arena_init(&arena, 0);
    assert_true(note_key_generate(&key, &err).ok);
    assert_true(note_vkey_parse(STR(VECTOR_KEY), &arena, &log, &err).ok);
    struct note_verifier witness = note_cosigner_of(key, STR("witness.example/w"));
    assert_true(
        note_cosign(key, witness.name, STR(VECTOR_TEXT), 1679315147, &arena, &line, &err).ok);
    str note = arena_format(&arena, VECTOR_TEXT "\n" VECTOR_LINE "%.*s", STR_ARGS(line));
    assert_true(note_verify(note, &log, &text, &err).ok);
    assert_true(note_verify_cosignature(note, &witness, &seconds, &err).ok);
    assert_int_equal(seconds, 1679315147);
    /* its key as text, which is no key of a log */
    str vkey = note_vkey_format(&witness, &arena);
    assert_true(note_cosigner_parse(vkey, &arena, &parsed, &err).ok);
    assert_int_equal(parsed.key_id, witness.key_id);
    assert_false(note_vkey_parse(vkey, &arena, &parsed, &err).ok);
    assert_false(note_cosigner_parse(STR(VECTOR_KEY), &arena, &parsed, &err).ok);
    assert_int_equal(err.code, MESSAGE_VKEY_INVALID);
    /* the same key as a log's is somebody else */
    struct note_verifier as_log = note_verifier_of(key, witness.name);
    assert_int_not_equal(as_log.key_id, witness.key_id);
    assert_false(note_verify(note, &as_log, &text, &err).ok);
    assert_int_equal(err.code, MESSAGE_NOTE_NOT_SIGNED);
    /* another text */
    str other = arena_format(&arena, "Another.\n\n%.*s", STR_ARGS(line));
    assert_false(note_verify_cosignature(other, &witness, &seconds, &err).ok);
    assert_int_equal(err.code, MESSAGE_NOTE_BAD_SIGNATURE);
    note_key_close(key);
    arena_release(&arena);
}

/* Made by another implementation of Ed25519 from the key of 32 bytes 0x01. */
static void test_note_verify_cosignature_accepts_a_foreign_one(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct note_verifier witness;
    int64_t seconds = 0;
    str note = STR("log.example\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
                   "\xe2\x80\x94 example/1 cGYsagAAAABkGFDL384TwHLS7tjMYL+UZ3dioyWmweRfgVdby/98dCeW"
                   "3YZD0X9yWIcTanqhN8b5PNcaWTEy7KTgDGFiSMOwM+SFCA==\n");
    arena_init(&arena, 0);
    assert_true(
        note_cosigner_parse(STR("example/1+70662c6a+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"),
                            &arena, &witness, &err)
            .ok);
    assert_true(note_verify_cosignature(note, &witness, &seconds, &err).ok);
    assert_int_equal(seconds, 1679315147);
    arena_release(&arena);
}

static void test_note_verify_cosignature_refuses_another_time(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct note_key *key = NULL;
    str line;
    bytes content;
    int64_t seconds = 0;
    arena_init(&arena, 0);
    assert_true(note_key_generate(&key, &err).ok);
    struct note_verifier witness = note_cosigner_of(key, STR("w"));
    assert_true(note_cosign(key, witness.name, STR("text\n"), 7, &arena, &line, &err).ok);
    assert_true(note_verify_cosignature(arena_format(&arena, "text\n\n%.*s", STR_ARGS(line)),
                                        &witness, &seconds, &err)
                    .ok);
    size_t at = sizeof "\xe2\x80\x94 w " - 1;
    assert_true(base64_decode(str_first(str_from(line, at), line.size - at - 1), &arena, &content));
    assert_int_equal(content.size, 4 + 8 + 64);
    assert_int_equal(content.data[4 + 7], 7);
    ((uint8_t *)(uintptr_t)content.data)[4 + 7] = 8;
    str changed = base64_encode(content, &arena);
    assert_false(note_verify_cosignature(
                     arena_format(&arena, "text\n\n\xe2\x80\x94 w %.*s\n", STR_ARGS(changed)),
                     &witness, &seconds, &err)
                     .ok);
    assert_int_equal(err.code, MESSAGE_NOTE_BAD_SIGNATURE);
    note_key_close(key);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_note_verify_accepts_the_vector),
        cmocka_unit_test(test_note_verify_refuses_what_is_no_note),
        cmocka_unit_test(test_note_vkey_parse_refuses_wrong_ids),
        cmocka_unit_test(test_note_sign_is_verified_after_save_and_load),
        cmocka_unit_test(test_checkpoint_parse_refuses_the_malformed),
        cmocka_unit_test(test_note_cosign_is_verified_with_its_time),
        cmocka_unit_test(test_note_verify_cosignature_accepts_a_foreign_one),
        cmocka_unit_test(test_note_verify_cosignature_refuses_another_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
