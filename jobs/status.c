/* status - one screen: how large, how far, what lies waiting; --check lists what needs a hand. */
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>

#include "core/base/date.h"
#include "core/io/file.h"
#include "events/terms/validity.h"
#include "jobs/checkpoints.h"
#include "jobs/folder.h"
#include "jobs/objects.h"
#include "jobs/owed_proofs.h"
#include "jobs/report.h"

enum { STATUSES_MAX = 16, METRICS_BYTES_MAX = 64 * 1024, DISK_FREE_MIN_MIB = 1024 };

struct counter {
    const char *name;
    uint64_t count;
};

struct state {
    struct session *session;
    uint64_t events;
    uint64_t views_at;
    struct digest root;
    struct counter certificates[STATUSES_MAX];
    size_t certificates_count;
    uint64_t documents[DOCUMENT_STATUS__CODE__FAILED + 1];
    struct owed_proofs owed;
    uint64_t open_waves;
    uint64_t last_checkpoint;
    uint64_t disk_free;
};

static void count_status(struct state *state, str status)
{
    for (size_t i = 0; i < state->certificates_count; i++) {
        if (str_equal_c(status, state->certificates[i].name)) {
            state->certificates[i].count++;
            return;
        }
    }
    BUG_UNLESS(state->certificates_count < STATUSES_MAX);
    state->certificates[state->certificates_count++] =
        (struct counter){arena_c_string(&state->session->run_arena, status), 1};
}

static FALLIBLE count_certificates(struct state *state, struct error *err)
{
    struct session *session = state->session;
    const struct view_key all = {0};
    struct views_scan scan = {0};
    bool more = false;
    outcome result;
    TRY(views_scan_open(engine_views(session->engine), VIEW_CERTIFICATE, &all, (bytes){0}, &scan,
                        err));
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        result = views_scan_record(&scan, &session->item_arena, &message, err);
        if (!result.ok) {
            break;
        }
        count_status(state, certificate_status_text((const CertificateView *)(const void *)message,
                                                    session->run.moment.today));
        arena_reset(&session->item_arena);
    }
    views_scan_close(&scan);
    return result;
}

struct document_count {
    struct state *state;
    DocumentStatus__Code status;
};

static outcome count_document(void *context, str id, struct error *err)
{
    const struct document_count *count = context;
    (void)id;  /* counted only */
    (void)err; /* cannot fail */
    count->state->documents[count->status]++;
    return OK;
}

static outcome count_wave(void *context, str part, struct error *err)
{
    struct state *state = context;
    (void)part; /* counted only */
    (void)err;  /* cannot fail */
    state->open_waves++;
    return OK;
}

static FALLIBLE look(struct session *session, struct state *state, struct error *err)
{
    struct log_txn *txn = engine_log_txn(session->engine);
    struct statvfs disk;
    *state = (struct state){.session = session};
    state->events = log_size(txn);
    state->root = log_root(txn);
    state->views_at = views_applied(engine_views(session->engine));
    TRY(count_certificates(state, err));
    for (int i = DOCUMENT_STATUS__CODE__PENDING; i <= DOCUMENT_STATUS__CODE__FAILED; i++) {
        struct document_count count = {state, (DocumentStatus__Code)i};
        TRY(each_of_index(session, index_documents(count.status), count_document, &count, err));
    }
    TRY(owed_proofs_look(session, &state->owed, err));
    TRY(each_of_index(session, index_open_waves(), count_wave, state, err));
    state->last_checkpoint = checkpoints_last_size(session->store_dir, &session->run_arena);
    if (statvfs(session->store_dir, &disk) == 0) {
        state->disk_free = (uint64_t)disk.f_bavail * disk.f_frsize;
    }
    return OK;
}

/* --- last successes, from reports/<job>.prom
 * ------------------------------------------------------
 */

static void put_success(struct json *record, const char *folder, str file, struct arena *arena)
{
    static const char *const metric = "anzheng_last_success_timestamp_seconds{";
    struct error ignored;
    bytes content = {0};
    str text = STR("");
    const char *path = arena_format(arena, "%s/%.*s", folder, STR_ARGS(file)).data;
    if (!file_read(path, arena, METRICS_BYTES_MAX, &content, &ignored).ok ||
        !str_from_bytes(content, &text)) {
        return;
    }
    while (text.data != NULL) {
        str line = str_cut(&text, '\n');
        uint64_t seconds = 0;
        char instant[INSTANT_SIZE];
        if (str_starts_with(line, str_of(metric)) &&
            str_to_uint64(str_from(line, str_find_byte(line, '}') + 2), &seconds)) {
            const char *job = arena_c_string(arena, str_first(file, file.size - strlen(".prom")));
            instant_format((int64_t)seconds * 1000000, instant);
            json_put_text(record, job, str_of(instant));
        }
    }
}

static void put_successes(struct json *record, struct session *session)
{
    const char *folder = arena_format(&session->run_arena, "%s/reports", session->store_dir).data;
    const char **names = NULL;
    size_t count = folder_names(folder, STR(".prom"), &session->run_arena, &names);
    for (size_t i = 0; i < count; i++) {
        put_success(record, folder, str_of(names[i]), &session->run_arena);
    }
}

/* R-DP-06: the oldest, for how long it has waited, and how many are late. */
static void put_owed(struct json *record, const struct owed_proofs *owed)
{
    if (owed->waiting > 0) {
        char instant[INSTANT_SIZE];
        instant_format(owed->oldest_us, instant);
        json_put_text(record, "oldest_departure_proof", str_of(instant));
        json_put_number(record, "oldest_departure_proof_seconds", owed->oldest_age_us / 1000000);
    } else {
        json_put_null(record, "oldest_departure_proof");
        json_put_null(record, "oldest_departure_proof_seconds");
    }
    json_put_number(record, "departure_proofs_waiting", (int64_t)owed->waiting);
    json_put_number(record, "departure_proofs_overdue", (int64_t)owed->overdue);
}

static FALLIBLE object_of_state(const struct state *state, struct json *record, struct error *err)
{
    static const char *const names[] = {"none", "pending", "ready", "failed"};
    struct session *session = state->session;
    struct arena *arena = &session->run_arena;
    struct note_verifier verifier;
    TRY(checkpoints_verifier(session->store_dir, arena, &verifier, err));
    json_put_number(record, "events", (int64_t)state->events);
    json_put_text(record, "root", base64_encode(digest_bytes(&state->root), arena));
    json_put_text(record, "log_origin", verifier.name); /* after a loss, not the registry's */
    json_put_text(record, "log_key", note_vkey_format(&verifier, arena));
    json_put_number(record, "views_at", (int64_t)state->views_at);
    struct json *certificates = json_put_record(record, "certificates");
    for (size_t i = 0; i < state->certificates_count; i++) {
        json_put_number(certificates, state->certificates[i].name,
                        (int64_t)state->certificates[i].count);
    }
    struct json *documents = json_put_record(record, "documents");
    for (int i = DOCUMENT_STATUS__CODE__PENDING; i <= DOCUMENT_STATUS__CODE__FAILED; i++) {
        json_put_number(documents, names[i], (int64_t)state->documents[i]);
    }
    put_owed(record, &state->owed);
    json_put_number(record, "open_waves", (int64_t)state->open_waves);
    put_successes(json_put_record(record, "last_success"), session);
    json_put_number(record, "last_checkpoint", (int64_t)state->last_checkpoint);
    json_put_number(record, "disk_free", (int64_t)state->disk_free);
    return OK;
}

/* --- --check -------------------------------------------------------------------------------------
 */

static void complain(struct session *session, struct json *list, int message,
                     const struct error_arg *args, int args_count)
{
    struct arena *arena = &session->run_arena;
    struct json *item = json_add_record(list);
    json_put_text(item, "code", message_code(message, arena));
    json_put_text(item, "message",
                  message_text_with(message, session->language, args, args_count, arena));
}

/* What needs a hand, into a list of records. */
static void check(const struct state *state, struct json *list)
{
    struct session *session = state->session;
    uint64_t failed = state->documents[DOCUMENT_STATUS__CODE__FAILED];
    uint64_t disk_mib = state->disk_free >> 20;
    if (state->views_at < state->events) {
        struct error_arg args[] = {ARG_INT("events", state->events - state->views_at)};
        complain(session, list, MESSAGE_CHECK_VIEWS_BEHIND, args, 1);
    }
    if (failed > 0) {
        struct error_arg args[] = {ARG_INT("documents", failed)};
        complain(session, list, MESSAGE_CHECK_DOCUMENTS_FAILED, args, 1);
    }
    if (state->owed.overdue > 0) {
        char instant[INSTANT_SIZE];
        instant_format(state->owed.oldest_us, instant);
        struct error_arg args[] = {ARG_INT("proofs", state->owed.overdue),
                                   ARG_TEXT("since", instant),
                                   ARG_INT("minutes", state->owed.oldest_age_us / 60000000)};
        complain(session, list, MESSAGE_CHECK_PROOFS_OVERDUE, args, 3);
    }
    if (state->open_waves > 0) {
        struct error_arg args[] = {ARG_INT("waves", state->open_waves)};
        complain(session, list, MESSAGE_CHECK_WAVES_OPEN, args, 1);
    }
    if (state->last_checkpoint < state->events) {
        struct error_arg args[] = {ARG_INT("size", state->last_checkpoint),
                                   ARG_INT("events", state->events)};
        complain(session, list, MESSAGE_CHECK_NO_CHECKPOINT, args, 2);
    }
    if (disk_mib < DISK_FREE_MIN_MIB) {
        struct error_arg args[] = {ARG_INT("mib", disk_mib)};
        complain(session, list, MESSAGE_CHECK_DISK, args, 1);
    }
}

static FALLIBLE report_check(const struct state *state, struct error *err)
{
    static const struct report_column columns[] = {{.path = "code"}, {.path = "message"}};
    struct session *session = state->session;
    JSON_AUTO list = json_new_list();
    check(state, list);
    if (json_count(list) == 0) {
        report_note(session, TERMINAL_NOTICE, MESSAGE_CHECK_FINE, NULL, 0);
        return OK;
    }
    struct report_rows rows;
    session_status(session, 1);
    TRY(report_rows_open(session, columns, 2, session->json ? TABLE_JSON : TABLE_PEOPLE, &rows,
                         err));
    outcome added = OK;
    for (size_t i = 0; added.ok && i < json_count(list); i++) {
        const struct json *item = json_element(list, i);
        struct json *copy = json_new_record();
        json_put_text(copy, "code", json_text(json_member(item, "code")));
        json_put_text(copy, "message", json_text(json_member(item, "message")));
        added = report_rows_add(&rows, copy, err);
    }
    struct error closing;
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}

/* For alerts between the nights. Whoever only looks may look at a store they cannot write. */
static void tell_collector(const struct state *state)
{
    struct error ignored;
    if (!owed_proofs_write(state->session, &state->owed, &ignored).ok) {
        return; /* the file of the last look stays */
    }
}

outcome job_status(struct session *session, struct error *err)
{
    const StatusOptions *options = SESSION_OPTIONS(session, StatusOptions);
    struct state state;
    TRY(look(session, &state, err));
    tell_collector(&state);
    if (options->check) {
        return report_check(&state, err);
    }
    struct json *record = json_new_record();
    if (!object_of_state(&state, record, err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    return report_result(session, record, err);
}
