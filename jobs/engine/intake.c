/* intake - see intake.h. */
#include "jobs/engine/intake.h"

#include <string.h>

#include "core/base/record.h"
#include "core/io/csv.h"
#include "core/io/image.h"
#include "core/io/stop.h"
#include "events/limits.h"
#include "jobs/engine/attachment.h"
#include "jobs/engine/intake_mark.h"
#include "jobs/engine/rejects.h"
#include "jobs/messages.h"

struct intake {
    struct engine *engine;
    const struct intake_request *request;
    struct intake_report report;
    struct csv *csv;
    struct import_header header;
    struct rejects rejects;
    struct intake_mark mark;
    bool begun;        /* an earlier run of the file was broken off */
    struct arena run;  /* as long as the file */
    struct arena item; /* one row */
    const char *folder;
    uint64_t in_batch; /* rows, a photo counting as many */
};

static outcome digest_file(struct intake *intake, struct error *err)
{
    struct digester digester;
    uint8_t *buffer = arena_new_raw(&intake->run, 1 << 16);
    FILE *file = fopen(intake->request->path, "rbe");
    if (file == NULL) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", intake->request->path),
             ARG_TEXT("reason", "fopen"));
    }
    size_t got = 0;
    digester_init(&digester);
    while ((got = fread(buffer, 1, 1 << 16, file)) > 0) {
        digester_update(&digester, bytes_of(buffer, got));
    }
    bool failed = ferror(file) != 0;
    (void)fclose(file); /* read only */
    if (failed) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", intake->request->path),
             ARG_TEXT("reason", "fread"));
    }
    intake->report.file_sha256 = digester_final(&digester);
    return OK;
}

static void warn(struct intake *intake, int code, str what)
{
    struct error warning = {0};
    intake->report.tally.warnings++;
    tally_code(&intake->report.tally, code);
    if (intake->request->warn != NULL) {
        (void)error_set(&warning, INVALID, HERE, code, 1,
                        (const struct error_arg[]){{0}, ARG_STR("column", what)}); /* a value */
        intake->request->warn(intake->request->state, &warning);
    }
}

/* What is wrong with a header row is told with the file's name. */
static FALLIBLE match_header(struct intake *intake, const str *cells, size_t count,
                             struct error *err)
{
    intake->report.tally.row = csv_row_number(intake->csv);
    const struct intake_request *request = intake->request;
    if (!import_header_match(request->kind, cells, count, &intake->run, &intake->header, err).ok) {
        BUG_UNLESS(err->args_count < ERROR_ARGS_MAX);
        err->args[err->args_count++] = ARG_TEXT("file", request->path);
        return error_trace(err, HERE);
    }
    return OK;
}

static outcome open_file(struct intake *intake, struct error *err)
{
    const struct intake_request *request = intake->request;
    struct csv_options options = {.known = import_header_known, .context = request->kind};
    uint64_t rows = 0;
    size_t count = 0;
    TRY(csv_open(request->path, request->encoding, &options, &intake->csv, err));
    const str *cells = csv_header(intake->csv, &count);
    TRY(match_header(intake, cells, count, err));
    TRY(csv_check(intake->csv, &rows, err));
    TRY(digest_file(intake, err));
    for (size_t i = 0; i < intake->header.unknown_count && i < 8; i++) {
        if (!rejects_is_own_column(intake->header.unknown[i])) {
            warn(intake, MESSAGE_UNKNOWN_COLUMN, intake->header.unknown[i]);
        }
    }
    rejects_init(&intake->rejects, request->rejects_path, cells, count, &intake->run);
    return OK;
}

/* --- one row ------------------------------------------------------------------------------------
 */

/* The photo of an identity row: there, below the file's folder, a complete JPEG. */
static outcome read_photo(struct intake *intake, Action *action, bytes *ret, struct error *err)
{
    CollectIdentity *identity = action->collect_identity;
    struct image_size size;
    *ret = (bytes){0};
    if (action->body_case != ACTION__BODY_COLLECT_IDENTITY || identity->photo_path[0] == 0) {
        return OK;
    }
    struct attachment_file file = attachment_read(intake->folder, str_of(identity->photo_path),
                                                  IMAGE_SIZE_MAX, &intake->item);
    if (!file.found) {
        FAIL(INVALID, MESSAGE_PHOTO_MISSING, ARG_TEXT("column", "照片"));
    }
    TRY(image_check_jpeg(file.content, &size, err));
    struct digest digest = digest_sha256(file.content);
    identity->row->personal->photo_sha256 = record_binary(digest_bytes(&digest), &intake->item);
    *ret = file.content;
    return OK;
}

static outcome read_row(struct intake *intake, const str *cells, size_t count,
                        struct import_row *row, Action *action, bytes *ret_photo, struct error *err)
{
    TRY(import_row_read(intake->request->kind, &intake->header, cells, count, &intake->item, row,
                        action, err));
    TRY(read_photo(intake, action, ret_photo, err));
    return OK;
}

/* A row that cannot be applied, with its reason, for people. */
static outcome write_reject(struct intake *intake, const struct error *reason, const str *cells,
                            size_t count, struct error *err)
{
    str text = message_of_error(
        reason, intake->request->chinese ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH, &intake->item);
    /* R-PV-02: what is not to be processed is not kept in the clear either; the number leads to it.
     */
    size_t kept = reason->code == MESSAGE_PERSON_BLOCKED ? 0 : count;
    TRY(rejects_add(&intake->rejects, cells, kept, csv_row_number(intake->csv),
                    message_code(reason->code, &intake->item), text, err));
    return OK;
}

static outcome reject(struct intake *intake, const struct error *reason, const str *cells,
                      size_t count, struct error *err)
{
    intake->report.tally.rejected++;
    tally_code(&intake->report.tally, reason->code);
    if (!intake->request->dry_run) {
        intake_mark_refuse(&intake->mark, intake->report.tally.rows, reason);
    }
    return write_reject(intake, reason, cells, count, err);
}

static bool is_about_the_row(const struct error *error)
{
    return error->class == ERROR_INVALID || error->class == ERROR_REFUSED;
}

static outcome apply_row(struct intake *intake, const str *cells, size_t count, struct error *err)
{
    struct import_row row = {0};
    struct error reason;
    bytes photo = {0};
    Action *action = RECORD_NEW(&intake->item, Action, action);
    if (!read_row(intake, cells, count, &row, action, &photo, &reason).ok) {
        if (!is_about_the_row(&reason)) {
            *err = reason;
            return error_trace(err, HERE);
        }
        return reject(intake, &reason, cells, count, err);
    }
    for (int i = 0; i < row.warnings_count; i++) {
        intake->report.tally.warnings++;
        tally_code(&intake->report.tally, row.warnings[i]);
    }
    if (csv_row_private_use(intake->csv)) {
        intake->report.tally.warnings++;
        tally_code(&intake->report.tally, MESSAGE_PUA_CHARACTER);
    }
    intake->in_batch += photo.size > 0 ? INTAKE_PHOTO_WEIGHT - 1 : 0;
    struct act_result result;
    struct act_context context = {
        .run = intake->request->run, .import_kind = intake->request->kind->name, .photo = photo};
    TRY(act(intake->engine, &context, action, &intake->item, &result, err));
    if (result.verdict == VERDICT_REFUSED || result.verdict == VERDICT_INVALID) {
        return reject(intake, &result.error, cells, count, err);
    }
    tally_result(&intake->report.tally, &result);
    return OK;
}

/* The next row, and why it cannot be read (reason->class NONE when it can). */
static outcome read_next(struct intake *intake, const str **ret_cells, size_t *ret_count,
                         struct error *reason, bool *ret_more, struct error *err)
{
    uint64_t number = 0;
    reason->class = ERROR_NONE;
    arena_reset(&intake->item);
    if (csv_next(intake->csv, ret_cells, ret_count, &number, ret_more, reason).ok) {
        return OK;
    }
    if (reason->class != ERROR_INVALID) {
        *err = *reason;
        return error_trace(err, HERE);
    }
    *ret_cells = csv_row_lossy(intake->csv, ret_count);
    *ret_more = true;
    return OK;
}

static outcome next_row(struct intake *intake, bool *ret_more, struct error *err)
{
    const str *cells = NULL;
    size_t count = 0;
    struct error reason;
    TRY(read_next(intake, &cells, &count, &reason, ret_more, err));
    if (!*ret_more) {
        return OK;
    }
    intake->report.tally.rows++;
    intake->report.tally.row = csv_row_number(intake->csv);
    intake->in_batch++;
    return reason.class != ERROR_NONE ? reject(intake, &reason, cells, count, err)
                                      : apply_row(intake, cells, count, err);
}

/* --- going on -----------------------------------------------------------------------------------
 */

/* Past the rows that an earlier run has done; those it refused are written down again. */
static outcome pass_done_rows(struct intake *intake, struct error *err)
{
    const str *cells = NULL;
    size_t count = 0;
    struct error reason;
    bool refused = false;
    bool more = true;
    for (uint64_t row = 1; row <= intake->report.tally.rows && more; row++) {
        TRY(read_next(intake, &cells, &count, &reason, &more, err));
        TRY(intake_mark_refused(&intake->mark, engine_log_txn(intake->engine), row, &intake->item,
                                &reason, &refused, err));
        if (more && refused) {
            TRY(write_reject(intake, &reason, cells, count, err));
        }
    }
    intake->report.tally.row = csv_row_number(intake->csv);
    return OK;
}

/* What an earlier run has done of the file stays done, with the verdicts it had then. */
static outcome go_on(struct intake *intake, struct error *err)
{
    const struct tally fresh = intake->report.tally;
    if (intake->request->dry_run) {
        return OK;
    }
    TRY(intake_mark_load(&intake->mark, engine_log_txn(intake->engine), &intake->report.tally,
                         &intake->begun, err));
    if (intake->report.tally.rows == 0) {
        intake->report.tally = fresh; /* nothing but that it was begun */
        return OK;
    }
    TRY(pass_done_rows(intake, err));
    if (intake->request->goes_on != NULL) {
        intake->request->goes_on(intake->request->state, csv_row_number(intake->csv));
    }
    return OK;
}

/* --- batches ------------------------------------------------------------------------------------
 */

static outcome end_batch(struct intake *intake, struct error *err)
{
    intake->in_batch = 0;
    if (intake->request->dry_run) {
        return OK;
    }
    /* A file that tells nothing new so far leaves nothing behind. */
    if (intake->begun || intake->report.tally.unchanged < intake->report.tally.rows) {
        TRY(intake_mark_store(&intake->mark, engine_log_txn(intake->engine), &intake->report.tally,
                              err));
    }
    TRY(engine_next_batch(intake->engine, err));
    if (intake->request->progress != NULL) {
        uint64_t size = 0;
        uint64_t position = csv_position(intake->csv, &size);
        intake->request->progress(intake->request->state, position, size);
    }
    if (stop_requested()) {
        intake->report.stopped = true;
        intake->report.stopped_at = csv_row_number(intake->csv);
    }
    return OK;
}

/* The file's own event, unless nothing came of it. */
static outcome record_file(struct intake *intake, struct error *err)
{
    struct tally *tally = &intake->report.tally;
    if (tally->unchanged == tally->rows && !intake->begun) {
        return OK;
    }
    Event *event = tally_event(tally, intake->request->kind->name,
                               digest_bytes(&intake->report.file_sha256), &intake->item);
    TRY(engine_append(intake->engine, intake->request->run, event, &intake->item, NULL, err));
    intake->mark.recorded = true;
    return intake->request->dry_run
               ? OK
               : intake_mark_store(&intake->mark, engine_log_txn(intake->engine), tally, err);
}

static outcome apply_rows(struct intake *intake, struct error *err)
{
    uint64_t full =
        intake->request->batch_rows != 0 ? intake->request->batch_rows : INTAKE_BATCH_ROWS;
    bool more = true;
    while (more && !intake->report.stopped) {
        TRY(next_row(intake, &more, err));
        if (intake->in_batch >= full) {
            TRY(end_batch(intake, err));
        }
    }
    if (!intake->report.stopped) {
        arena_reset(&intake->item);
        TRY(record_file(intake, err));
    }
    if (!intake->request->dry_run) {
        TRY(engine_commit(intake->engine, err));
    }
    return OK;
}

/* The rejects file stands: from now on the same file is another import. The last durable step. */
static outcome forget_mark(struct intake *intake, struct error *err)
{
    struct log_txn *txn = NULL;
    TRY(log_begin(engine_log(intake->engine), STORE_WRITE, &txn, err));
    if (!intake_mark_clear(&intake->mark, txn, err).ok) {
        log_abort(txn);
        return error_trace(err, HERE);
    }
    return log_commit(txn, err);
}

static outcome run_rows(struct intake *intake, struct error *err)
{
    TRY(engine_begin(intake->engine, err));
    TRY(go_on(intake, err));
    if (intake->mark.recorded) {
        engine_abort(intake->engine); /* only the answer was missing */
    } else {
        TRY(apply_rows(intake, err));
    }
    TRY(rejects_close(&intake->rejects, err));
    return intake->mark.recorded && !intake->request->dry_run ? forget_mark(intake, err) : OK;
}

static outcome run_file(struct intake *intake, struct error *err)
{
    TRY(open_file(intake, err));
    intake_mark_init(&intake->mark, &intake->report.file_sha256, intake->request->kind->name);
    outcome applied = run_rows(intake, err);
    engine_abort(intake->engine);
    intake_mark_release(&intake->mark);
    TRY(applied);
    intake->report.has_rejects = intake->rejects.count > 0;
    return OK;
}

FALLIBLE intake_file(struct engine *engine, const struct intake_request *request,
                     struct intake_report *ret, struct error *err)
{
    struct intake intake = {.engine = engine, .request = request};
    arena_init(&intake.run, 0);
    arena_init(&intake.item, 0);
    intake.folder = attachment_folder(request->path, &intake.run);
    outcome result = run_file(&intake, err);
    rejects_release(&intake.rejects);
    csv_close(intake.csv);
    arena_release(&intake.item);
    arena_release(&intake.run);
    TRY(result);
    *ret = intake.report;
    return OK;
}
