/* store - the view of the store itself: what StoreCreated said, the serials that were given out and
 * the last business date. Every event feeds it. */
#include "core/base/record.h"
#include "events/terms/number.h"
#include "events/terms/streams.h"
#include "projections/kinds.h"

VIEW_KEY(registry_key)
{
    (void)event; /* every event has a business date */
    make_key_registry(ret);
    return true;
}

/* The counter of a year, made in its place when it is not there. */
static YearSerial *serial_of(RegistryView *registry, int year, struct arena *arena)
{
    size_t at = 0;
    while (at < registry->n_serials && registry->serials[at]->year < year) {
        at++;
    }
    if (at < registry->n_serials && registry->serials[at]->year == year) {
        return registry->serials[at];
    }
    YearSerial **grown = ARENA_ARRAY(arena, YearSerial *, registry->n_serials + 1);
    for (size_t i = 0; i < registry->n_serials; i++) {
        grown[i < at ? i : i + 1] = registry->serials[i];
    }
    grown[at] = RECORD_NEW(arena, YearSerial, year_serial);
    grown[at]->year = year;
    registry->serials = grown;
    registry->n_serials++;
    return grown[at];
}

static void count_number(RegistryView *registry, const char *certificate, struct arena *arena)
{
    struct number number;
    if (!number_parse(str_of(certificate), arena, &number) || !number.local ||
        number.serial > NUMBER_SERIAL_MAX) {
        return;
    }
    YearSerial *serial = serial_of(registry, number.year, arena);
    if (serial->last < number.serial) {
        serial->last = (uint32_t)number.serial;
    }
}

static void apply_created(RegistryView *registry, const StoreCreated *created)
{
    registry->authority_name = created->authority_name;
    registry->authority_code = created->authority_code;
    registry->origin = created->origin;
    registry->signatures_required = created->signatures_required;
    registry->clock_free = created->clock_free;
}

bool registry_counts(const Event *event)
{
    return event->body_case == EVENT__BODY_STORE_CREATED ||
           event->body_case == EVENT__BODY_CERTIFICATE_ISSUED ||
           event->body_case == EVENT__BODY_CERTIFICATE_ENTERED;
}

VIEW_APPLY(registry_apply)
{
    (void)err; /* there is nothing to contradict */
    RegistryView *registry = (RegistryView *)view;
    switch (event->body_case) {
    case EVENT__BODY_STORE_CREATED: apply_created(registry, event->store_created); break;
    case EVENT__BODY_CERTIFICATE_ISSUED:
        count_number(registry, event->certificate_issued->certificate, arena);
        break;
    case EVENT__BODY_CERTIFICATE_ENTERED:
        count_number(registry, event->certificate_entered->certificate, arena);
        break;
    case EVENT__BODY_POLICY_SET:
    case EVENT__BODY_TEMPLATE_SET:
    case EVENT__BODY_ROOT_TRUSTED:
    case EVENT__BODY_ROOT_DISTRUSTED:
    case EVENT__BODY_FILE_PROCESSED:
    case EVENT__BODY_DATA_DISCLOSED:
    case EVENT__BODY_ENTERPRISE_REGISTERED:
    case EVENT__BODY_CLERK_REGISTERED:
    case EVENT__BODY_PERSON_RECORDED:
    case EVENT__BODY_IDENTITY_COLLECTED:
    case EVENT__BODY_PERSON_RENAMED:
    case EVENT__BODY_EXAM_RECORDED:
    case EVENT__BODY_INSURANCE_RECORDED:
    case EVENT__BODY_NATIONAL_RECORDED:
    case EVENT__BODY_PAPER_REGISTERED:
    case EVENT__BODY_CERTIFICATE_EXCHANGED:
    case EVENT__BODY_CERTIFICATE_EXTENDED:
    case EVENT__BODY_AFFILIATION_CHANGED:
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED:
    case EVENT__BODY_HOLDER_RENAMED:
    case EVENT__BODY_CERTIFICATE_CANCELLED:
    case EVENT__BODY_CERTIFICATE_DEPARTED:
    case EVENT__BODY_CERTIFICATE_SUPERSEDED:
    case EVENT__BODY_REGENERATION_REQUESTED:
    case EVENT__BODY_WAVE_OPENED:
    case EVENT__BODY_WAVE_CLOSED:
    case EVENT__BODY_DOCUMENT_RENDERED:
    case EVENT__BODY_DOCUMENT_FAILED:
    case EVENT__BODY_DEPARTURE_PROOF_ORDERED:
    case EVENT__BODY_CANCELLATION_PROOF_ORDERED:
    case EVENT__BODY_PERSON_NUMBER_CHANGED:
    case EVENT__BODY_CERTIFICATE_SUSPENDED:
    case EVENT__BODY_CERTIFICATE_REINSTATED:
    case EVENT__BODY_CERTIFICATE_REVOKED:
    case EVENT__BODY_CERTIFICATE_WITHDRAWN:
    case EVENT__BODY_AUTHORITY_CANCELLED:
    case EVENT__BODY_DEPARTURE_WITHDRAWN:
    case EVENT__BODY_CERTIFICATE_CORRECTED:
    case EVENT__BODY_POST_CHANGED:
    case EVENT__BODY_VALIDITY_EXTENDED:
    case EVENT__BODY_CATEGORY_CONVERTED:
    case EVENT__BODY_WAVE_ITEM_FAILED:
    CASE_PERSONNEL_FILE_EVENT:
    case EVENT__BODY__NOT_SET:
    case _EVENT__BODY__CASE_IS_INT_SIZE: break;
    }
    if (event->business_date != NULL) {
        registry->last_business_date = event->business_date;
    }
    return OK;
}
