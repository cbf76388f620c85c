/* as_at - see as_at.h. */
#include "jobs/engine/as_at.h"

#include "jobs/engine/parts/trail.h"
#include "jobs/messages.h"

FALLIBLE certificate_as_at(struct engine *engine, const char *number, uint64_t event,
                           struct arena *arena, const CertificateView **ret, struct error *err)
{
    struct view_key key = key_certificate(str_of(number));
    CertificateView *now = NULL;
    TRY(views_get(engine_views(engine), VIEW_CERTIFICATE, key, arena, &now, err));
    BUG_UNLESS(now != NULL); /* a record that is absent is an empty view */
    TRY(trail_complete(engine_views(engine), VIEW_CERTIFICATE, key, &now->base, arena, err));
    if (now->n_events == 0 || now->events[now->n_events - 1] <= event) {
        *ret = now;
        return OK;
    }
    CertificateView *then = ARENA_NEW(arena, CertificateView);
    certificate_view__init(then);
    for (size_t i = 0; i < now->n_events && now->events[i] <= event; i++) {
        Event *past = NULL;
        TRY(engine_event(engine, now->events[i], arena, &past, err));
        TRY(view_kinds[VIEW_CERTIFICATE].apply((ProtobufCMessage *)then, past, arena, err));
    }
    *ret = then;
    return OK;
}

FALLIBLE file_record_as_at(struct engine *engine, const FileRecordView *now, uint64_t event,
                           struct arena *arena, const FileRecordView **ret, struct error *err)
{
    if (now->n_events == 0 || now->events[now->n_events - 1] <= event) {
        *ret = now;
        return OK;
    }
    FileRecordView *then = ARENA_NEW(arena, FileRecordView);
    file_record_view__init(then);
    for (size_t i = 0; i < now->n_events && now->events[i] <= event; i++) {
        Event *past = NULL;
        TRY(engine_event(engine, now->events[i], arena, &past, err));
        TRY(view_kinds[VIEW_FILE_RECORD].apply((ProtobufCMessage *)then, past, arena, err));
    }
    *ret = then;
    return OK;
}

/* The event that gave the number which held at that time. */
static uint64_t number_event_at(const PersonView *person, uint64_t at)
{
    uint64_t event = person->n_numbers > 0 ? person->numbers[0]->event : person->known_by;
    for (size_t i = 0; i < person->n_numbers && person->numbers[i]->event <= at; i++) {
        event = person->numbers[i]->event;
    }
    return event;
}

FALLIBLE person_number_as_at(struct engine *engine, const PersonView *person, uint64_t event,
                             struct arena *arena, const Personal **ret, struct error *err)
{
    Event *found = NULL;
    TRY(engine_event(engine, number_event_at(person, event), arena, &found, err));
    struct personal_slot slot = event_personal(found);
    if (slot.personal == NULL || *slot.personal == NULL) {
        FAIL(INVALID, MESSAGE_PERSON_UNREADABLE);
    }
    *ret = *slot.personal;
    return OK;
}

const IdentityVersion *person_identity(const PersonView *person, uint64_t event)
{
    for (size_t i = 0; i < person->n_identities; i++) {
        if (person->identities[i]->event == event) {
            return person->identities[i];
        }
    }
    return NULL;
}

FALLIBLE person_photo(struct engine *engine, const PersonView *person,
                      const IdentityVersion *identity, struct arena *arena, bytes *ret,
                      struct error *err)
{
    bytes sealed = {0};
    *ret = (bytes){0};
    if (identity == NULL || identity->photo_blob.len == 0) {
        return OK;
    }
    TRY(engine_blob_get(engine, bytes_of(identity->photo_blob.data, identity->photo_blob.len),
                        arena, &sealed, err));
    TRY(people_open_bytes(engine_people(engine), str_of(person->person_id), sealed, arena, ret,
                          err));
    if (ret->data == NULL) {
        FAIL(INVALID, MESSAGE_PERSON_UNREADABLE);
    }
    return OK;
}
