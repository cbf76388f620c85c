/* holder - see holder.h.
 *
 * An electronic certificate refers to the identity version it prints. A paper row says a name that
 * is in no event of the certificate (D25); when it was not the name the person went by then, the
 * row brought a PersonRecorded along, whose number is the one before the row's (paper.c). */
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

static bool has_event(const PersonView *person, uint64_t event)
{
    for (size_t i = 0; i < person->n_events; i++) {
        if (person->events[i] == event) {
            return true;
        }
    }
    return false;
}

static bool says_no_name(const PersonView *person, uint64_t event)
{
    for (size_t i = 0; i < person->n_nameless; i++) {
        if (person->nameless[i] == event) {
            return true;
        }
    }
    return false;
}

static str first_name(const PersonView *person)
{
    return str_of(person->n_former_names > 0 ? person->former_names[0] : person->name);
}

/* Was there only one name before the first identity? Then it is the first name. */
static bool had_one_name(const PersonView *person)
{
    uint64_t first = person->n_identities > 0 ? person->identities[0]->event : UINT64_MAX;
    size_t before = 0;
    for (size_t i = 0; i < person->n_events; i++) {
        before += person->events[i] < first && !says_no_name(person, person->events[i]);
    }
    return before == 1;
}

/* The name the person went by when the paper was registered; "" when that is not known. */
static str name_at(const PersonView *person, uint64_t paper_event)
{
    for (size_t i = person->n_identities; i > 0; i--) {
        if (person->identities[i - 1]->event < paper_event) {
            return str_of(person->identities[i - 1]->name);
        }
    }
    return had_one_name(person) ? first_name(person) : STR("");
}

bool holder_row_named_otherwise(const PersonView *person, const CertificateView *certificate)
{
    uint64_t before = certificate->n_events > 0 ? certificate->events[0] - 1 : 0;
    return has_event(person, before) && before != person->events[0] &&
           !says_no_name(person, before) && version_of(person, before) == NULL;
}

static bool paper_agrees(const PersonView *person, const CertificateView *certificate,
                         struct arena *arena)
{
    const IdentityVersion *identity = identity_collected(person);
    uint64_t paper_event = certificate->events[0];
    if (holder_row_named_otherwise(person, certificate)) {
        /* Only a later identity can have made it right. */
        return identity == NULL || identity->event > paper_event;
    }
    str name = name_at(person, paper_event);
    return str_empty(name) || person_names_equal(name, person_current_name(person), arena);
}

/* Not yet exchanged and not renamed: what the register said. */
static bool is_as_registered(const CertificateView *certificate)
{
    return certificate->medium == MEDIUM__CODE__PAPER && certificate->renamed_event == 0 &&
           certificate->n_events > 0;
}

str holder_printed_name(const PersonView *person, const CertificateView *certificate)
{
    const IdentityVersion *printed = version_of(person, certificate->identity_event);
    if (printed != NULL) {
        return str_of(printed->name);
    }
    return is_as_registered(certificate) && !holder_row_named_otherwise(person, certificate)
               ? name_at(person, certificate->events[0])
               : STR("");
}

bool holder_name_agrees(const PersonView *person, const CertificateView *certificate,
                        struct arena *arena)
{
    if (version_of(person, certificate->identity_event) != NULL) {
        return person_names_equal(holder_printed_name(person, certificate),
                                  person_current_name(person), arena);
    }
    return certificate->medium != MEDIUM__CODE__PAPER || certificate->renamed_event != 0 ||
           paper_agrees(person, certificate, arena);
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
