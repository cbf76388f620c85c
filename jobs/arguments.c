/* arguments - see arguments.h. getopt_long does the reading; this makes its table. */
#include "jobs/arguments.h"

#include <getopt.h>
#include <options.pb-c.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/rendering/workers.h"
#include "jobs/messages.h"
#include "jobs/nearest.h"
#include "jobs/sample/sample.h"

/* "person.id_type" to "person-id-type"; of a list, the name of one element. */
static const char *option_name(const char *path, bool is_list, struct arena *arena)
{
    char *name = arena_c_string(arena, str_of(path));
    size_t size = strlen(name);
    for (size_t i = 0; i < size; i++) {
        name[i] = name[i] == '_' || name[i] == '.' ? '-' : name[i];
    }
    bool is_plural = size > 2 && name[size - 1] == 's' && name[size - 2] != 's'; /* not witness */
    if (is_list && is_plural) {
        name[size - 1] = 0;
    }
    return name;
}

static bool is_listed(const char *const *names, const char *name)
{
    for (; names != NULL && *names != NULL; names++) {
        if (strcmp(*names, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_option(struct arguments *arguments, ProtobufCMessage *message, const char *path,
                       const ProtobufCFieldDescriptor *field, struct arena *arena)
{
    const char *name = option_name(path, field->label == PROTOBUF_C_LABEL_REPEATED, arena);
    for (size_t i = 0; i < arguments->count; i++) {
        if (strcmp(arguments->options[i].name, name) == 0) {
            return;
        }
    }
    BUG_UNLESS(arguments->count < OPTIONS_MAX);
    arguments->options[arguments->count++] =
        (struct option_target){.name = name,
                               .message = message,
                               .path = path,
                               .field = field,
                               .takes_value = field->type != PROTOBUF_C_TYPE_BOOL};
}

enum { DEPTH_MAX = 2 /* selection.valid_until.from: deeper ones would not be readable */ };

static void add_fields(struct arguments *arguments, ProtobufCMessage *message,
                       const ProtobufCMessageDescriptor *descriptor, const char *prefix, int depth,
                       const char *const *without, struct arena *arena)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        bool is_choice = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
        if (is_choice || strcmp(field->name, "arguments") == 0 || is_listed(without, field->name)) {
            continue;
        }
        const char *path = arena_format(arena, "%s%s", prefix, field->name).data;
        if (!record_takes_text(field)) { /* a group */
            BUG_UNLESS(depth < DEPTH_MAX);
            add_fields(arguments, message, field->descriptor, arena_format(arena, "%s.", path).data,
                       depth + 1, without, arena);
        } else {
            add_option(arguments, message, path, field, arena);
        }
    }
}

void arguments_add(struct arguments *arguments, ProtobufCMessage *message,
                   const char *const *without, struct arena *arena)
{
    add_fields(arguments, message, message->descriptor, "", 0, without, arena);
}

/* The option's name as it was written: "--limt" of "--limt=3". */
static str written_name(const char *argument)
{
    str whole = str_of(argument);
    return str_first(whole, str_find_byte(whole, '='));
}

static FALLIBLE fail_unknown(const struct arguments *arguments, const char *verb, str written,
                             struct error *err)
{
    const char *names[OPTIONS_MAX];
    for (size_t i = 0; i < arguments->count; i++) {
        names[i] = arguments->options[i].name;
    }
    str bare = written;
    while (str_starts_with(bare, STR("-"))) {
        bare = str_from(bare, 1);
    }
    const char *nearest = nearest_word(bare, names, arguments->count);
    FAIL(USAGE, MESSAGE_UNKNOWN_OPTION, ARG_TEXT("verb", verb), ARG_STR("option", written),
         ARG_TEXT("nearest", nearest != NULL ? nearest : "help"));
}

_Static_assert(WORKERS_MAX == 64 && SAMPLE_PERSONS_MAX == 5000000 &&
                   SAMPLE_ENTERPRISES_MAX == 100000,
               "as the words below say");

/* The allowed range of number options that may not take every value of their field. 0 is not
 * allowed where a verb would take it for "not given". Expected counts of waves are text fields,
 * because there 0 differs from absent; they must be numbers, too. */
struct bounds {
    const char *field;
    const ProtobufCMessageDescriptor *options; /* NULL: of whatever verb */
    uint64_t least, most;
    const char *expected; /* in words, of rows EXPECTED_… */
};

static const struct bounds *bounds_of(const struct option_target *option)
{
    static const struct bounds rows[] = {
        {"limit", &list_options__descriptor, 1, UINT64_MAX, "a number from 1 on"},
        {"within", &expire_options__descriptor, 1, 36600,
         "a whole number from 1 to 36600"}, /* a hundred years */
        {"workers", &regenerate_options__descriptor, 0, WORKERS_MAX,
         "a whole number from 0 to 64"}, /* 0: processors */
        {"until", &template_show_options__descriptor, 1, UINT64_MAX, "a number from 1 on"},
        {"until", &audit_replay_options__descriptor, 1, UINT64_MAX, "a number from 1 on"},
        {"until", &audit_compare_options__descriptor, 1, UINT64_MAX, "a number from 1 on"},
        {"documents", &audit_compare_options__descriptor, 1, UINT64_MAX, "a number from 1 on"},
        {"wave", &deliver_options__descriptor, 1, UINT64_MAX, "a number from 1 on"},
        {"since", &deliver_options__descriptor, 1, UINT64_MAX, "a number from 1 on"},
        {"persons", &sample_options__descriptor, 1, SAMPLE_PERSONS_MAX,
         "a whole number from 1 to 5000000"},
        {"enterprises", &sample_options__descriptor, 1, SAMPLE_ENTERPRISES_MAX,
         "a whole number from 1 to 100000"},
        {"expect_count", NULL, 0, UINT64_MAX, "a whole number"},
        {"expected_count", NULL, 0, UINT64_MAX, "a whole number"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].field, option->path) == 0 &&
            (rows[i].options == NULL || rows[i].options == option->message->descriptor)) {
            return &rows[i];
        }
    }
    return NULL;
}

static FALLIBLE set_option(const struct option_target *option, str text, struct arena *arena,
                           struct error *err)
{
    struct error cause;
    uint64_t number = 0;
    const struct bounds *bounds = bounds_of(option);
    const char *expected = NULL;
    if (str_empty(str_trim(text))) {
        FAIL(USAGE, MESSAGE_EMPTY_OPTION, ARG_TEXT("option", option->name));
    }
    if (bounds != NULL &&
        (!str_to_uint64(text, &number) || number < bounds->least || number > bounds->most)) {
        expected = bounds->expected;
    } else if (!record_set(option->message, str_of(option->path), text, arena, &cause).ok) {
        expected = cause.args_count > 2 ? cause.args[2].text : "";
    }
    if (expected != NULL) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", option->name), ARG_STR("value", text),
             ARG_TEXT("expected", expected));
    }
    return OK;
}

/* All arguments as text; getopt_long permutes its copy. */
static FALLIBLE copy_arguments(const char *verb, int count, char *const *argv, struct arena *arena,
                               char ***ret, struct error *err)
{
    char **copy = ARENA_ARRAY(arena, char *, (size_t)count + 2);
    copy[0] = arena_c_string(arena, str_of(verb));
    for (int i = 0; i < count; i++) {
        str checked;
        if (!str_from_bytes(bytes_of(argv[i], strlen(argv[i])), &checked)) {
            FAIL(USAGE, MESSAGE_ARGUMENT_NOT_TEXT, ARG_INT("argument", i + 1));
        }
        copy[i + 1] = argv[i];
    }
    *ret = copy;
    return OK;
}

/* -h is --help, the only option with a short name; NULL where there is none. */
static const struct option_target *help_option(const struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        if (strcmp(arguments->options[i].name, "help") == 0) {
            return &arguments->options[i];
        }
    }
    return NULL;
}

/* The word that getopt_long did not know; only behind its last letter does it go on to the next. */
static const char *unknown_word(char *const *copy)
{
    const char *before = optind > 1 ? copy[optind - 1] : "";
    bool letter = optopt != 0;
    bool behind = letter && before[0] == '-' && before[strlen(before) - 1] == (char)optopt;
    return before[0] == '-' && (!letter || behind) ? before : copy[optind];
}

/* Was the value taken from the next word, which looks like an option? A value left out is likelier
 * than one that begins so, and =VALUE says that one. */
static bool took_next_option(char *const *copy)
{
    return optarg != NULL && optarg == copy[optind - 1] &&
           str_starts_with(str_of(optarg), STR("--"));
}

enum { OPTION_FIRST = 256 /* option i of the table is OPTION_FIRST + i to getopt_long */ };

/* Behind the names, where no other option has it, the name of a list as its field has it:
 * --certificates as well as --certificate. */
static struct option *option_table(const struct arguments *arguments, struct arena *arena)
{
    size_t count = 0;
    struct option *table = ARENA_ARRAY(arena, struct option, 2 * arguments->count + 1);
    for (size_t i = 0; i < arguments->count; i++) {
        const struct option_target *target = &arguments->options[i];
        table[count++] = (struct option){
            .name = target->name,
            .has_arg = target->takes_value ? required_argument : no_argument,
            .val = OPTION_FIRST + (int)i,
        };
    }
    for (size_t i = 0; i < arguments->count; i++) {
        const char *name = option_name(arguments->options[i].path, false, arena);
        bool is_there = false;
        for (size_t j = 0; j < count && !is_there; j++) {
            is_there = strcmp(table[j].name, name) == 0;
        }
        if (!is_there) {
            table[count] = table[i];
            table[count++].name = name;
        }
    }
    return table;
}

FALLIBLE arguments_parse(const struct arguments *arguments, const char *verb, int count,
                         char *const *argv, struct arena *arena, str **ret_rest,
                         size_t *ret_rest_count, struct error *err)
{
    char **copy = NULL;
    TRY(copy_arguments(verb, count, argv, arena, &copy, err));
    const struct option *table = option_table(arguments, arena);
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    int found;
    while ((found = getopt_long(count + 1, copy, ":h", table, NULL)) != -1) {
        if (found == ':') {
            FAIL(USAGE, MESSAGE_OPTION_NEEDS_VALUE, ARG_TEXT("verb", verb),
                 ARG_STR("option", written_name(copy[optind - 1])));
        }
        if (found >= OPTION_FIRST && took_next_option(copy)) {
            FAIL(USAGE, MESSAGE_OPTION_NEEDS_VALUE, ARG_TEXT("verb", verb),
                 ARG_STR("option", str_of(copy[optind - 2])));
        }
        if (found == '?' && optopt >= OPTION_FIRST) {
            FAIL(USAGE, MESSAGE_OPTION_TAKES_NO_VALUE, ARG_TEXT("verb", verb),
                 ARG_STR("option", written_name(copy[optind - 1])));
        }
        const struct option_target *option = found == 'h' ? help_option(arguments)
                                             : found >= OPTION_FIRST
                                                 ? &arguments->options[found - OPTION_FIRST]
                                                 : NULL;
        if (option == NULL) {
            return fail_unknown(arguments, verb, written_name(unknown_word(copy)), err);
        }
        TRY(set_option(option, option->takes_value ? str_of(optarg) : STR("true"), arena, err));
    }
    str *rest = ARENA_ARRAY(arena, str, (size_t)count + 1);
    for (int i = optind; i < count + 1; i++) {
        rest[i - optind] = str_of(copy[i]);
    }
    *ret_rest = rest;
    *ret_rest_count = (size_t)(count + 1 - optind);
    return OK;
}

FALLIBLE arguments_put_rest(ProtobufCMessage *options, const char *verb, const str *rest,
                            size_t count, struct arena *arena, struct error *err)
{
    if (count > 0 && record_find(options->descriptor, STR("arguments")) == NULL) {
        FAIL(USAGE, MESSAGE_ARGUMENTS_TOO_MANY, ARG_TEXT("verb", verb),
             ARG_TEXT("usage", "[--option=value]..."), ARG_STR("argument", rest[0]));
    }
    for (size_t i = 0; i < count; i++) {
        if (str_empty(str_trim(rest[i]))) {
            FAIL(USAGE, MESSAGE_EMPTY_ARGUMENT, ARG_TEXT("verb", verb), ARG_INT("argument", i + 1));
        }
        TRY(record_set(options, STR("arguments"), rest[i], arena, err));
    }
    return OK;
}
