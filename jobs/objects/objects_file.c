/* objects_file - see objects_file.h. */
#include "jobs/objects/objects_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/digest.h"
#include "events/file_kinds.h"
#include "events/terms/identity.h"
#include "events/terms/phone.h"
#include "jobs/engine/parts/trail.h"
#include "jobs/engine/parts/views_walk.h"

enum { SUMMARY_PARTS = 3 };

/* --- the file of a person -------------------------------------------------------------------- */

static uint64_t made_by(const FileRecordView *record)
{
    return record->n_events > 0 ? record->events[0] : 0;
}

static int compare_records(const void *a, const void *b)
{
    const FileRecordView *left = *(const FileRecordView *const *)a;
    const FileRecordView *right = *(const FileRecordView *const *)b;
    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    return (made_by(left) > made_by(right)) - (made_by(left) < made_by(right));
}

FALLIBLE file_record_whole(struct session *session, ProtobufCMessage *record, struct arena *arena,
                           struct error *err)
{
    const FileRecordView *view = (const FileRecordView *)(const void *)record;
    if (view->trailed == 0) {
        return OK;
    }
    return trail_complete(engine_views(session->engine), VIEW_FILE_RECORD,
                          key_file_record(str_of(view->person_id), str_of(view->record)), record,
                          arena, err);
}

FALLIBLE file_of_person(struct session *session, str person_id, struct arena *arena,
                        struct file_records *ret, struct error *err)
{
    struct view_key prefix = prefix_file_records_of(person_id);
    struct views_list list = {0};
    TRY(views_list_records(engine_views(session->engine), VIEW_FILE_RECORD, &prefix, arena, &list,
                           err));
    struct file_records records = {ARENA_ARRAY(arena, const FileRecordView *, list.count), 0};
    for (size_t i = 0; i < list.count; i++) {
        const FileRecordView *record = list.items[i];
        TRY(file_record_whole(session, list.items[i], arena, err));
        if (!record->deleted) {
            records.items[records.count++] = record;
        }
    }
    if (records.count > 1) {
        qsort(records.items, records.count, sizeof *records.items, compare_records);
    }
    *ret = records;
    return OK;
}

/* --- one record ------------------------------------------------------------------------------ */

static str level_text(Level__Code level)
{
    switch (level) {
    case LEVEL__CODE__A: return STR("A");
    case LEVEL__CODE__B: return STR("B");
    case LEVEL__CODE__C: return STR("C");
    case LEVEL__CODE__D: return STR("D");
    case LEVEL__CODE__NONE:
    case _LEVEL__CODE_IS_INT_SIZE: break;
    }
    return STR("");
}

static str state_text(const FileRecordView *record)
{
    switch (record->level) {
    case LEVEL__CODE__A: return STR("external");
    case LEVEL__CODE__B: return STR("frozen");
    case LEVEL__CODE__C: return STR("verified");
    case LEVEL__CODE__D:
        return record->refused == REFUSAL_REASON__CODE__NONE ? STR("unverified") : STR("refused");
    case LEVEL__CODE__NONE:
    case _LEVEL__CODE_IS_INT_SIZE: break;
    }
    return STR("");
}

str file_value_masked(const RecordField *field, struct arena *arena)
{
    size_t place = 0;
    str value = str_of(field->value);
    str normal = STR("");
    const struct file_label *label = file_label_any(str_of(field->name), &place);
    if (label != NULL && label->form == FORM_PHONE) {
        return phone_mask(value, arena);
    }
    if (identity_normalise(ID_TYPE__CODE__RESIDENT, value, arena, &normal) && normal.size == 18 &&
        identity_check_digit_is_right(ID_TYPE__CODE__RESIDENT, normal)) {
        return identity_mask(ID_TYPE__CODE__RESIDENT, normal, arena);
    }
    return value;
}

static str value_of(const struct object_source *source, const RecordField *field)
{
    return source->unmasked ? str_of(field->value) : file_value_masked(field, source->arena);
}

static bool tells_what_it_is(const RecordField *field)
{
    size_t place = 0;
    const struct file_label *label = file_label_any(str_of(field->name), &place);
    return label == NULL || label->form == FORM_TEXT || label->form == FORM_ROLE;
}

/* The first values that are words: what a record is known by. */
static str summary_of(const struct object_source *source, const FileRecordView *record)
{
    struct arena *arena = source->arena;
    str text = STR("");
    size_t parts = 0;
    for (size_t i = 0; i < record->n_fields && parts < SUMMARY_PARTS; i++) {
        if (tells_what_it_is(record->fields[i])) {
            str value = value_of(source, record->fields[i]);
            text = arena_format(arena, "%.*s%s%.*s", STR_ARGS(text), parts > 0 ? " " : "",
                                STR_ARGS(value));
            parts++;
        }
    }
    return text;
}

static void put_scans(struct json *object, const FileRecordView *record, struct arena *arena)
{
    struct json *list = json_put_list(object, "scans");
    for (size_t i = 0; i < record->n_scans; i++) {
        const ScanView *scan = record->scans[i];
        struct json *part = json_add_record(list);
        char hex[DIGEST_HEX_SIZE] = "";
        struct digest digest;
        if (scan->scan_sha256.len == sizeof digest.data) {
            memcpy(digest.data, scan->scan_sha256.data, sizeof digest.data);
            digest_hex(&digest, hex);
        }
        json_put_text(part, "role",
                      record_enum_text(&scan_role__code__descriptor, (int)scan->role, arena));
        json_put_text(part, "sha256", str_of(hex));
        json_put_number(part, "size", scan->size);
        json_put_number(part, "width", scan->width);
        json_put_number(part, "height", scan->height);
        json_put_number(part, "dpi", scan->dpi);
        json_put_number(part, "event", (int64_t)scan->event);
    }
}

/* Where it comes from: the person, the enterprise that made it, or another system. */
static str source_of(const FileRecordView *record)
{
    if (record->level == LEVEL__CODE__A) {
        return STR("external");
    }
    return record->created_by[0] != 0 ? STR("enterprise") : STR("person");
}

static void put_registration(struct json *object, const FileRecordView *record)
{
    char day[DATE_SIZE] = "";
    if (record->kind != FILE_KIND__CODE__REGISTRATION) {
        return;
    }
    struct json *part = json_put_record(object, "registration");
    json_put_text(part, "enterprise", str_of(record->enterprise));
    json_put_text(part, "state", str_of(record->state));
    if (record->valid_until != NULL) {
        date_format(record->valid_until->days, day);
        json_put_text(part, "valid_until", str_of(day));
    } else {
        json_put_null(part, "valid_until");
    }
}

/* What happened at counters: only what did. */
static void put_checks(struct json *object, const FileRecordView *record, struct arena *arena)
{
    if (record->verified_by[0] != 0) {
        json_put_text(object, "verified_by", str_of(record->verified_by));
    }
    if (record->n_compared > 0) {
        struct json *list = json_put_list(object, "compared");
        for (size_t i = 0; i < record->n_compared; i++) {
            json_add_text(list, str_of(record->compared[i]));
        }
    }
    if (record->refused != REFUSAL_REASON__CODE__NONE) {
        json_put_text(
            object, "refused",
            record_enum_text(&refusal_reason__code__descriptor, (int)record->refused, arena));
    }
    if (record->application[0] != 0) {
        json_put_text(object, "application", str_of(record->application));
    }
    if (record->n_open_applications > 0) {
        struct json *list = json_put_list(object, "open_applications");
        for (size_t i = 0; i < record->n_open_applications; i++) {
            json_add_text(list, str_of(record->open_applications[i]));
        }
    }
}

static FALLIBLE fill_record(const struct object_source *source, const FileRecordView *record,
                            const PersonView *person, struct json *object, struct error *err)
{
    struct arena *arena = source->arena;
    json_put_text(object, "record", str_of(record->record));
    if (person != NULL) {
        TRY(object_put_person(source, object, person, err));
    }
    json_put_text(object, "kind",
                  record_enum_text(&file_kind__code__descriptor, (int)record->kind, arena));
    json_put_text(object, "level", level_text(record->level));
    json_put_text(object, "record_state", state_text(record));
    json_put_text(object, "source", source_of(record));
    if (record->created_by[0] != 0) {
        json_put_text(object, "created_by", str_of(record->created_by));
    }
    json_put_text(object, "summary", summary_of(source, record));
    struct json *fields = json_put_record(object, "fields");
    for (size_t i = 0; i < record->n_fields; i++) {
        json_put_text(fields, record->fields[i]->name, value_of(source, record->fields[i]));
    }
    put_registration(object, record);
    put_scans(object, record, arena);
    put_checks(object, record, arena);
    struct json *events = json_put_list(object, "events");
    for (size_t i = 0; i < record->n_events; i++) {
        json_add_number(events, (int64_t)record->events[i]);
    }
    return OK;
}

FALLIBLE object_of_file_record(const struct object_source *source, const FileRecordView *record,
                               const PersonView *person, struct json **ret, struct error *err)
{
    struct json *object = json_new_record();
    if (!fill_record(source, record, person, object, err).ok) {
        json_release(object);
        return error_trace(err, HERE);
    }
    *ret = object;
    return OK;
}

/* --- all of them ----------------------------------------------------------------------------- */

/* R-PF-23: whether there is a signature is asked for by itself. */
static void put_signature(const struct object_source *source, struct json *object,
                          const struct file_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        if (records->items[i]->kind == FILE_KIND__CODE__SIGNATURE) {
            json_put_text(object, "signature", str_of(records->items[i]->record));
            return;
        }
    }
    json_put_null(object, "signature");
    json_put_text(object, "signature_notice",
                  message_text(MESSAGE_SIGNATURE_ABSENT, source->session->language));
}

FALLIBLE object_put_file(const struct object_source *source, struct json *object,
                         const PersonView *person, struct error *err)
{
    struct file_records records;
    TRY(file_of_person(source->session, str_of(person->person_id), source->arena, &records, err));
    put_signature(source, object, &records);
    if (!source->session->json) {
        return OK; /* people get a table of their own */
    }
    struct json *list = json_put_list(object, "records");
    for (size_t i = 0; i < records.count; i++) {
        TRY(fill_record(source, records.items[i], NULL, json_add_record(list), err));
    }
    return OK;
}

/* "学校名称：同济大学；学历：本科" */
static str contents_of(const struct object_source *source, const FileRecordView *record)
{
    str text = STR("");
    for (size_t i = 0; i < record->n_fields; i++) {
        text = arena_format(source->arena, "%.*s%s%s：%.*s", STR_ARGS(text), i > 0 ? "；" : "",
                            record->fields[i]->name, STR_ARGS(value_of(source, record->fields[i])));
    }
    return text;
}

static FALLIBLE add_rows(const struct object_source *source, const struct file_records *records,
                         struct report_rows *rows, struct error *err)
{
    for (size_t i = 0; i < records->count; i++) {
        struct json *record = NULL;
        TRY(object_of_file_record(source, records->items[i], NULL, &record, err));
        json_put_text(record, "contents", contents_of(source, records->items[i]));
        json_put_number(record, "scans_count", (int64_t)records->items[i]->n_scans);
        TRY(report_rows_add(rows, record, err));
    }
    return OK;
}

FALLIBLE report_file(const struct object_source *source, const PersonView *person,
                     struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "kind"},
        {.path = "record"},
        {.path = "level", .label = "DATA_LEVEL"},
        {.path = "record_state"},
        {.path = "source", .label = "RECORD_SOURCE"},
        {.path = "contents", .folds = true},
        {.path = "scans_count", .label = "SCANS", .right = true},
        {.path = "events"},
    };
    struct session *session = source->session;
    struct file_records records;
    struct report_rows rows;
    struct error closing;
    if (session->json) {
        return OK; /* object_put_file() told them */
    }
    TRY(file_of_person(session, str_of(person->person_id), source->arena, &records, err));
    if (records.count == 0) {
        return OK;
    }
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns, TABLE_PEOPLE, &rows,
                         err));
    outcome added = add_rows(source, &records, &rows, err);
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}
