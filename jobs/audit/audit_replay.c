/* audit_replay - the verb `audit replay`: the views as they were at an event or on a day, as CSV.
 *
 * The log is folded up to that point into a temporary LMDB environment inside the output folder,
 * which the code behind `show` then reads; at the end it is removed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/csv.h"
#include "core/io/file.h"
#include "core/io/file_copy.h"
#include "core/io/stop.h"
#include "core/io/threads.h"
#include "jobs/audit/replay_cells.h"
#include "jobs/engine/parts/log_walk.h"
#include "jobs/engine/project.h"
#include "jobs/folder.h"
#include "jobs/memory_option.h"
#include "jobs/metrics.h"
#include "jobs/objects/objects.h"
#include "jobs/objects/redact.h"
#include "jobs/report.h"

/* One table of the replay: a view, and its records as objects. */
struct replay_table {
    const char *name;
    enum view_id view;
    const char *const *paths; /* of the object's values: the columns; NULL-terminated */
    outcome (*object)(const struct object_source *source, const ProtobufCMessage *record,
                      struct json **ret, struct error *err);
};

static outcome certificate_object(const struct object_source *source,
                                  const ProtobufCMessage *record, struct json **ret,
                                  struct error *err)
{
    return object_of_certificate(source, (const CertificateView *)(const void *)record, ret, err);
}

static outcome person_object(const struct object_source *source, const ProtobufCMessage *record,
                             struct json **ret, struct error *err)
{
    PersonView *person = (PersonView *)(uintptr_t)record;
    person_mark_blocked(source->session, person);
    return object_of_person(source, person_redacted(person, source->arena), ret, err);
}

static outcome enterprise_object(const struct object_source *source, const ProtobufCMessage *record,
                                 struct json **ret, struct error *err)
{
    return object_of_enterprise(source, (const EnterpriseView *)(const void *)record, ret, err);
}

static const char *const certificate_paths[] = {"certificate",
                                                "category",
                                                "legal_representative",
                                                "post",
                                                "person.name",
                                                "person.id_type",
                                                "person.id_number",
                                                "enterprise.code",
                                                "enterprise.name",
                                                "medium",
                                                "status",
                                                "first_issued",
                                                "issued",
                                                "valid_from",
                                                "valid_until",
                                                "affiliated_since",
                                                "version",
                                                "identifier",
                                                "document.status",
                                                "document.file",
                                                "document.sha256",
                                                "document.error",
                                                "events",
                                                NULL};

static const char *const enterprise_paths[] = {"code",
                                               "name",
                                               "former_names",
                                               "legal_representative.name",
                                               "legal_representative.id_type",
                                               "legal_representative.id_number",
                                               "qualification",
                                               "state",
                                               "certificates",
                                               "events",
                                               NULL};

static const char *const person_paths[] = {"person",
                                           "name",
                                           "id_type",
                                           "id_number",
                                           "phone",
                                           "former_names",
                                           "identity.name",
                                           "identity.sex",
                                           "identity.nation",
                                           "identity.birth_date",
                                           "identity.address",
                                           "identity.issuer",
                                           "identity.valid_from",
                                           "identity.valid_to",
                                           "identity.collected_on",
                                           "identity.method",
                                           "identity.window",
                                           "identity.photo",
                                           "identity.digital_certificate",
                                           "certificates",
                                           "events",
                                           NULL};

enum { COLUMNS_MAX = 24 };
_Static_assert(sizeof certificate_paths / sizeof *certificate_paths <= COLUMNS_MAX + 1 &&
                   sizeof enterprise_paths / sizeof *enterprise_paths <= COLUMNS_MAX + 1 &&
                   sizeof person_paths / sizeof *person_paths <= COLUMNS_MAX + 1,
               "a row has room");

enum table_id { CERTIFICATES, ENTERPRISES, PERSONS, TABLES_COUNT };

static const struct replay_table tables[TABLES_COUNT] = {
    [CERTIFICATES] = {"certificates", VIEW_CERTIFICATE, certificate_paths, certificate_object},
    [ENTERPRISES] = {"enterprises", VIEW_ENTERPRISE, enterprise_paths, enterprise_object},
    [PERSONS] = {"persons", VIEW_PERSON, person_paths, person_object},
};

/* No object of these tables is made of them. */
static const uint32_t unread_views = 1U << VIEW_EXAM | 1U << VIEW_INSURANCE | 1U << VIEW_NATIONAL |
                                     1U << VIEW_RECORD | 1U << VIEW_FILE_RECORD | 1U << VIEW_VISIT |
                                     1U << VIEW_APPLICATION | 1U << VIEW_CODE | 1U << VIEW_WAVE;

/* --- rows: nested keys joined by _ ---------------------------------------------------------------
 */

static void write_header(const struct replay_table *table, struct csv_writer *writer,
                         struct arena *arena)
{
    for (const char *const *path = table->paths; *path != NULL; path++) {
        char *name = arena_c_string(arena, str_of(*path));
        for (char *c = name; *c != 0; c++) {
            *c = *c == '.' ? '_' : *c;
        }
        csv_write_cell(writer, str_of(name));
    }
    csv_write_row_end(writer);
}

/* Where rows go. */
struct sheet {
    const struct replay_table *table;
    struct replay_columns *columns;
    struct csv_writer *writer;
};

static outcome write_object(const struct object_source *source, const struct sheet *sheet,
                            const ProtobufCMessage *record, struct error *err)
{
    struct json *object = NULL;
    str cells[COLUMNS_MAX];
    TRY(sheet->table->object(source, record, &object, err));
    replay_cells(sheet->columns, object, source->arena, cells);
    for (size_t i = 0; i < replay_columns_count(sheet->columns); i++) {
        csv_write_for_people(sheet->writer, cells[i]);
    }
    csv_write_row_end(sheet->writer);
    return OK;
}

/* A part of a table, for one thread: the rows `first` to `end`-1, counted from 0 in the order of
 * their keys. Each has a file of its own at first; the tables take their names when all are there.
 */
struct share {
    enum table_id table;
    uint64_t first;
    uint64_t end;
};

static outcome write_row(const struct object_source *source, const struct sheet *sheet,
                         const struct views_scan *scan, struct error *err)
{
    ProtobufCMessage *record = NULL;
    if (stop_requested()) {
        FAIL(BUSY, MESSAGE_REPLAY_STOPPED);
    }
    arena_reset(source->arena);
    TRY(views_scan_record(scan, source->arena, &record, err));
    return write_object(source, sheet, record, err);
}

static outcome write_rows(const struct object_source *source, const struct share *share,
                          struct csv_writer *writer, uint64_t *ret_rows, struct error *err)
{
    const struct replay_table *table = &tables[share->table];
    const struct sheet sheet = {table, replay_columns(table->paths, &source->session->run_arena),
                                writer};
    struct view_key prefix = {0};
    struct views_scan scan = {0};
    bool more = false;
    if (share->first == 0) {
        write_header(table, writer, source->arena);
    }
    TRY(views_scan_open(engine_views(source->session->engine), table->view, &prefix, (bytes){0},
                        &scan, err));
    outcome result = OK;
    for (uint64_t i = 0; result.ok && i < share->end; i++) {
        result = views_scan_next(&scan, &more, err);
        if (!result.ok || !more) {
            break;
        }
        if (i >= share->first) {
            result = write_row(source, &sheet, &scan, err);
            *ret_rows += result.ok;
        }
    }
    views_scan_close(&scan);
    return result;
}

static const char *path_of(const struct share *share, const char *out, struct arena *arena)
{
    const char *name = tables[share->table].name;
    return arena_format(arena, share->first == 0 ? "%s/.%s.part" : "%s/.%s.rest", out, name).data;
}

static const char *table_path(const struct share *share, const char *out, struct arena *arena)
{
    return arena_format(arena, "%s/%s.csv", out, tables[share->table].name).data;
}

static outcome write_share(const struct object_source *source, const struct share *share,
                           const char *out, uint64_t *ret_rows, struct error *err)
{
    struct csv_writer writer;
    const char *path = path_of(share, out, &source->session->run_arena);
    TRY(file_remove(path, err));
    TRY(csv_writer_create(path, &writer, err));
    outcome written = write_rows(source, share, &writer, ret_rows, err);
    struct error closing;
    outcome closed = csv_writer_close(&writer, written.ok ? err : &closing);
    return written.ok ? closed : written;
}

enum { SHARES_MAX = TABLES_COUNT };

/* What one thread writes. */
struct writing {
    struct session *session;
    const char *out;
    struct share shares[SHARES_MAX];
    unsigned count;
    uint64_t rows[TABLES_COUNT];
    outcome result;
    struct error error;
};

static void write_some(void *state, unsigned number)
{
    struct writing *writing = (struct writing *)state + number;
    struct session *session = writing->session;
    struct object_source source;
    writing->result =
        object_source_open(session, false, &session->item_arena, &source, &writing->error);
    source.in_arena = true;
    for (unsigned i = 0; writing->result.ok && i < writing->count; i++) {
        const struct share *share = &writing->shares[i];
        writing->result = write_share(&source, share, writing->out, &writing->rows[share->table],
                                      &writing->error);
    }
}

/* Divides the work equally between both threads. A person takes three quarters of the time of a
 * certificate, whose object is made of both. The first thread has only certificates. */
static outcome share_out(struct session *session, struct writing works[2], struct error *err)
{
    struct views *views = engine_views(session->engine);
    uint64_t certificates = 0;
    uint64_t persons = 0;
    TRY(views_count(views, VIEW_CERTIFICATE, &certificates, err));
    TRY(views_count(views, VIEW_PERSON, &persons, err));
    uint64_t cut = certificates / 2 + persons * 3 / 8;
    works[0].shares[works[0].count++] = (struct share){CERTIFICATES, 0, cut < 1 ? 1 : cut};
    works[1].shares[works[1].count++] = (struct share){ENTERPRISES, 0, UINT64_MAX};
    works[1].shares[works[1].count++] = (struct share){PERSONS, 0, UINT64_MAX};
    if (cut >= 1 && cut < certificates) {
        works[1].shares[works[1].count++] = (struct share){CERTIFICATES, cut, UINT64_MAX};
    }
    return OK;
}

/* What begins behind the first row goes to where it belongs. A folder under a table's name is found
 * before any table has its own. */
static outcome join_share(const struct share *share, const char *out, struct arena *arena,
                          struct error *err)
{
    const struct share whole = {share->table, 0, 0};
    const char *table = table_path(share, out, arena);
    struct stat status;
    if (share->first > 0) {
        TRY(file_append(path_of(share, out, arena), path_of(&whole, out, arena), err));
    } else if (lstat(table, &status) == 0 && S_ISDIR(status.st_mode)) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", table), ARG_ERRNO("why", EISDIR));
    }
    return OK;
}

static outcome name_share(const struct share *share, const char *out, struct arena *arena,
                          struct error *err)
{
    const char *table = table_path(share, out, arena);
    if (share->first == 0 && rename(path_of(share, out, arena), table) != 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", table), ARG_ERRNO("why", errno));
    }
    return OK;
}

/* Puts all tables into place, or after a failure none: the earlier ones stay. */
static outcome place_shares(const struct writing works[2], bool written, struct arena *arena,
                            struct error *err)
{
    outcome result = OK;
    for (unsigned pass = 0; pass < 2; pass++) { /* all are complete before any is renamed */
        for (unsigned i = 0; i < 2 * SHARES_MAX; i++) {
            const struct writing *writing = &works[i / SHARES_MAX];
            const struct share *share = &writing->shares[i % SHARES_MAX];
            if (i % SHARES_MAX < writing->count && written && result.ok) {
                result = pass == 0 ? join_share(share, writing->out, arena, err)
                                   : name_share(share, writing->out, arena, err);
            }
        }
    }
    for (unsigned i = 0; i < 2 * SHARES_MAX; i++) {
        const struct writing *writing = &works[i / SHARES_MAX];
        if (i % SHARES_MAX < writing->count) {
            (void)unlink(path_of(&writing->shares[i % SHARES_MAX], writing->out,
                                 arena)); /* a leftover does no harm */
        }
    }
    return result;
}

/* A session for another thread: with its own memory, and its own transaction on the same views. */
static outcome write_in_two(struct session *session, struct writing works[2], struct error *err)
{
    struct session beside = *session;
    TRY(share_out(session, works, err));
    TRY(engine_beside(session->engine, &beside.engine, err));
    arena_init(&beside.run_arena, 0);
    arena_init(&beside.item_arena, 0);
    works[1].session = &beside;
    threads_run(2, write_some, works);
    arena_release(&beside.run_arena);
    arena_release(&beside.item_arena);
    engine_beside_close(beside.engine);
    bool written = works[0].result.ok && works[1].result.ok;
    outcome placed = place_shares(works, written, &session->run_arena, err);
    for (unsigned i = 0; i < 2; i++) {
        if (!works[i].result.ok) {
            *err = works[i].error;
            return error_trace(err, HERE);
        }
    }
    return placed;
}

static outcome write_tables(struct session *session, uint64_t last, const char *out,
                            struct metrics *metrics, struct error *err)
{
    struct writing works[2] = {{.session = session, .out = out}, {.out = out}};
    TRY(write_in_two(session, works, err));
    struct json *summary = json_new_record();
    json_put_number(summary, "until", (int64_t)last);
    for (unsigned i = 0; i < TABLES_COUNT; i++) {
        uint64_t rows = works[0].rows[i] + works[1].rows[i];
        json_put_number(summary, tables[i].name, (int64_t)rows);
        metrics->done += rows;
    }
    metrics_try(session, metrics);
    return report_result(session, summary, err);
}

/* The day as of which the replay shows statuses: the one asked for, else the last event's. */
static outcome choose_day(struct session *session, const AuditReplayOptions *options, uint64_t last,
                          struct error *err)
{
    Event *event = NULL;
    if (options->as_of != NULL) {
        session->run.moment.today = options->as_of->days;
    } else if (last > 0) {
        TRY(engine_event(session->engine, last, &session->run_arena, &event, err));
        session->run.moment.today = event->business_date->days;
    }
    return OK;
}

/* Nothing is opened for it: it says no more than whose event it is. */
static void note_blocked(const Event *event, struct arena *arena, struct map *ret)
{
    const char *person_id = NULL;
    bool made = false;
    if (event->body_case == EVENT__BODY_PERSON_BLOCKED) {
        person_id = event->person_blocked->person_id;
    } else if (event->body_case == EVENT__BODY_PERSON_ERASED) {
        person_id = event->person_erased->person_id;
    }
    if (person_id != NULL) {
        str kept = arena_str(arena, str_of(person_id));
        (void)map_put(ret, str_bytes(kept), &made); /* a set */
    }
}

/* R-PV-02: a person who is blocked now is blocked on every day that is shown, even when an older
 * keyring was put back. The log decides this, not the store's own views, which may be damaged. */
static outcome blocked_since(struct session *session, uint64_t last, struct map *ret,
                             struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    map_init(ret, &session->run_arena);
    TRY(log_walk_open(engine_log_txn(session->engine), last + 1, &walk, err));
    while (walk.event != NULL) {
        note_blocked(walk.event, &session->run_arena, ret);
        TRY(log_walk_next(&walk, err));
    }
    return OK;
}

static outcome replay(struct session *session, const AuditReplayOptions *options,
                      uint64_t memory_bytes, struct metrics *metrics, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct map blocked;
    /* The indexes by serial, end, name and document are not used here. */
    const char unread_index[] = {(char)index_certificates_of_serial(0, 0).data[0],
                                 (char)index_certificates_by_end().data[0],
                                 (char)index_persons_of_name(STR(""), true).data[0],
                                 (char)index_documents(DOCUMENT_STATUS__CODE__NONE).data[0], 0};
    const char *dir = arena_format(arena, "%s/.views", options->out).data;
    struct fold_options wanted = {.until = options->until,
                                  .as_of =
                                      options->as_of != NULL ? options->as_of->days : INT32_MAX,
                                  .memory_bytes = memory_bytes,
                                  .without = unread_views,
                                  .without_index = unread_index,
                                  .stops = true,
                                  .for_once = true};
    uint64_t last = 0;
    project_remove(dir); /* of a run that was killed */
    outcome made = project_write(session->engine, &wanted, dir, &last, err);
    if (made.ok) {
        engine_abort(session->engine);
        made = engine_swap_views(session->engine, dir, err);
    }
    project_remove(dir); /* it is open: names in the clear shall not outlive this process */
    TRY(made);
    TRY(engine_begin(session->engine, err));
    TRY(choose_day(session, options, last, err));
    TRY(blocked_since(session, last, &blocked, err));
    session->blocked_persons = &blocked;
    outcome written = write_tables(session, last, options->out, metrics, err);
    if (written.ok) {
        written =
            directory_sync(options->out, err); /* the tables' names; their bytes are flushed */
    }
    session->blocked_persons = NULL;
    engine_abort(session->engine);
    return written;
}

outcome job_audit_replay(struct session *session, struct error *err)
{
    const AuditReplayOptions *options = SESSION_OPTIONS(session, AuditReplayOptions);
    if ((options->until == 0) == (options->as_of == NULL) || options->out[0] == 0) {
        FAIL(USAGE, MESSAGE_REPLAY_END_MISSING);
    }
    struct metrics metrics = metrics_start("audit-replay");
    struct lock *claim = NULL;
    uint64_t memory_bytes = 0;
    TRY(memory_option(options->memory, &memory_bytes, err));
    if (options->until > engine_last_sequence(session->engine)) {
        FAIL(USAGE, MESSAGE_REPLAY_UNTIL_TOO_FAR,
             ARG_INT("events", engine_last_sequence(session->engine)));
    }
    TRY(folder_claim(options->out, &claim, err));
    outcome result = replay(session, options, memory_bytes, &metrics, err);
    engine_abort(session->engine);
    lock_release(claim);
    return result;
}
