/* holder - see holder.h.
 *
 * An electronic certificate refers to the identity version that it prints. The name on a paper
 * certificate is in no event of the certificate (D25). If the row's name was not the person's
 * current name, paper.c put a PersonRecorded event with that name right before the paper's event.
 * If a paper was renamed before the person's identity was collected, the name is the one that the
 * counter gave in the event right before. */
#include "events/holder.h"

#include "events/guards.h"
#include "events/terms/names.h"

static const IdentityVersion *version_of(const PersonView *person, uint64_t event)
{
    for (size_t i = 0; i < person->n_identities; i++) {
        if (person->identities[i]->event == event) {
            return person->identities[i];
        }
    }
    return NULL;
}

/* The name the person went by when the paper was registered, unless its row brought another one
 * along, right before it. Who was collected goes by the identity; who was not yet, by what a row or
 * a counter said last, or else by the first name of all. */
static str name_at(const PersonView *person, uint64_t paper_event)
{
    bool is_collected = false;
    str name = str_of(person->n_former_names > 0 ? person->former_names[0] : person->name);
    for (size_t i = 0; i < person->n_identities; i++) {
        if (person->identities[i]->event < paper_event) {
            is_collected = true;
            name = str_of(person->identities[i]->name);
        }
    }
    for (size_t i = 0; i < person->n_said_names; i++) {
        uint64_t event = person->said_names[i]->event;
        if (event + 1 == paper_event || (!is_collected && event < paper_event)) {
            name = str_of(person->said_names[i]->name);
        }
    }
    return name;
}

/* What was said last before an event: at a renaming, the name that the counter gave. */
static str name_said_before(const PersonView *person, uint64_t event)
{
    str name = STR("");
    for (size_t i = 0; i < person->n_said_names; i++) {
        if (person->said_names[i]->event < event) {
            name = str_of(person->said_names[i]->name);
        }
    }
    return name;
}

str holder_printed_name(const PersonView *person, const CertificateView *certificate)
{
    const IdentityVersion *printed = version_of(person, certificate->identity_event);
    if (printed != NULL) {
        return str_of(printed->name);
    }
    if (certificate->medium != MEDIUM__CODE__PAPER || certificate->n_events == 0) {
        return STR("");
    }
    return certificate->renamed_event != 0 ? name_said_before(person, certificate->renamed_event)
                                           : name_at(person, certificate->events[0]);
}

bool holder_name_agrees(const PersonView *person, const CertificateView *certificate,
                        struct arena *arena)
{
    str name = holder_printed_name(person, certificate);
    return str_empty(name) || person_names_equal(name, person_current_name(person), arena);
}

bool holder_is_known_as(const PersonView *person, str name, struct arena *arena)
{
    bool known = person_names_equal(name, str_of(person->name), arena);
    for (size_t i = 0; i < person->n_former_names && !known; i++) {
        known = person_names_equal(name, str_of(person->former_names[i]), arena);
    }
    for (size_t i = 0; i < person->n_identities && !known; i++) {
        known = person_names_equal(name, str_of(person->identities[i]->name), arena);
    }
    return known;
}
