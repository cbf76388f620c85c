/* redact - see redact.h. */
#include "jobs/objects/redact.h"

#include "core/base/map.h"
#include "core/base/record.h"
#include "events/messages.h"
#include "jobs/objects/objects.h"

void person_mark_blocked(const struct session *session, PersonView *person)
{
    if (session->blocked_persons != NULL &&
        map_find(session->blocked_persons, str_bytes(str_of(person->person_id))) != NULL) {
        person->blocked = true;
    }
}

PersonView *person_redacted(PersonView *person, struct arena *arena)
{
    if (!person->blocked) {
        return person;
    }
    PersonView *redacted = RECORD_NEW(arena, PersonView, person_view);
    redacted->person_id = person->person_id;
    redacted->blocked = person->blocked;
    redacted->erased = person->erased;
    redacted->events = person->events;
    redacted->n_events = person->n_events;
    return redacted;
}

FALLIBLE person_refuse_blocked(const PersonView *person, struct error *err)
{
    if (person->blocked) {
        FAIL(REFUSED("R-PV-02"), MESSAGE_PERSON_BLOCKED);
    }
    return OK;
}
