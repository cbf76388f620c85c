/* test_record_read - reading and writing against protobuf-c, over random messages of every kind,
 * whole and spoilt. */
#include <action.pb-c.h>
#include <event.pb-c.h>
#include <string.h>
#include <view.pb-c.h>

#include "core/base/date.h"
#include "core/base/record_parts.h"
#include "core/base/record_plan.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

enum { ROUNDS = 400, SPOILT = 40 };

struct dice {
    uint64_t state;
    struct arena *arena;
};

static uint32_t roll(struct dice *dice, uint32_t sides)
{
    dice->state = dice->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(dice->state >> 33) % sides;
}

static ProtobufCMessage *random_message(struct dice *dice, const ProtobufCMessageDescriptor *kind);

/* Small, negative, and with every size of varint. */
static uint64_t random_number(struct dice *dice)
{
    uint64_t wide = (uint64_t)roll(dice, UINT32_MAX) << 33 ^ roll(dice, UINT32_MAX);
    return roll(dice, 6) == 0 ? ~UINT64_C(0) : wide >> roll(dice, 64);
}

static char *random_text(struct dice *dice)
{
    static const char *const texts[] = {
        "", "a", "沪建安B(2024)0001234", "𠮷野", "9131010100000000", "twelve bytes", "\x7f"};
    return arena_c_string(dice->arena, str_of(texts[roll(dice, 7)]));
}

/* Bytes of a number in a message; 0 for what is none. */
static size_t number_size(ProtobufCType type)
{
    static const size_t sizes[] = {
        [PROTOBUF_C_TYPE_INT32] = 4,  [PROTOBUF_C_TYPE_UINT32] = 4, [PROTOBUF_C_TYPE_SINT32] = 4,
        [PROTOBUF_C_TYPE_ENUM] = 4,   [PROTOBUF_C_TYPE_BOOL] = 4,   [PROTOBUF_C_TYPE_INT64] = 8,
        [PROTOBUF_C_TYPE_UINT64] = 8, [PROTOBUF_C_TYPE_MESSAGE] = 0};
    return sizes[type];
}

static void put_value(struct dice *dice, const ProtobufCFieldDescriptor *field, char *place)
{
    uint64_t number = random_number(dice);
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        *(char **)(void *)place = random_text(dice);
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        *(ProtobufCBinaryData *)(void *)place =
            record_binary(bytes_of("\0\xff bytes", roll(dice, 8)), dice->arena);
    } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        *(ProtobufCMessage **)(void *)place = random_message(dice, field->descriptor);
    } else if (field->type == PROTOBUF_C_TYPE_BOOL) {
        *(protobuf_c_boolean *)(void *)place = (int)roll(dice, 2);
    } else { /* 0: the schema has got a new type: teach record_plan.h and this test */
        assert_int_not_equal(number_size(field->type), 0);
        memcpy(place, &number, number_size(field->type));
    }
}

static size_t size_of_value(const ProtobufCFieldDescriptor *field)
{
    size_t size = number_size(field->type);
    return field->type == PROTOBUF_C_TYPE_BYTES ? sizeof(ProtobufCBinaryData)
           : size > 0                           ? size
                                                : sizeof(void *);
}

static void put_field(struct dice *dice, const ProtobufCFieldDescriptor *field, char *message)
{
    uint32_t *quantifier = (uint32_t *)(void *)(message + field->quantifier_offset);
    bool is_choice = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = roll(dice, 4);
        char *items = arena_new(dice->arena, count * 16 + 16);
        for (size_t i = 0; i < count; i++) {
            put_value(dice, field, items + i * size_of_value(field));
        }
        *(size_t *)(void *)quantifier = count;
        *(char **)(void *)(message + field->offset) = items;
        return;
    }
    if (is_choice && *quantifier != 0) {
        return;
    }
    if (is_choice) {
        *quantifier = field->id;
    } else if (field->quantifier_offset != 0) {
        *quantifier = 1;
    }
    put_value(dice, field, message + field->offset);
}

static ProtobufCMessage *random_message(struct dice *dice, const ProtobufCMessageDescriptor *kind)
{
    ProtobufCMessage *message = record_new(kind, dice->arena);
    unsigned some = roll(dice, 4);
    for (unsigned i = 0; i < kind->n_fields; i++) {
        bool is_choice = (kind->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
        if (roll(dice, is_choice ? kind->n_fields : 4) <= some) {
            put_field(dice, &kind->fields[i], (char *)message);
        }
    }
    return message;
}

static bool same(const ProtobufCMessage *a, const ProtobufCMessage *b, struct arena *arena)
{
    return bytes_equal(record_pack(a, arena), record_pack(b, arena));
}

/* What is read is what protobuf-c unpacks; what is refused may be either. */
static bool agrees(const ProtobufCMessageDescriptor *kind, bytes b, struct arena *arena)
{
    ProtobufCMessage *read = NULL;
    uint8_t *exact = arena_new_raw(arena, b.size); /* so that a sanitizer sees its end */
    memcpy(exact, b.data, b.size);
    if (!record_read(kind, bytes_of(exact, b.size), false, arena, &read)) {
        return false;
    }
    ProtobufCMessage *unpacked =
        protobuf_c_message_unpack(kind, arena_protobuf(arena), b.size, exact);
    assert_non_null(unpacked);
    assert_int_equal(unpacked->n_unknown_fields, 0);
    assert_true(protobuf_c_message_check(read));
    assert_true(same(read, unpacked, arena));
    return true;
}

static const ProtobufCMessageDescriptor *const kinds[] = {
    &event__descriptor,         &action__descriptor,        &certificate_view__descriptor,
    &person_view__descriptor,   &document_view__descriptor, &enterprise_view__descriptor,
    &registry_view__descriptor, &personal__descriptor,      &trail_view__descriptor,
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void test_record_read_reads_whatever_is_packed(void **state)
{
    struct arena *arena = *state;
    struct dice dice = {1, arena};
    for (int i = 0; i < ROUNDS; i++) {
        const ProtobufCMessageDescriptor *kind = kinds[i % KINDS];
        bytes packed = record_pack(random_message(&dice, kind), arena);
        assert_true(agrees(kind, packed, arena));
        arena_reset(arena);
    }
}

static void test_record_read_gives_nothing_else_of_what_is_spoilt(void **state)
{
    struct arena *arena = *state;
    struct dice dice = {2, arena};
    unsigned read = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const ProtobufCMessageDescriptor *kind = kinds[i % KINDS];
        bytes packed = record_pack(random_message(&dice, kind), arena);
        for (int k = 0; packed.size > 0 && k < SPOILT; k++) {
            uint8_t *spoilt = arena_new_raw(arena, packed.size * 2);
            uint32_t at = roll(&dice, (uint32_t)packed.size);
            size_t size = packed.size;
            memcpy(spoilt, packed.data, size);
            switch (roll(&dice, 4)) {
            case 0: spoilt[at] ^= (uint8_t)(1U << roll(&dice, 8)); break;
            case 1: size = at; break;
            case 2: /* fields twice, and out of order */
                memcpy(spoilt + size, packed.data, at);
                size += at;
                break;
            default: spoilt[at] = (uint8_t)roll(&dice, 256); break;
            }
            read += agrees(kind, bytes_of(spoilt, size), arena);
        }
        arena_reset(arena);
    }
    assert_true(read > ROUNDS); /* many are sound though other */
}

/* As above, of every kind there is. */
static void test_record_read_has_a_plan_for_every_kind(void **state)
{
    struct arena *arena = *state;
    struct dice dice = {5, arena};
    enum { TRIES = 8 };
    unsigned known = 0;
    for (unsigned slot = 0; slot < PLAN_SLOTS; slot++) {
        if (record_plan_slots[slot] == 0) {
            continue;
        }
        const struct record_plan *plan = &record_plans[record_plan_slots[slot] - 1];
        assert_ptr_equal(record_plan_of(plan->descriptor), plan);
        for (int i = 0; i < TRIES; i++) {
            ProtobufCMessage *message = random_message(&dice, plan->descriptor);
            size_t size = protobuf_c_message_get_packed_size(message);
            bytes theirs = bytes_of(arena_new_raw(arena, size), size);
            assert_int_equal(protobuf_c_message_pack(message, (uint8_t *)theirs.data), size);
            assert_true(bytes_equal(record_pack(message, arena), theirs));
            assert_true(agrees(plan->descriptor, theirs, arena));
        }
        known++;
        arena_reset(arena);
    }
    for (int i = 0; i < KINDS; i++) {
        assert_non_null(record_plan_of(kinds[i]));
    }
    assert_true(known > 200);
}

static void test_record_read_looks_at_every_character(void **state)
{
    struct arena *arena = *state;
    enum { SIZE_MOST = 40 };
    static const char wrong[] = {0, '\x80', '\xff', '\xc3'};
    char wire[2 + SIZE_MOST] = "\x0a"; /* of a policy: its key */
    ProtobufCMessage *message = NULL;
    for (char size = 1; size <= SIZE_MOST; size++) {
        wire[1] = size;
        bytes b = bytes_of(wire, 2U + (unsigned)size);
        for (size_t at = 2; at < b.size; at++) {
            memset(wire + 2, 'k', SIZE_MOST);
            assert_true(record_read(&policy_set__descriptor, b, true, arena, &message));
            for (size_t i = 0; i < sizeof wrong; i++) {
                wire[at] = wrong[i];
                assert_false(record_read(&policy_set__descriptor, b, true, arena, &message));
            }
            if (at + 2 < b.size) {
                memcpy(wire + at, "沪", 3);
                assert_true(record_read(&policy_set__descriptor, b, true, arena, &message));
            }
        }
        arena_reset(arena);
    }
}

static void refuse(const char *wire, size_t size, bool checks, struct arena *arena)
{
    ProtobufCMessage *message = NULL;
    assert_false(
        record_read(&exam_view__descriptor, bytes_of(wire, size), checks, arena, &message));
    assert_null(message);
}

/* Days have a reader of their own. */
static void test_record_read_takes_a_day_that_is_one_number(void **state)
{
    struct arena *arena = *state;
    enum { SIZE = 1, NUMBER = 2, DAY_BYTES = 3 };
    char wire[16];
    ExamView *exam = RECORD_NEW(arena, ExamView, exam_view);
    exam->exam_date = RECORD_NEW(arena, Date, date);
    bytes first = record_pack(&exam->base, arena);
    ProtobufCMessage *message = NULL;
    assert_true(record_read(&exam_view__descriptor, first, true, arena, &message));
    assert_int_equal(((ExamView *)(void *)message)->exam_date->days, 0);
    exam->exam_date->days = 20000;
    bytes sound = record_pack(&exam->base, arena);
    assert_int_equal(sound.size, NUMBER + 1 + DAY_BYTES);
    memcpy(wire, sound.data, sound.size);
    wire[NUMBER] ^= 0x18; /* another field */
    refuse(wire, sound.size, false, arena);
    memcpy(wire, sound.data, sound.size);
    wire[SIZE]--; /* the number ends behind the day */
    refuse(wire, sound.size, false, arena);
    refuse(wire, sound.size - 1, false, arena);
    wire[SIZE] = 1;
    refuse(wire, NUMBER + 1, false, arena); /* a field without its number */
    message = NULL;
    assert_false(record_read(&date__descriptor, bytes_of("\x08\xff\xff\xff\x7f", 5), true, arena,
                             &message)); /* no day of the calendar, and no part of a message */
    wire[SIZE] = DAY_BYTES + 3;
    wire[sound.size] = wire[NUMBER];
    wire[sound.size + 1] = 1; /* twice */
    refuse(wire, sound.size + 2, false, arena);
}

static void test_record_read_leaves_the_rest_to_protobuf_c(void **state)
{
    struct arena *arena = *state;
    char wire[64];
    ExamView *exam = RECORD_NEW(arena, ExamView, exam_view);
    exam->exam_date = RECORD_NEW(arena, Date, date);
    exam->exam_date->days = 20000;
    bytes sound = record_pack(&exam->base, arena);
    memcpy(wire, sound.data, sound.size);
    ProtobufCMessage *message = NULL;
    assert_true(record_read(&exam_view__descriptor, sound, true, arena, &message));
    memcpy(wire + sound.size, sound.data, sound.size);
    refuse(wire, sound.size * 2, false, arena); /* to be merged */
    refuse(wire, sound.size - 1, false, arena);
    memcpy(wire + sound.size, "\xfa\x7f\x01x", 4);
    refuse(wire, sound.size + 4, false, arena); /* a field that nobody knows */
    exam->exam_date->days = DATE_DAYS_MAX + 1;
    bytes late = record_pack(&exam->base, arena);
    assert_true(record_read(&exam_view__descriptor, late, false, arena, &message));
    message = NULL;
    refuse((const char *)late.data, late.size, true, arena);
    exam->exam_date = NULL;
    exam->ticket = arena_c_string(arena, str_of("bad \xc3"));
    bytes bad = record_pack(&exam->base, arena);
    refuse((const char *)bad.data, bad.size, true, arena);
    assert_true(record_read(&exam_view__descriptor, bad, false, arena, &message));
}

static void test_record_write_writes_what_protobuf_c_packs(void **state)
{
    struct arena *arena = *state;
    struct dice dice = {3, arena};
    enum { ROOM = 1 << 16 };
    for (int i = 0; i < ROUNDS; i++) {
        const ProtobufCMessage *message = random_message(&dice, kinds[i % KINDS]);
        size_t size = protobuf_c_message_get_packed_size(message);
        bytes theirs = bytes_of(arena_new_raw(arena, size), size);
        bytes ours = {0};
        assert_int_equal(protobuf_c_message_pack(message, (uint8_t *)theirs.data), size);
        assert_true(record_write(message, arena_new_raw(arena, ROOM), ROOM, &ours));
        assert_true(bytes_equal(ours, theirs));
        assert_true(bytes_equal(record_pack(message, arena), theirs));
        size_t enough = size + RECORD_WRITE_MORE;
        assert_true(record_write(message, arena_new_raw(arena, enough), enough, &ours));
        assert_true(bytes_equal(ours, theirs));
        assert_true(record_size_most(message) >= size);
        assert_true(record_fits(message, size));
        assert_true(size == 0 || !record_fits(message, size - 1));
        for (size_t room = 0; room < size; room += room < size - size % 64 ? 1 + size / 64 : 1) {
            assert_false(record_write(message, arena_new_raw(arena, room), room, &ours));
        }
        arena_reset(arena);
    }
}

static bool is_choice(const ProtobufCFieldDescriptor *field)
{
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

/* All that is no choice, and of the choice this member; or none, by a number that is no member's.
 */
static ProtobufCMessage *message_with(struct dice *dice, const ProtobufCMessageDescriptor *kind,
                                      const ProtobufCFieldDescriptor *member, bool unknown)
{
    const uint32_t nobody = 15000;
    ProtobufCMessage *message = record_new(kind, dice->arena);
    for (unsigned i = 0; i < kind->n_fields; i++) {
        if (!is_choice(&kind->fields[i]) || &kind->fields[i] == member) {
            put_field(dice, &kind->fields[i], (char *)message);
        }
    }
    if (unknown) {
        memcpy((char *)message + member->quantifier_offset, &nobody, sizeof nobody);
    }
    return message;
}

static void test_record_write_finds_each_member_of_a_choice(void **state)
{
    struct arena *arena = *state;
    struct dice dice = {4, arena};
    enum { ROOM = 1 << 16, WITH_CHOICE = 2 /* events and actions */ };
    unsigned tried = 0;
    for (unsigned i = 0; i < WITH_CHOICE * event__descriptor.n_fields; i++) {
        const ProtobufCMessageDescriptor *kind = kinds[i % WITH_CHOICE];
        if (i / WITH_CHOICE >= kind->n_fields || !is_choice(&kind->fields[i / WITH_CHOICE])) {
            continue;
        }
        for (int unknown = 0; unknown < 2; unknown++) {
            const ProtobufCMessage *message =
                message_with(&dice, kind, &kind->fields[i / WITH_CHOICE], unknown != 0);
            size_t size = protobuf_c_message_get_packed_size(message);
            bytes theirs = bytes_of(arena_new_raw(arena, size), size);
            bytes ours = {0};
            assert_int_equal(protobuf_c_message_pack(message, (uint8_t *)theirs.data), size);
            assert_true(record_write(message, arena_new_raw(arena, ROOM), ROOM, &ours));
            assert_true(bytes_equal(ours, theirs));
            assert_true(record_size_most(message) >= size);
            tried++;
            arena_reset(arena);
        }
    }
    assert_true(tried > 200);
}

/* record_pack leaves a long one to protobuf-c. */
static void test_record_pack_packs_what_is_long(void **state)
{
    struct arena *arena = *state;
    enum { EVENTS = 5000 };
    ProtobufCMessage *back = NULL;
    struct error err;
    TrailView *trail = RECORD_NEW(arena, TrailView, trail_view);
    trail->events = ARENA_ARRAY(arena, uint64_t, EVENTS);
    for (trail->n_events = 0; trail->n_events < EVENTS; trail->n_events++) {
        trail->events[trail->n_events] = trail->n_events * 1000;
    }
    bytes packed = record_pack(&trail->base, arena);
    assert_int_equal(packed.size, protobuf_c_message_get_packed_size(&trail->base));
    assert_true(record_unpack(&trail_view__descriptor, packed, arena, &back, &err).ok);
    const TrailView *read = (const TrailView *)(const void *)back;
    assert_int_equal(read->n_events, EVENTS);
    assert_memory_equal(read->events, trail->events, EVENTS * sizeof *trail->events);
}

/* With the bytes put into the gap afterwards, it is what was to be packed. */
static void test_record_pack_around_leaves_a_gap(void **state)
{
    struct arena *arena = *state;
    for (size_t size = 1; size < 6000; size = size * 3 + 1) {
        uint8_t *gap = NULL;
        uint8_t *content = arena_new_raw(arena, size);
        memset(content, (int)size, size);
        CodeView *code = RECORD_NEW(arena, CodeView, code_view);
        code->phone_id = arena_c_string(arena, STR("before"));
        code->person_id = arena_c_string(arena, STR("behind"));
        code->code_hash = (ProtobufCBinaryData){size, content};
        bytes wanted = record_pack(&code->base, arena);
        code->code_hash.data = NULL; /* is not looked at */
        bytes packed = record_pack_around(&code->base, &code->code_hash, arena, &gap);
        memcpy(gap, content, size);
        assert_true(bytes_equal(packed, wanted));
    }
}

static void test_record_write_leaves_the_rest_to_protobuf_c(void **state)
{
    struct arena *arena = *state;
    uint8_t room[64];
    bytes ours = {0};
    ProtobufCMessageUnknownField unknown = {.tag = 2000, .wire_type = 0, .len = 1, .data = room};
    ExamView *exam = RECORD_NEW(arena, ExamView, exam_view);
    assert_true(record_write(&exam->base, room, sizeof room, &ours));
    assert_int_equal(ours.size, 0);
    room[0] = 7;
    exam->base.n_unknown_fields = 1;
    exam->base.unknown_fields = &unknown;
    assert_false(record_write(&exam->base, room, sizeof room, &ours));
    assert_int_equal(record_pack(&exam->base, arena).size, 3); /* tag and value are kept */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_record_read_reads_whatever_is_packed),
        TEST_WITH_ARENA(test_record_read_gives_nothing_else_of_what_is_spoilt),
        TEST_WITH_ARENA(test_record_read_takes_a_day_that_is_one_number),
        TEST_WITH_ARENA(test_record_read_leaves_the_rest_to_protobuf_c),
        TEST_WITH_ARENA(test_record_read_has_a_plan_for_every_kind),
        TEST_WITH_ARENA(test_record_read_looks_at_every_character),
        TEST_WITH_ARENA(test_record_write_writes_what_protobuf_c_packs),
        TEST_WITH_ARENA(test_record_write_finds_each_member_of_a_choice),
        TEST_WITH_ARENA(test_record_pack_packs_what_is_long),
        TEST_WITH_ARENA(test_record_pack_around_leaves_a_gap),
        TEST_WITH_ARENA(test_record_write_leaves_the_rest_to_protobuf_c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
