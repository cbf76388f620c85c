/* test_apply - the driver: views are a function of the log and of nothing else.
 *
 * Generated histories are folded in one go, in chunks with a reload between them, and again from
 * their packed events; all must give the same bytes. One written history is compared with a golden
 * dump that people can read. */
#include <stdio.h>

#include "core/base/record.h"
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

enum { PERSONS = 5, CERTIFICATES = 12, ROUNDS = 20, EVENTS = 300 };

#define GOLDEN "tests/golden/views.txt"

/* A generator with a state of its own (Marsaglia's xorshift64). */
struct dice {
    uint64_t state;
    bool made[CERTIFICATES];
    bool electronic[CERTIFICATES];
    bool examined[PERSONS];
    uint64_t wave; /* the open one, or 0 */
};

static unsigned roll(struct dice *dice, unsigned sides)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return (unsigned)(dice->state >> 33) % sides;
}

static void add(struct history *history, const char *body, str fields)
{
    history_add(history, body, fields.data);
}

static void add_register_row(struct history *history, struct dice *dice)
{
    struct arena *arena = history->arena;
    unsigned person = roll(dice, PERSONS);
    unsigned enterprise = roll(dice, 3);
    switch (roll(dice, 6)) {
    case 0:
        add(history, "person_recorded",
            arena_format(arena, "person_id=p%u personal.name=名%u", person, roll(dice, 3)));
        break;
    case 1:
        add(history, "identity_collected",
            arena_format(arena, "person_id=p%u personal.name=名%u window=W", person,
                         roll(dice, 3)));
        break;
    case 2:
        add(history, "enterprise_registered",
            arena_format(arena, "code=E%u name=企%u", enterprise, roll(dice, 3)));
        break;
    case 3:
        dice->examined[person] = true;
        add(history, "exam_recorded",
            arena_format(arena, "person_id=p%u category=B kind=first exam_date=2025-01-01",
                         person));
        break;
    case 4:
        add(history, "insurance_recorded",
            arena_format(arena, "person_id=p%u enterprise=E%u month=%u", person, enterprise,
                         24300 + roll(dice, 3)));
        break;
    default: add(history, "policy_set", arena_format(arena, "key=k value=v%u", roll(dice, 4)));
    }
}

static void make_certificate(struct history *history, struct dice *dice, unsigned number)
{
    struct arena *arena = history->arena;
    unsigned person = roll(dice, PERSONS);
    str who = arena_format(arena, "certificate=沪建安B(2025)%07u person_id=p%u enterprise=E%u",
                           number, person, roll(dice, 3));
    dice->made[number] = true;
    dice->electronic[number] = roll(dice, 3) > 0;
    if (!dice->electronic[number]) {
        add(history, "paper_registered",
            arena_format(arena, "%s status=valid valid_until=2026-01-01", who.data));
    } else if (dice->examined[person]) {
        add(history, "certificate_issued",
            arena_format(arena,
                         "%s valid_until=2028-01-01 exam.person_id=p%u exam.category=B "
                         "exam.kind=first exam.exam_date=2025-01-01",
                         who.data, person));
    } else {
        add(history, "certificate_issued",
            arena_format(arena, "%s valid_until=2028-01-01", who.data));
    }
}

static void change_certificate(struct history *history, struct dice *dice, unsigned number)
{
    static const char *const changes[] = {
        "certificate_extended",   "affiliation_changed",   "enterprise_name_changed",
        "holder_renamed",         "certificate_cancelled", "certificate_departed",
        "certificate_superseded", "certificate_suspended", "certificate_reinstated",
        "certificate_revoked",    "certificate_withdrawn", "authority_cancelled",
        "departure_withdrawn",    "certificate_corrected", "post_changed",
        "validity_extended",      "category_converted",    "certificate_exchanged",
    };
    enum { COUNT = sizeof changes / sizeof changes[0] };
    unsigned change = roll(dice, COUNT);
    bool has_enterprise = change < 6;
    str enterprise = arena_format(history->arena, " enterprise=E%u", roll(dice, 3));
    dice->electronic[number] |= change == 1 || change == 0 || change == COUNT - 1;
    add(history, changes[change],
        arena_format(history->arena, "certificate=沪建安B(2025)%07u%s", number,
                     has_enterprise ? enterprise.data : ""));
}

static void change_document(struct history *history, struct dice *dice, unsigned number)
{
    struct arena *arena = history->arena;
    str id = arena_format(arena, "沪建安B(2025)%07u", number);
    ProtobufCMessage *view =
        memory_views_get(&history->views, VIEW_DOCUMENT, key_document(id), arena);
    assert_non_null(view);
    uint64_t wanted = ((DocumentView *)view)->wanted_event - (roll(dice, 4) == 0 ? 1 : 0);
    switch (roll(dice, 3)) {
    case 0:
        add(history, "document_rendered",
            arena_format(arena, "document=%s content_event=%llu template_id=t%u", id.data,
                         (unsigned long long)wanted, roll(dice, 2)));
        break;
    case 1:
        add(history, "document_failed",
            arena_format(arena, "document=%s content_event=%llu code=c", id.data,
                         (unsigned long long)wanted));
        break;
    default: add(history, "regeneration_requested", arena_format(arena, "certificate=%s", id.data));
    }
}

static void add_wave(struct history *history, struct dice *dice)
{
    if (dice->wave == 0) {
        dice->wave = history_add(history, "wave_opened", "kind=enterprise_name enterprise=E1");
    } else {
        add(history, "wave_closed",
            arena_format(history->arena, "wave=%llu", (unsigned long long)dice->wave));
        dice->wave = 0;
    }
}

/* A history that could have happened, the same for the same seed. */
static struct history *generate(struct arena *arena, unsigned seed)
{
    struct history *history = history_new(arena);
    struct dice dice = {.state = UINT64_C(0x9e3779b97f4a7c15) ^ seed};
    history_add(history, "store_created", "authority_name=某委 origin=o");
    for (int i = 0; i < EVENTS; i++) {
        unsigned number = 1 + roll(&dice, CERTIFICATES - 1);
        unsigned kind = roll(&dice, 10);
        history->today += roll(&dice, 8) == 0;
        if (kind < 3) {
            add_register_row(history, &dice);
        } else if (kind == 3) {
            add_wave(history, &dice);
        } else if (!dice.made[number]) {
            make_certificate(history, &dice, number);
        } else if (kind < 7 || !dice.electronic[number]) {
            change_certificate(history, &dice, number);
        } else {
            change_document(history, &dice, number);
        }
    }
    return history;
}

static void fold(struct memory_views *views, const struct history *history, uint64_t from,
                 uint64_t to)
{
    struct error err = {0};
    for (uint64_t i = from; i <= to; i++) {
        assert_true(history_apply(views, history->events[i], history->arena, &err).ok);
    }
}

/* New views with the records of `from`, as if they had been closed and opened again. */
static struct memory_views *reload(const struct memory_views *from, struct arena *arena)
{
    struct memory_views *views = ARENA_NEW(arena, struct memory_views);
    struct view_store store = memory_views_store(views);
    struct error err;
    memory_views_init(views, arena);
    for (int view = 0; view <= VIEW_COUNT; view++) {
        struct map_entry **sorted = map_sorted(&from->tables[view], arena);
        for (size_t i = 0; i < from->tables[view].count; i++) {
            if (sorted[i]->value != NULL) {
                assert_true(store
                                .put(store.state, (enum view_id)view, sorted[i]->key,
                                     *(bytes *)sorted[i]->value, &err)
                                .ok);
            }
        }
    }
    return views;
}

static void check_round(struct arena *arena, unsigned seed)
{
    struct history *history = generate(arena, seed);
    struct dice dice = {.state = seed + 77};
    struct memory_views whole;
    memory_views_init(&whole, arena);
    fold(&whole, history, 1, history->sequence);
    struct memory_views *chunked = ARENA_NEW(arena, struct memory_views);
    memory_views_init(chunked, arena);
    for (uint64_t at = 1; at <= history->sequence;) {
        uint64_t to = at + roll(&dice, 40);
        to = to < history->sequence ? to : history->sequence;
        fold(chunked, history, at, to);
        chunked = reload(chunked, arena);
        at = to + 1;
    }
    str expected = memory_views_dump(&whole, arena);
    assert_true(expected.size > 1000);
    assert_true(str_equal(memory_views_dump(&history->views, arena), expected));
    assert_true(str_equal(memory_views_dump(chunked, arena), expected));
}

static void test_views_apply_gives_the_same_bytes_in_chunks(void **state)
{
    for (unsigned seed = 1; seed <= ROUNDS; seed++) {
        check_round(*state, seed);
        arena_reset(*state);
    }
}

/* Every event of a certificate leaves its number in the certificate: without it, or with what
 * follows refused, the bytes differ. */
static void test_dump_shows_a_missing_event(void **state)
{
    struct history *history = generate(*state, 1);
    str whole = memory_views_dump(&history->views, *state);
    int checked = 0;
    for (uint64_t missing = 250; missing <= history->sequence; missing++) {
        struct memory_views views;
        struct error err = {0};
        ProtobufCMessage *event = NULL;
        assert_true(
            record_unpack(&event__descriptor, history->events[missing], *state, &event, &err).ok);
        int body = (int)((Event *)event)->body_case;
        if (body < EVENT__BODY_PAPER_REGISTERED || body > EVENT__BODY_REGENERATION_REQUESTED) {
            continue;
        }
        memory_views_init(&views, *state);
        bool applied = true;
        for (uint64_t i = 1; i <= history->sequence && applied; i++) {
            applied = i == missing || history_apply(&views, history->events[i], *state, &err).ok;
        }
        assert_false(applied && str_equal(memory_views_dump(&views, *state), whole));
        checked++;
    }
    assert_true(checked > 10);
}

/* The index of a record is a function of the record: rebuilt from the records, it is the same. */
static void add_expected(void *state, const struct view_key *key)
{
    struct memory_views *views = state;
    struct view_store store = memory_views_store(views);
    struct error err;
    bytes empty = {(const uint8_t *)"", 0};
    assert_true(store.put(store.state, VIEW_INDEX, (bytes){key->data, key->size}, empty, &err).ok);
}

static void test_index_is_what_the_records_list(void **state)
{
    struct arena *arena = *state;
    for (unsigned seed = 1; seed <= ROUNDS; seed++) {
        struct history *history = generate(arena, seed);
        struct memory_views *views = &history->views;
        struct memory_views expected;
        struct index_sink sink = {&expected, add_expected};
        memory_views_init(&expected, arena);
        for (int view = 0; view < VIEW_COUNT; view++) {
            expected.tables[view] = views->tables[view];
            for (size_t i = 0; i < views->tables[view].capacity; i++) {
                const struct map_entry *entry = &views->tables[view].slots[i];
                if (entry->value != NULL && view_kinds[view].index != NULL) {
                    ProtobufCMessage *record = NULL;
                    struct error err;
                    assert_true(record_unpack(view_kinds[view].message, *(bytes *)entry->value,
                                              arena, &record, &err)
                                    .ok);
                    view_kinds[view].index(record, arena, &sink);
                }
            }
        }
        assert_true(
            str_equal(memory_views_dump(&expected, arena), memory_views_dump(views, arena)));
        arena_reset(arena);
    }
}

static void test_views_apply_writes_nothing_twice(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "store_created", "origin=o");
    assert_int_equal(history->views.puts, 1);
    history_add(history, "file_processed", "kind=exams");
    history_add(history, "data_disclosed", "verb=show");
    assert_int_equal(history->views.puts, 1); /* the same day: the store's record is as it was */
    history->today++;
    history_add(history, "data_disclosed", "verb=show");
    assert_int_equal(history->views.puts, 2);
}

static void write_history(struct history *history)
{
    history_add(history, "store_created", "authority_name=某委 authority_code=A origin=o");
    history_add(history, "enterprise_registered", "code=E1 name=甲公司 legal_person_id=p1");
    history_add(history, "identity_collected",
                "person_id=p1 personal.name=张三 personal.id_type=resident "
                "personal.id_number=310101189912310017 collected_on=2025-02-28 method=card");
    history_add(history, "exam_recorded",
                "person_id=p1 category=B kind=first exam_date=2025-01-15 passed=true");
    history_add(history, "certificate_issued",
                "certificate=沪建安B(2025)0000001 category=B post=07 person_id=p1 enterprise=E1 "
                "enterprise_name=甲公司 identity_event=3 issued=2025-03-01 valid_until=2028-02-29 "
                "first_issued=2025-03-01 exam.person_id=p1 exam.category=B exam.kind=first "
                "exam.exam_date=2025-01-15");
    history_add(history, "document_rendered",
                "document=沪建安B(2025)0000001 content_event=5 template_id=t1 pdf_sha256=0a");
    history_add(history, "paper_registered",
                "certificate=沪建安C(2017)200051 category=C person_id=p2 enterprise=E1 "
                "enterprise_name=甲公司 issued=2024-01-02 valid_until=2027-01-01 status=valid");
    history->today += 30;
    history_add(history, "wave_opened", "kind=enterprise_name enterprise=E1 value=乙公司 count=1");
    history_add(history, "enterprise_name_changed",
                "certificate=沪建安B(2025)0000001 enterprise_name=乙公司 enterprise=E1 "
                "person_id=p1 valid_until=2028-02-29");
    history_add(history, "certificate_cancelled",
                "certificate=沪建安C(2017)200051 reason=employment_ended enterprise=E1 "
                "enterprise_name=甲公司 person_id=p2 document=cancellation:沪建安C(2017)200051");
    history_add(history, "cancellation_proof_ordered",
                "document=cancellation:沪建安C(2017)200051 certificate=沪建安C(2017)200051 "
                "person_id=p2 enterprise=E1 enterprise_name=甲公司");
}

/* Written beside the golden file's place below build/ when they differ: copy it after reading. */
static void keep(str text)
{
    FILE *file = fopen("build/views.txt", "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.size, file), text.size);
    assert_int_equal(fclose(file), 0);
}

static void test_views_of_a_written_history_are_golden(void **state)
{
    struct history *history = history_new(*state);
    char *golden = arena_new((struct arena *)*state, 65536);
    write_history(history);
    str text = memory_views_print(&history->views, *state);
    FILE *file = fopen(GOLDEN, "rb");
    size_t size = file != NULL ? fread(golden, 1, 65536, file) : 0;
    if (file != NULL) {
        assert_int_equal(fclose(file), 0);
    }
    if (!str_equal(text, (str){golden, size})) {
        keep(text);
        fail_msg("the views differ from %s; they are in build/views.txt", GOLDEN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_views_apply_gives_the_same_bytes_in_chunks),
        TEST_WITH_ARENA(test_dump_shows_a_missing_event),
        TEST_WITH_ARENA(test_index_is_what_the_records_list),
        TEST_WITH_ARENA(test_views_apply_writes_nothing_twice),
        TEST_WITH_ARENA(test_views_of_a_written_history_are_golden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
