/* submit - the verb `submit`: a file of actions, signed or not, answered line by line. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/output.h"
#include "jobs/documents/documents.h"
#include "jobs/metrics.h"
#include "jobs/wishes/answer.h"
#include "jobs/wishes/code_delivery.h"
#include "jobs/wishes/revocations.h"

struct submit_watch {
    struct session *session;
    struct progress progress;
    FILE *out;
    const char *out_name; /* not of stdout */
    bool is_file;         /* it can be emptied: no pipe, no device */
    bool made;            /* the file of results was not there before */
    bool delivered;       /* something was written to it */
};

static outcome write_answer(void *state, const struct answer *answer, FILE *file, struct error *err)
{
    struct submit_watch *watch = state;
    struct json *record = answer_record(watch->session, answer, &watch->session->item_arena);
    outcome written = json_write_line(record, file, err);
    json_release(record);
    arena_reset(&watch->session->item_arena);
    return written;
}

static outcome send_code(void *state, struct act_result *result, struct error *err)
{
    struct submit_watch *watch = state;
    return code_deliver(watch->session, result, err);
}

static outcome not_written(const struct submit_watch *watch, struct error *err)
{
    int why = errno;
    if (watch->out == stdout) {
        FAIL(RESOURCE, MESSAGE_OUTPUT_FAILED, ARG_ERRNO("why", why));
    }
    FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", watch->out_name),
         ARG_ERRNO("why", why));
}

static outcome deliver_answers(void *state, str lines, struct error *err)
{
    struct submit_watch *watch = state;
    if (!watch->delivered && watch->is_file && ftruncate(fileno(watch->out), 0) != 0) {
        return not_written(watch, err);
    }
    watch->delivered = true;
    if (lines.size > 0 &&
        (fwrite(lines.data, 1, lines.size, watch->out) != lines.size || fflush(watch->out) != 0)) {
        return not_written(watch, err);
    }
    return OK;
}

static void show_progress(void *state, uint64_t done, uint64_t total)
{
    struct submit_watch *watch = state;
    watch->progress.total = total;
    progress_step(&watch->progress, done);
}

static void tell_stop(struct session *session, const struct submission_report *report)
{
    struct error_arg at[] = {ARG_INT("line", report->stopped_at)};
    int message = report->full ? MESSAGE_SUBMIT_FULL : MESSAGE_SUBMIT_STOPPED;
    report_note(session, TERMINAL_WARNING, message, at, 1);
    session_status(session, error_exit_status(report->full ? ERROR_RESOURCE : ERROR_BUSY));
}

static void show_summary(struct session *session, const struct submission_report *report)
{
    const struct tally *tally = &report->tally;
    struct error_arg args[] = {ARG_INT("lines", tally->rows), ARG_INT("accepted", tally->accepted),
                               ARG_INT("duplicate", tally->unchanged),
                               ARG_INT("refused", tally->rejected),
                               ARG_INT("invalid", tally->invalid)};
    report_note(session, TERMINAL_NOTICE, MESSAGE_SUBMIT_SUMMARY, args, 5);
    if (tally->rejected + tally->invalid > 0) {
        session_status(session, error_exit_status(ERROR_REFUSED));
    }
}

outcome check_submit(const struct session *session, struct error *err)
{
    const SubmitOptions *options = SESSION_OPTIONS(session, SubmitOptions);
    const char *path = options->results;
    if (*path != 0 && (output_is_input(path, options->arguments[0]) ||
                       output_is_input(path, options->signature))) {
        FAIL(USAGE, MESSAGE_RESULTS_IS_INPUT, ARG_TEXT("path", path));
    }
    return OK;
}

/* Opened before anything is processed, emptied when there is something to write: what is there
 * stays when the submission is not taken. */
static outcome open_results(struct submit_watch *watch, const SubmitOptions *options,
                            struct error *err)
{
    enum { RESULTS_MODE = 0644 }; /* for others to read at most, whatever the umask allows */
    struct stat old;
    const char *path = options->results;
    watch->out = stdout;
    if (path[0] == 0) {
        return OK;
    }
    watch->made = stat(path, &old) != 0;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, RESULTS_MODE);
    watch->out = fd >= 0 ? fdopen(fd, "ab") : NULL;
    watch->out_name = path;
    if (watch->out == NULL) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), file_why_not_created(errno));
    }
    watch->is_file = fstat(fileno(watch->out), &old) == 0 && S_ISREG(old.st_mode);
    return OK;
}

/* An empty file of results of our own making goes again. */
static outcome close_results(struct submit_watch *watch, struct error *err)
{
    struct error left;
    if (watch->out == stdout) {
        return OK;
    }
    if (fclose(watch->out) != 0) {
        return not_written(watch, err);
    }
    if (watch->made && !watch->delivered && !file_remove(watch->out_name, &left).ok) {
        report_error(watch->session, &left);
    }
    return OK;
}

static outcome submit(struct session *session, struct submit_watch *watch,
                      struct submission_report *report, struct error *err)
{
    const SubmitOptions *options = SESSION_OPTIONS(session, SubmitOptions);
    struct submission_request request = {
        .path = options->arguments[0],
        .signature_path = options->signature[0] != 0 ? options->signature : NULL,
        .dry_run = options->dry_run,
        .run = &session->run,
        .state = watch,
        .write = write_answer,
        .send = send_code,
        .deliver = deliver_answers,
        .progress = show_progress,
    };
    if (options->dry_run) {
        engine_rehearse(session->engine);
    }
    TRY(revocations_read(session, &request.revocation_lists, &request.revocation_lists_count, err));
    progress_start(&watch->progress, &session->terminal, STR("submit"), 0);
    outcome done = submission_run(session->engine, &request, report, err);
    progress_end(&watch->progress);
    return done;
}

outcome job_submit(struct session *session, struct error *err)
{
    const SubmitOptions *options = SESSION_OPTIONS(session, SubmitOptions);
    struct submit_watch watch = {.session = session};
    struct submission_report report = {0};
    struct metrics metrics = metrics_start("submit");
    struct error closing;
    TRY(open_results(&watch, options, err));
    outcome done = submit(session, &watch, &report, err);
    outcome closed = close_results(&watch, done.ok ? err : &closing);
    TRY(done);
    TRY(closed);
    show_summary(session, &report);
    if (options->dry_run && report.stopped) {
        report_dry_run_stopped(session);
        return OK;
    }
    if (options->dry_run) {
        report_dry_run(session);
        return OK;
    }
    if (report.stopped) {
        tell_stop(session, &report);
    }
    metrics.done = report.tally.accepted + report.tally.unchanged;
    metrics.failed = report.tally.rejected + report.tally.invalid;
    TRY(metrics_write(session, &metrics, err));
    return documents_render_proofs(session, err);
}
