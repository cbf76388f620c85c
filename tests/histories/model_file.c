/* model_file - records of personnel files and the applications that use them: which event may
 * follow (RULES 2.4, R-DL-01..13); see model.h. */
#include <string.h>

#include "tests/histories/model_parts.h"

enum { COMPARED_MIN = 3 };

bool model_has_original(FileKind__Code kind)
{
    return kind == FILE_KIND__CODE__EDUCATION || kind == FILE_KIND__CODE__DEGREE ||
           kind == FILE_KIND__CODE__TITLE || kind == FILE_KIND__CODE__SKILL ||
           kind == FILE_KIND__CODE__POST;
}

bool model_may_be_chosen(const struct model_record *record)
{
    return !record->deleted &&
           (record->level != LEVEL__CODE__D || !model_has_original(record->kind) ||
            record->kind == FILE_KIND__CODE__SKILL);
}

bool model_may_be_accepted(const struct model_application *application)
{
    for (size_t i = 0; i < application->count; i++) {
        const struct model_record *record = application->records[i];
        if (record->deleted ||
            (record->level == LEVEL__CODE__D && model_has_original(record->kind))) {
            return false;
        }
    }
    return true;
}

static struct model_record *find_record(const struct model *model, const char *id)
{
    for (size_t i = model->records_count; i > 0; i--) {
        if (strcmp(model->records[i - 1].id, id) == 0) {
            return &model->records[i - 1];
        }
    }
    return NULL;
}

static struct model_application *find_application(const struct model *model, const char *id)
{
    for (size_t i = model->applications_count; i > 0; i--) {
        if (strcmp(model->applications[i - 1].id, id) == 0) {
            return &model->applications[i - 1];
        }
    }
    return NULL;
}

static bool id_is(const struct model *model, const Event *event, char letter, const char *id)
{
    return str_equal_c(
        arena_format(model->arena, "%c%llu", letter, (unsigned long long)event->sequence), id);
}

/* --- records ----------------------------------------------------------------------------------
 */

static bool apply_added(struct model *model, const Event *event)
{
    const RecordAdded *added = event->record_added;
    if (!id_is(model, event, 'R', added->record) || model->records_count == MODEL_RECORDS_MAX) {
        return model_complain(model, event, added->record, "not its own number");
    }
    model->records[model->records_count++] =
        (struct model_record){.id = model_copy(model, added->record),
                              .person = model_copy(model, added->person_id),
                              .kind = added->kind,
                              .level = LEVEL__CODE__D,
                              .department = ""};
    return true;
}

/* What an event demands of the record it is about; NULL: it cannot be. */
static struct model_record *meet(struct model *model, const Event *event, const char *id,
                                 const char *person, unsigned levels)
{
    struct model_record *record = find_record(model, id);
    const char *why = NULL;
    if (record == NULL) {
        why = "no such record";
    } else if (record->deleted) {
        why = "it was deleted";
    } else if ((levels >> record->level & 1) == 0) {
        why = "its level does not allow that";
    } else if (strcmp(record->person, person) != 0) {
        why = "it is another person's";
    }
    if (why != NULL) {
        (void)model_complain(model, event, id, why);
        return NULL;
    }
    return record;
}

#define LEVEL(level) (1U << LEVEL__CODE__##level)

static bool apply_edited(struct model *model, const Event *event)
{
    const RecordEdited *edited = event->record_edited;
    return meet(model, event, edited->record, edited->person_id, LEVEL(D)) != NULL;
}

static bool apply_deleted(struct model *model, const Event *event)
{
    const RecordDeleted *deleted = event->record_deleted;
    struct model_record *record = meet(model, event, deleted->record, deleted->person_id, LEVEL(D));
    if (record == NULL) {
        return false;
    }
    record->deleted = true;
    return true;
}

static bool apply_scan(struct model *model, const Event *event)
{
    const ScanAttached *scan = event->scan_attached;
    struct model_record *record = meet(model, event, scan->record, scan->person_id, LEVEL(D));
    if (record == NULL) {
        return false;
    }
    record->scans++;
    return true;
}

static bool apply_verified(struct model *model, const Event *event)
{
    const RecordVerified *verified = event->record_verified;
    struct model_record *record =
        meet(model, event, verified->record, verified->person_id, LEVEL(D));
    if (record == NULL) {
        return false;
    }
    if (!model_has_original(record->kind) || record->scans == 0 ||
        verified->n_compared < COMPARED_MIN) {
        return model_complain(model, event, verified->record, "verified without an original");
    }
    record->level = LEVEL__CODE__C;
    record->department = model_copy(model, verified->department);
    return true;
}

static bool apply_refused(struct model *model, const Event *event)
{
    const VerificationRefused *refused = event->verification_refused;
    return meet(model, event, refused->record, refused->person_id, LEVEL(D)) != NULL;
}

static bool apply_unverified(struct model *model, const Event *event)
{
    const VerificationCancelled *cancelled = event->verification_cancelled;
    struct model_record *record =
        meet(model, event, cancelled->record, cancelled->person_id, LEVEL(C));
    if (record == NULL) {
        return false;
    }
    if (record->uses > 0) {
        return model_complain(model, event, cancelled->record, "an application uses it");
    }
    record->level = LEVEL__CODE__D;
    return true;
}

/* --- applications -----------------------------------------------------------------------------
 */

static bool uses(const struct model_application *application, const struct model_record *record)
{
    for (size_t i = 0; application != NULL && i < application->count; i++) {
        if (application->records[i] == record) {
            return true;
        }
    }
    return false;
}

/* Of level D only what has no original (R-DL-06), by the application that approves it. */
static bool apply_frozen(struct model *model, const Event *event)
{
    const RecordFrozen *frozen = event->record_frozen;
    const struct model_application *by = find_application(model, frozen->application);
    struct model_record *record =
        meet(model, event, frozen->record, frozen->person_id, LEVEL(C) | LEVEL(D));
    if (record == NULL) {
        return false;
    }
    if (!uses(by, record) || by->status != APPLICATION_STATUS__CODE__APPROVED ||
        (record->level == LEVEL__CODE__D && model_has_original(record->kind)) ||
        record->uses == 0) {
        return model_complain(model, event, frozen->record, "frozen by what cannot");
    }
    record->level = LEVEL__CODE__B;
    record->uses--;
    return true;
}

static bool apply_used(struct model *model, const Event *event)
{
    const RecordUsed *used = event->record_used;
    struct model_application *by = find_application(model, used->application);
    struct model_record *record =
        meet(model, event, used->record, used->person_id, LEVEL(B) | LEVEL(C) | LEVEL(D));
    if (record == NULL) {
        return false;
    }
    if (by == NULL || uses(by, record) || !model_may_be_chosen(record)) {
        return model_complain(model, event, used->record, "used by what cannot");
    }
    by->records[by->count++] = record;
    record->uses++;
    return true;
}

static bool apply_released(struct model *model, const Event *event)
{
    const RecordReleased *released = event->record_released;
    const struct model_application *by = find_application(model, released->application);
    struct model_record *record = find_record(model, released->record);
    bool ended = by != NULL && (by->status == APPLICATION_STATUS__CODE__CLOSED ||
                                by->status == APPLICATION_STATUS__CODE__APPROVED);
    if (record == NULL || !ended || !uses(by, record) || record->uses == 0 ||
        (by->status == APPLICATION_STATUS__CODE__APPROVED && record->level != LEVEL__CODE__B)) {
        return model_complain(model, event, released->record, "released by what cannot");
    }
    record->uses--;
    return true;
}

static bool apply_opened(struct model *model, const Event *event)
{
    const ApplicationOpened *opened = event->application_opened;
    size_t count = 0;
    if (!id_is(model, event, 'A', opened->application) ||
        model->applications_count == MODEL_APPLICATIONS_MAX) {
        return model_complain(model, event, opened->application, "not its own number");
    }
    for (size_t i = 0; i < opened->n_persons; i++) {
        count += opened->persons[i]->n_records;
    }
    model->applications[model->applications_count++] = (struct model_application){
        .id = model_copy(model, opened->application),
        .enterprise = model_copy(model, opened->enterprise),
        .status = APPLICATION_STATUS__CODE__OPEN,
        .records = ARENA_ARRAY(model->arena, struct model_record *, count + 1)};
    return true;
}

static bool apply_status(struct model *model, const Event *event, const char *id, unsigned statuses,
                         ApplicationStatus__Code status)
{
    struct model_application *application = find_application(model, id);
    bool must_be_sound = status != APPLICATION_STATUS__CODE__CLOSED;
    if (application == NULL || (statuses >> application->status & 1) == 0 ||
        (must_be_sound && !model_may_be_accepted(application))) {
        return model_complain(model, event, id, "it cannot become that");
    }
    application->status = status;
    return true;
}

#define STATE(status) (1U << APPLICATION_STATUS__CODE__##status)

static bool apply_progress(struct model *model, const Event *event)
{
    if (event->body_case == EVENT__BODY_APPLICATION_ACCEPTED) {
        return apply_status(model, event, event->application_accepted->application, STATE(OPEN),
                            APPLICATION_STATUS__CODE__ACCEPTED);
    }
    if (event->body_case == EVENT__BODY_APPLICATION_APPROVED) {
        return apply_status(model, event, event->application_approved->application, STATE(ACCEPTED),
                            APPLICATION_STATUS__CODE__APPROVED);
    }
    return apply_status(model, event, event->application_closed->application,
                        STATE(OPEN) | STATE(ACCEPTED), APPLICATION_STATUS__CODE__CLOSED);
}

bool model_apply_file(struct model *model, const Event *event)
{
    static const struct {
        Event__BodyCase body;
        bool (*apply)(struct model *model, const Event *event);
    } rows[] = {
        {EVENT__BODY_RECORD_ADDED, apply_added},
        {EVENT__BODY_RECORD_EDITED, apply_edited},
        {EVENT__BODY_RECORD_DELETED, apply_deleted},
        {EVENT__BODY_SCAN_ATTACHED, apply_scan},
        {EVENT__BODY_RECORD_VERIFIED, apply_verified},
        {EVENT__BODY_VERIFICATION_REFUSED, apply_refused},
        {EVENT__BODY_VERIFICATION_CANCELLED, apply_unverified},
        {EVENT__BODY_RECORD_FROZEN, apply_frozen},
        {EVENT__BODY_RECORD_USED, apply_used},
        {EVENT__BODY_RECORD_RELEASED, apply_released},
        {EVENT__BODY_APPLICATION_OPENED, apply_opened},
        {EVENT__BODY_APPLICATION_ACCEPTED, apply_progress},
        {EVENT__BODY_APPLICATION_APPROVED, apply_progress},
        {EVENT__BODY_APPLICATION_CLOSED, apply_progress},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].body == event->body_case) {
            return rows[i].apply(model, event);
        }
    }
    return true; /* phones, level A, persons left alone: nothing of a record's */
}
