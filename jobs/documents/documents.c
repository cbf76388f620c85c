/* documents - see documents.h. */
#include "jobs/documents/documents.h"

#include <string.h>
#include <unistd.h>

#include "core/base/record.h"
#include "core/io/file_batch.h"
#include "core/io/flush.h"
#include "core/io/stop.h"
#include "jobs/documents/document_entry.h"
#include "jobs/documents/document_plan.h"
#include "jobs/documents/document_signer.h"
#include "jobs/documents/failed_documents.h"
#include "jobs/documents/owed_proofs.h"
#include "jobs/documents/timestamps.h"
#include "jobs/documents/unfinished.h"
#include "jobs/engine/document_page.h"
#include "jobs/engine/rendering/fonts.h"
#include "jobs/engine/rendering/workers.h"
#include "jobs/engine/templates.h"
#include "jobs/report.h"

/* The stages of batches on their way. One flush of the disk makes the bytes of one batch durable
 * and the names of the batch before it, which is then logged; the batches gathered since keep the
 * workers busy. A stop waits for the pages that are being drawn, well below a second. */
enum { TO_LOG, TO_NAME, TO_WRITE, TO_GATHER = 4, BATCHES };
enum { BATCH_DOCUMENTS = 256 };

/* One document on its way: gathered, drawn, logged. */
struct task {
    const DocumentView *document; /* in the batch's arena */
    struct error failure;         /* before drawing; class NONE: it was drawn */
    struct digest code;           /* of what the QR code says */
    bool has_code;
    uint64_t proof_size; /* events under the checkpoint of its proof; 0: it has none */
    struct render_job job;
};

struct batch {
    struct arena arena;
    struct task tasks[BATCH_DOCUMENTS];
    size_t count;
    struct render_count drawing; /* jobs that the workers hold */
    struct file_batch *files;    /* what they wrote */
};

struct press {
    struct session *session;
    const struct documents_selection *selection;
    struct documents_report *report;
    struct signer *signer;
    struct renderer *renderer; /* for template ids only */
    struct workers *workers;
    struct document_plan plan;
    struct document_entries *entries;
    struct batch *batches[BATCHES];
    struct flush flush;
    struct error failure; /* that ends the run */
    struct progress progress;
    const char *certificates, *proofs; /* the folders */
    uint8_t signer_sha256[32];
    size_t gathered;
    struct worker_setup setup;
};

/* --- opening ------------------------------------------------------------------------------------
 */

static outcome open_signer(struct press *press, struct error *err)
{
    struct session *session = press->session;
    struct document_keys keys = document_keys_of_config(session);
    press->setup = (struct worker_setup){
        .document_key = keys.key,
        .document_cert = keys.certificate,
        .fonts = session->config->fonts,
        .color_profile = session->config->color_profile,
        .timestamps = timestamps_of_config(session),
    };
    TRY(document_signer_open(session, &keys, &press->signer, err));
    signer_sha256(press->signer, press->signer_sha256);
    press->certificates = engine_path(session->engine, &session->run_arena, "certificates");
    press->proofs = engine_path(session->engine, &session->run_arena, "proofs");
    return OK;
}

static outcome open_renderer(struct press *press, struct error *err)
{
    struct session *session = press->session;
    struct renderer_options options = {.icc_path = str_of(press->setup.color_profile),
                                       .signer = press->signer,
                                       .stamp_room = timestamp_room(&press->setup.timestamps)};
    fonts_of_config(str_of(press->setup.fonts), &session->run_arena, &options.fonts,
                    &options.fonts_count);
    return renderer_open(&options, &press->renderer, err);
}

static unsigned choose_workers(const struct press *press)
{
    unsigned wanted = press->selection->workers != 0 ? press->selection->workers
                                                     : press->session->config->workers;
    if (wanted == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        wanted = processors > 0 ? (unsigned)processors : 1;
    }
    if (wanted > press->plan.count) {
        wanted = (unsigned)press->plan.count;
    }
    return wanted < WORKERS_MAX ? wanted : WORKERS_MAX;
}

/* --- gathering ----------------------------------------------------------------------------------
 */

/* Does the failure concern only this document, so that the run goes on? An altered photo is damage,
 * and the run ends with the status for damage; but the other documents are still made. */
static bool is_about_document(const struct error *error)
{
    return error->class == ERROR_INVALID || error->class == ERROR_REFUSED ||
           error->class == ERROR_MISSING || error->code == MESSAGE_BLOB_ALTERED;
}

static outcome gather_one(struct press *press, struct batch *batch, const char *id,
                          struct error *err)
{
    struct session *session = press->session;
    struct arena *item = &session->item_arena; /* the inputs of the page are not kept */
    struct task *task = &batch->tasks[batch->count++];
    struct document_sheet sheet;
    struct document_wish wish = {str_of(session->config->verify_url), TEMPLATES_NOW, false};
    task->failure = (struct error){0};
    task->job = (struct render_job){0};
    task->has_code = false;
    task->proof_size = 0;
    arena_reset(item);
    TRY(views_get(engine_views(session->engine), VIEW_DOCUMENT, key_document(str_of(id)),
                  &batch->arena, &task->document, err));
    struct error failure;
    if (!document_sheet(session->engine, task->document, &wish, item, &sheet, &failure).ok) {
        if (!is_about_document(&failure)) {
            *err = failure;
            return error_trace(err, HERE);
        }
        task->failure = failure;
        return OK;
    }
    str code = page_code(&sheet.page);
    task->has_code = code.size > 0;
    task->code = digest_sha256(str_bytes(code));
    bool certificate = task->document->kind == DOCUMENT_KIND__CODE__CERTIFICATE;
    task->job.request = (struct render_request){
        .page = arena_bytes(&batch->arena, page_bytes(&sheet.page, item)),
        .photo = arena_bytes(&batch->arena, sheet.photo),
        .folder = certificate ? press->certificates : press->proofs,
        .mode = certificate ? 0644 : 0600,
    };
    if (certificate) { /* a proof of departure or cancellation is made at once, before any
                          checkpoint covers its event */
        TRY(document_entries_cover(press->entries, task->document->wanted_event, &task->proof_size,
                                   err));
    }
    return document_entry(press->entries, task->document->wanted_event, task->proof_size,
                          &batch->arena, &task->job.request.entry, err);
}

/* In a transaction. Whatever could be gathered is handed to the workers. */
static outcome gather(struct press *press, struct batch *batch, struct error *err)
{
    arena_reset(&batch->arena);
    batch->count = 0;
    while (batch->count < BATCH_DOCUMENTS && press->gathered < press->plan.count) {
        TRY(gather_one(press, batch, press->plan.ids[press->gathered++], err));
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->tasks[i].failure.class == ERROR_NONE) {
            workers_submit(press->workers, &batch->tasks[i].job, &batch->drawing);
        }
    }
    return OK;
}

/* --- files, then events -------------------------------------------------------------------------
 */

static const char *file_path(const struct task *task, struct arena *arena)
{
    struct digest digest;
    memcpy(digest.data, task->job.drawn.pdf_sha256, sizeof digest.data);
    return blob_path(task->job.request.folder, &digest, ".pdf", arena);
}

/* The workers wrote the files as `.tmp`; what could not be drawn keeps its failure, and what no
 * worker was asked for has no file. */
static void await_drawn(struct press *press, struct batch *batch)
{
    workers_wait(press->workers, &batch->drawing);
    for (size_t i = 0; i < batch->count; i++) {
        struct task *task = &batch->tasks[i];
        if (task->job.count == NULL || task->job.left_undone) {
            continue;
        }
        task->failure = task->job.failure;
        if (task->failure.class == ERROR_NONE) {
            file_batch_adopt(batch->files, file_path(task, &batch->arena));
        }
    }
}

/* After a failure that is not about one document - the disk is full, a worker cannot be replaced -
 * nothing more is begun and what was drawn is removed; what is on its way to the disk is finished.
 */
static outcome take_drawn(struct press *press, struct batch *batch, struct error *err)
{
    await_drawn(press, batch);
    for (size_t i = 0; i < batch->count && press->failure.class == ERROR_NONE; i++) {
        const struct error *failure = &batch->tasks[i].failure;
        if (failure->class != ERROR_NONE && !is_about_document(failure)) {
            press->failure = *failure;
        }
    }
    if (press->failure.class != ERROR_NONE) {
        batch->count = 0;
        file_batch_close(batch->files);
        batch->files = NULL;
        TRY(file_batch_open(&batch->files, err));
    }
    return OK;
}

static Event *rendered_event(const struct press *press, const struct task *task,
                             struct arena *arena)
{
    const struct drawn *drawn = &task->job.drawn;
    Event *event = event_new(EVENT__BODY_DOCUMENT_RENDERED, arena);
    DocumentRendered *rendered = event->document_rendered;
    rendered->document = task->document->id;
    rendered->content_event = task->document->wanted_event;
    rendered->page_sha256 = record_binary(bytes_of(drawn->page_sha256, PDF_DIGEST_SIZE), arena);
    rendered->unsigned_sha256 =
        record_binary(bytes_of(drawn->unsigned_sha256, PDF_DIGEST_SIZE), arena);
    rendered->pdf_sha256 = record_binary(bytes_of(drawn->pdf_sha256, PDF_DIGEST_SIZE), arena);
    rendered->template_id = arena_c_string(arena, str_of(drawn->template_id));
    rendered->fonts = arena_c_string(arena, str_of(drawn->fonts));
    rendered->signer_sha256 =
        record_binary(bytes_of(press->signer_sha256, sizeof press->signer_sha256), arena);
    rendered->size = drawn->size;
    rendered->forced = press->selection->all;
    rendered->proof_size = task->proof_size;
    if (task->has_code) {
        rendered->code_sha256 = record_binary(digest_bytes(&task->code), arena);
    }
    return event;
}

static Event *failed_event(const struct task *task, struct arena *arena)
{
    Event *event = event_new(EVENT__BODY_DOCUMENT_FAILED, arena);
    DocumentFailed *failed = event->document_failed;
    failed->document = task->document->id;
    failed->content_event = task->document->wanted_event;
    failed->code = arena_c_string(arena, message_code(task->failure.code, arena));
    failed->detail = arena_c_string(arena, failed_document_detail(&task->failure, arena));
    return event;
}

static void tell_failure(struct press *press, const struct task *task)
{
    struct session *session = press->session;
    struct arena *arena = &session->item_arena;
    str code = message_code(task->failure.code, arena);
    str detail = failed_document_words(session->language, code,
                                       failed_document_detail(&task->failure, arena), arena);
    struct error_arg args[] = {ARG_TEXT("document", task->document->id), ARG_STR("code", code),
                               ARG_STR("detail", detail)};
    report_note(session, TERMINAL_WARNING, MESSAGE_DOCUMENT_FAILED, args, 3);
    if (task->failure.class == ERROR_CORRUPT) {
        session_status(session, error_exit_status(ERROR_CORRUPT));
    }
    arena_reset(arena);
}

/* In a transaction. */
static outcome log_batch(struct press *press, struct batch *batch, struct error *err)
{
    struct session *session = press->session;
    for (size_t i = 0; i < batch->count; i++) {
        struct task *task = &batch->tasks[i];
        bool failed = task->failure.class != ERROR_NONE;
        if (task->job.left_undone) { /* still wanted */
            press->report->stopped = true;
            continue;
        }
        Event *event =
            failed ? failed_event(task, &batch->arena) : rendered_event(press, task, &batch->arena);
        TRY(engine_append(session->engine, &session->run, event, &batch->arena, NULL, err));
        press->report->rendered += !failed;
        press->report->failed += failed;
        press->report->bytes += failed ? 0 : task->job.drawn.size;
        if (failed) {
            tell_failure(press, task);
        }
    }
    return OK;
}

/* Files are durable before an event names them. */
static outcome finish_batch(struct press *press, struct batch *batch, struct error *err)
{
    if (batch->count == 0) {
        return OK;
    }
    TRY(log_batch(press, batch, err));
    TRY(engine_next_batch(press->session->engine, err));
    progress_step(&press->progress, press->report->rendered + press->report->failed);
    batch->count = 0;
    return OK;
}

/* Each turn moves every batch one place on; at the end the places run empty. */
static outcome run_batches(struct press *press, struct error *err)
{
    struct batch *ring[BATCHES];
    memcpy(ring, press->batches, sizeof ring);
    TRY(engine_begin(press->session->engine, err));
    TRY(document_entries_open(press->session, true, &press->entries, err));
    bool more = true;
    while (more) {
        struct batch *logged = ring[TO_LOG];
        press->report->stopped |= stop_requested() && press->gathered < press->plan.count;
        if (!press->report->stopped && press->failure.class == ERROR_NONE) {
            TRY(gather(press, ring[TO_GATHER], err));
        }
        TRY(take_drawn(press, ring[TO_WRITE], err));
        TRY(flush_wait(&press->flush, err));
        if (ring[TO_WRITE]->count + ring[TO_NAME]->count > 0) {
            flush_start(&press->flush, ring[TO_WRITE]->files, ring[TO_NAME]->files);
        }
        TRY(finish_batch(press, logged, err));
        more = false;
        for (size_t i = 1; i < BATCHES; i++) {
            more = more || ring[i]->count > 0;
            ring[i - 1] = ring[i];
        }
        ring[BATCHES - 1] = logged;
    }
    TRY(engine_commit(press->session->engine, err));
    if (press->failure.class != ERROR_NONE) {
        *err = press->failure;
        return error_trace(err, HERE);
    }
    return OK;
}

static outcome open_batches(struct press *press, struct error *err)
{
    for (size_t i = 0; i < BATCHES; i++) {
        struct batch *batch = ARENA_NEW(&press->session->run_arena, struct batch);
        arena_init(&batch->arena, 0);
        press->batches[i] = batch;
        TRY(file_batch_open(&batch->files, err));
    }
    return OK;
}

/* After a failure too: what was drawn and not flushed is removed again. */
static void close_batches(struct press *press)
{
    struct error ignored; /* the first failure is the one to tell */
    (void)flush_wait(&press->flush, &ignored).ok;
    for (size_t i = 0; i < BATCHES && press->batches[i] != NULL; i++) {
        struct batch *batch = press->batches[i];
        await_drawn(press, batch);
        file_batch_close(batch->files);
        arena_release(&batch->arena);
    }
}

static outcome print(struct press *press, struct error *err)
{
    if (press->plan.count == 0 || press->selection->dry_run) {
        return OK;
    }
    bool stopped = false;
    TRY(unfinished_begin(press->session, &stopped, err));
    if (stopped) {
        press->report->stopped = true;
        return OK;
    }
    TRY(timestamps_try(&press->setup.timestamps, &press->session->run_arena, err));
    TRY(workers_start(&press->setup, choose_workers(press), &press->workers, err));
    progress_start(&press->progress, &press->session->terminal, STR("regenerate"),
                   press->plan.count);
    outcome result = open_batches(press, err);
    if (result.ok) {
        result = run_batches(press, err);
    }
    close_batches(press);
    progress_end(&press->progress);
    TRY(result);
    if (!workers_were_killed(press->workers)) { /* else the next run sweeps */
        TRY(unfinished_end(press->session, err));
    }
    return OK;
}

static outcome make_plan(struct press *press, struct error *err)
{
    struct session *session = press->session;
    struct document_printer printer = {press->renderer, press->signer_sha256};
    TRY(engine_begin(session->engine, err));
    outcome planned = document_plan_make(session, press->selection, &printer, &session->run_arena,
                                         &press->plan, err);
    engine_abort(session->engine);
    TRY(planned);
    press->report->wanted = press->plan.count;
    press->report->unchanged = press->plan.unchanged;
    press->report->earlier_signer = press->plan.earlier_signer;
    memcpy(press->report->by_reason, press->plan.by_reason, sizeof press->plan.by_reason);
    press->report->stopped = stop_requested(); /* the plan may end early */
    return OK;
}

/* Every submission looks for due proofs and mostly finds none. Opening fonts and key takes longer
 * than a small submission, so they are opened only when there is a proof to draw; the plan of
 * proofs needs no template. */
static outcome plan_and_print(struct press *press, struct error *err)
{
    bool early = press->selection->proofs_only;
    if (early) {
        TRY(make_plan(press, err));
        if (press->plan.count == 0) {
            return OK;
        }
    }
    TRY(open_signer(press, err));
    TRY(open_renderer(press, err));
    if (!early) {
        TRY(make_plan(press, err));
    }
    return print(press, err);
}

FALLIBLE documents_render(struct session *session, const struct documents_selection *selection,
                          struct documents_report *ret, struct error *err)
{
    struct documents_report report = {0};
    struct press press = {.session = session, .selection = selection, .report = &report};
    outcome result = plan_and_print(&press, err);
    engine_abort(session->engine);
    workers_stop(press.workers);
    document_entries_close(press.entries);
    renderer_close(press.renderer);
    signer_close(press.signer);
    TRY(result);
    *ret = report;
    return OK;
}

FALLIBLE documents_render_proofs(struct session *session, struct error *err)
{
    char none[] = "";
    struct documents_selection selection = {.enterprise = none, .proofs_only = true};
    struct documents_report report = {0};
    struct error failure;
    /* The submission stands; a proof that cannot be made now is made by the next regenerate. */
    if (!documents_render(session, &selection, &report, &failure).ok) {
        if (failure.class == ERROR_RESOURCE || failure.class == ERROR_CORRUPT) {
            *err = failure;
            return error_trace(err, HERE);
        }
        report_error(session, &failure);
        session_status(session, error_exit_status(ERROR_REFUSED)); /* documents failed */
    }
    if (report.failed > 0) {
        session_status(session, error_exit_status(ERROR_REFUSED));
    }
    if (report.stopped && session->status != error_exit_status(ERROR_BUSY)) { /* else it was said */
        report_note(session, TERMINAL_WARNING, MESSAGE_PROOFS_STOPPED, NULL, 0);
        session_status(session, error_exit_status(ERROR_BUSY));
    }
    return owed_proofs_report(session, err);
}
