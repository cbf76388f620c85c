/* deliver - the verb `deliver`: documents to hand over, as plain files in a folder with a manifest.
 *
 * It delivers what may be downloaded: certificates in force whose document is ready and whose
 * holder is neither blocked nor erased. Documents that are not ready are named, and the exit status
 * is then 1. The delivery is logged first; then the complete folder appears by one rename. A
 * stopped delivery leaves nothing. If the same delivery is already there, byte for byte, nothing is
 * done, so that a night can be run again. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/map.h"
#include "core/base/record.h"
#include "core/io/csv.h"
#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/file_batch.h"
#include "core/io/file_digest.h"
#include "core/io/remove_all.h"
#include "core/io/stop.h"
#include "events/terms/credit_code.h"
#include "jobs/engine/judging/wave.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/folder.h"
#include "jobs/metrics.h"
#include "jobs/objects/objects.h"
#include "jobs/reading/handout.h"
#include "jobs/report.h"

#define SUMS_NAME "SHA256SUMS"

enum { FOLDER_MODE = 0755, FILE_MODE = HANDOUT_CERTIFICATE_MODE };

struct delivery {
    struct session *session;
    const DeliverOptions *options;
    str enterprise;
    const WaveView *wave; /* NULL: not by wave */
    struct map rendered;  /* ids of the documents that were rendered after --since */
    const char *out;      /* without slashes at the end */
    const char *place;    /* where that leads to */
    const char *made;     /* beside it */
    bool is_there;        /* a delivery lies there: this one, or it is refused */
    struct file_batch *files;
    struct csv_writer manifest;
    FILE *sums;
    struct arena item;
    struct progress progress; /* in certificates */
    uint64_t seen;
    uint64_t delivered;
    uint64_t bytes;
    uint64_t waiting; /* documents that are not ready */
};

/* --- what is chosen -----------------------------------------------------------------------------
 */

/* 沪建安B(2018)0001234: as it is, that is a file name without surprises; brackets stay. */
static const char *file_name(const CertificateView *certificate, struct arena *arena)
{
    return arena_format(arena, "%s.pdf", certificate->certificate).data;
}

static bool is_chosen(const struct delivery *delivery, const CertificateView *certificate,
                      const DocumentView *document)
{
    const WaveView *wave = delivery->wave;
    uint64_t since = delivery->options->since;
    bool enterprise = str_empty(delivery->enterprise) ||
                      str_equal_c(delivery->enterprise, certificate->enterprise);
    /* A document shows its wave when the event that wanted it lies in it. */
    bool in_wave =
        wave == NULL || (document->wanted_event > wave->wave &&
                         (!wave->closed || document->wanted_event < wave->closed_by) &&
                         (*wave->enterprise == 0 ||
                          str_equal_c(str_of(wave->enterprise), certificate->enterprise)));
    bool is_new = since == 0 || document->wanted_event > since ||
                  map_find(&delivery->rendered, str_bytes(str_of(document->id))) != NULL;
    return *document->id != 0 && enterprise && in_wave && is_new;
}

static FALLIBLE go_on(struct error *err)
{
    if (stop_requested()) {
        FAIL(BUSY, MESSAGE_DELIVER_STOPPED);
    }
    return OK;
}

/* Another page or another signer makes a new file of what was ordered long before, so the log is
 * asked and not the views, which know only what a document shows. */
static FALLIBLE find_rendered(struct delivery *delivery, struct error *err)
{
    struct session *session = delivery->session;
    struct log_txn *txn = engine_log_txn(session->engine);
    map_init(&delivery->rendered, &session->run_arena);
    for (uint64_t i = delivery->options->since; i != 0 && i < log_size(txn); i++) {
        ProtobufCMessage *message = NULL;
        bytes stored = {0};
        bool made = false;
        TRY(go_on(err));
        arena_reset(&delivery->item);
        TRY(log_get(txn, i + 1, &stored, err));
        TRY(record_unpack(&event__descriptor, stored, &delivery->item, &message, err));
        const Event *event = (const Event *)(const void *)message;
        if (event->body_case == EVENT__BODY_DOCUMENT_RENDERED) {
            str id = arena_str(&session->run_arena, str_of(event->document_rendered->document));
            (void)map_put(&delivery->rendered, str_bytes(id), &made);
        }
    }
    return OK;
}

/* --- one document -------------------------------------------------------------------------------
 */

static void write_manifest_row(struct delivery *delivery, const CertificateView *certificate,
                               const DocumentView *document, const char *name, size_t size)
{
    struct arena *arena = &delivery->item;
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    memcpy(digest.data, document->pdf_sha256.data, sizeof digest.data);
    digest_hex(&digest, hex);
    csv_write_cell(&delivery->manifest, str_of(name));
    csv_write_cell(&delivery->manifest, str_of(certificate->certificate));
    csv_write_cell(&delivery->manifest, arena_format(arena, "%u", certificate->version));
    csv_write_cell(&delivery->manifest, arena_format(arena, "%" PRIu64, document->wanted_event));
    csv_write_cell(&delivery->manifest, str_of(hex));
    csv_write_cell(&delivery->manifest, arena_format(arena, "%zu", size));
    csv_write_row_end(&delivery->manifest);
    (void)fprintf(delivery->sums, "%s  %s\n", hex, name); /* its failure is told by fclose */
}

static outcome deliver_one(struct delivery *delivery, const CertificateView *certificate,
                           const DocumentView *document, struct error *err)
{
    enum { FLUSH_FILES = 256 };
    bytes content = {0};
    const char *name = file_name(certificate, &delivery->item);
    TRY(handout_read(delivery->session, document, &delivery->item, &content, err));
    TRY(file_batch_add(delivery->files,
                       arena_format(&delivery->item, "%s/%s", delivery->made, name).data, content,
                       FILE_MODE, err));
    write_manifest_row(delivery, certificate, document, name, content.size);
    delivery->delivered++;
    delivery->bytes += content.size;
    if (file_batch_count(delivery->files) >= FLUSH_FILES) {
        TRY(file_batch_flush(delivery->files, err));
    }
    return OK;
}

static outcome look_at(struct delivery *delivery, const CertificateView *certificate,
                       struct error *err)
{
    struct session *session = delivery->session;
    struct arena *arena = &delivery->item;
    DocumentView *document = NULL;
    struct error answer;
    progress_step(&delivery->progress, ++delivery->seen);
    TRY(go_on(err));
    if (!handout_check(session, certificate, &answer).ok) {
        return OK; /* nobody could download it either */
    }
    TRY(document_view(session, str_of(certificate->certificate), arena, &document, err));
    if (!is_chosen(delivery, certificate, document)) {
        return OK;
    }
    if (!handout_check_person(session, certificate, arena, &answer).ok) {
        if (answer.class == ERROR_REFUSED) {
            return OK;
        }
        *err = answer;
        return error_trace(err, HERE);
    }
    if (document->status != DOCUMENT_STATUS__CODE__READY) {
        str state = record_enum_text(&document_status__code__descriptor, (int)document->status,
                                     &delivery->item);
        struct error_arg args[] = {ARG_TEXT("certificate", certificate->certificate),
                                   ARG_STR("status", state)};
        report_note(session, TERMINAL_WARNING, MESSAGE_DOCUMENT_NOT_READY, args, 2);
        delivery->waiting++;
        return OK;
    }
    return deliver_one(delivery, certificate, document, err);
}

/* --- all of them --------------------------------------------------------------------------------
 */

static outcome each_number(void *state, str number, struct error *err)
{
    struct delivery *delivery = state;
    CertificateView *certificate = NULL;
    arena_reset(&delivery->item);
    TRY(certificate_view(delivery->session, number, &delivery->item, &certificate, err));
    return look_at(delivery, certificate, err);
}

static outcome walk_all(struct delivery *delivery, struct error *err)
{
    VIEWS_WALK_AUTO walk = {0};
    struct views *views = engine_views(delivery->session->engine);
    TRY(views_count(views, VIEW_CERTIFICATE, &delivery->progress.total, err));
    TRY(views_walk_open(views, VIEW_CERTIFICATE, NULL, &delivery->item, &walk, err));
    while (walk.record != NULL) {
        TRY(look_at(delivery, walk.record, err));
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

static outcome gather(struct delivery *delivery, struct error *err)
{
    static const char *const headings[] = {"file",  "certificate", "version",
                                           "event", "sha256",      "bytes"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        csv_write_cell(&delivery->manifest, str_of(headings[i]));
    }
    csv_write_row_end(&delivery->manifest);
    if (str_empty(delivery->enterprise)) {
        TRY(walk_all(delivery, err));
    } else {
        TRY(each_of_index(delivery->session, index_certificates_of_enterprise(delivery->enterprise),
                          each_number, delivery, err));
    }
    return file_batch_flush(delivery->files, err);
}

/* Last, when it is whole: of a delivery of nothing it is the only sum, and a list without any would
 * be an error of `sha256sum -c`. */
static FALLIBLE sum_manifest(struct delivery *delivery, const char *manifest, struct error *err)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    TRY(file_digest(manifest, &digest, err));
    digest_hex(&digest, hex);
    (void)fprintf(delivery->sums, "%s  manifest.csv\n", hex); /* its failure is told by fclose */
    return OK;
}

static outcome write_folder(struct delivery *delivery, struct error *err)
{
    struct arena *arena = &delivery->session->run_arena;
    const char *manifest = arena_format(arena, "%s/manifest.csv", delivery->made).data;
    const char *sums = arena_format(arena, "%s/" SUMS_NAME, delivery->made).data;
    TRY(directory_make(delivery->made, FOLDER_MODE, err));
    TRY(file_batch_open(&delivery->files, err));
    TRY(file_create(sums, FILE_MODE, &delivery->sums, err));
    struct error closing;
    outcome result = csv_writer_create(manifest, &delivery->manifest, err);
    if (result.ok) {
        result = gather(delivery, err);
        if (!csv_writer_close(&delivery->manifest, result.ok ? err : &closing).ok && result.ok) {
            result = error_trace(err, HERE);
        }
    }
    if (result.ok) {
        result = sum_manifest(delivery, manifest, err);
    }
    if (!file_finish(delivery->sums, sums, result.ok ? err : &closing).ok && result.ok) {
        result = error_trace(err, HERE);
    }
    return result;
}

/* --- the verb -----------------------------------------------------------------------------------
 */

static outcome find_wave(struct delivery *delivery, struct error *err)
{
    struct session *session = delivery->session;
    WaveView *wave = NULL;
    TRY(wave_view(session->engine, delivery->options->wave, &session->run_arena, &wave, err));
    if (wave->wave == 0) {
        FAIL(REFUSED(NULL), MESSAGE_WAVE_NOT_FOUND, ARG_INT("wave", delivery->options->wave));
    }
    delivery->wave = wave;
    delivery->enterprise = str_of(wave->enterprise);
    return OK;
}

/* DIR/NAME/ is DIR/NAME; a place without a name is none. */
static FALLIBLE find_place(struct delivery *delivery, struct error *err)
{
    struct arena *arena = &delivery->session->run_arena;
    str out = str_of(delivery->options->out);
    while (out.size > 1 && str_ends_with(out, STR("/"))) {
        out = str_first(out, out.size - 1);
    }
    delivery->place = delivery->out = arena_c_string(arena, out);
    const char *slash = strrchr(delivery->out, '/');
    const char *name = slash != NULL ? slash + 1 : delivery->out;
    if (*name == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        FAIL(CREATE, MESSAGE_DELIVER_PLACE_TAKEN, ARG_TEXT("dir", delivery->out));
    }
    return OK;
}

/* A link to a folder is that folder, for a rename does not follow it. */
static FALLIBLE follow_link(struct delivery *delivery, struct error *err)
{
    struct stat status;
    char place[PATH_MAX];
    if (lstat(delivery->out, &status) == 0 && S_ISLNK(status.st_mode)) {
        if (realpath(delivery->out, place) == NULL) {
            FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", delivery->out),
                 ARG_ERRNO("why", errno));
        }
        delivery->place = arena_c_string(&delivery->session->run_arena, str_of(place));
    }
    return OK;
}

/* The root of another disk has files put into it, but no folder takes its place. */
static bool is_mounted(const char *folder, struct arena *arena)
{
    struct stat own;
    struct stat above;
    const char *parent = arena_format(arena, "%s/..", folder).data;
    return stat(folder, &own) == 0 && stat(parent, &above) == 0 && own.st_dev != above.st_dev;
}

/* Told before the work, not behind it. */
static FALLIBLE check_place(struct delivery *delivery, struct error *err)
{
    struct arena *arena = &delivery->session->run_arena;
    const char **names = NULL;
    struct stat status;
    TRY(find_place(delivery, err));
    TRY(follow_link(delivery, err));
    delivery->made = folder_made_beside(delivery->place, "delivery", arena);
    if (stat(delivery->place, &status) != 0) {
        return OK;
    }
    bool is_folder = S_ISDIR(status.st_mode);
    if (is_folder && is_mounted(delivery->place, arena)) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", delivery->out),
             ARG_ERRNO("why", EBUSY));
    }
    delivery->is_there = !is_folder || folder_names(delivery->place, STR(""), arena, &names) > 0;
    if (delivery->is_there &&
        !file_exists(arena_format(arena, "%s/" SUMS_NAME, delivery->place).data)) {
        FAIL(CREATE, MESSAGE_DELIVER_PLACE_TAKEN, ARG_TEXT("dir", delivery->out));
    }
    return OK;
}

outcome check_deliver(const struct session *session, struct error *err)
{
    const DeliverOptions *options = SESSION_OPTIONS(session, DeliverOptions);
    int selectors = (*options->enterprise != 0) + (options->wave != 0) + (options->since != 0);
    if (selectors != 1 || *options->out == 0) {
        FAIL(USAGE, MESSAGE_DELIVER_WHAT);
    }
    return OK;
}

static outcome choose(struct delivery *delivery, struct error *err)
{
    struct session *session = delivery->session;
    const DeliverOptions *options = delivery->options;
    TRY(check_place(delivery, err));
    uint64_t last = log_size(engine_log_txn(session->engine));
    if (options->since > last) { /* mistyped: a delivery of nothing would hide it */
        FAIL(USAGE, MESSAGE_EXPORT_SINCE, ARG_INT("since", options->since), ARG_INT("last", last));
    }
    if (options->wave != 0) {
        TRY(find_wave(delivery, err));
    }
    if (*options->enterprise != 0) {
        EnterpriseView *enterprise = NULL;
        delivery->enterprise = str_of(options->enterprise);
        (void)credit_code_normalise(delivery->enterprise, &session->run_arena,
                                    &delivery->enterprise); /* else as given: unknown */
        TRY(enterprise_view(session, delivery->enterprise, &session->run_arena, &enterprise, err));
        if (*enterprise->code == 0) {
            FAIL(REFUSED(NULL), MESSAGE_ENTERPRISE_NOT_FOUND,
                 ARG_STR("enterprise", delivery->enterprise));
        }
    }
    return OK;
}

/* What was chosen, as the log tells it. */
static str subject_of(const struct delivery *delivery)
{
    struct arena *arena = &delivery->session->run_arena;
    const DeliverOptions *options = delivery->options;
    return options->wave != 0    ? arena_format(arena, "wave %" PRIu64, options->wave)
           : options->since != 0 ? arena_format(arena, "since %" PRIu64, options->since)
                                 : delivery->enterprise;
}

/* A file that cannot be read is another one. */
static bool is_same_file(const struct delivery *delivery, const char *name, struct arena *arena)
{
    struct error ignored;
    struct digest made;
    struct digest there;
    return file_digest(arena_format(arena, "%s/%s", delivery->made, name).data, &made, &ignored)
               .ok &&
           file_digest(arena_format(arena, "%s/%s", delivery->place, name).data, &there, &ignored)
               .ok &&
           digest_equal(&made, &there);
}

/* Is what lies there just what was made? */
static bool is_same(struct delivery *delivery)
{
    struct arena *arena = &delivery->session->run_arena;
    const char **made = NULL;
    const char **there = NULL;
    size_t count = folder_names(delivery->made, STR(""), arena, &made);
    bool same = folder_names(delivery->place, STR(""), arena, &there) == count;
    for (size_t i = 0; same && i < count; i++) {
        arena_reset(&delivery->item);
        same = strcmp(made[i], there[i]) == 0 && is_same_file(delivery, made[i], &delivery->item);
    }
    return same;
}

/* It was handed over before, and logged then. */
static FALLIBLE leave_there(struct delivery *delivery, struct error *err)
{
    struct error_arg args[] = {ARG_TEXT("dir", delivery->out)};
    if (!is_same(delivery)) {
        FAIL(CREATE, MESSAGE_DELIVER_PLACE_TAKEN, ARG_TEXT("dir", delivery->out));
    }
    remove_all(delivery->made);
    engine_abort(delivery->session->engine); /* it only read */
    report_note(delivery->session, TERMINAL_NOTICE, MESSAGE_DELIVER_SAME, args, 1);
    return OK;
}

static outcome hand_over(struct delivery *delivery, struct error *err)
{
    TRY(find_rendered(delivery, err));
    TRY(write_folder(delivery, err));
    if (delivery->is_there) {
        return leave_there(delivery, err);
    }
    TRY(directory_sync(delivery->made, err));
    TRY(session_log_disclosure(delivery->session, subject_of(delivery), err));
    return folder_take_place(delivery->made, delivery->place, MESSAGE_DELIVER_PLACE_TAKEN, err);
}

outcome job_deliver(struct session *session, struct error *err)
{
    struct delivery delivery = {.session = session,
                                .options = SESSION_OPTIONS(session, DeliverOptions)};
    struct metrics metrics = metrics_start("deliver");
    TRY(engine_begin(session->engine, err));
    TRY(choose(&delivery, err));
    remove_all(delivery.made); /* of a kill */
    arena_init(&delivery.item, 0);
    progress_start(&delivery.progress, &session->terminal, STR("deliver"), 0);
    outcome done = hand_over(&delivery, err);
    progress_end(&delivery.progress);
    file_batch_close(delivery.files);
    arena_release(&delivery.item);
    if (!done.ok) {
        engine_abort(session->engine);
        remove_all(delivery.made);
        return done;
    }
    metrics.done = delivery.delivered;
    metrics.failed = delivery.waiting;
    session_status(session, delivery.waiting > 0 ? 1 : 0);
    TRY(metrics_write(session, &metrics, err));
    struct json *record = json_new_record();
    json_put_text(record, "folder", str_of(delivery.out));
    json_put_number(record, "delivered", (int64_t)delivery.delivered);
    json_put_number(record, "waiting", (int64_t)delivery.waiting);
    json_put_number(record, "bytes", (int64_t)delivery.bytes);
    return report_result(session, record, err);
}
