/* test_proofs - proofs that the log's key signed and that are wrong all the same: what no honest
 * log hands out, made here with a key of our own. */
#include "tests/support/test.h"

#include "core/base/date.h"
#include "core/base/record.h"
#include "jobs/audit/proofs.h"

#define ORIGIN "log.example"

struct bench {
    struct arena arena;
    struct note_key *key;
    struct witnesses trust;
};

static void bench_open(struct bench *bench)
{
    struct error err = {0};
    *bench = (struct bench){.key = NULL};
    arena_init(&bench->arena, 0);
    assert_true(note_key_generate(&bench->key, &err).ok);
    struct note_verifier log = note_verifier_of(bench->key, STR(ORIGIN));
    assert_true(
        witnesses_add_log(&bench->trust, note_vkey_format(&log, &bench->arena), &bench->arena, &err)
            .ok);
    assert_true(witnesses_ask(&bench->trust, 0, &err).ok);
}

static void bench_close(struct bench *bench)
{
    note_key_close(bench->key);
    arena_release(&bench->arena);
}

/* A log of two entries, the second of which is `entry`; its proof. */
static str proof_of(struct bench *bench, bytes entry, const char *origin)
{
    struct error err = {0};
    struct tree tree;
    struct digest made[TREE_TILE_LEVELS];
    struct digest first = digest_leaf(str_bytes(STR("first")));
    struct digest leaf = digest_leaf(entry);
    struct log_proof proof = {.extra = entry, .index = 1, .path = {.count = 1, .hashes = {first}}};
    tree_init(&tree);
    (void)tree_add(&tree, &first, made); /* nothing is stored */
    (void)tree_add(&tree, &leaf, made);
    struct digest root = tree_root(&tree);
    str text = checkpoint_format(str_of(origin), 2, &root, &bench->arena);
    assert_true(
        note_sign(bench->key, STR(ORIGIN), text, &bench->arena, &proof.checkpoint, &err).ok);
    return proof_format(&proof, &bench->arena);
}

static Event *event_of(struct bench *bench, uint64_t sequence)
{
    Event *event = RECORD_NEW(&bench->arena, Event, event);
    event->sequence = sequence;
    event->body_case = EVENT__BODY_CERTIFICATE_ISSUED;
    event->certificate_issued = RECORD_NEW(&bench->arena, CertificateIssued, certificate_issued);
    event->certificate_issued->certificate =
        arena_c_string(&bench->arena, STR("沪建安B(2018)0001234"));
    return event;
}

static str proof_of_event_given(struct bench *bench, const Event *event)
{
    return proof_of(bench, record_pack(&event->base, &bench->arena), ORIGIN);
}

static void refuse(struct bench *bench, str proof, enum error_class class, int code)
{
    struct error err = {0};
    struct proof_verdict verdict;
    assert_false(proof_check(proof, &bench->trust, &bench->arena, &verdict, &err).ok);
    assert_int_equal(err.class, class);
    assert_int_equal(err.code, code);
}

static void test_proof_check_tells_what_an_entry_says(void **state)
{
    (void)state;
    struct bench bench;
    struct error err = {0};
    struct proof_verdict verdict;
    bench_open(&bench);
    str proof = proof_of_event_given(&bench, event_of(&bench, 2));
    assert_true(proof_check(proof, &bench.trust, &bench.arena, &verdict, &err).ok);
    JSON_AUTO record = proof_record(&verdict, &bench.trust, &bench.arena);
    assert_true(
        str_equal(json_text(json_member(record, "certificate")), STR("沪建安B(2018)0001234")));
    assert_true(str_equal(json_text(json_member(record, "type")), STR("certificate_issued")));
    assert_int_equal(json_number(json_member(record, "event")), 2);
    bench_close(&bench);
}

static void test_proof_check_refuses_an_entry_of_another_number(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench);
    refuse(&bench, proof_of_event_given(&bench, event_of(&bench, 3)), ERROR_CORRUPT,
           MESSAGE_PROOF_OTHER_NUMBER);
    bench_close(&bench);
}

static void test_proof_check_shows_nothing_it_cannot_read(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench);
    Event *bare = RECORD_NEW(&bench.arena, Event, event);
    bare->sequence = 2;
    refuse(&bench, proof_of_event_given(&bench, bare), ERROR_MALFORMED,
           MESSAGE_PROOF_ENTRY_UNREADABLE);
    Event *late = event_of(&bench, 2);
    late->recorded_at_us = INT64_MAX; /* no calendar has that day */
    refuse(&bench, proof_of_event_given(&bench, late), ERROR_MALFORMED,
           MESSAGE_PROOF_ENTRY_UNREADABLE);
    late->recorded_at_us = INT64_MIN;
    refuse(&bench, proof_of_event_given(&bench, late), ERROR_MALFORMED,
           MESSAGE_PROOF_ENTRY_UNREADABLE);
    refuse(&bench, proof_of(&bench, str_bytes(STR("\x01\x02\x03")), ORIGIN), ERROR_MALFORMED,
           MESSAGE_PROOF_ENTRY_UNREADABLE);
    /* field 15 is none: a newer program's */
    refuse(&bench, proof_of(&bench, str_bytes(STR("\x08\x02\x78\x01")), ORIGIN), ERROR_MALFORMED,
           MESSAGE_PROOF_ENTRY_UNREADABLE);
    bench_close(&bench);
}

static void test_proof_check_refuses_a_checkpoint_of_another_origin(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench);
    bytes entry = record_pack(&event_of(&bench, 2)->base, &bench.arena);
    refuse(&bench, proof_of(&bench, entry, "else.example"), ERROR_CORRUPT,
           MESSAGE_PROOF_OTHER_ORIGIN);
    bench_close(&bench);
}

static void test_proof_certificates_finds_numbers_in_every_kind(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench);
    struct arena *arena = &bench.arena;
    Event *event = RECORD_NEW(arena, Event, event);
    event->body_case = EVENT__BODY_DOCUMENT_RENDERED;
    event->document_rendered = RECORD_NEW(arena, DocumentRendered, document_rendered);
    event->document_rendered->document = arena_c_string(arena, STR("沪建安B(2018)0001234"));
    assert_true(str_equal(proof_certificates(event, arena), STR("沪建安B(2018)0001234")));
    event->document_rendered->document = arena_c_string(arena, STR("cancellation:46"));
    assert_true(str_empty(proof_certificates(event, arena)));
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proof_check_tells_what_an_entry_says),
        cmocka_unit_test(test_proof_check_refuses_an_entry_of_another_number),
        cmocka_unit_test(test_proof_check_shows_nothing_it_cannot_read),
        cmocka_unit_test(test_proof_check_refuses_a_checkpoint_of_another_origin),
        cmocka_unit_test(test_proof_certificates_finds_numbers_in_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
