/* help - prints the help of the program and of each verb, from the tables of verbs, options and
 * messages. tests/jobs/test_messages.c finds a verb or an option without text. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/record.h"
#include "core/io/terminal.h"
#include "events/decide.h"
#include "events/file_kinds.h"
#include "importers/registry.h"
#include "jobs/arguments.h"
#include "jobs/help.h"
#include "jobs/help_examples.h"
#include "jobs/help_lines.h"
#include "jobs/report.h"

/* HELP_POLICY_SET, OPTION_ROOT_CERT. */
static str row_name(const char *prefix, const char *first, const char *second, struct arena *arena)
{
    str whole = *second == 0 ? arena_format(arena, "%s_%s", prefix, first)
                             : arena_format(arena, "%s_%s_%s", prefix, first, second);
    return message_row_name(whole, arena);
}

const struct message *help_of_verb(const struct verb *verb, struct arena *arena)
{
    return message_named(row_name("HELP", verb->name, "", arena));
}

const struct message *help_of_option(const struct verb *verb, const char *option,
                                     struct arena *arena)
{
    const struct message *own =
        verb == NULL ? NULL : message_named(row_name("OPTION", verb->name, option, arena));
    return own != NULL ? own : message_named(row_name("OPTION", option, "", arena));
}

void help_options(const struct verb *verb, struct arguments *ret, struct arena *arena)
{
    *ret = (struct arguments){0};
    /* of an action what its fields are not for; a verb's own options are all options */
    arguments_add(ret, record_new(verb->options, arena),
                  verb_is_action(verb) ? verb_not_options : NULL, arena);
    if (verb_is_action(verb)) {
        arguments_add(ret, record_new(&action__descriptor, arena), NULL, arena);
        arguments_add(ret, record_new(&action_options__descriptor, arena),
                      action_options_without(verb), arena);
    }
}

/* A text may begin with "=NAME ": what the value is called. */
static str value_name(str *text)
{
    if (!str_starts_with(*text, STR("="))) {
        return STR("");
    }
    str name = str_first(*text, str_find_byte(*text, ' '));
    *text = str_trim(str_from(*text, name.size));
    return name;
}

static int columns(void)
{
    return terminal_columns(STDOUT_FILENO);
}

/* What help says of one option: how its value is called ("=FILE"; "" takes none), and what it does.
 */
static void option_words(const struct session *session, const struct verb *verb,
                         const struct option_target *option, str *value, str *text,
                         struct arena *arena)
{
    const struct message *message = help_of_option(verb, option->name, arena);
    *text = message != NULL ? message_template(message, session->language) : STR("");
    *value = value_name(text);
    if (option->takes_value && str_empty(*value)) {
        *value = STR("=TEXT");
    }
}

static void print_options(const struct session *session, const struct verb *verb,
                          const struct arguments *options, struct arena *arena)
{
    for (size_t i = 0; i < options->count; i++) {
        str value, text;
        option_words(session, verb, &options->options[i], &value, &text, arena);
        help_lines_pair(arena_format(arena, "--%s%.*s", options->options[i].name, STR_ARGS(value)),
                        text, columns());
    }
}

/* An action's own field hides the common option of that name: cancel --reason. */
static bool has_option(const struct arguments *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strcmp(options->options[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static struct arguments *common_options(const struct arguments *own, struct arena *arena)
{
    struct arguments *common = ARENA_NEW(arena, struct arguments);
    const char *const shadowed[] = {has_option(own, "reason") ? "reason" : NULL, NULL};
    arguments_add(common, record_new(&common_options__descriptor, arena), shadowed, arena);
    return common;
}

/* 姓名/人员姓名*: a column with its other names, and whether it must be there. */
static str column_text(const struct import_column *column, struct arena *arena)
{
    size_t aliases_max = sizeof column->aliases / sizeof *column->aliases;
    str text = str_of(column->name);
    for (size_t i = 0; i < aliases_max && column->aliases[i] != NULL; i++) {
        text = arena_format(arena, "%.*s/%s", STR_ARGS(text), column->aliases[i]);
    }
    return column->mandatory ? arena_format(arena, "%.*s*", STR_ARGS(text)) : text;
}

static void print_registers(struct session *session)
{
    struct arena *arena = &session->run_arena;
    help_lines_text(message_text(MESSAGE_HELP_REGISTERS, session->language), 0, columns());
    for (size_t i = 0; i < import_kinds_count; i++) {
        const struct import_kind *kind = &import_kinds[i];
        str text = column_text(&kind->columns[0], arena);
        for (size_t k = 1; k < kind->columns_count; k++) {
            str next = column_text(&kind->columns[k], arena);
            text = arena_format(arena, "%.*s, %.*s", STR_ARGS(text), STR_ARGS(next));
        }
        help_lines_pair(str_of(kind->name), text, columns());
    }
    (void)printf("\n");
}

/* The guide's labels: what --field= takes. */
static void print_record_kinds(struct session *session)
{
    struct arena *arena = &session->run_arena;
    help_lines_text(message_text(MESSAGE_HELP_RECORD_KINDS, session->language), 0, columns());
    for (unsigned i = 0; i < file_kind__code__descriptor.n_values; i++) {
        const struct file_kind *kind =
            file_kind_of((FileKind__Code)file_kind__code__descriptor.values[i].value);
        str text = STR("");
        for (size_t k = 0; k < kind->count; k++) {
            text = arena_format(arena, "%.*s%s%s%s", STR_ARGS(text), k > 0 ? ", " : "",
                                kind->labels[k].name, kind->labels[k].mandatory ? "*" : "");
        }
        if (kind->count > 0) {
            help_lines_pair(str_of(kind->name), text, columns());
        }
    }
    (void)printf("\n");
}

static void print_verb(struct session *session, const struct verb *verb)
{
    struct arena *arena = &session->run_arena;
    struct arguments *options = ARENA_NEW(arena, struct arguments);
    enum language language = session->language;
    const struct message *message = help_of_verb(verb, arena);
    str usage = message_text(MESSAGE_HELP_USAGE, language);
    str text = message != NULL ? message_template(message, language) : STR("");

    (void)printf("%.*sanzheng %s [--option=value]...%s%s\n\n", STR_ARGS(usage), verb->name,
                 *verb->usage != 0 ? " " : "", verb->usage);
    help_lines_text(text, 0, columns());
    (void)printf("\n");
    if (strcmp(verb->name, "enter") == 0) { /* R-IN-04: read before it is accepted */
        (void)printf("%.*s\n%.*s\n", STR_ARGS(message_text(MESSAGE_HELP_DECLARATION, language)),
                     STR_ARGS(declaration_text()));
    }
    if (verb->run == job_import) {
        print_registers(session);
    }
    if (strcmp(verb->name, "add-record") == 0 || strcmp(verb->name, "edit-record") == 0) {
        print_record_kinds(session);
    }
    help_options(verb, options, arena);
    if (options->count > 0) {
        (void)printf("%.*s\n", STR_ARGS(message_text(MESSAGE_HELP_OPTIONS, language)));
        print_options(session, verb, options, arena);
        (void)printf("\n");
    }
    struct arguments *common = common_options(options, arena);
    (void)printf("%.*s\n", STR_ARGS(message_text(MESSAGE_HELP_COMMON, language)));
    print_options(session, NULL, common, arena);
    const char *example = help_example(verb->name);
    if (example != NULL) {
        (void)printf("\n%.*s\n  anzheng %s%s%s\n",
                     STR_ARGS(message_text(MESSAGE_HELP_EXAMPLE, language)), verb->name,
                     *example != 0 ? " " : "", example);
    }
}

static void print_all(struct session *session)
{
    struct arena *arena = &session->run_arena;
    enum language language = session->language;
    str usage = message_text(MESSAGE_HELP_USAGE, language);
    (void)printf("%.*sanzheng VERB [--option=value]... [argument]...\n", STR_ARGS(usage));
    for (size_t i = 0; i < verbs_count; i++) {
        int heading = verb_heading(&verbs[i]);
        if (heading != 0) {
            (void)printf("\n%.*s\n", STR_ARGS(message_text(heading, language)));
        }
        const struct message *message = help_of_verb(&verbs[i], arena);
        str name = arena_format(arena, "%s%s%s", verbs[i].name, *verbs[i].usage != 0 ? " " : "",
                                verbs[i].usage);
        str text = message != NULL ? message_template(message, language) : STR("");
        help_lines_pair(name, text, columns());
    }
    (void)printf("\n");
    help_lines_text(message_text(MESSAGE_HELP_MORE, language), 0, columns());
}

/* For machines: a verb and its text. */
static struct json *verb_record(const struct session *session, const struct verb *verb,
                                struct arena *arena)
{
    struct json *record = json_new_record();
    const struct message *message = help_of_verb(verb, arena);
    json_put_text(record, "verb", str_of(verb->name));
    json_put_text(record, "arguments", str_of(verb->usage));
    json_put_text(record, "help",
                  message != NULL ? message_template(message, session->language) : STR(""));
    return record;
}

static FALLIBLE list_as_json(struct session *session, struct error *err)
{
    for (size_t i = 0; i < verbs_count; i++) {
        TRY(report_result(session, verb_record(session, &verbs[i], &session->run_arena), err));
    }
    return OK;
}

static void put_options(const struct session *session, const struct verb *verb,
                        const struct arguments *options, struct json *list, struct arena *arena)
{
    for (size_t i = 0; i < options->count; i++) {
        str value, text;
        option_words(session, verb, &options->options[i], &value, &text, arena);
        struct json *option = json_add_record(list);
        json_put_text(option, "option", arena_format(arena, "--%s", options->options[i].name));
        if (str_empty(value)) {
            json_put_null(option, "value");
        } else {
            json_put_text(option, "value", str_from(value, 1)); /* behind its "=" */
        }
        json_put_text(option, "help", text);
    }
}

/* What a verb takes, as its page has it. */
static FALLIBLE verb_as_json(struct session *session, const struct verb *verb, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct json *record = verb_record(session, verb, arena);
    struct arguments *options = ARENA_NEW(arena, struct arguments);
    help_options(verb, options, arena);
    put_options(session, verb, options, json_put_list(record, "options"), arena);
    put_options(session, NULL, common_options(options, arena), json_put_list(record, "common"),
                arena);
    const char *example = help_example(verb->name);
    if (example != NULL) {
        json_put_text(
            record, "example",
            arena_format(arena, "anzheng %s%s%s", verb->name, *example != 0 ? " " : "", example));
    } else {
        json_put_null(record, "example");
    }
    return report_result(session, record, err);
}

outcome job_help(struct session *session, struct error *err)
{
    const HelpOptions *options = SESSION_OPTIONS(session, HelpOptions);
    struct arena *arena = &session->run_arena;
    if (options->n_arguments == 0 && session->json) {
        return list_as_json(session, err);
    }
    if (options->n_arguments == 0) {
        print_all(session);
        return OK;
    }
    str name = str_of(options->arguments[0]);
    for (size_t i = 1; i < options->n_arguments; i++) {
        name = arena_format(arena, "%.*s %s", STR_ARGS(name), options->arguments[i]);
    }
    bool found = false;
    for (size_t i = 0; i < verbs_count; i++) {
        str verb = str_of(verbs[i].name);
        bool below = str_starts_with(verb, name) && verb.size > name.size &&
                     verb.data[name.size] == ' '; /* `help policy` shows all of them */
        if (below || str_equal(name, verb)) {
            if (session->json) {
                TRY(verb_as_json(session, &verbs[i], err));
            } else {
                (void)printf("%s", found ? "\n" : "");
                print_verb(session, &verbs[i]);
            }
            found = true;
        }
    }
    if (found) {
        return OK;
    }
    FAIL(USAGE, MESSAGE_UNKNOWN_VERB, ARG_STR("verb", name),
         ARG_STR("nearest", verb_nearest(name)));
}
