/* test_histories - properties over histories that nobody thought out: registers, wishes of every
 * kind, nonsense and repetitions, on days that jump, put through the real engine.
 *
 *     SEED=1 COUNT=3000 tests/run unit gcc tests/histories/test_histories
 *
 * COUNT is the number of wishes, over histories of LINES_EACH; a history's seed alone makes it
 * again. What is checked is told in docs/conventions.md. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/io/file.h"
#include "jobs/messages.h"
#include "tests/histories/history.h"
#include "tests/histories/registers.h"
#include "tests/support/smaller.h"

enum {
    LINES_EACH = 4000,
    COUNT_DEFAULT = 3000,
    COUNT_SMALLER = 1000,
    COUNT_LONG = 100000,
    RULES_MAX = 1 << 22,
    ROOM_BYTES = 1 << 28
};

struct options {
    uint64_t seed;
    uint64_t count;
};

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    uint64_t number = otherwise;
    const char *text = getenv(name);
    if (text != NULL && text[0] != 0) {
        assert_true(str_to_uint64(str_of(text), &number));
    }
    return number;
}

static struct options options_of(void)
{
    /* the repetitions are of other histories, and shorter */
    unsigned part = smaller_part();
    return (struct options){number_of("SEED", 1 + part),
                            number_of("COUNT", part == 0 ? COUNT_DEFAULT : COUNT_SMALLER)};
}

/* --- the tables are complete
 * ------------------------------------------------------------------------ */

static void test_wishes_know_every_action_and_field(void **state)
{
    (void)state;
    for (unsigned i = 0; i < action__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *action = &action__descriptor.fields[i];
        if (!action_is_wish((Action__BodyCase)action->id)) {
            continue;
        }
        if (wish_kind_find((Action__BodyCase)action->id) == NULL) {
            fail_msg("tests/histories/wish_aim.c has no row for the action %s", action->name);
        }
        const ProtobufCMessageDescriptor *message = action->descriptor;
        for (unsigned k = 0; k < message->n_fields; k++) {
            if (!wish_field_known(message->fields[k].name)) {
                fail_msg("tests/histories/wish_field.c has no row for %s.%s", action->name,
                         message->fields[k].name);
            }
        }
    }
    assert_null(wish_kind_find(ACTION__BODY_REGISTER_PAPER));
    assert_false(wish_field_known("no_such_field"));
}

static void test_registers_know_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < import_kinds_count; i++) {
        if (!registers_know(import_kinds[i].name)) {
            fail_msg("tests/histories/registers.c has no row for %s", import_kinds[i].name);
        }
    }
    assert_false(registers_know("nothing"));
}

/* --- the run
 * ------------------------------------------------------------------------------------------ */

/* Why wishes were refused, in one line. */
static void show_codes(const uint64_t *codes)
{
    (void)printf("#     ");
    for (int code = 1; code < HISTORY_CODES_MAX; code++) {
        const struct message *message = codes[code] > 0 ? message_find(code) : NULL;
        if (message != NULL) {
            (void)printf(" %s %llu", message->name, (unsigned long long)codes[code]);
        }
    }
    (void)printf("\n");
}

static void show(const struct scores *scores)
{
    (void)printf("# %llu histories, %llu wishes (%llu accepted, %llu duplicate, %llu refused, %llu "
                 "invalid), %llu register rows, %llu events\n",
                 (unsigned long long)scores->histories, (unsigned long long)scores->lines,
                 (unsigned long long)scores->by_verdict[VERDICT_ACCEPTED],
                 (unsigned long long)scores->by_verdict[VERDICT_DUPLICATE],
                 (unsigned long long)scores->by_verdict[VERDICT_REFUSED],
                 (unsigned long long)scores->by_verdict[VERDICT_INVALID],
                 (unsigned long long)(scores->rows[VERDICT_ACCEPTED] +
                                      scores->rows[VERDICT_UNCHANGED] +
                                      scores->rows[VERDICT_REFUSED]),
                 (unsigned long long)scores->events);
    for (size_t i = 0; i < wish_kinds_count; i++) {
        Action__BodyCase body = wish_kinds[i].body;
        const uint64_t *counts = scores->actions[body];
        (void)printf("# %-22s accepted %6llu  duplicate %6llu  refused %6llu  invalid %6llu\n",
                     action_field(body)->name, (unsigned long long)counts[VERDICT_ACCEPTED],
                     (unsigned long long)counts[VERDICT_DUPLICATE],
                     (unsigned long long)counts[VERDICT_REFUSED],
                     (unsigned long long)counts[VERDICT_INVALID]);
        show_codes(scores->codes_of[body]);
    }
}

static uint64_t count_of(const struct scores *scores, str code, struct arena *arena)
{
    char *name = arena_c_string(arena, code);
    for (char *c = name; *c != 0; c++) {
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    }
    const struct message *message = message_named(str_of(name));
    return message != NULL ? scores->codes[message->number] : 0;
}

/* Codes of RULES 0.3 that no line of an unsigned submission of these actions can meet. */
static bool is_not_here(str code)
{
    static const char *const not_here[] = {"actor_mismatch",        /* signed files alone */
                                           "plan_differs",          /* of `rename run`, a verb */
                                           "register_name_differs", /* of `rename plan --file` */
                                           "record_external",       /* ids are keyed hashes */
                                           NULL};
    for (size_t i = 0; not_here[i] != NULL; i++) {
        if (str_equal_c(code, not_here[i])) {
            return true;
        }
    }
    return false;
}

/* Do the codes of a row of the table of 0.3 belong to actions that histories wish for (weight 0)?
 */
static bool is_of_these_actions(str codes)
{
    return !str_starts_with(codes, STR("`card_not_read`"));
}

static unsigned check_codes(const struct scores *scores, str row, struct arena *arena)
{
    unsigned missing = 0;
    str cells = str_from(row, 2);
    str codes = str_cut(&cells, '|');
    if (!str_starts_with(codes, STR("`")) || !is_of_these_actions(codes)) {
        return 0;
    }
    while (codes.data != NULL) {
        str code = str_trim(str_cut(&codes, ' '));
        if (code.size < 3) {
            continue;
        }
        code = str_first(str_from(code, 1), code.size - 2);
        if (!is_not_here(code) && count_of(scores, code, arena) == 0) {
            (void)printf("# never refused with %.*s\n", STR_ARGS(code));
            missing++;
        }
    }
    return missing;
}

/* Every refusal code that RULES 0.3 lists occurs. */
static unsigned missing_codes(const struct scores *scores)
{
    struct error err;
    struct arena arena;
    bytes content = {NULL, 0};
    str text;
    unsigned missing = 0;
    unsigned rows = 0;
    bool inside = false;
    arena_init(&arena, 0);
    stage_need(file_read("docs/rules.md", &arena, RULES_MAX, &content, &err), &err,
               "docs/rules.md (run from the root of the tree)");
    assert_true(str_from_bytes(content, &text));
    for (str rest = text; rest.data != NULL;) {
        str line = str_cut(&rest, '\n');
        inside =
            str_starts_with(line, STR("## 0.3")) || (inside && !str_starts_with(line, STR("# ")));
        if (inside && str_starts_with(line, STR("| `"))) {
            missing += check_codes(scores, line, &arena);
            rows++;
        }
    }
    arena_release(&arena);
    assert_true(rows > 10);
    return missing;
}

static unsigned missing_actions(const struct scores *scores)
{
    unsigned missing = 0;
    for (size_t i = 0; i < wish_kinds_count; i++) {
        const uint64_t *counts = scores->actions[wish_kinds[i].body];
        if (wish_kinds[i].weight > 0 && counts[VERDICT_ACCEPTED] == 0) {
            (void)printf("# never accepted: %s\n", action_field(wish_kinds[i].body)->name);
            missing++;
        }
    }
    return missing;
}

static void test_histories_keep_every_property(void **state)
{
    (void)state;
    struct options options = options_of();
    struct scores *scores = calloc(1, sizeof *scores);
    assert_non_null(scores);
    (void)printf("# SEED=%llu COUNT=%llu\n", (unsigned long long)options.seed,
                 (unsigned long long)options.count);
    for (unsigned number = 0; scores->lines < options.count; number++) {
        uint64_t left = options.count - scores->lines;
        uint64_t seed = options.seed + number * (uint64_t)1000003;
        (void)printf("# history %u: SEED=%llu\n", number, (unsigned long long)seed);
        (void)fflush(stdout); /* also seen when the program aborts */
        history_run(seed, number, left < LINES_EACH ? left : LINES_EACH, scores);
    }
    show(scores);
    /* A short run is a sample; what it must have met is less. */
    if (options.count >= COUNT_DEFAULT) {
        assert_int_equal(missing_actions(scores), 0);
    }
    if (options.count >= COUNT_LONG) {
        assert_int_equal(missing_codes(scores), 0);
    }
    free(scores);
}

/* A history takes some 50 MB at its end. */
static bool memory_has_room(const char *dir)
{
    struct statvfs status;
    return access(dir, W_OK) == 0 && statvfs(dir, &status) == 0 &&
           (uint64_t)status.f_bavail * status.f_frsize >= ROOM_BYTES;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wishes_know_every_action_and_field),
        cmocka_unit_test(test_registers_know_every_kind),
        cmocka_unit_test(test_histories_keep_every_property),
    };
    /* In memory, unless somewhere else is asked for: thousands of small commits. */
    if (getenv("TMPDIR") == NULL && memory_has_room("/dev/shm")) {
        assert_int_equal(setenv("TMPDIR", "/dev/shm", 0), 0);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
