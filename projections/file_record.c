/* file_record - the view of personnel-file records (R-PF-18..26, R-DL-01..08): the current fields,
 * level and scans of each record, and the events that led to them.
 *
 * A deleted record keeps its id, kind and events; its fields are gone from the view. When the
 * person's key was destroyed, personal parts are blank, and only kind, level and history are left.
 */
#include <string.h>

#include "core/base/record.h"
#include "projections/kinds.h"

/* Whose file the event's record is in. */
static const char *person_of(const Event *event)
{
    switch ((int)event->body_case) {
    case EVENT__BODY_RECORD_ADDED: return event->record_added->person_id;
    case EVENT__BODY_RECORD_EDITED: return event->record_edited->person_id;
    case EVENT__BODY_RECORD_DELETED: return event->record_deleted->person_id;
    case EVENT__BODY_SCAN_ATTACHED: return event->scan_attached->person_id;
    case EVENT__BODY_RECORD_VERIFIED: return event->record_verified->person_id;
    case EVENT__BODY_VERIFICATION_REFUSED: return event->verification_refused->person_id;
    case EVENT__BODY_VERIFICATION_CANCELLED: return event->verification_cancelled->person_id;
    case EVENT__BODY_RECORD_FROZEN: return event->record_frozen->person_id;
    case EVENT__BODY_RECORD_USED: return event->record_used->person_id;
    case EVENT__BODY_RECORD_RELEASED: return event->record_released->person_id;
    case EVENT__BODY_REGISTRATION_RECORDED: return event->registration_recorded->person_id;
    case EVENT__BODY_CONTRACT_RECORDED: return event->contract_recorded->person_id;
    }
    BUG("an event of no record");
}

VIEW_KEY(file_record_key)
{
    *ret = key_file_record(str_of(person_of(event)), str_of(event_subject(event)));
    return true;
}

/* A person's own records name nobody; those that an enterprise made name it (R-DL-26). */
static char *creator_of(const Event *event)
{
    bool enterprise = event->actor != NULL && event->actor->kind == ACTOR_KIND__CODE__ENTERPRISE;
    return enterprise ? event->actor->id : (char *)protobuf_c_empty_string;
}

static void set_fields(FileRecordView *record, const Personal *personal)
{
    record->fields = personal != NULL ? personal->fields : NULL;
    record->n_fields = personal != NULL ? personal->n_fields : 0;
}

static void apply_added(FileRecordView *record, const Event *event)
{
    const RecordAdded *added = event->record_added;
    record->record = added->record;
    record->person_id = added->person_id;
    record->kind = added->kind;
    record->level = LEVEL__CODE__D; /* R-DL-01 */
    record->created_by = creator_of(event);
    set_fields(record, added->personal);
}

static void apply_edited(FileRecordView *record, const Event *event)
{
    set_fields(record, event->record_edited->personal);
    record->refused = REFUSAL_REASON__CODE__NONE; /* what was refused is another text now */
}

static void apply_deleted(FileRecordView *record)
{
    record->deleted = true;
    record->n_fields = 0;
    record->fields = NULL;
    record->n_scans = 0;
    record->scans = NULL;
}

/* The signature has one sheet: a new one replaces it. Other records collect their pages. */
static void apply_scan(FileRecordView *record, const Event *event, struct arena *arena)
{
    const ScanAttached *attached = event->scan_attached;
    size_t kept = record->kind == FILE_KIND__CODE__SIGNATURE ? 0 : record->n_scans;
    ScanView **scans = ARENA_ARRAY(arena, ScanView *, kept + 1);
    for (size_t i = 0; i < kept; i++) {
        scans[i] = record->scans[i];
    }
    ScanView *scan = RECORD_NEW(arena, ScanView, scan_view);
    scan->role = attached->role;
    scan->scan_sha256 = attached->scan_sha256;
    scan->scan_blob = attached->scan_blob;
    scan->size = attached->size;
    scan->width = attached->width;
    scan->height = attached->height;
    scan->dpi = attached->dpi;
    scan->event = event->sequence;
    scans[kept] = scan;
    record->scans = scans;
    record->n_scans = kept + 1;
    record->refused = REFUSAL_REASON__CODE__NONE;
}

static void set_verified_by(FileRecordView *record, char *department, char **compared,
                            size_t n_compared)
{
    record->verified_by = department;
    record->compared = compared;
    record->n_compared = n_compared;
    record->refused = REFUSAL_REASON__CODE__NONE;
}

/* The ways of RULES 2.4 and no other: D to C and back, C or D to B, nothing leaves B or A. */
static bool apply_level(FileRecordView *record, const Event *event)
{
    bool from_d = record->level == LEVEL__CODE__D;
    bool from_c = record->level == LEVEL__CODE__C;
    if (event->body_case == EVENT__BODY_RECORD_VERIFIED && from_d) {
        RecordVerified *verified = event->record_verified;
        record->level = LEVEL__CODE__C;
        set_verified_by(record, verified->department, verified->compared, verified->n_compared);
    } else if (event->body_case == EVENT__BODY_VERIFICATION_CANCELLED && from_c) {
        record->level = LEVEL__CODE__D;
        set_verified_by(record, (char *)protobuf_c_empty_string, NULL, 0);
    } else if (event->body_case == EVENT__BODY_VERIFICATION_REFUSED && from_d) {
        record->refused = event->verification_refused->reason;
    } else if (event->body_case == EVENT__BODY_RECORD_FROZEN && (from_d || from_c)) {
        record->level = LEVEL__CODE__B;
        record->application = event->record_frozen->application;
        record->refused = REFUSAL_REASON__CODE__NONE;
    } else {
        return false;
    }
    return true;
}

/* The applications without the one that ended, in the same order. */
static void end_use(FileRecordView *record, const char *application, struct arena *arena)
{
    char **rest = ARENA_ARRAY(arena, char *, record->n_open_applications + 1);
    size_t count = 0;
    for (size_t i = 0; i < record->n_open_applications; i++) {
        if (strcmp(record->open_applications[i], application) != 0) {
            rest[count++] = record->open_applications[i];
        }
    }
    record->open_applications = rest;
    record->n_open_applications = count;
}

/* R-DL-10; true when the event is about use alone. */
static bool apply_use(FileRecordView *record, const Event *event, struct arena *arena)
{
    if (event->body_case == EVENT__BODY_RECORD_USED) {
        record->open_applications =
            texts_with(record->open_applications, record->n_open_applications,
                       event->record_used->application, arena);
        record->n_open_applications++;
        return true;
    }
    if (event->body_case == EVENT__BODY_RECORD_RELEASED) {
        end_use(record, event->record_released->application, arena);
        return true;
    }
    if (event->body_case == EVENT__BODY_RECORD_FROZEN) {
        end_use(record, event->record_frozen->application, arena);
    }
    return false;
}

static bool is_external(const Event *event)
{
    return event->body_case == EVENT__BODY_REGISTRATION_RECORDED ||
           event->body_case == EVENT__BODY_CONTRACT_RECORDED;
}

/* Level A: whatever the last row says, also of one that had gone (R-DL-04). */
static void apply_external(FileRecordView *record, const Event *event)
{
    record->level = LEVEL__CODE__A;
    if (event->body_case == EVENT__BODY_CONTRACT_RECORDED) {
        const ContractRecorded *row = event->contract_recorded;
        record->record = row->record;
        record->person_id = row->person_id;
        record->kind = FILE_KIND__CODE__PROJECT;
        set_fields(record, row->personal);
        return;
    }
    const RegistrationRecorded *row = event->registration_recorded;
    record->record = row->record;
    record->person_id = row->person_id;
    record->kind = FILE_KIND__CODE__REGISTRATION;
    record->deleted = row->moved;
    record->enterprise = row->enterprise;
    record->state = row->state;
    record->valid_until = row->valid_until;
    set_fields(record, row->personal);
}

/* A record that was deleted while an application used it is also released. */
static bool is_possible(const FileRecordView *record, const Event *event)
{
    bool is_new = event->body_case == EVENT__BODY_RECORD_ADDED;
    bool is_there = record->level != LEVEL__CODE__NONE;
    if (is_external(event)) {
        return !is_there || record->level == LEVEL__CODE__A;
    }
    return is_new != is_there &&
           (!record->deleted || event->body_case == EVENT__BODY_RECORD_RELEASED);
}

VIEW_APPLY(file_record_apply)
{
    FileRecordView *record = (FileRecordView *)view;
    if (!is_possible(record, event)) {
        return log_contradicts(event, event_subject(event), err);
    }
    if (is_external(event)) {
        apply_external(record, event);
    } else if (event->body_case == EVENT__BODY_RECORD_ADDED) {
        apply_added(record, event);
    } else if (event->body_case == EVENT__BODY_RECORD_EDITED) {
        apply_edited(record, event);
    } else if (event->body_case == EVENT__BODY_RECORD_DELETED) {
        apply_deleted(record);
    } else if (event->body_case == EVENT__BODY_SCAN_ATTACHED) {
        apply_scan(record, event, arena);
    } else if (!apply_use(record, event, arena) && !apply_level(record, event)) {
        return log_contradicts(event, event_subject(event), err);
    }
    record->events = numbers_with(record->events, record->n_events, event->sequence, arena);
    record->n_events++;
    return OK;
}

/* Who names a record need not name the person. */
VIEW_INDEX_OF(file_record_index)
{
    (void)arena; /* every part of the key is there already */
    const FileRecordView *record = (const FileRecordView *)view;
    struct view_key key = index_persons_of_record(str_of(record->record));
    index_add(sink, &key, str_of(record->person_id));
}

/* Nothing bounds how often a person edits a record. */
struct trail_fields file_record_trail(ProtobufCMessage *view)
{
    FileRecordView *record = (FileRecordView *)view;
    return (struct trail_fields){&record->events, &record->n_events, &record->trailed};
}
