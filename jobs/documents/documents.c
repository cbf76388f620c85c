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

struct documents_run {
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

static outcome open_signer(struct documents_run *run, struct error *err)
{
    struct session *session = run->session;
    struct document_keys keys = document_keys_of_config(session);
    run->setup = (struct worker_setup){
        .document_key = keys.key,
        .document_cert = keys.certificate,
        .fonts = session->config->fonts,
        .color_profile = session->config->color_profile,
        .timestamps = timestamps_of_config(session),
    };
    TRY(document_signer_open(session, &keys, &run->signer, err));
    signer_sha256(run->signer, run->signer_sha256);
    run->certificates = engine_path(session->engine, &session->run_arena, "certificates");
    run->proofs = engine_path(session->engine, &session->run_arena, "proofs");
    return OK;
}

static outcome open_renderer(struct documents_run *run, struct error *err)
{
    struct session *session = run->session;
    struct renderer_options options = {.icc_path = str_of(run->setup.color_profile),
                                       .signer = run->signer,
                                       .stamp_room = timestamp_room(&run->setup.timestamps)};
    fonts_of_config(str_of(run->setup.fonts), &session->run_arena, &options.fonts,
                    &options.fonts_count);
    return renderer_open(&options, &run->renderer, err);
}

static unsigned choose_workers(const struct documents_run *run)
{
    unsigned wanted =
        run->selection->workers != 0 ? run->selection->workers : run->session->config->workers;
    if (wanted == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        wanted = processors > 0 ? (unsigned)processors : 1;
    }
    if (wanted > run->plan.count) {
        wanted = (unsigned)run->plan.count;
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

static outcome gather_one(struct documents_run *run, struct batch *batch, const char *id,
                          struct error *err)
{
    struct session *session = run->session;
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
        .folder = certificate ? run->certificates : run->proofs,
        .mode = certificate ? 0644 : 0600,
    };
    if (certificate) { /* a proof of departure or cancellation is made at once, before any
                          checkpoint covers its event */
        TRY(document_entries_cover(run->entries, task->document->wanted_event, &task->proof_size,
                                   err));
    }
    return document_entry(run->entries, task->document->wanted_event, task->proof_size,
                          &batch->arena, &task->job.request.entry, err);
}

/* Called in a transaction. Hands every document that could be gathered to the workers. */
static outcome gather(struct documents_run *run, struct batch *batch, struct error *err)
{
    arena_reset(&batch->arena);
    batch->count = 0;
    while (batch->count < BATCH_DOCUMENTS && run->gathered < run->plan.count) {
        TRY(gather_one(run, batch, run->plan.ids[run->gathered++], err));
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->tasks[i].failure.class == ERROR_NONE) {
            workers_submit(run->workers, &batch->tasks[i].job, &batch->drawing);
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

/* The workers wrote the files as `.tmp`. A document that could not be drawn keeps its failure; one
 * that no worker was asked for has no file. */
static void await_drawn(struct documents_run *run, struct batch *batch)
{
    workers_wait(run->workers, &batch->drawing);
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

/* After a failure that is not about one document (a full disk, a worker that cannot be replaced)
 * nothing more is begun and drawn files are removed; a flush that has begun is finished. */
static outcome take_drawn(struct documents_run *run, struct batch *batch, struct error *err)
{
    await_drawn(run, batch);
    for (size_t i = 0; i < batch->count && run->failure.class == ERROR_NONE; i++) {
        const struct error *failure = &batch->tasks[i].failure;
        if (failure->class != ERROR_NONE && !is_about_document(failure)) {
            run->failure = *failure;
        }
    }
    if (run->failure.class != ERROR_NONE) {
        batch->count = 0;
        file_batch_close(batch->files);
        batch->files = NULL;
        TRY(file_batch_open(&batch->files, err));
    }
    return OK;
}

static Event *rendered_event(const struct documents_run *run, const struct task *task,
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
        record_binary(bytes_of(run->signer_sha256, sizeof run->signer_sha256), arena);
    rendered->size = drawn->size;
    rendered->forced = run->selection->all;
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

static void tell_failure(struct documents_run *run, const struct task *task)
{
    struct session *session = run->session;
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
static outcome log_batch(struct documents_run *run, struct batch *batch, struct error *err)
{
    struct session *session = run->session;
    for (size_t i = 0; i < batch->count; i++) {
        struct task *task = &batch->tasks[i];
        bool failed = task->failure.class != ERROR_NONE;
        if (task->job.left_undone) { /* still wanted */
            run->report->stopped = true;
            continue;
        }
        Event *event =
            failed ? failed_event(task, &batch->arena) : rendered_event(run, task, &batch->arena);
        TRY(engine_append(session->engine, &session->run, event, &batch->arena, NULL, err));
        run->report->rendered += !failed;
        run->report->failed += failed;
        run->report->bytes += failed ? 0 : task->job.drawn.size;
        if (failed) {
            tell_failure(run, task);
        }
    }
    return OK;
}

/* Files are durable before an event names them. */
static outcome finish_batch(struct documents_run *run, struct batch *batch, struct error *err)
{
    if (batch->count == 0) {
        return OK;
    }
    TRY(log_batch(run, batch, err));
    TRY(engine_next_batch(run->session->engine, err));
    progress_step(&run->progress, run->report->rendered + run->report->failed);
    batch->count = 0;
    return OK;
}

/* Each turn moves every batch one stage on; at the end the stages run empty. */
static outcome run_batches(struct documents_run *run, struct error *err)
{
    struct batch *ring[BATCHES];
    memcpy(ring, run->batches, sizeof ring);
    TRY(engine_begin(run->session->engine, err));
    TRY(document_entries_open(run->session, true, &run->entries, err));
    bool more = true;
    while (more) {
        struct batch *logged = ring[TO_LOG];
        run->report->stopped |= stop_requested() && run->gathered < run->plan.count;
        if (!run->report->stopped && run->failure.class == ERROR_NONE) {
            TRY(gather(run, ring[TO_GATHER], err));
        }
        TRY(take_drawn(run, ring[TO_WRITE], err));
        TRY(flush_wait(&run->flush, err));
        if (ring[TO_WRITE]->count + ring[TO_NAME]->count > 0) {
            flush_start(&run->flush, ring[TO_WRITE]->files, ring[TO_NAME]->files);
        }
        TRY(finish_batch(run, logged, err));
        more = false;
        for (size_t i = 1; i < BATCHES; i++) {
            more = more || ring[i]->count > 0;
            ring[i - 1] = ring[i];
        }
        ring[BATCHES - 1] = logged;
    }
    TRY(engine_commit(run->session->engine, err));
    if (run->failure.class != ERROR_NONE) {
        *err = run->failure;
        return error_trace(err, HERE);
    }
    return OK;
}

static outcome open_batches(struct documents_run *run, struct error *err)
{
    for (size_t i = 0; i < BATCHES; i++) {
        struct batch *batch = ARENA_NEW(&run->session->run_arena, struct batch);
        arena_init(&batch->arena, 0);
        run->batches[i] = batch;
        TRY(file_batch_open(&batch->files, err));
    }
    return OK;
}

/* Also after a failure: removes what was drawn and not flushed. */
static void close_batches(struct documents_run *run)
{
    struct error ignored; /* the first failure is reported */
    (void)flush_wait(&run->flush, &ignored).ok;
    for (size_t i = 0; i < BATCHES && run->batches[i] != NULL; i++) {
        struct batch *batch = run->batches[i];
        await_drawn(run, batch);
        file_batch_close(batch->files);
        arena_release(&batch->arena);
    }
}

static outcome print(struct documents_run *run, struct error *err)
{
    if (run->plan.count == 0 || run->selection->dry_run) {
        return OK;
    }
    bool stopped = false;
    TRY(unfinished_begin(run->session, &stopped, err));
    if (stopped) {
        run->report->stopped = true;
        return OK;
    }
    TRY(timestamps_try(&run->setup.timestamps, &run->session->run_arena, err));
    TRY(workers_start(&run->setup, choose_workers(run), &run->workers, err));
    progress_start(&run->progress, &run->session->terminal, STR("regenerate"), run->plan.count);
    outcome result = open_batches(run, err);
    if (result.ok) {
        result = run_batches(run, err);
    }
    close_batches(run);
    progress_end(&run->progress);
    TRY(result);
    if (!workers_were_killed(run->workers)) { /* else the next run sweeps */
        TRY(unfinished_end(run->session, err));
    }
    return OK;
}

static outcome make_plan(struct documents_run *run, struct error *err)
{
    struct session *session = run->session;
    struct document_printer printer = {run->renderer, run->signer_sha256};
    TRY(engine_begin(session->engine, err));
    outcome planned =
        document_plan_make(session, run->selection, &printer, &session->run_arena, &run->plan, err);
    engine_abort(session->engine);
    TRY(planned);
    run->report->wanted = run->plan.count;
    run->report->unchanged = run->plan.unchanged;
    run->report->earlier_signer = run->plan.earlier_signer;
    memcpy(run->report->by_reason, run->plan.by_reason, sizeof run->plan.by_reason);
    run->report->stopped = stop_requested(); /* the plan may end early */
    return OK;
}

/* Every submission looks for due proofs and mostly finds none. Opening fonts and key takes longer
 * than a small submission, so they are opened only when there is a proof to draw; the plan of
 * proofs needs no template. */
static outcome plan_and_print(struct documents_run *run, struct error *err)
{
    bool early = run->selection->proofs_only;
    if (early) {
        TRY(make_plan(run, err));
        if (run->plan.count == 0) {
            return OK;
        }
    }
    TRY(open_signer(run, err));
    TRY(open_renderer(run, err));
    if (!early) {
        TRY(make_plan(run, err));
    }
    return print(run, err);
}

FALLIBLE documents_render(struct session *session, const struct documents_selection *selection,
                          struct documents_report *ret, struct error *err)
{
    struct documents_report report = {0};
    struct documents_run run = {.session = session, .selection = selection, .report = &report};
    outcome result = plan_and_print(&run, err);
    engine_abort(session->engine);
    workers_stop(run.workers);
    document_entries_close(run.entries);
    renderer_close(run.renderer);
    signer_close(run.signer);
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
