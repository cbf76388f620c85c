/* test_witnesses - policies of C2SP tlog-policy: who is in them, and when they are met. */
#include "core/io/witnesses.h"

#include "core/io/messages.h"
#include "tests/support/test.h"

enum { KEYS = 4 };

/* A log's key "L" and three witnesses' "1".."3", put in the place of these letters. */
static str with_keys(const char *text, struct arena *arena)
{
    struct error err = {0};
    str keys[KEYS];
    for (int i = 0; i < KEYS; i++) {
        struct note_key *key = NULL;
        assert_true(note_key_generate(&key, &err).ok);
        str name = arena_format(arena, "example/%d", i);
        struct note_verifier verifier =
            i == 0 ? note_verifier_of(key, name) : note_cosigner_of(key, name);
        keys[i] = note_vkey_format(&verifier, arena);
        note_key_close(key);
    }
    str filled = STR("");
    for (; *text != 0; text++) {
        if (*text == '$') {
            text++;
            filled = arena_format(arena, "%.*s%.*s", STR_ARGS(filled), STR_ARGS(keys[*text - '0']));
        } else {
            filled = arena_format(arena, "%.*s%c", STR_ARGS(filled), *text);
        }
    }
    return filled;
}

static void test_witnesses_suffice_as_the_groups_say(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct witnesses witnesses;
    arena_init(&arena, 0);
    str text = with_keys("# comment\n\nlog $0\nwitness X1 $1\n\twitness X2  $2 https://x.example/\n"
                         "witness Y $3\ngroup X any X1 X2\ngroup both all X Y\nquorum both\n",
                         &arena);
    assert_true(witnesses_parse(text, &arena, &witnesses, &err).ok);
    assert_int_equal(witnesses.logs_count, 1);
    assert_int_equal(witnesses.witnesses_count, 3);
    assert_true(str_equal(witnesses.witnesses[1].url, STR("https://x.example/")));
    static const bool expected[8] = {[5] = true, [6] = true, [7] = true};
    for (unsigned set = 0; set < 8; set++) {
        bool cosigned[WITNESSES_MAX] = {(set & 1) != 0, (set & 2) != 0, (set & 4) != 0};
        assert_int_equal(witnesses_suffice(&witnesses, cosigned), expected[set]);
    }
    arena_release(&arena);
}

static void test_witnesses_parse_takes_a_witness_or_none_as_quorum(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct witnesses witnesses;
    bool cosigned[WITNESSES_MAX] = {false};
    arena_init(&arena, 0);
    assert_true(witnesses_parse(STR("quorum none"), &arena, &witnesses, &err).ok);
    assert_true(witnesses_suffice(&witnesses, cosigned));
    assert_true(
        witnesses_parse(with_keys("witness a $1\nquorum a\n", &arena), &arena, &witnesses, &err)
            .ok);
    assert_false(witnesses_suffice(&witnesses, cosigned));
    cosigned[0] = true;
    assert_true(witnesses_suffice(&witnesses, cosigned));
    arena_release(&arena);
}

static void test_witnesses_parse_refuses_what_the_specification_does(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct witnesses witnesses;
    static const char *const bad[] = {
        "",
        "log $0\n",
        "quorum none\nquorum none\n",
        "log $0\nlog $0\nquorum none\n",
        "log $1\nquorum none\n",
        "log\nquorum none\n",
        "log $0 https://a b\nquorum none\n",
        "witness a $0\nquorum none\n",
        "witness a $1\nwitness b $1\nquorum none\n",
        "witness a $1\nwitness a $2\nquorum none\n",
        "witness none $1\nquorum none\n",
        "quorum a\nwitness a $1\n",
        "witness a $1\ngroup g 2 a\nquorum g\n",
        "witness a $1\ngroup g 0 a\nquorum g\n",
        "witness a $1\ngroup g some a\nquorum g\n",
        "witness a $1\ngroup g all\nquorum g\n",
        "witness a $1\ngroup g all a a\nquorum g\n",
        "witness a $1\ngroup g all a\ngroup h all a\nquorum h\n",
        "witness a $1\ngroup g all b\nquorum g\n",
        "witness a $1\ngroup a all a\nquorum a\n",
        "group g all g\nquorum g\n",
        "mirror a\nquorum none\n",
    };
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str text = with_keys(bad[i], &arena);
        if (witnesses_parse(text, &arena, &witnesses, &err).ok) {
            fail_msg("taken: %s", bad[i]);
        }
        assert_int_equal(err.class, ERROR_CONFIG);
        assert_int_equal(err.code, MESSAGE_WITNESSES_MALFORMED);
    }
    arena_release(&arena);
}

static void test_witnesses_ask_counts_those_that_were_added(void **state)
{
    (void)state;
    struct error err = {0};
    struct arena arena;
    struct witnesses witnesses = {0};
    arena_init(&arena, 0);
    str keys = with_keys("$0\n$1\n$2\n$3", &arena);
    assert_true(witnesses_add_log(&witnesses, str_cut(&keys, '\n'), &arena, &err).ok);
    str first = str_cut(&keys, '\n');
    assert_true(witnesses_add(&witnesses, first, &arena, &err).ok);
    assert_false(witnesses_add(&witnesses, first, &arena, &err).ok);
    assert_false(witnesses_add_log(&witnesses, first, &arena, &err).ok);
    assert_int_equal(err.code, MESSAGE_VKEY_INVALID);
    assert_true(witnesses_add(&witnesses, str_cut(&keys, '\n'), &arena, &err).ok);
    assert_true(witnesses_add(&witnesses, keys, &arena, &err).ok);
    assert_false(witnesses_ask(&witnesses, 4, &err).ok);
    assert_int_equal(err.code, MESSAGE_WITNESSES_MALFORMED);
    assert_true(witnesses_ask(&witnesses, 2, &err).ok);
    bool one[WITNESSES_MAX] = {false, true};
    bool two[WITNESSES_MAX] = {true, false, true};
    assert_false(witnesses_suffice(&witnesses, one));
    assert_true(witnesses_suffice(&witnesses, two));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_witnesses_suffice_as_the_groups_say),
        cmocka_unit_test(test_witnesses_parse_takes_a_witness_or_none_as_quorum),
        cmocka_unit_test(test_witnesses_parse_refuses_what_the_specification_does),
        cmocka_unit_test(test_witnesses_ask_counts_those_that_were_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
