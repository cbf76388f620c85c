/* night - the verb `night`: runs the steps of a list, one after the other, under one lock.
 *
 * The whole list is checked before its first step: unknown verbs, verbs that a night may not run,
 * wrong options. Each step then runs as from the command line, in a session of its own. After a
 * step that ends with 0 or 1 the night goes on; after an optional step also with 65, 69 or 77 (the
 * input is unusable, a server does not answer, the signer is not trusted); any other status ends
 * the night. There is no state file: every verb of a night continues where it was (finished
 * registers are only reported, known wishes are duplicates, ready documents are left), so an
 * interrupted night is simply run again. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/file.h"
#include "core/io/lock.h"
#include "core/io/stop.h"
#include "jobs/engine/parts/store_here.h"
#include "jobs/metrics.h"
#include "jobs/night/night_imports.h"
#include "jobs/outputs.h"
#include "jobs/report.h"

enum { LIST_BYTES_MAX = 1024 * 1024, COMMON_WORDS_MAX = 8 };

/* What a night may hold: verbs that may be run again and ask nobody. */
static const char *const night_verbs[] = {"import",
                                          "submit",
                                          "rename run",
                                          "notice run",
                                          "regenerate",
                                          "expire",
                                          "checkpoint",
                                          "backup",
                                          "status",
                                          "audit verify",
                                          "audit compare",
                                          "audit export",
                                          "export national",
                                          "rebuild",
                                          "deliver",
                                          "report",
                                          NULL};

struct night {
    struct session *session;
    struct night_list list;
    const char **work; /* by step: the file that it works on, or NULL */
    struct night_imports imports;
    struct lock *lock;
    char *common[COMMON_WORDS_MAX]; /* options that every step gets */
    int common_count;
    size_t done;             /* were run or left out, also optional ones that failed */
    size_t failed;           /* optional ones among them */
    struct step_done *steps; /* of the summary, up to `done` and the one that failed */
    size_t steps_count;
};

/* What became of a step. */
struct step_done {
    unsigned line;
    const char *verb;
    const char *kind;  /* of register, where it imports one; else "" */
    str what;          /* both, for people */
    const char *state; /* done, left_out, failed */
    int status;
    double seconds;
};

static bool is_night_verb(const struct verb *verb)
{
    for (const char *const *name = night_verbs; *name != NULL; name++) {
        if (strcmp(verb->name, *name) == 0) {
            return true;
        }
    }
    return false;
}

/* The common options stand first, so that a step may say otherwise. */
static int command_of(const struct night *night, const struct night_step *step,
                      char *ret[NIGHT_WORDS_MAX + COMMON_WORDS_MAX + 2])
{
    int words = 1;
    int count = 0;
    const struct verb *verb = verb_find(step->words, step->count, &words);
    ret[count++] = (char *)(uintptr_t) "anzheng";
    words = verb != NULL ? words : 1;
    for (int i = 0; i < words; i++) {
        ret[count++] = step->words[i];
    }
    for (int i = 0; i < night->common_count; i++) {
        ret[count++] = night->common[i];
    }
    for (int i = words; i < step->count; i++) {
        ret[count++] = step->words[i];
    }
    ret[count] = NULL;
    return count;
}

/* --- checking -----------------------------------------------------------------------------------
 */

static const char *option_of(const struct session *step, str name, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field = record_find(step->options->descriptor, name);
    return field != NULL && record_has(step->options, field)
               ? arena_c_string(arena, record_get(step->options, field, arena))
               : NULL;
}

/* What a step works on: of waves --file, else its last argument, and of a wave that has neither the
 * plan that it follows. NULL: nothing. */
static const char *work_of(const struct session *step, struct arena *arena)
{
    const char *file = option_of(step, STR("file"), arena);
    if (file != NULL) {
        return file;
    }
    return step->last_argument != NULL ? arena_c_string(arena, str_of(step->last_argument))
                                       : option_of(step, STR("plan"), arena);
}

/* Where in the list it stands is told with whatever is wrong. */
static outcome check_step(struct night *night, size_t place, struct error *err)
{
    const struct night_step *step = &night->list.steps[place];
    struct arena *arena = &night->session->run_arena;
    char *words[NIGHT_WORDS_MAX + COMMON_WORDS_MAX + 2];
    struct session session;
    const char *file = SESSION_OPTIONS(night->session, NightOptions)->arguments[0];
    int count = command_of(night, step, words);
    int verb_words = 0;
    struct error cause;
    session_init(&session, count, words);
    outcome read = session_read(&session, count, words, &cause);
    const struct verb *verb = verb_find(step->words, step->count, &verb_words);
    bool is_help = read.ok && verb != NULL && session.verb != verb;
    if (read.ok) {
        night->work[place] = work_of(&session, arena);
        night_imports_add(&night->imports, &night->list, place, &session, arena);
    }
    session_close(&session);
    if (!read.ok) {
        str why = message_of_error(&cause, night->session->language, arena);
        FAIL(MALFORMED, MESSAGE_NIGHT_LINE, ARG_TEXT("file", file), ARG_INT("line", step->line),
             ARG_STR("what", why));
    }
    if (is_help) {
        FAIL(MALFORMED, MESSAGE_NIGHT_LINE_FAULT, ARG_TEXT("file", file),
             ARG_INT("line", step->line), ARG_TEXT("line_fault", "help"));
    }
    if (verb == NULL || !is_night_verb(verb)) {
        FAIL(MALFORMED, MESSAGE_NIGHT_VERB, ARG_TEXT("file", file), ARG_INT("line", step->line),
             ARG_TEXT("verb", step->words[0]));
    }
    return OK;
}

static outcome read_list(struct night *night, struct error *err)
{
    struct arena *arena = &night->session->run_arena;
    const char *file = SESSION_OPTIONS(night->session, NightOptions)->arguments[0];
    char today[DATE_SIZE];
    bytes content = {0};
    str text;
    TRY(file_read(file, arena, LIST_BYTES_MAX, &content, err));
    if (!str_from_bytes(content, &text)) {
        FAIL(MALFORMED, MESSAGE_NIGHT_LINE_FAULT, ARG_TEXT("file", file), ARG_INT("line", 1),
             ARG_TEXT("line_fault", "not_utf8"));
    }
    date_format(night->session->run.moment.today, today);
    TRY(night_list_parse(file, str_without_mark(text), today, arena, &night->list, err));
    for (size_t i = 0; i < night->list.count; i++) {
        verb_join_words(night->list.steps[i].words, night->list.steps[i].count);
    }
    night->work = ARENA_ARRAY(arena, const char *, night->list.count);
    night_imports_init(&night->imports, &night->list, arena);
    for (size_t i = 0; i < night->list.count; i++) {
        TRY(check_step(night, i, err));
    }
    night_imports_settle(&night->imports);
    return OK;
}

/* --- running ------------------------------------------------------------------------------------
 */

static void add_common(struct night *night, const char *option, const char *value)
{
    struct arena *arena = &night->session->run_arena;
    BUG_UNLESS(night->common_count < COMMON_WORDS_MAX);
    night->common[night->common_count++] =
        arena_c_string(arena, arena_format(arena, value != NULL ? "%s=%s" : "%s", option, value));
}

/* Paths in a list are seen from its folder; the store's is not. */
static outcome enter_folder(struct night *night, struct error *err)
{
    struct session *session = night->session;
    const char *file = SESSION_OPTIONS(session, NightOptions)->arguments[0];
    char store[PATH_MAX];
    char folder[PATH_MAX];
    if (realpath(session->store_dir, store) == NULL) {
        FAIL(MISSING, MESSAGE_STORE_NOT_FOUND, ARG_TEXT("dir", session->store_dir));
    }
    if (realpath(file, folder) == NULL) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", file), ARG_ERRNO("why", errno));
    }
    *strrchr(folder, '/') = 0; /* realpath gives an absolute one */
    if (chdir(*folder != 0 ? folder : "/") != 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", folder), ARG_ERRNO("why", errno));
    }
    session->store_dir = arena_c_string(&session->run_arena, str_of(store));
    return OK;
}

static void gather_common(struct night *night)
{
    const struct session *session = night->session;
    char today[DATE_SIZE];
    date_format(session->run.moment.today, today);
    add_common(night, "--store", session->store_dir);
    add_common(night, "--operator", session->run.operator);
    if (*session->run.reason != 0) {
        add_common(night, "--reason", session->run.reason);
    }
    add_common(night, "--lang", session->language == LANGUAGE_CHINESE ? "zh" : "en");
    if (*session->common->now != 0) {
        add_common(night, "--now", session->common->now);
    } else {
        add_common(night, "--today", today);
    }
    if (session->common->quiet) {
        add_common(night, "--quiet", NULL);
    }
    if (session->json) {
        add_common(night, "--json", NULL);
    }
}

/* The night holds the lock of its own store; a step that says --store of another takes that one's.
 */
static bool is_of_own_store(const struct night *night, int count, char **words)
{
    struct session session;
    struct error unread; /* told when the step is opened */
    char store[PATH_MAX];
    session_init(&session, count, words);
    bool own = session_read(&session, count, words, &unread).ok &&
               realpath(session.common->store, store) != NULL &&
               strcmp(store, night->session->store_dir) == 0;
    session_close(&session);
    return own;
}

/* What is wrong with a step whatever the store holds, and what it would write over, is not found
 * only when half of the night is over. Behind check_step, for only here are paths seen from the
 * list's folder, and has each step what all of them get. */
static outcome check_options(const struct night *night, struct error *err)
{
    struct arena *arena = &night->session->run_arena;
    const char *file = SESSION_OPTIONS(night->session, NightOptions)->arguments[0];
    for (size_t i = 0; i < night->list.count; i++) {
        char *words[NIGHT_WORDS_MAX + COMMON_WORDS_MAX + 2];
        const struct night_step *step = &night->list.steps[i];
        struct session session;
        struct error cause;
        int count = command_of(night, step, words);
        session_init(&session, count, words);
        outcome good = session_read(&session, count, words, &cause);
        if (good.ok) {
            good = session_check(&session, &cause);
        }
        if (good.ok) {
            good = outputs_spare_store(session.options, session.common->store, arena, &cause);
        }
        session_close(&session);
        if (!good.ok) {
            str why = message_of_error(&cause, night->session->language, arena);
            FAIL(MALFORMED, MESSAGE_NIGHT_LINE, ARG_TEXT("file", file), ARG_INT("line", step->line),
                 ARG_STR("what", why));
        }
    }
    return OK;
}

static int run_step(const struct night *night, size_t place)
{
    const struct night_step *step = &night->list.steps[place];
    const struct import_part *part = &night->imports.parts[place];
    char *words[NIGHT_WORDS_MAX + COMMON_WORDS_MAX + 2];
    struct session session;
    struct error err;
    int count = command_of(night, step, words);
    bool own = is_of_own_store(night, count, words);
    session_init(&session, count, words);
    session.holds_lock = own;
    session.part = own && *part->kind != 0 ? part : NULL;
    if (!session_open(&session, count, words, &err).ok || !session.verb->run(&session, &err).ok) {
        session_status(&session, error_exit_status(err.class));
        report_error(&session, &err);
    }
    int status = session.status;
    session_close(&session);
    return status;
}

/* A URL is asked; a folder is there or not. What rights hide may be there: the step is run, and
 * tells. */
static bool is_left_out(const struct night_step *step, const char *works_on)
{
    bool remote = works_on != NULL && strstr(works_on, "://") != NULL;
    return step->optional && works_on != NULL && !remote && !file_exists(works_on) &&
           !file_is_hidden(works_on);
}

/* What others sent cannot be taken, or they do not answer. Nothing of it was written, and the
 * backup is not to depend on them (docs/decisions/0154). */
static bool is_of_others(int status)
{
    static const enum error_class classes[] = {ERROR_MALFORMED, ERROR_REMOTE, ERROR_SIGNATURE};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (status == error_exit_status(classes[i])) {
            return true;
        }
    }
    return false;
}

static bool ends_night(const struct night_step *step, int status)
{
    return status > 1 && !(step->optional && is_of_others(status));
}

static void note_step(struct night *night, const struct night_step *step, const char *state,
                      int status, double seconds)
{
    int words = 1;
    const struct verb *verb = verb_find(step->words, step->count, &words);
    struct arena *arena = &night->session->run_arena;
    const char *kind = night->imports.parts[night->done].kind;
    str what = *kind != 0 ? arena_format(arena, "%s %s", verb->name, kind) : str_of(verb->name);
    night->steps[night->steps_count++] = (struct step_done){.line = step->line,
                                                            .verb = verb->name,
                                                            .kind = kind,
                                                            .what = what,
                                                            .state = state,
                                                            .status = status,
                                                            .seconds = seconds};
    struct error_arg args[] = {ARG_INT("step", night->done + 1),
                               ARG_INT("steps", night->list.count), ARG_STR("verb", what),
                               ARG_TEXT("steps_state", state), ARG_INT("status", status)};
    report_note(night->session, TERMINAL_NOTICE, MESSAGE_NIGHT_STEP, args, 5);
}

static outcome run_steps(struct night *night, struct error *err)
{
    for (; night->done < night->list.count; night->done++) {
        const struct night_step *step = &night->list.steps[night->done];
        if (stop_requested()) {
            FAIL(BUSY, MESSAGE_NIGHT_STOPPED, ARG_INT("line", step->line));
        }
        if (is_left_out(step, night->work[night->done])) {
            note_step(night, step, "left_out", 0, 0);
            continue;
        }
        struct metrics watch = metrics_start("night");
        int status = run_step(night, night->done);
        (void)fflush(stdout); /* its failure is told at the end */
        note_step(night, step, status <= 1 ? "done" : "failed", status, metrics_seconds(&watch));
        if (ends_night(step, status)) {
            session_status(night->session, status);
            return OK; /* the status says it */
        }
        night->failed += status > 1;
        session_status(night->session, status > 0 ? 1 : 0);
    }
    return OK;
}

static void put_step(struct json *record, const struct step_done *step)
{
    json_put_number(record, "line", step->line);
    json_put_text(record, "verb", str_of(step->verb));
    json_put_text(record, "state", str_of(step->state));
    json_put_number(record, "status", step->status);
    json_put_decimal(record, "seconds", step->seconds);
    if (*step->kind != 0) {
        json_put_text(record, "register", str_of(step->kind)); /* "kind" is the imports' own */
    }
}

/* For people: a row a step. */
static outcome show_steps(const struct night *night, struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "steps.line", .label = "LINE", .right = true},
        {.path = "steps.what", .label = "VERB"},
        {.path = "steps.state"},
        {.path = "steps.status", .right = true},
        {.path = "steps.seconds", .label = "SECONDS", .right = true},
    };
    struct report_rows rows;
    struct error closing;
    outcome added = OK;
    TRY(report_rows_open(night->session, columns, sizeof columns / sizeof *columns, TABLE_PEOPLE,
                         &rows, err));
    for (size_t i = 0; added.ok && i < night->steps_count; i++) {
        struct json *record = json_new_record();
        struct json *step = json_put_record(record, "steps");
        put_step(step, &night->steps[i]);
        json_put_text(step, "what", night->steps[i].what);
        added = report_rows_add(&rows, record, err);
    }
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    return added.ok ? closed : added;
}

static outcome show(struct night *night, const struct metrics *metrics, struct error *err)
{
    struct json *record = json_new_record();
    if (night->session->json) {
        struct json *steps = json_put_list(record, "steps");
        for (size_t i = 0; i < night->steps_count; i++) {
            put_step(json_add_record(steps), &night->steps[i]);
        }
    } else if (!show_steps(night, err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    json_put_number(record, "done", (int64_t)night->done);
    json_put_number(record, "of", (int64_t)night->list.count);
    json_put_decimal(record, "seconds", metrics_seconds(metrics));
    return report_result(night->session, record, err);
}

/* A lock makes its file: not in a folder that is no store. */
static FALLIBLE take_lock(struct night *night, struct error *err)
{
    struct session *session = night->session;
    TRY(store_here(session->store_dir, err));
    TRY(store_is_ours(session->store_dir, err));
    return store_lock(session->store_dir, "night", session_wait(session), &night->lock, err);
}

/* The last durable step: until then the night goes on when it is run again. */
static outcome end_night(struct night *night, const struct metrics *metrics, struct error *err)
{
    TRY(metrics_write(night->session, metrics, err));
    return night_imports_end(&night->imports, night->session, err);
}

outcome job_night(struct session *session, struct error *err)
{
    struct night night = {.session = session};
    struct metrics metrics = metrics_start("night");
    TRY(read_list(&night, err));
    TRY(enter_folder(&night, err));
    gather_common(&night);
    TRY(check_options(&night, err));
    TRY(take_lock(&night, err));
    night.steps = ARENA_ARRAY(&session->run_arena, struct step_done, night.list.count);
    outcome ran = run_steps(&night, err);
    metrics.done = night.done;
    metrics.failed = night.list.count - night.done + night.failed;
    if (ran.ok && night.done == night.list.count) {
        ran = end_night(&night, &metrics, err);
    }
    lock_release(night.lock);
    return ran.ok ? show(&night, &metrics, err) : ran;
}
