/* history_file - see history_file.h. */
#include "jobs/audit/history_file.h"

#include "jobs/audit/event_numbers.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/objects/objects_file.h"

static FALLIBLE add_file(struct session *session, str person_id, struct event_numbers *numbers,
                         struct error *err)
{
    struct arena *arena = &session->item_arena;
    struct view_key prefix = prefix_file_records_of(person_id);
    VIEWS_WALK_AUTO walk = {0};
    TRY(views_walk_open(engine_views(session->engine), VIEW_FILE_RECORD, &prefix, arena, &walk,
                        err));
    while (walk.record != NULL) {
        const FileRecordView *record = walk.record;
        TRY(file_record_whole(session, walk.record, arena, err));
        event_numbers_add(numbers, record->events, record->n_events);
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

struct certificates_adding {
    struct session *session;
    struct event_numbers *numbers;
};

static outcome add_certificate(void *state, str number, struct error *err)
{
    struct certificates_adding *adding = state;
    struct session *session = adding->session;
    CertificateView *certificate = NULL;
    TRY(certificate_view(session, number, &session->item_arena, &certificate, err));
    event_numbers_add(adding->numbers, certificate->events, certificate->n_events);
    arena_reset(&session->item_arena);
    return OK;
}

FALLIBLE history_of_person(struct session *session, const PersonView *person, const uint64_t **ret,
                           size_t *ret_count, struct error *err)
{
    str person_id = str_of(person->person_id);
    struct event_numbers numbers = {.arena = &session->run_arena};
    struct certificates_adding adding = {session, &numbers};
    event_numbers_add(&numbers, person->events, person->n_events);
    TRY(add_file(session, person_id, &numbers, err));
    TRY(each_of_index(session, index_certificates_of_person(person_id), add_certificate, &adding,
                      err));
    event_numbers_order(&numbers); /* correcting a name is the person's and each certificate's */
    *ret = numbers.items;
    *ret_count = numbers.count;
    return OK;
}

/* --- in words -------------------------------------------------------------------------------- */

/* "学校名称：同济大学；学历：本科" */
static str fields_text(const Personal *personal, struct arena *arena)
{
    str text = STR("");
    for (size_t i = 0; personal != NULL && i < personal->n_fields; i++) {
        const RecordField *field = personal->fields[i];
        str value = file_value_masked(field, arena);
        text = arena_format(arena, "%.*s%s%s：%.*s", STR_ARGS(text), i > 0 ? "；" : "", field->name,
                            STR_ARGS(value));
    }
    return text;
}

static void put_change(struct json *change, const char *record, str before, str after,
                       struct arena *arena)
{
    const struct {
        const char *key;
        str text;
    } parts[] = {{"before", before}, {"after", after}};
    for (size_t i = 0; i < 2; i++) {
        str text = parts[i].text;
        bool named = !str_empty(text) && record[0] != 0;
        json_put_text(change, parts[i].key,
                      named ? arena_format(arena, "%s %.*s", record, STR_ARGS(text)) : text);
    }
}

static str scan_text(const ScanAttached *scan, struct arena *arena)
{
    return arena_format(arena, "JPEG %u x %u, %u dpi, %u bytes", scan->width, scan->height,
                        scan->dpi, scan->size);
}

bool history_tell_file(const Event *event, struct json *change, struct arena *arena)
{
    const str nothing = STR("");
    if (event->body_case == EVENT__BODY_RECORD_ADDED) {
        const RecordAdded *body = event->record_added;
        put_change(change, body->record, nothing, fields_text(body->personal, arena), arena);
    } else if (event->body_case == EVENT__BODY_RECORD_EDITED) {
        const RecordEdited *body = event->record_edited;
        put_change(change, body->record, nothing, fields_text(body->personal, arena), arena);
    } else if (event->body_case == EVENT__BODY_RECORD_DELETED) {
        put_change(change, "", str_of(event->record_deleted->record), nothing, arena);
    } else if (event->body_case == EVENT__BODY_SCAN_ATTACHED) {
        const ScanAttached *body = event->scan_attached;
        put_change(change, body->record, nothing, scan_text(body, arena), arena);
    } else if (event->body_case == EVENT__BODY_RECORD_VERIFIED) {
        put_change(change, event->record_verified->record, STR("D"), STR("C"), arena);
    } else if (event->body_case == EVENT__BODY_VERIFICATION_CANCELLED) {
        put_change(change, event->verification_cancelled->record, STR("C"), STR("D"), arena);
    } else if (event->body_case == EVENT__BODY_VERIFICATION_REFUSED) {
        put_change(change, event->verification_refused->record, STR("D"), STR("D"), arena);
    } else if (event->body_case == EVENT__BODY_RECORD_FROZEN) {
        put_change(change, event->record_frozen->record, nothing, STR("B"), arena);
    } else if (event->body_case == EVENT__BODY_RECORD_USED) {
        const RecordUsed *body = event->record_used;
        put_change(change, body->record, nothing, str_of(body->application), arena);
    } else if (event->body_case == EVENT__BODY_RECORD_RELEASED) {
        const RecordReleased *body = event->record_released;
        put_change(change, body->record, str_of(body->application), nothing, arena);
    } else if (event->body_case == EVENT__BODY_REGISTRATION_RECORDED) {
        put_change(change, "", nothing, fields_text(event->registration_recorded->personal, arena),
                   arena);
    } else if (event->body_case == EVENT__BODY_CONTRACT_RECORDED) {
        put_change(change, "", nothing, fields_text(event->contract_recorded->personal, arena),
                   arena);
    } else {
        return false;
    }
    return true;
}
