/* session - see session.h. */
#include "jobs/session.h"

#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/clock.h"
#include "core/io/config.h"
#include "core/io/file_open.h"
#include "jobs/arguments.h"
#include "jobs/config_paths.h"
#include "jobs/outputs.h"

enum { WAIT_SECONDS_DEFAULT = 10 };

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != 0 ? value : NULL;
}

static bool is_chinese(const char *value)
{
    return strncmp(value, "zh", 2) == 0 &&
           (value[2] == 0 || value[2] == '_' || value[2] == '-' || value[2] == '.');
}

/* --lang, else LC_ALL, LC_MESSAGES, LANG: the first that is set decides. */
static enum language choose_language(int argc, char *const *argv)
{
    const char *value = NULL;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0) {
            value = argv[i] + 7;
        } else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) {
            value = argv[i + 1];
        }
    }
    if (value == NULL || *value == 0) {
        value = environment("LC_ALL");
    }
    if (value == NULL) {
        value = environment("LC_MESSAGES");
    }
    if (value == NULL) {
        value = environment("LANG");
    }
    return value != NULL && is_chinese(value) ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH;
}

static bool is_given(int argc, char *const *argv, const char *option)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], option) == 0) {
            return true;
        }
    }
    return false;
}

void session_init(struct session *session, int argc, char *const *argv)
{
    *session = (struct session){0};
    arena_init(&session->run_arena, 0);
    arena_init(&session->batch_arena, 0);
    arena_init(&session->item_arena, 0);
    session->language = choose_language(argc, argv);
    session->json = is_given(argc, argv, "--json");
    session->common = RECORD_NEW(&session->run_arena, CommonOptions, common_options);
    session->common->wait = WAIT_SECONDS_DEFAULT;
    session->config = RECORD_NEW(&session->run_arena, Config, config);
    terminal_open(is_given(argc, argv, "--quiet"), &session->terminal);
}

void session_close(struct session *session)
{
    engine_close(session->engine);
    session->engine = NULL;
    arena_release(&session->item_arena);
    arena_release(&session->batch_arena);
    arena_release(&session->run_arena);
}

/* All verbs that begin with this word: "list, set" of "policy". */
static str verbs_below(str word, struct arena *arena)
{
    str list = STR("");
    for (size_t i = 0; i < verbs_count; i++) {
        str name = str_of(verbs[i].name);
        if (str_starts_with(name, word) && name.size > word.size && name.data[word.size] == ' ') {
            const char *separator = str_empty(list) ? "" : ", ";
            list = arena_format(arena, "%.*s%s%.*s", STR_ARGS(list), separator,
                                STR_ARGS(str_from(name, word.size + 1)));
        }
    }
    return list;
}

static FALLIBLE find_verb(struct session *session, int argc, char *const *argv, int *ret_words,
                          struct error *err)
{
    static const struct {
        const char *option, *verb;
    } aliases[] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}};
    if (argc < 2) {
        FAIL(USAGE, MESSAGE_NO_VERB);
    }
    str word;
    if (!str_from_bytes(bytes_of(argv[1], strlen(argv[1])), &word)) {
        FAIL(USAGE, MESSAGE_ARGUMENT_NOT_TEXT, ARG_INT("argument", 1));
    }
    session->verb = verb_find(argv + 1, argc - 1, ret_words);
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        char *const name[] = {(char *)(uintptr_t)aliases[i].verb};
        if (session->verb == NULL && str_equal_c(word, aliases[i].option)) {
            session->verb = verb_find(name, 1, ret_words);
        }
    }
    if (session->verb != NULL) {
        return OK;
    }
    if (str_starts_with(word, STR("-"))) {
        FAIL(USAGE, MESSAGE_OPTION_BEFORE_VERB, ARG_STR("option", word));
    }
    str below = verbs_below(word, &session->run_arena);
    if (!str_empty(below) &&
        (is_given(argc, argv, "--help") || is_given(argc, argv, "-h"))) { /* as `help policy` */
        char *const name[] = {(char *)(uintptr_t) "help"};
        session->verb = verb_find(name, 1, ret_words);
        *ret_words = 0; /* the word is its argument */
        return OK;
    }
    if (!str_empty(below)) {
        FAIL(USAGE, MESSAGE_PARTIAL_VERB, ARG_STR("verb", word), ARG_STR("verbs", below));
    }
    FAIL(USAGE, MESSAGE_UNKNOWN_VERB, ARG_STR("verb", word),
         ARG_STR("nearest", verb_nearest(word)));
}

/* The wish of an action verb: the body its options message is, selected. */
static void prepare_action(struct session *session, struct arguments *arguments)
{
    struct arena *arena = &session->run_arena;
    session->action = RECORD_NEW(arena, Action, action);
    session->options = record_new(&action_options__descriptor, arena);
    for (unsigned i = 0; i < action__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &action__descriptor.fields[i];
        if (field->descriptor == (const void *)session->verb->options) {
            ProtobufCMessage *body = record_new_inner(&session->action->base, field, arena);
            arguments_add(arguments, body, verb_not_options, arena);
        }
    }
    arguments_add(arguments, &session->action->base, NULL, arena);
    arguments_add(arguments, session->options, action_options_without(session->verb), arena);
}

static FALLIBLE check_arguments_count(const struct verb *verb, const str *rest, size_t count,
                                      struct error *err)
{
    if (count < (size_t)verb->arguments_min) {
        FAIL(USAGE, MESSAGE_ARGUMENTS_MISSING, ARG_TEXT("verb", verb->name),
             ARG_TEXT("usage", verb->usage));
    }
    if (verb->arguments_max >= 0 && count > (size_t)verb->arguments_max) {
        FAIL(USAGE, MESSAGE_ARGUMENTS_TOO_MANY, ARG_TEXT("verb", verb->name),
             ARG_TEXT("usage", *verb->usage != 0 ? verb->usage : "[--option=value]..."),
             ARG_STR("argument", rest[verb->arguments_max]));
    }
    return OK;
}

/* --help, wherever it stands, shows the verb's help instead of running it. */
static FALLIBLE turn_to_help(struct session *session, struct error *err)
{
    HelpOptions *help = RECORD_NEW(&session->run_arena, HelpOptions, help_options);
    char *const name[] = {(char *)(uintptr_t) "help"};
    int words = 0;
    TRY(record_set(&help->base, STR("arguments"), str_of(session->verb->name), &session->run_arena,
                   err));
    session->verb = verb_find(name, 1, &words);
    session->options = &help->base;
    return OK;
}

/* --lang, also where the option was abbreviated. */
static FALLIBLE take_language(struct session *session, struct error *err)
{
    str lang = str_of(session->common->lang);
    if (!str_empty(lang) && !str_equal_c(lang, "zh") && !str_equal_c(lang, "en")) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "lang"), ARG_STR("value", lang),
             ARG_TEXT("expected", "zh | en"));
    }
    if (!str_empty(lang)) {
        session->language = is_chinese(lang.data) ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH;
    }
    return OK;
}

FALLIBLE session_read(struct session *session, int argc, char *const *argv, struct error *err)
{
    struct arguments *arguments = ARENA_NEW(&session->run_arena, struct arguments);
    str *rest = NULL;
    size_t rest_count = 0;
    int words = 0;
    char **joined = arena_new(&session->run_arena, ((size_t)argc + 1) * sizeof *joined);
    memcpy(joined, argv, (size_t)argc * sizeof *joined);
    verb_join_words(joined + 1, argc - 1);
    argv = joined;
    TRY(find_verb(session, argc, argv, &words, err));
    if (verb_is_action(session->verb)) {
        prepare_action(session, arguments);
    } else {
        session->options = record_new(session->verb->options, &session->run_arena);
        arguments_add(arguments, session->options, NULL, &session->run_arena);
    }
    arguments_add(arguments, &session->common->base, NULL, &session->run_arena);
    TRY(arguments_parse(arguments, session->verb->name, argc - 1 - words, argv + 1 + words,
                        &session->run_arena, &rest, &rest_count, err));
    session->json = session->common->json;
    session->terminal.quiet = session->common->quiet;
    TRY(take_language(session, err));
    bool is_answered = session->verb->run == job_help && rest_count > 0; /* help VERB --help */
    if (session->common->help && !is_answered) {
        return turn_to_help(session, err);
    }
    TRY(check_arguments_count(session->verb, rest, rest_count, err));
    TRY(arguments_put_rest(session->options, session->verb->name, rest, rest_count,
                           &session->run_arena, err));
    if (rest_count > 0) {
        session->last_argument = arena_c_string(&session->run_arena, rest[rest_count - 1]);
    }
    if (str_ends_with(str_of(session->verb->usage), STR("FILE"))) {
        session->input = session->last_argument;
    }
    return OK;
}

/* --now decides instant and day, --today the day alone, else the clock. */
static FALLIBLE take_moment(struct session *session, struct error *err)
{
    struct moment *moment = &session->run.moment;
    const CommonOptions *common = session->common;
    moment->now_us = clock_now_us();
    session->clock_day = date_of_instant(moment->now_us);
    if (*common->now != 0 && !instant_parse(str_of(common->now), &moment->now_us)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "now"), ARG_TEXT("value", common->now),
             ARG_TEXT("expected", "YYYY-MM-DDThh:mm:ss+08:00"));
    }
    moment->today = date_of_instant(moment->now_us);
    if (common->today != NULL && *common->now != 0 && common->today->days != moment->today) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "today"), ARG_TEXT("other", "now"));
    }
    if (common->today != NULL) {
        moment->today = common->today->days;
    }
    return OK;
}

/* They stand in every event (LIMIT_EVENT_BYTES leaves them room). */
static FALLIBLE check_length(const char *option, const char *text, size_t most, struct error *err)
{
    if (strlen(text) > most) {
        FAIL(USAGE, MESSAGE_OPTION_TOO_LONG, ARG_TEXT("option", option), ARG_INT("limit", most));
    }
    return OK;
}

static FALLIBLE name_operator(struct session *session, struct error *err)
{
    enum { OPERATOR_BYTES_MAX = 256, REASON_BYTES_MAX = 2048 };
    TRY(check_length("operator", session->common->operator_, OPERATOR_BYTES_MAX, err));
    TRY(check_length("reason", session->common->reason, REASON_BYTES_MAX, err));
    const struct passwd *login = getpwuid(getuid());
    session->run.operator= session->common->operator_;
    session->run.reason = session->common->reason;
    if (*session->run.operator== 0) {
        session->run.operator= login != NULL
            ? arena_c_string(&session->run_arena, str_of(login->pw_name))
            : arena_format(&session->run_arena, "uid-%u", getuid()).data;
    }
    return OK;
}

/* An input that is not there is told at once, not when the store has been waited for. */
static FALLIBLE check_input(const struct session *session, struct error *err)
{
    int fd = -1;
    if (session->input != NULL) {
        TRY(file_open(session->input, &fd, err));
        (void)close(fd); /* nothing was read: the verb does that when it may */
    }
    return OK;
}

/* Only what is logged shows personal data in full. */
static FALLIBLE check_reason(const struct session *session, struct error *err)
{
    const ProtobufCFieldDescriptor *unmasked =
        record_find(session->options->descriptor, STR("unmasked"));
    if (unmasked != NULL && record_has(session->options, unmasked) && *session->run.reason == 0) {
        FAIL(USAGE, MESSAGE_REASON_REQUIRED);
    }
    return OK;
}

FALLIBLE session_check(struct session *session, struct error *err)
{
    TRY(take_moment(session, err));
    TRY(name_operator(session, err));
    TRY(check_reason(session, err));
    return session->verb->check != NULL ? session->verb->check(session, err) : OK;
}

FALLIBLE session_open(struct session *session, int argc, char *const *argv, struct error *err)
{
    TRY(session_read(session, argc, argv, err));
    TRY(session_check(session, err));
    const char *from_environment = environment("ANZHENG_STORE");
    session->store_dir = from_environment != NULL ? from_environment : "./store";
    if (*session->common->store != 0) {
        session->store_dir = session->common->store;
    }
    TRY(outputs_spare_store(session->options, session->store_dir, &session->run_arena, err));
    if (session->verb->needs != NEEDS_NOTHING) {
        TRY(check_input(session, err));
        TRY(session_open_store(session, session->verb->needs, err));
    }
    return OK;
}

FALLIBLE session_check_day(const struct session *session, const Date *last, bool clock_free,
                           struct error *err)
{
    int32_t today = session->run.moment.today;
    if (last != NULL && !clock_free && session->clock_day < last->days) {
        FAIL(USAGE, MESSAGE_CLOCK_BEHIND_LOG, ARG_DATE("last", last->days),
             ARG_DATE("clock", session->clock_day));
    }
    if (last != NULL && today < last->days) {
        FAIL(USAGE, MESSAGE_DATE_BEHIND, ARG_DATE("today", today), ARG_DATE("last", last->days));
    }
    if (today > session->clock_day && !clock_free) {
        FAIL(USAGE, MESSAGE_DATE_AHEAD, ARG_DATE("today", today),
             ARG_DATE("clock", session->clock_day));
    }
    return OK;
}

static FALLIBLE check_business_date(struct session *session, struct error *err)
{
    RegistryView *registry = NULL;
    TRY(engine_begin(session->engine, err));
    outcome checked = engine_registry(session->engine, &session->batch_arena, &registry, err);
    if (checked.ok) {
        checked =
            session_check_day(session, registry->last_business_date, registry->clock_free, err);
    }
    engine_abort(session->engine);
    arena_reset(&session->batch_arena);
    return checked;
}

int session_wait(const struct session *session)
{
    return session->common->wait < INT_MAX ? (int)session->common->wait : INT_MAX;
}

FALLIBLE session_open_store(struct session *session, enum needs needs, struct error *err)
{
    struct arena *arena = &session->run_arena;
    bool writes = needs == NEEDS_LOCK || needs == NEEDS_WRITE || needs == NEEDS_LOG;
    const char *hash_key = arena_format(arena, "%s/keys/hash.key", session->store_dir).data;
    const char *config = arena_format(arena, "%s/anzheng.conf", session->store_dir).data;
    bool whole_log = needs == NEEDS_READ_LOG || needs == NEEDS_LOG;
    bool without_keys = needs == NEEDS_READ || (!writes && access(hash_key, R_OK) != 0);
    const struct engine_options options = {
        .dir = session->store_dir,
        .mode = writes ? STORE_WRITE : STORE_READ,
        .verb = session->verb->name,
        .wait_seconds = session_wait(session),
        .without_views = whole_log,
        .without_keys = without_keys,
        .whole_log = whole_log,
        .holds_lock = session->holds_lock,
    };
    engine_close(session->engine);
    session->engine = NULL;
    TRY(engine_open(&options, &session->engine, err));
    TRY(config_read(config, &session->config->base, arena, err));
    config_paths_settle(session->config, session->store_dir, arena);
    if (needs == NEEDS_WRITE) {
        TRY(check_business_date(session, err));
    }
    if (!writes) {
        TRY(engine_begin(session->engine, err));
    }
    return OK;
}

const char *session_file(const struct session *session, const char *name, struct arena *arena)
{
    if (*name == 0 || *name == '/') {
        return *name == 0 ? NULL : name;
    }
    return arena_format(arena, "%s/%s", session->store_dir, name).data;
}

/* CONTRACT 1: damage before everything, then the disk, then "again", then what was refused. */
static int weight_of(int status)
{
    static const int weights[][2] = {{79, 5}, {74, 4}, {75, 3}, {1, 1}, {0, 0}};
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        if (weights[i][0] == status) {
            return weights[i][1];
        }
    }
    return 2;
}

void session_status(struct session *session, int status)
{
    if (weight_of(status) > weight_of(session->status)) {
        session->status = status;
    }
}

FALLIBLE session_log_disclosure(struct session *session, str subject, struct error *err)
{
    struct arena *arena = &session->batch_arena;
    Event *event = event_new(EVENT__BODY_DATA_DISCLOSED, arena);
    event->data_disclosed->verb = arena_c_string(arena, str_of(session->verb->name));
    event->data_disclosed->subject = arena_c_string(arena, subject);
    TRY(engine_append(session->engine, &session->run, event, arena, NULL, err));
    TRY(engine_commit(session->engine, err));
    arena_reset(arena);
    return OK;
}

FALLIBLE session_disclose(struct session *session, const char *subject, struct error *err)
{
    if (*session->run.reason == 0) {
        FAIL(USAGE, MESSAGE_REASON_REQUIRED);
    }
    TRY(session_open_store(session, NEEDS_WRITE, err));
    TRY(engine_begin(session->engine, err));
    TRY(session_log_disclosure(session, str_of(subject), err));
    TRY(session_open_store(session, NEEDS_READ_KEYS, err));
    return OK;
}
