/* test_golden_log - the logs that were made once: every event type occurs in one of them, and each
 * of their events opens with today's program. The folders are named by ANZHENG_GOLDEN, with colons
 * between (tests/faults/t0400 sets it); without it the test is skipped. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/engine/engine.h"

enum { BODY_NUMBER_MAX = 256, ERASED_MAX = 16 };

/* Persons whose keys were destroyed: what was sealed with them is blank (R-PV-02). */
struct erased {
    str ids[ERASED_MAX];
    size_t count;
};

static bool is_erased(const struct erased *erased, const char *id)
{
    for (size_t i = 0; i < erased->count; i++) {
        if (str_equal_c(erased->ids[i], id)) {
            return true;
        }
    }
    return false;
}

static outcome find_erased(struct engine *engine, struct arena *arena, struct erased *ret,
                           struct error *err)
{
    for (uint64_t n = 1; n <= engine_last_sequence(engine); n++) {
        Event *event = NULL;
        TRY(engine_event(engine, n, arena, &event, err));
        if (event->body_case == EVENT__BODY_PERSON_ERASED) {
            assert_in_range(ret->count, 0, ERASED_MAX - 1);
            ret->ids[ret->count++] = str_of(event->person_erased->person_id);
        }
    }
    return OK;
}

static outcome read_all(struct engine *engine, const struct erased *erased,
                        bool seen[BODY_NUMBER_MAX], struct error *err)
{
    struct arena arena;
    outcome result = OK;
    arena_init(&arena, 0);
    for (uint64_t n = 1; result.ok && n <= engine_last_sequence(engine); n++) {
        Event *event = NULL;
        arena_reset(&arena);
        result = engine_event(engine, n, &arena, &event, err);
        if (result.ok) {
            struct personal_slot slot = event_personal(event);
            seen[event->body_case] = true;
            assert_int_equal(event->sequence, n);
            /* What was sealed opens with the keys that lie beside it, and with no other. */
            if (slot.sealed != NULL && slot.sealed->len > 0) {
                assert_int_equal(*slot.personal != NULL, !is_erased(erased, *slot.person_id));
            }
        }
    }
    arena_release(&arena);
    return result;
}

static void read_store(str dir, bool seen[BODY_NUMBER_MAX])
{
    struct error err;
    struct engine *engine = NULL;
    struct arena arena;
    struct erased erased = {.count = 0};
    arena_init(&arena, 0);
    struct engine_options options = {
        .dir = arena_c_string(&arena, dir), .mode = STORE_READ, .verb = "test"};
    assert_true(engine_open(&options, &engine, &err).ok);
    assert_true(engine_begin(engine, &err).ok);
    assert_true(find_erased(engine, &arena, &erased, &err).ok);
    assert_true(read_all(engine, &erased, seen, &err).ok);
    engine_close(engine);
    arena_release(&arena);
}

static void test_golden_logs_hold_every_event_type(void **state)
{
    bool seen[BODY_NUMBER_MAX] = {false};
    const char *dirs = getenv("ANZHENG_GOLDEN");
    (void)state; /* no memory needed */
    if (dirs == NULL) {
        skip();
    }
    for (str rest = str_of(dirs); rest.data != NULL;) {
        read_store(str_cut(&rest, ':'), seen);
    }
    for (unsigned i = 0; i < event__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &event__descriptor.fields[i];
        if (field->id >= 16 && !seen[field->id]) {
            fail_msg("no event of type %s: make another golden log beside these", field->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_logs_hold_every_event_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
