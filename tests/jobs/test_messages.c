/* test_messages - every code once, every row whole in both languages, every verb, option and
 * heading with a text. */
#include "tests/support/test.h"

#include <ctype.h>
#include <string.h>

#include "jobs/help.h"
#include "jobs/messages.h"

static void test_messages_codes_are_unique(void **state)
{
    (void)state; /* none */
    for (size_t i = 0; i < messages_count; i++) {
        for (size_t j = i + 1; j < messages_count; j++) {
            if (messages[i].number == messages[j].number) {
                fail_msg("%d is %s and %s", messages[i].number, messages[i].name, messages[j].name);
            }
            if (strcmp(messages[i].name, messages[j].name) == 0) {
                fail_msg("%s is %d and %d", messages[i].name, messages[i].number,
                         messages[j].number);
            }
        }
    }
}

static void test_messages_numbers_are_in_range(void **state)
{
    (void)state; /* none */
    assert_true(messages_count > 100);
    for (size_t i = 0; i < messages_count; i++) {
        assert_in_range(messages[i].number, 1000, 6999);
    }
}

/* The set of placeholders as bits; -1 for a brace that is none. */
static int placeholders(const char *text)
{
    int set = 0;
    for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{')) {
        bool is_plural =
            at[1] != 0 && at[2] == '|' && strchr(at, '}') != NULL; /* .ci/message-table */
        if (!isdigit((unsigned char)at[1]) || (at[2] != '}' && !is_plural)) {
            return -1;
        }
        set |= 1 << (at[1] - '0');
    }
    return set;
}

static void test_placeholders_finds_them(void **state)
{
    (void)state; /* none */
    assert_int_equal(placeholders("a {0} b {2}"), 5);
    assert_int_equal(placeholders("none"), 0);
    assert_int_equal(placeholders("{1} {1|row|rows}"), 2);
    assert_int_equal(placeholders("{x}"), -1);
}

static void test_messages_have_the_same_placeholders_in_both_languages(void **state)
{
    (void)state; /* none */
    for (size_t i = 0; i < messages_count; i++) {
        const struct message *message = &messages[i];
        int english = placeholders(message->english);
        if (english < 0 || english != placeholders(message->chinese)) {
            fail_msg("%s: “%s” and “%s”", message->name, message->english, message->chinese);
        }
    }
}

static void test_messages_have_both_texts(void **state)
{
    (void)state; /* none */
    for (size_t i = 0; i < messages_count; i++) {
        const struct message *message = &messages[i];
        size_t size = strlen(message->english);
        if (size == 0 || *message->chinese == 0 || message->english[size - 1] == '.') {
            fail_msg("%s: “%s” and “%s”", message->name, message->english, message->chinese);
        }
    }
}

static void test_message_fill_puts_arguments_anywhere(void **state)
{
    (void)state; /* none */
    struct arena arena;
    arena_init(&arena, 0);
    const struct error_arg args[] = {ARG_TEXT("a", "first"), ARG_INT("b", 2)};
    str filled = message_fill(STR("{1}-{0}-{1}"), args, 2, &arena);
    assert_true(str_equal(filled, STR("2-first-2")));
    str unknown = message_fill(STR("{2}{x}{"), args, 2, &arena);
    assert_true(str_equal(unknown, STR("{2}{x}{")));
    static const struct {
        uint64_t count;
        const char *text;
    } plurals[] = {{0, "0 rows were"}, {1, "1 row was"}, {2, "2 rows were"}, {11, "11 rows were"}};
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++) {
        const struct error_arg count[] = {ARG_INT("rows", plurals[i].count)};
        str said = message_fill(STR("{0} {0|row was|rows were}"), count, 1, &arena);
        assert_true(str_equal_c(said, plurals[i].text));
    }
    static const char *const others[] = {"{0|row",   "{3|row|rows}", "{0",
                                         "{0x|a|b}", "{|a|b}",       "{}"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_true(str_equal_c(message_fill(str_of(others[i]), args, 2, &arena), others[i]));
    }
    arena_release(&arena);
}

static void check_value(enum language language, const char *path, const char *value,
                        const char *expected, struct arena *arena)
{
    str words = message_value(language, str_of(path), str_of(value), arena);
    if (!str_equal_c(words, expected)) {
        fail_msg("%s %s: %.*s", path, value, STR_ARGS(words));
    }
}

/* R-PN-02..05: what is missing, one by one and as a list, in the manual's words. */
static void test_message_value_puts_lists_into_words(void **state)
{
    (void)state; /* none */
    struct arena arena;
    arena_init(&arena, 0);
    check_value(LANGUAGE_CHINESE, "missing", "id_card", "本人身份证原件和复印件", &arena);
    check_value(LANGUAGE_CHINESE, "missing", "id_card, police_correction | household_register",
                "本人身份证原件和复印件、公安局出具的“公民身份证信息更正证明”或户口簿原件及复印件",
                &arena);
    check_value(LANGUAGE_ENGLISH, "missing", "id_card, certificates",
                "identity card and copy, certificates and copies", &arena);
    /* The negative twins: no words, no list of words, nothing; the name of a field, though a
     * heading is called so. */
    check_value(LANGUAGE_ENGLISH, "field", "visit", "visit", &arena);
    check_value(LANGUAGE_CHINESE, "field", "application", "application", &arena);
    check_value(LANGUAGE_CHINESE, "missing", "id_card, nonsense",
                "本人身份证原件和复印件、nonsense", &arena);
    check_value(LANGUAGE_CHINESE, "columns", "id_card, certificates", "id_card, certificates",
                &arena);
    check_value(LANGUAGE_CHINESE, "missing", "", "", &arena);
    arena_release(&arena);
}

static void test_message_code_is_the_lower_case_name(void **state)
{
    (void)state; /* none */
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(
        str_equal(message_code(MESSAGE_CERTIFICATE_EXISTS, &arena), STR("certificate_exists")));
    assert_true(str_equal(message_code(-1, &arena), STR("unknown")));
    arena_release(&arena);
}

static void test_verbs_have_a_help_text(void **state)
{
    (void)state; /* none */
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < verbs_count; i++) {
        if (help_of_verb(&verbs[i], &arena) == NULL) {
            fail_msg("%s has no HELP_ row", verbs[i].name);
        }
    }
    arena_release(&arena);
}

static void test_options_have_a_help_text(void **state)
{
    (void)state; /* none */
    struct arena arena;
    arena_init(&arena, 0);
    struct arguments *options = ARENA_NEW(&arena, struct arguments);
    size_t seen = 0;
    for (size_t i = 0; i < verbs_count; i++) {
        help_options(&verbs[i], options, &arena);
        for (size_t j = 0; j < options->count; j++) {
            seen++;
            if (help_of_option(&verbs[i], options->options[j].name, &arena) == NULL) {
                fail_msg("%s --%s has no OPTION_ row", verbs[i].name, options->options[j].name);
            }
        }
    }
    assert_true(seen > 100);
    assert_null(help_of_option(&verbs[0], "nonsense", &arena));
    arena_release(&arena);
}

static void test_verbs_are_found_by_their_words(void **state)
{
    (void)state; /* none */
    char two[] = "policy", words[] = "set", list[] = "list", joined[] = "policy set";
    char *const policy_set[] = {two, words};
    char *const list_alone[] = {list};
    char *const one_word[] = {joined};
    int count = 0;
    assert_string_equal(verb_find(policy_set, 2, &count)->name, "policy set");
    assert_int_equal(count, 2);
    assert_string_equal(verb_find(list_alone, 1, &count)->name, "list");
    assert_int_equal(count, 1);
    assert_null(verb_find(policy_set, 1, &count));
    assert_null(verb_find(one_word, 1, &count));
    assert_null(verb_find(policy_set, 0, &count));
}

static void test_verbs_are_listed_once(void **state)
{
    (void)state; /* none */
    for (size_t i = 0; i < verbs_count; i++) {
        for (size_t j = i + 1; j < verbs_count; j++) {
            assert_string_not_equal(verbs[i].name, verbs[j].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_codes_are_unique),
        cmocka_unit_test(test_messages_numbers_are_in_range),
        cmocka_unit_test(test_placeholders_finds_them),
        cmocka_unit_test(test_messages_have_the_same_placeholders_in_both_languages),
        cmocka_unit_test(test_messages_have_both_texts),
        cmocka_unit_test(test_message_fill_puts_arguments_anywhere),
        cmocka_unit_test(test_message_value_puts_lists_into_words),
        cmocka_unit_test(test_message_code_is_the_lower_case_name),
        cmocka_unit_test(test_verbs_have_a_help_text),
        cmocka_unit_test(test_options_have_a_help_text),
        cmocka_unit_test(test_verbs_are_found_by_their_words),
        cmocka_unit_test(test_verbs_are_listed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
