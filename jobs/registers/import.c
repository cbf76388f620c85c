/* import - the verb `import`: one or more files or URLs of a register. */
#include "core/io/file.h"
#include "core/io/stop.h"
#include "jobs/engine/intake/intake.h"
#include "jobs/metrics.h"
#include "jobs/registers/daily_run.h"
#include "jobs/registers/import_report.h"
#include "jobs/registers/rejects_place.h"
#include "jobs/registers/source.h"
#include "jobs/registers/vanished.h"
#include "jobs/report.h"

struct import_watch {
    struct session *session;
    struct progress progress;
};

static void show_progress(void *state, uint64_t position, uint64_t size)
{
    struct import_watch *watch = state;
    watch->progress.total = size;
    progress_step(&watch->progress, position);
}

static void show_warning(void *state, const struct error *warning)
{
    struct import_watch *watch = state;
    report_note(watch->session, TERMINAL_WARNING, warning->code, warning->args,
                warning->args_count);
}

static void show_going_on(void *state, uint64_t row)
{
    struct import_watch *watch = state;
    struct error_arg args[] = {ARG_INT("row", row)};
    report_note(watch->session, TERMINAL_NOTICE, MESSAGE_IMPORT_GOES_ON, args, 1);
}

/* What the files of a run come to. */
struct import_total {
    struct metrics metrics;
    struct full_export export_; /* --full: the rows of all files */
    uint64_t sources;           /* that were read */
    struct seen_memory *memory; /* NULL for other registers than the national one */
    bool stopped;
    bool several;          /* files are named, more than one */
    bool numbers;          /* daily files, and a name for their work lists */
    struct intake_run run; /* of them */
    struct incoming incoming;
    struct source *ahead; /* by argument: what was fetched before the lock was taken */
    size_t ahead_failed;  /* the argument that could not be; 0: none */
    struct error failure; /* why */
};

static outcome import_path(struct session *session, const struct import_kind *kind,
                           const struct source *source, struct import_total *total,
                           struct intake_report *ret, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    struct import_watch watch = {.session = session};
    struct intake_request request = {
        .kind = kind,
        .path = source->path,
        .before = source_before(source),
        .dry_run = options->dry_run,
        .chinese = session->language == LANGUAGE_CHINESE,
        .several = total->several ? &total->run : NULL,
        .memory = total->memory,
        .run = &session->run,
        .state = &watch,
        .progress = show_progress,
        .warn = show_warning,
        .goes_on = show_going_on,
    };
    (void)encoding_from_name(str_of(options->encoding), &request.encoding); /* check_import */
    TRY(rejects_place(session, kind->name, ++total->sources, &request.rejects_path, err));
    if (source->daily) {
        request.notes[request.notes_count++] =
            source_taken(source, kind->name, &session->run_arena);
    }
    if (total->numbers) {
        request.notes[request.notes_count++] =
            daily_run_note(kind->name, &total->run.id, total->sources, &session->run_arena);
    }
    progress_start(&watch.progress, &session->terminal, str_of(kind->name), 0);
    outcome done = intake_file(session->engine, &request, ret, err);
    progress_end(&watch.progress);
    TRY(done);
    TRY(import_summary(session, kind->name, source->given, ret, err));
    bool reading = str_equal_c(str_of(kind->name), "identities");
    if (reading && !options->dry_run) {
        import_reading(session, ret);
    }
    import_codes(session, ret, request.rejects_path, reading);
    return OK;
}

/* --full: what the file has is there, whatever became of its rows. */
static outcome take_full(struct session *session, const struct source *source,
                         struct import_total *total, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    enum encoding encoding = ENCODING_FIND;
    if (!options->full || total->stopped) {
        return OK;
    }
    (void)encoding_from_name(str_of(options->encoding), &encoding); /* as above */
    return full_export_take(session->engine, source->path, source_before(source), encoding,
                            total->memory, &total->export_, err);
}

/* The file is there: its rows into the log. */
static outcome import_opened(struct session *session, const struct import_kind *kind,
                             const struct source *source, struct import_total *total,
                             struct intake_report *ret, struct error *err)
{
    if (source->unchanged) {
        str url = http_url_shown(source->given, &session->run_arena);
        struct error_arg args[] = {ARG_STR("url", url)};
        report_note(session, TERMINAL_NOTICE, MESSAGE_SOURCE_UNCHANGED, args, 1);
        *ret = source->report;
        return import_summary(session, kind->name, source->given, ret, err);
    }
    TRY(import_path(session, kind, source, total, ret, err));
    total->stopped |= ret->stopped;
    return take_full(session, source, total, err);
}

static outcome import_one(struct session *session, const struct import_kind *kind,
                          struct source *source, struct import_total *total, bool *ret_done,
                          struct error *err)
{
    struct intake_report report = {0};
    struct error failed;
    TRY(source_open(session, kind->name, source, ret_done, err));
    if (*ret_done) {
        return OK;
    }
    outcome done = import_opened(session, kind, source, total, &report, err);
    outcome closed = source_close(session, source, done.ok ? &report : NULL, &failed);
    if (done.ok && !closed.ok) {
        *err = failed;
        return error_trace(err, HERE);
    }
    TRY(done);
    total->metrics.done += report.tally.accepted + report.tally.unchanged;
    total->metrics.failed += report.tally.rejected;
    return OK;
}

static outcome import_source(struct session *session, const struct import_kind *kind,
                             struct source *source, struct import_total *total, bool *ret_done,
                             struct error *err)
{
    outcome done = import_one(session, kind, source, total, ret_done, err);
    if (!done.ok) {
        source_name(session, source, err);
    }
    return done;
}

/* One that came late, or was replaced, says again what a later day took back. */
static void tell_late(struct session *session, const char *file, const char *later)
{
    report_note(session, TERMINAL_WARNING, MESSAGE_SOURCE_LATE,
                (struct error_arg[]){ARG_TEXT("file", file), ARG_TEXT("later", later)}, 2);
}

/* Each file of a folder that was not taken in before, in the order of their names. One that is bad
 * as a whole keeps none of the others back; the first failure is the run's. */
static outcome import_daily(struct session *session, const struct import_kind *kind,
                            const char *folder, struct import_total *total, struct error *err)
{
    const char **paths = NULL;
    size_t count = 0;
    uint64_t before = 0;
    outcome first = OK;
    TRY(source_folder(folder, &session->run_arena, &paths, &count, err));
    size_t taken = source_last_taken(session, kind->name, paths, count);
    for (size_t i = 0; i < count && !total->stopped; i++) {
        struct error failed;
        bool done = false;
        struct source source = source_of(session, paths[i], true, &total->incoming);
        outcome imported = import_source(session, kind, &source, total, &done, &failed);
        before += done ? 1 : 0;
        if (imported.ok) {
            if (!done && i < taken) {
                tell_late(session, paths[i], paths[taken - 1]);
            }
            continue;
        }
        if (failed.class != ERROR_MALFORMED && failed.class != ERROR_MISSING) {
            *err = failed;
            return error_trace(err, HERE);
        }
        if (first.ok) {
            *err = failed;
            first = error_trace(err, HERE);
        } else {
            report_error(session, &failed);
        }
    }
    struct error_arg args[] = {ARG_TEXT("folder", folder), ARG_INT("files", count),
                               ARG_INT("before", before)};
    report_note(session, TERMINAL_NOTICE, MESSAGE_SOURCE_DAILY, args, 3);
    return first;
}

/* What could not be fetched fails in its turn: what stands before it is imported. */
static outcome import_argument(struct session *session, const struct import_kind *kind,
                               size_t argument, struct import_total *total, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    bool done = false;
    if (options->daily) {
        return import_daily(session, kind, options->arguments[argument], total, err);
    }
    if (argument == total->ahead_failed) {
        *err = total->failure;
        return error_trace(err, HERE);
    }
    total->run.number = argument + (session->part != NULL ? session->part->before : 0);
    return import_source(session, kind, &total->ahead[argument], total, &done, err);
}

static outcome import_sources(struct session *session, const struct import_kind *kind,
                              struct import_total *total, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    for (size_t i = 1; i < options->n_arguments && !total->stopped; i++) {
        TRY(import_argument(session, kind, i, total, err));
    }
    if (options->full && !total->stopped) {
        TRY(vanished_report(session, &total->export_, options->dry_run, err));
    }
    return OK;
}

outcome check_import(const struct session *session, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    const struct import_kind *kind = import_kind_find(str_of(options->arguments[0]));
    enum encoding encoding;
    struct digest digest;
    if (kind == NULL) {
        FAIL(USAGE, MESSAGE_IMPORT_KIND_UNKNOWN, ARG_TEXT("kind", options->arguments[0]));
    }
    if (options->full && kind->action != ACTION__BODY_RECORD_NATIONAL) {
        FAIL(USAGE, MESSAGE_IMPORT_FULL_KIND, ARG_TEXT("kind", kind->name));
    }
    if (options->full && options->daily) {
        FAIL(USAGE, MESSAGE_IMPORT_FULL_DAILY);
    }
    if (options->sha256[0] != 0 && (options->daily || options->n_arguments != 2)) {
        FAIL(USAGE, MESSAGE_IMPORT_SHA256_ONE);
    }
    if (options->sha256[0] != 0 && !digest_parse_hex(str_of(options->sha256), &digest)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "sha256"),
             ARG_TEXT("value", options->sha256), ARG_TEXT("expected", "SHA-256"));
    }
    if (options->encoding[0] != 0 && !encoding_from_name(str_of(options->encoding), &encoding)) {
        FAIL(USAGE, MESSAGE_ENCODING_UNKNOWN, ARG_TEXT("encoding", options->encoding));
    }
    return OK;
}

/* What the last run left of the national rows; one that only tries leaves nothing. */
static outcome open_memory(struct session *session, const struct import_kind *kind,
                           struct seen_memory **ret, struct error *err)
{
    const char *path = engine_path(session->engine, &session->run_arena, "views/" VIEWS_SEEN_FILE);
    if (kind->action == ACTION__BODY_RECORD_NATIONAL) {
        TRY(seen_memory_open(path, engine_people(session->engine), engine_log(session->engine),
                             !SESSION_OPTIONS(session, ImportOptions)->dry_run, ret, err));
    }
    return OK;
}

/* --- several files --------------------------------------------------------------------------- */

/* The same command once more, with the files of the same names, is the same run. */
static struct digest run_id(const ImportOptions *options, struct arena *arena)
{
    str named = arena_format(arena, "%s\n", options->encoding);
    for (size_t i = 0; i < options->n_arguments; i++) {
        named = arena_format(arena, "%.*s%s\n", STR_ARGS(named), options->arguments[i]);
    }
    if (options->daily) {
        named = arena_format(arena, "%.*s%s\n", STR_ARGS(named), options->rejects);
    }
    return digest_sha256(str_bytes(named));
}

/* The files that an earlier run of the same command has done are answered for, not judged anew;
 * what another one left ends here. */
static outcome begin_run(struct session *session, const struct import_kind *kind,
                         struct import_total *total, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    if (options->dry_run) {
        return OK;
    }
    const struct import_part *part = session->part;
    total->several = !options->daily && (options->n_arguments > 2 || part != NULL);
    total->numbers = options->daily && *options->rejects != 0;
    total->run.id =
        part != NULL && !options->daily ? part->run : run_id(options, &session->run_arena);
    if (total->numbers) {
        TRY(daily_run_load(engine_log(session->engine), kind->name, &total->run.id, &total->sources,
                           err));
    }
    return intake_run_forget(engine_log(session->engine), kind->name,
                             part != NULL     ? &part->run
                             : total->several ? &total->run.id
                                              : NULL,
                             err);
}

/* A run that was stopped, or that the disk failed, goes on when it is run again; one that came to
 * its end, good or bad, does not. The last durable step. */
static outcome end_run(struct session *session, const struct import_kind *kind,
                       const struct import_total *total, outcome imported, struct error *err)
{
    struct error failed;
    bool goes_on = imported.ok ? total->stopped
                               : stop_requested() || err->class == ERROR_RESOURCE ||
                                     err->class == ERROR_CORRUPT || session->engine == NULL;
    bool ends = total->several && session->part == NULL; /* a night ends its run itself */
    if (goes_on || (!ends && !total->numbers)) {
        return imported;
    }
    struct log *log = engine_log(session->engine);
    outcome forgotten = ends ? intake_run_forget(log, kind->name, NULL, &failed)
                             : daily_run_end(log, kind->name, &failed);
    if (imported.ok && !forgotten.ok) {
        *err = failed;
        return error_trace(err, HERE);
    }
    return imported;
}

/* --- before the lock ------------------------------------------------------------------------- */

/* A URL that is named again is fetched in its turn: there is one place for what comes from it. */
static bool is_named_before(const struct import_total *total, size_t argument)
{
    bool named = false;
    for (size_t i = 1; i < argument && !named; i++) {
        named = str_equal_c(str_of(total->ahead[i].given), total->ahead[argument].given);
    }
    return named;
}

/* Others write while something comes that may take an hour: the store is closed meanwhile. A night
 * holds its store from its first step to its last. */
static outcome fetch_ahead(struct session *session, const struct import_kind *kind,
                           struct import_total *total, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    bool any = false;
    total->ahead = ARENA_ARRAY(&session->run_arena, struct source, options->n_arguments);
    for (size_t i = 1; i < options->n_arguments && !options->daily; i++) {
        struct source *source = &total->ahead[i];
        *source = source_of(session, options->arguments[i], false, &total->incoming);
        any |= source->is_remote;
        if (source->is_remote && !session->holds_lock) {
            TRY(source_ask(session, kind->name, source, err));
        }
    }
    if (!any || session->holds_lock) {
        return OK;
    }
    engine_close(session->engine);
    session->engine = NULL;
    for (size_t i = 1; i < options->n_arguments && total->ahead_failed == 0; i++) {
        if (total->ahead[i].is_remote && !is_named_before(total, i) &&
            !source_fetch(session, &total->ahead[i], &total->failure).ok) {
            total->ahead_failed = i;
        }
    }
    TRY(session_open_store(session, NEEDS_WRITE, err));
    for (size_t i = 1; i < options->n_arguments; i++) {
        if (total->ahead[i].is_here) {
            TRY(source_look_back(session, kind->name, &total->ahead[i], err));
        }
    }
    return OK;
}

/* What came and was not read, since the run failed before: it holds persons. What cannot be removed
 * goes when the folder is taken next. */
static void leave_incoming(struct import_total *total, size_t arguments)
{
    struct error ignored;
    for (size_t i = 1; total->ahead != NULL && i < arguments; i++) {
        if (total->ahead[i].fetched != NULL) {
            (void)file_remove(total->ahead[i].fetched, &ignored).ok; /* mostly it has gone before */
        }
    }
    incoming_release(&total->incoming);
}

static outcome import_all(struct session *session, const struct import_kind *kind,
                          struct import_total *total, struct error *err)
{
    TRY(fetch_ahead(session, kind, total, err));
    if (SESSION_OPTIONS(session, ImportOptions)->dry_run) {
        engine_rehearse(session->engine);
    }
    TRY(begin_run(session, kind, total, err));
    TRY(open_memory(session, kind, &total->memory, err));
    full_export_init(&total->export_);
    outcome imported = import_sources(session, kind, total, err);
    full_export_release(&total->export_);
    if (imported.ok && !total->stopped) {
        seen_memory_keep(total->memory);
    }
    seen_memory_close(total->memory);
    return imported;
}

outcome job_import(struct session *session, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    const struct import_kind *kind = import_kind_find(str_of(options->arguments[0]));
    struct import_total total = {.metrics = metrics_start("import")};
    TRY(rejects_place_check(session, err));
    outcome imported = import_all(session, kind, &total, err);
    leave_incoming(&total, options->n_arguments);
    if (imported.ok && options->dry_run && total.stopped) {
        report_dry_run_stopped(session);
    } else if (imported.ok && options->dry_run) {
        report_dry_run(session);
    } else if (imported.ok) {
        imported = metrics_write(session, &total.metrics, err);
    }
    return end_run(session, kind, &total, imported, err);
}
