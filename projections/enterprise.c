/* enterprise - the view of the enterprise register; see registry.h. */
#include "core/base/record.h"
#include "events/terms/streams.h"
#include "projections/kinds.h"

VIEW_KEY(enterprise_key)
{
    switch (event->body_case) {
    case EVENT__BODY_ENTERPRISE_REGISTERED:
        make_key_of_text(ret, str_of(event->enterprise_registered->code));
        return true;
    case EVENT__BODY_STORE_CREATED:
    case EVENT__BODY_POLICY_SET:
    case EVENT__BODY_TEMPLATE_SET:
    case EVENT__BODY_ROOT_TRUSTED:
    case EVENT__BODY_ROOT_DISTRUSTED:
    case EVENT__BODY_FILE_PROCESSED:
    case EVENT__BODY_DATA_DISCLOSED:
    case EVENT__BODY_CLERK_REGISTERED:
    case EVENT__BODY_PERSON_RECORDED:
    case EVENT__BODY_IDENTITY_COLLECTED:
    case EVENT__BODY_PERSON_RENAMED:
    case EVENT__BODY_EXAM_RECORDED:
    case EVENT__BODY_INSURANCE_RECORDED:
    case EVENT__BODY_NATIONAL_RECORDED:
    case EVENT__BODY_PAPER_REGISTERED:
    case EVENT__BODY_CERTIFICATE_EXCHANGED:
    case EVENT__BODY_CERTIFICATE_ISSUED:
    case EVENT__BODY_CERTIFICATE_EXTENDED:
    case EVENT__BODY_CERTIFICATE_ENTERED:
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
    return false;
}

VIEW_APPLY(enterprise_apply)
{
    (void)err; /* a newer row replaces the older one */
    const EnterpriseRegistered *row = event->enterprise_registered;
    EnterpriseView *enterprise = (EnterpriseView *)view;
    str known = str_of(enterprise->name);
    if (!str_empty(known) && !str_equal_c(known, row->name)) {
        enterprise->former_names = texts_with(enterprise->former_names, enterprise->n_former_names,
                                              enterprise->name, arena);
        enterprise->n_former_names++;
    }
    enterprise->code = row->code;
    enterprise->name = row->name;
    enterprise->legal_person_id = row->legal_person_id;
    enterprise->qualification = row->qualification;
    enterprise->state = row->state;
    enterprise->events =
        numbers_with(enterprise->events, enterprise->n_events, event->sequence, arena);
    enterprise->n_events++;
    return OK;
}

struct trail_fields enterprise_trail(ProtobufCMessage *view)
{
    EnterpriseView *enterprise = (EnterpriseView *)view;
    return (struct trail_fields){&enterprise->events, &enterprise->n_events, &enterprise->trailed};
}
