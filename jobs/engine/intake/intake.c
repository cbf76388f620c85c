/* intake - see intake.h. */
#include "jobs/engine/intake/intake.h"

#include <string.h>

#include "core/base/record.h"
#include "core/io/csv.h"
#include "core/io/image.h"
#include "core/io/lines.h"
#include "core/io/mapped.h"
#include "core/io/stop.h"
#include "jobs/engine/intake/intake_known.h"
#include "jobs/engine/intake/intake_look.h"
#include "jobs/engine/intake/intake_mark.h"
#include "jobs/engine/intake/intake_rows.h"
#include "jobs/engine/intake/rejects.h"
#include "jobs/engine/judging/attachment.h"
#include "jobs/messages.h"

/* The most events that may wait for the views' commit. Rows are spread all over the views, and a
 * page that many batches touch is then written once. After a crash they are caught up from the log,
 * in seconds. */
enum { VIEWS_HELD = 1000000 };

struct intake {
    struct engine *engine;
    const struct intake_request *request;
    struct intake_report report;
    struct csv *csv;
    struct import_header header;
    struct seen_rows *seen;
    struct intake_rows *rows;
    struct rejects rejects;
    struct intake_mark mark;
    bool begun;        /* an earlier run of the file was broken off */
    struct arena run;  /* as long as the file */
    struct arena item; /* one row */
    const char *folder;
    uint64_t in_batch; /* rows, a photo counting as many */
};

static void warn(struct intake *intake, int code, str what)
{
    struct error warning = {0};
    intake->report.tally.warnings++;
    tally_code(&intake->report.tally, code, NULL);
    if (intake->request->warn != NULL) {
        (void)ERROR_SET(&warning, INVALID, code, ARG_STR("column", what)); /* a value */
        intake->request->warn(intake->request->state, &warning);
    }
}

/* Adds the file's name to an error about the header row. */
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
    size_t count = 0;
    TRY(csv_open(request->path, request->encoding, &options, &intake->csv, err));
    const str *cells = csv_header(intake->csv, &count);
    TRY(match_header(intake, cells, count, err));
    TRY(file_state_check(request->before, &csv_lines(intake->csv)->state, request->path, err));
    TRY(intake_look_through(intake->csv, request->memory, &intake->report.file_sha256, err));
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
    if (!file.found && file.unread != 0) {
        FAIL(INVALID, MESSAGE_PHOTO_UNREADABLE, ARG_TEXT("column", "照片"),
             ARG_ERRNO("why", file.unread));
    }
    if (!file.found) {
        FAIL(INVALID, MESSAGE_PHOTO_MISSING, ARG_TEXT("column", "照片"));
    }
    if (file.size > IMAGE_SIZE_MAX) { /* only its beginning was read */
        FAIL(INVALID, MESSAGE_PHOTO_INVALID, ARG_TEXT("reason", "too_large"));
    }
    TRY(image_check_jpeg(file.content, &size, err));
    struct digest digest = digest_sha256(file.content);
    identity->row->personal->photo_sha256 = record_binary(digest_bytes(&digest), &intake->item);
    *ret = file.content;
    return OK;
}

/* A row that cannot be applied, with its reason, for people. */
static outcome write_reject(struct intake *intake, const struct error *reason,
                            const struct intake_row *row, struct error *err)
{
    enum language language = intake->request->chinese ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH;
    str text = str_empty(row->told) ? message_of_error(reason, language, &intake->item) : row->told;
    if (row->raw.size > 0) {
        text = rejects_reason_with_bytes(text, row->raw, language, &intake->item);
    }
    /* R-PV-02: data that must not be processed is not kept in the clear either; the number leads to
     * it. */
    size_t kept = reason->code == MESSAGE_PERSON_BLOCKED ? 0 : row->count;
    TRY(rejects_add(&intake->rejects, row->cells, kept, row->number,
                    message_code(reason->code, &intake->item), text, err));
    return OK;
}

static outcome reject(struct intake *intake, const struct error *reason,
                      const struct intake_row *row, struct error *err)
{
    intake->report.tally.rejected++;
    tally_code(&intake->report.tally, reason->code, NULL);
    if (!intake->request->dry_run) {
        intake_mark_refuse(&intake->mark, intake->report.tally.rows, reason);
    }
    return write_reject(intake, reason, row, err);
}

static bool is_about_the_row(const struct error *error)
{
    return error->class == ERROR_INVALID || error->class == ERROR_REFUSED;
}

static bool is_among_first(const struct import_row *row, int count, int code)
{
    for (int i = 0; i < count; i++) {
        if (row->warnings[i] == code) {
            return true;
        }
    }
    return false;
}

/* Warnings are counted each, codes by rows: one that fits two cells of a row counts once. What the
 * decoder saw is no second warning where the reader of a cell saw it too. */
static void count_warnings(struct intake *intake, const struct intake_row *row)
{
    const struct import_row *import = &row->import;
    struct tally *tally = &intake->report.tally;
    for (int i = 0; i < import->warnings_count; i++) {
        tally->warnings++;
        if (!is_among_first(import, i, import->warnings[i])) {
            tally_code(tally, import->warnings[i], import->warning_columns[i]);
        }
    }
    if (row->private_use &&
        !is_among_first(import, import->warnings_count, MESSAGE_PUA_CHARACTER)) {
        tally->warnings++;
        tally_code(tally, MESSAGE_PUA_CHARACTER, NULL);
    }
}

/* The register took the row: its record is new, or said something else before. *ret_there: is the
 * row's record now found by the row's own key? (A rule may have put it elsewhere.) What earlier
 * rows noted about a rewritten record is no longer true. */
static outcome note_taken(struct intake *intake, const struct intake_row *row,
                          enum intake_known before, bool *ret_there, struct error *err)
{
    enum intake_known now = INTAKE_NO_RECORD;
    if (intake->seen == NULL) {
        return OK;
    }
    TRY(intake_row_is_known(intake->engine, row, &now, err));
    *ret_there = now == INTAKE_KNOWN;
    if (!*ret_there || before != INTAKE_NO_RECORD) {
        seen_rows_note_written(intake->seen);
    }
    return OK;
}

/* *ret_there: the register has the row's record. */
static outcome apply_row(struct intake *intake, const struct intake_row *row, bool *ret_there,
                         struct error *err)
{
    struct error reason;
    bytes photo = {0};
    if (!read_photo(intake, row->action, &photo, &reason).ok) {
        if (!is_about_the_row(&reason)) {
            *err = reason;
            return error_trace(err, HERE);
        }
        return reject(intake, &reason, row, err);
    }
    count_warnings(intake, row);
    enum intake_known known = INTAKE_NO_RECORD;
    TRY(intake_row_is_known(intake->engine, row, &known, err));
    *ret_there = known == INTAKE_KNOWN;
    if (*ret_there) {
        intake->report.tally.unchanged++;
        return OK;
    }
    intake->in_batch += photo.size > 0 ? INTAKE_PHOTO_WEIGHT - 1 : 0;
    struct act_result result;
    struct act_context context = {
        .run = intake->request->run, .import_kind = intake->request->kind->name, .photo = photo};
    TRY(act(intake->engine, &context, row->action, &intake->item, &result, err));
    if (result.verdict == VERDICT_REFUSED || result.verdict == VERDICT_INVALID) {
        return reject(intake, &result.error, row, err);
    }
    tally_result(&intake->report.tally, &result);
    if (result.verdict == VERDICT_ACCEPTED) {
        TRY(note_taken(intake, row, known, ret_there, err));
    }
    return OK;
}

static outcome judge_row(struct intake *intake, const struct intake_row *row, struct error *err)
{
    bool there = false;
    if (row->seen != NULL) {
        TRY(intake_row_is_still_known(intake->engine, seen_memory_watch(intake->request->memory),
                                      row, &there, err));
        if (there) {
            intake->report.tally.unchanged++;
            seen_rows_note(intake->seen, row->seen);
            return OK;
        }
        TRY(intake_rows_read(intake->rows, &row, err));
    }
    TRY(row->reason != NULL ? reject(intake, row->reason, row, err)
                            : apply_row(intake, row, &there, err));
    seen_rows_note(intake->seen, there ? &row->entry : NULL);
    return OK;
}

static outcome next_row(struct intake *intake, bool *ret_more, struct error *err)
{
    const struct intake_row *row = NULL;
    arena_reset(&intake->item);
    TRY(intake_rows_next(intake->rows, &row, err));
    *ret_more = row != NULL;
    if (row == NULL) {
        return OK;
    }
    intake->report.tally.rows++;
    intake->report.tally.row = row->number;
    intake->in_batch++;
    return judge_row(intake, row, err);
}

/* --- going on -----------------------------------------------------------------------------------
 */

/* The mark keeps of a code the row it was met in first, not the column: that row says it again. */
static outcome recall_columns(struct intake *intake, const struct intake_row *row,
                              struct error *err)
{
    struct tally *tally = &intake->report.tally;
    for (size_t i = 0; i < tally->codes_count; i++) {
        if (tally->codes[i].first_row != row->number) {
            continue;
        }
        TRY(intake_rows_read(intake->rows, &row, err));
        const struct import_row *import = &row->import;
        for (int j = import->warnings_count - 1; j >= 0; j--) {
            if (import->warnings[j] == tally->codes[i].code) {
                tally->codes[i].first_column = import->warning_columns[j];
            }
        }
    }
    return OK;
}

/* Skips the rows that an earlier run has done, and writes the refused ones among them to the
 * rejects file again. */
static outcome pass_done_rows(struct intake *intake, struct error *err)
{
    const struct intake_row *row = NULL;
    struct error reason;
    bool refused = false;
    for (uint64_t i = 1; i <= intake->report.tally.rows; i++) {
        arena_reset(&intake->item);
        TRY(intake_rows_next(intake->rows, &row, err));
        if (row == NULL) {
            break;
        }
        intake->report.tally.row = row->number;
        TRY(intake_mark_refused(&intake->mark, engine_log_txn(intake->engine), i, &intake->item,
                                &reason, &refused, err));
        seen_rows_note_done(intake->seen, refused || !row->holds ? NULL : row->seen, row->mark);
        TRY(recall_columns(intake, row, err));
        if (refused) {
            TRY(intake_rows_read(intake->rows, &row, err));
            TRY(write_reject(intake, &reason, row, err));
        }
    }
    return OK;
}

/* What an earlier run did of the file stays done, with its verdicts. */
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
        intake->request->goes_on(intake->request->state, intake->report.tally.row);
    }
    return OK;
}

/* --- batches ------------------------------------------------------------------------------------
 */

/* A file that changed nothing so far leaves no mark. The mark is under the digest of the file that
 * was opened. So the file must be unchanged: otherwise rows of another file would count as done in
 * this one. */
static outcome keep_batch(struct intake *intake, struct error *err)
{
    TRY(lines_unchanged(csv_lines(intake->csv), err));
    if (intake->begun || intake->report.tally.unchanged < intake->report.tally.rows) {
        TRY(intake_mark_store(&intake->mark, intake->engine, &intake->report.tally, err));
    }
    TRY(engine_next_batch(intake->engine, err));
    mapped_let_go(engine_dir(intake->engine)); /* else all of a register is this process's memory */
    return OK;
}

static outcome end_batch(struct intake *intake, struct error *err)
{
    intake->in_batch = 0;
    if (!intake->request->dry_run) {
        TRY(keep_batch(intake, err));
    }
    if (intake->request->progress != NULL) {
        uint64_t size = 0;
        uint64_t position = csv_position(intake->csv, &size);
        intake->request->progress(intake->request->state, position, size);
    }
    if (stop_requested()) {
        intake->report.stopped = true;
        intake->report.stopped_at = intake->report.tally.row;
    }
    return OK;
}

/* Appends the file's own event, unless nothing changed. */
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
    if (!intake->request->dry_run) {
        TRY(intake_mark_store(&intake->mark, intake->engine, tally, err));
    }
    return OK;
}

static outcome apply_rows(struct intake *intake, struct error *err)
{
    uint64_t full =
        intake->request->batch_rows != 0 ? intake->request->batch_rows : INTAKE_BATCH_ROWS;
    bool more = true;
    while (more && !intake->report.stopped) {
        TRY(next_row(intake, &more, err));
        if (intake->in_batch >= full || (stop_requested() && intake->in_batch > 0)) {
            TRY(end_batch(intake, err));
        }
    }
    if (!intake->report.stopped) {
        arena_reset(&intake->item);
        TRY(lines_unchanged(csv_lines(intake->csv),
                            err)); /* else its digest would not be that of these rows */
        TRY(record_file(intake, err));
    }
    if (!intake->request->dry_run) {
        TRY(engine_commit(intake->engine, err));
    }
    return OK;
}

static outcome write_end(struct intake *intake, struct log_txn *txn, struct error *err)
{
    const struct intake_request *request = intake->request;
    struct intake_mark *mark = &intake->mark;
    if (mark->run != NULL) {
        TRY(intake_mark_keep(mark, txn, &intake->report.tally, err));
    } else if (mark->recorded) {
        TRY(intake_mark_clear(mark, txn, err));
    }
    for (size_t i = 0; i < request->notes_count; i++) {
        TRY(log_meta_put(txn, request->notes[i].name, request->notes[i].value, err));
    }
    return OK;
}

/* The last durable step, when the rejects file is complete and all files of the run are done: from
 * now on the same file is a new import. */
static outcome end_mark(struct intake *intake, struct error *err)
{
    const struct intake_request *request = intake->request;
    struct log_txn *txn = NULL;
    bool any = intake->mark.run != NULL || intake->mark.recorded || request->notes_count > 0;
    if (request->dry_run || intake->report.stopped || !any) {
        return OK;
    }
    TRY(log_begin(engine_log(intake->engine), STORE_WRITE, &txn, err));
    if (!write_end(intake, txn, err).ok) {
        log_abort(txn);
        return error_trace(err, HERE);
    }
    return log_commit(txn, err);
}

static outcome run_rows(struct intake *intake, struct error *err)
{
    engine_hold_views(intake->engine, VIEWS_HELD);
    TRY(engine_write_behind(intake->engine, err));
    TRY(engine_begin(intake->engine, err));
    views_set_watch(engine_views(intake->engine), seen_memory_watch(intake->request->memory));
    TRY(go_on(intake, err));
    if (intake->mark.recorded) {
        engine_abort(intake->engine); /* only the answer was missing */
    } else {
        TRY(apply_rows(intake, err));
    }
    TRY(rejects_close(&intake->rejects, err));
    return end_mark(intake, err);
}

static outcome run_file(struct intake *intake, struct error *err)
{
    TRY(open_file(intake, err));
    intake->seen = seen_rows_open(intake->request->memory, intake->csv, intake->request->kind,
                                  engine_people(intake->engine));
    TRY(intake_rows_open(intake->csv, intake->request->kind, &intake->header,
                         engine_people(intake->engine), intake->seen, &intake->rows, err));
    intake_mark_init(&intake->mark, &intake->report.file_sha256, intake->request->kind->name,
                     intake->request->several);
    outcome applied = run_rows(intake, err);
    engine_abort(intake->engine);
    views_set_watch(engine_views(intake->engine), NULL);
    engine_write_directly(intake->engine);
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
    intake_rows_close(intake.rows);
    seen_rows_close(intake.seen);
    csv_close(intake.csv);
    arena_release(&intake.item);
    arena_release(&intake.run);
    TRY(result);
    *ret = intake.report;
    return OK;
}
