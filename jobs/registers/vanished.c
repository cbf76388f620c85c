/* vanished - see vanished.h. */
#include "jobs/registers/vanished.h"

#include "core/io/file.h"
#include "core/io/output.h"
#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "jobs/folder.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

enum { REPORT_MODE = 0600 };

struct vanished {
    struct session *session;
    const char *csv_path; /* NULL: only counted */
    const char *json_path;
    FILE *csv;
    FILE *json;
    struct report_rows rows;
    struct map blocked;
    uint64_t count;
    uint64_t withheld;
};

static outcome note_blocked(void *state, str person_id, struct error *err)
{
    struct vanished *vanished = state;
    bool made = false;
    (void)err; /* memory is the arena's */
    (void)map_put(&vanished->blocked, str_bytes(person_id), &made);
    return OK;
}

static struct json *object_of_row(const NationalView *national)
{
    const NationalRecord *row = national->record;
    struct json *record = json_new_record();
    json_put_text(record, "certificate", str_of(row->certificate));
    json_put_text(record, "category", category_text(row->category));
    struct json *person = json_put_record(record, "person");
    json_put_text(person, "name", str_of(national->name));
    json_put_text(person, "id_type", id_type_text(national->id_type));
    json_put_text(person, "id_number", str_of(national->masked_number));
    struct json *enterprise = json_put_record(record, "enterprise");
    json_put_text(enterprise, "code", str_of(row->enterprise_code));
    json_put_text(enterprise, "name", str_of(row->enterprise_name));
    json_put_text(record, "issued_by", str_of(row->issuer));
    json_put_text(record, "national_state", national_state_text(row->state));
    object_put_date(record, "issued", row->issued);
    object_put_date(record, "valid_until", row->valid_until);
    object_put_date(record, "national_recorded_on", national->recorded_on);
    return record;
}

static outcome write_row(void *state, const NationalView *national, struct error *err)
{
    struct vanished *vanished = state;
    vanished->count++;
    if (map_find(&vanished->blocked, str_bytes(str_of(national->person_id))) != NULL) {
        vanished->withheld++;
        return OK;
    }
    if (vanished->csv == NULL) {
        return OK;
    }
    struct json *record = object_of_row(national);
    outcome written = json_write_line(record, vanished->json, err);
    if (!written.ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    return report_rows_add(&vanished->rows, record, err);
}

static outcome find_rows(struct vanished *vanished, struct full_export *export_, struct error *err)
{
    struct session *session = vanished->session;
    TRY(engine_begin(session->engine, err));
    outcome found = each_of_index(session, index_blocked_persons(), note_blocked, vanished, err);
    if (found.ok) {
        found = full_export_missing(session->engine, export_, write_row, vanished, err);
    }
    engine_abort(session->engine); /* it only read */
    return found;
}

/* --- files ------------------------------------------------------------------------------------ */

static const struct report_column vanished_columns[] = {
    {.path = "certificate"},     {.path = "category"},         {.path = "person.name"},
    {.path = "person.id_type"},  {.path = "person.id_number"}, {.path = "enterprise.code"},
    {.path = "enterprise.name"}, {.path = "issued_by"},        {.path = "national_state"},
    {.path = "issued"},          {.path = "valid_until"},      {.path = "national_recorded_on"},
};

static outcome open_files(struct vanished *vanished, struct error *err)
{
    struct session *session = vanished->session;
    struct arena *arena = &session->run_arena;
    const char *folder = engine_path(session->engine, arena, "reports");
    str stem = arena_format(arena, "import-national-%lld", (long long)session->run.moment.now_us);
    TRY(directory_make(folder, 0755, err));
    vanished->csv_path = folder_free_path(folder, stem.data, ".vanished.csv", arena);
    vanished->json_path = folder_free_path(folder, stem.data, ".vanished.jsonl", arena);
    TRY(output_create(vanished->json_path, REPORT_MODE, &vanished->json, err));
    TRY(output_create(vanished->csv_path, REPORT_MODE, &vanished->csv, err));
    return report_rows_open_on(session, vanished_columns,
                               sizeof vanished_columns / sizeof *vanished_columns, TABLE_CSV,
                               vanished->csv, &vanished->rows, err);
}

static outcome close_file(FILE *file, const char *path, struct error *err)
{
    if (file != NULL && fclose(file) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path),
             ARG_TEXT("why", "fclose"));
    }
    return OK;
}

static outcome write_files(struct vanished *vanished, struct full_export *export_,
                           struct error *err)
{
    struct error closing;
    TRY(open_files(vanished, err));
    outcome found = find_rows(vanished, export_, err);
    outcome closed = report_rows_close(&vanished->rows, found.ok ? err : &closing);
    TRY(found);
    return closed;
}

static outcome find_and_close(struct vanished *vanished, struct full_export *export_, bool dry_run,
                              struct error *err)
{
    struct error *where = err;
    struct error closing;
    outcome found =
        dry_run ? find_rows(vanished, export_, err) : write_files(vanished, export_, err);
    where = found.ok ? err : &closing;
    outcome json_closed = close_file(vanished->json, vanished->json_path, where);
    where = found.ok && json_closed.ok ? err : &closing;
    outcome csv_closed = close_file(vanished->csv, vanished->csv_path, where);
    TRY(found);
    TRY(json_closed);
    return csv_closed;
}

/* --- the answer ------------------------------------------------------------------------------- */

static void put_path(struct json *record, const char *key, const char *path)
{
    if (path == NULL) {
        json_put_null(record, key);
    } else {
        json_put_text(record, key, str_of(path));
    }
}

FALLIBLE vanished_report(struct session *session, struct full_export *export_, bool dry_run,
                         struct error *err)
{
    struct vanished vanished = {.session = session};
    map_init(&vanished.blocked, &session->run_arena);
    TRY(find_and_close(&vanished, export_, dry_run, err));
    struct json *summary = json_new_record();
    json_put_text(summary, "kind", STR("national"));
    json_put_number(summary, "vanished", (int64_t)vanished.count);
    json_put_number(summary, "withheld", (int64_t)vanished.withheld);
    json_put_number(summary, "unreadable", (int64_t)export_->unreadable);
    put_path(summary, "csv", vanished.csv_path);
    put_path(summary, "jsonl", vanished.json_path);
    TRY(report_result(session, summary, err));
    if (vanished.count > 0) {
        const struct error_arg args[] = {ARG_INT("count", vanished.count)};
        report_note(session, TERMINAL_WARNING, MESSAGE_IMPORT_VANISHED, args, 1);
    }
    return OK;
}
