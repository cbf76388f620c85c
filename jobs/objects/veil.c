/* veil - see veil.h. */
#include "jobs/objects/veil.h"

#include "core/base/map.h"
#include "core/base/record.h"
#include "events/messages.h"
#include "jobs/objects/objects.h"

void person_mark(const struct session *session, PersonView *person)
{
    if (session->blocked_persons != NULL &&
        map_find(session->blocked_persons, str_bytes(str_of(person->person_id))) != NULL) {
        person->blocked = true;
    }
}

PersonView *person_veiled(PersonView *person, struct arena *arena)
{
    if (!person->blocked) {
        return person;
    }
    PersonView *veiled = RECORD_NEW(arena, PersonView, person_view);
    veiled->person_id = person->person_id;
    veiled->blocked = person->blocked;
    veiled->erased = person->erased;
    veiled->events = person->events;
    veiled->n_events = person->n_events;
    return veiled;
}

FALLIBLE person_refuse_blocked(const PersonView *person, struct error *err)
{
    if (person->blocked) {
        FAIL(REFUSED("R-PV-02"), MESSAGE_PERSON_BLOCKED);
    }
    return OK;
}
