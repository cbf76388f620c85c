/* import - the verb: one or more files of a register, or URLs, into the log. */
#include <sys/stat.h>

#include "core/io/clock.h"
#include "core/io/file.h"
#include "core/io/http.h"
#include "jobs/engine/intake.h"
#include "jobs/metrics.h"
#include "jobs/report.h"
#include "jobs/vanished.h"

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

/* A URL is fetched beside the store's reports first; *ret_path is where the file lies. */
static outcome fetch(struct session *session, const char *source, const char **ret_path,
                     bool *ret_fetched, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct http_limits limits = {.redirects_max = 3};
    uint64_t size = 0;
    *ret_fetched = http_is_url(str_of(source));
    *ret_path = source;
    if (!*ret_fetched) {
        return OK;
    }
    TRY(directory_make(arena_format(arena, "%s/reports", session->store_dir).data, 0755, err));
    const char *path = arena_format(arena, "%s/reports/fetched-%lld.csv", session->store_dir,
                                    (long long)clock_now_us())
                           .data;
    TRY(http_fetch(source, path, &limits, &size, err));
    *ret_path = path;
    return OK;
}

/* Without --rejects, refused rows go below reports/; in a dry run they are only counted. */
static const char *rejects_path(struct session *session, const ImportOptions *options,
                                const char *kind, const char *input)
{
    struct stat a;
    struct stat b;
    if (options->rejects[0] != 0) {
        bool same = stat(options->rejects, &a) == 0 && stat(input, &b) == 0 &&
                    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
        return same ? NULL : options->rejects;
    }
    if (options->dry_run) {
        return NULL;
    }
    return arena_format(&session->run_arena, "%s/reports/import-%s-%lld.rejects.csv",
                        session->store_dir, kind, (long long)session->run.moment.now_us)
        .data;
}

static outcome show_summary(struct session *session, const char *kind, const char *source,
                            const struct intake_report *report, struct error *err)
{
    char digest[DIGEST_HEX_SIZE];
    const struct tally *tally = &report->tally;
    struct json *summary = json_new_record();
    digest_hex(&report->file_sha256, digest);
    json_put_text(summary, "kind", str_of(kind));
    json_put_text(summary, "file", str_of(source));
    json_put_text(summary, "sha256", str_of(digest));
    json_put_number(summary, "rows", (int64_t)tally->rows);
    json_put_number(summary, "accepted", (int64_t)tally->accepted);
    json_put_number(summary, "unchanged", (int64_t)tally->unchanged);
    json_put_number(summary, "rejected", (int64_t)tally->rejected);
    json_put_number(summary, "warnings", (int64_t)tally->warnings);
    json_put_number(summary, "first_event", (int64_t)tally->first_event);
    json_put_number(summary, "last_event", (int64_t)tally->last_event);
    TRY(report_result(session, summary, err));
    return OK;
}

/* R-PF-06: the counter's own count, and whether all are saved. Nothing is saved by a dry run. */
static void show_reading(struct session *session, const struct intake_report *report)
{
    const struct tally *tally = &report->tally;
    bool done = tally->rejected == 0 && !report->stopped;
    struct error_arg args[] = {ARG_INT("read", tally->rows),
                               ARG_INT("saved", tally->rows - tally->rejected),
                               ARG_INT("failed", tally->rejected)};
    report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_READING, args, 3);
    report_note(session, TERMINAL_NOTICE,
                done ? MESSAGE_IMPORT_READING_DONE : MESSAGE_IMPORT_READING_OPEN, NULL, 0);
}

/* What the codes of a run were, to people. */
static void show_codes(struct session *session, const struct intake_report *report,
                       const char *rejects, bool has_photos)
{
    struct arena *arena = &session->item_arena;
    for (size_t i = 0; i < report->tally.codes_count; i++) {
        struct error_arg args[] = {
            ARG_STR("code", message_code(report->tally.codes[i].code, arena)),
            ARG_INT("count", report->tally.codes[i].count),
            ARG_INT("row", report->tally.codes[i].first_row)};
        report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_CODE_COUNT, args, 3);
    }
    if (report->has_rejects && rejects != NULL) {
        struct error_arg args[] = {ARG_INT("rows", report->tally.rejected),
                                   ARG_TEXT("path", rejects)};
        report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_REJECTS, args, 2);
        if (has_photos && *SESSION_OPTIONS(session, ImportOptions)->rejects == 0) {
            report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_REJECTS_PHOTOS, NULL, 0);
        }
    }
    if (report->stopped) {
        struct error_arg args[] = {ARG_INT("row", report->stopped_at)};
        report_note(session, TERMINAL_WARNING, MESSAGE_IMPORT_STOPPED, args, 1);
        session_status(session, error_exit_status(ERROR_BUSY));
    }
    if (report->tally.rejected > 0) {
        session_status(session, error_exit_status(ERROR_INVALID));
    }
    arena_reset(arena);
}

static outcome import_path(struct session *session, const struct import_kind *kind,
                           const char *path, const char *source, struct intake_report *ret,
                           struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    struct import_watch watch = {.session = session};
    struct intake_request request = {
        .kind = kind,
        .path = path,
        .rejects_path = rejects_path(session, options, kind->name, path),
        .dry_run = options->dry_run,
        .chinese = session->language == LANGUAGE_CHINESE,
        .run = &session->run,
        .state = &watch,
        .progress = show_progress,
        .warn = show_warning,
        .goes_on = show_going_on,
    };
    if (options->rejects[0] != 0 && request.rejects_path == NULL) {
        FAIL(USAGE, MESSAGE_REJECTS_IS_INPUT, ARG_TEXT("path", options->rejects));
    }
    if (options->encoding[0] != 0 &&
        !encoding_from_name(str_of(options->encoding), &request.encoding)) {
        FAIL(USAGE, MESSAGE_ENCODING_UNKNOWN, ARG_TEXT("encoding", options->encoding));
    }
    if (request.rejects_path != NULL && options->rejects[0] == 0) {
        TRY(directory_make(arena_format(&session->run_arena, "%s/reports", session->store_dir).data,
                           0755, err));
    }
    progress_start(&watch.progress, &session->terminal, str_of(kind->name), 0);
    outcome done = intake_file(session->engine, &request, ret, err);
    progress_end(&watch.progress);
    TRY(done);
    TRY(show_summary(session, kind->name, source, ret, err));
    bool reading = str_equal_c(str_of(kind->name), "identities");
    if (reading && !options->dry_run) {
        show_reading(session, ret);
    }
    show_codes(session, ret, request.rejects_path, reading);
    return OK;
}

/* What the files of a run come to. */
struct import_total {
    struct metrics metrics;
    struct full_export export_; /* --full: the rows of all files */
    bool stopped;
};

/* --full: what the file has is there, whatever became of its rows. */
static outcome take_full(struct session *session, const char *path, struct import_total *total,
                         struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    enum encoding encoding = ENCODING_FIND;
    if (!options->full || total->stopped) {
        return OK;
    }
    (void)encoding_from_name(str_of(options->encoding), &encoding); /* import_path looked */
    return full_export_take(session->engine, path, encoding, &total->export_, err);
}

static outcome import_source(struct session *session, const struct import_kind *kind,
                             const char *source, struct import_total *total, struct error *err)
{
    const char *path = NULL;
    bool fetched = false;
    struct intake_report report = {0};
    struct error ignored;
    TRY(fetch(session, source, &path, &fetched, err));
    outcome done = import_path(session, kind, path, source, &report, err);
    total->stopped |= report.stopped;
    if (done.ok) {
        done = take_full(session, path, total, err);
    }
    if (fetched && !file_remove(path, &ignored).ok) {
        report_error(session, &ignored);
    }
    TRY(done);
    total->metrics.done += report.tally.accepted + report.tally.unchanged;
    total->metrics.failed += report.tally.rejected;
    return OK;
}

static outcome import_sources(struct session *session, const struct import_kind *kind,
                              struct import_total *total, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    for (size_t i = 1; i < options->n_arguments; i++) {
        TRY(import_source(session, kind, options->arguments[i], total, err));
    }
    if (options->full && !total->stopped) {
        TRY(vanished_report(session, &total->export_, options->dry_run, err));
    }
    return OK;
}

outcome job_import(struct session *session, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    const struct import_kind *kind = import_kind_find(str_of(options->arguments[0]));
    struct import_total total = {.metrics = metrics_start("import")};
    if (kind == NULL) {
        FAIL(USAGE, MESSAGE_IMPORT_KIND_UNKNOWN, ARG_TEXT("kind", options->arguments[0]));
    }
    if (options->full && kind->action != ACTION__BODY_RECORD_NATIONAL) {
        FAIL(USAGE, MESSAGE_IMPORT_FULL_KIND, ARG_TEXT("kind", kind->name));
    }
    full_export_init(&total.export_);
    outcome imported = import_sources(session, kind, &total, err);
    full_export_release(&total.export_);
    TRY(imported);
    if (options->dry_run) {
        report_note(session, TERMINAL_NOTICE, MESSAGE_DRY_RUN, NULL, 0);
        return OK;
    }
    TRY(metrics_write(session, &total.metrics, err));
    return OK;
}
