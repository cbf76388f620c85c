/* record - the view of the record lists (R-GEN-06): a line for each thing done to a certificate.
 *
 * A line is made of one event alone, under the enterprise it belongs to, and never changes. */
#include "core/base/record.h"
#include "events/terms/streams.h"
#include "projections/kinds.h"

/* The parts that every line has, in one form for all events. */
struct line {
    RecordList__Code list;
    RecordKind__Code kind;
    char *certificate;
    char *enterprise;
    char *enterprise_name;
    char *person_id;
    Date *valid_until;
};

#define LINE_OF(body, list_, kind_)                                                                \
    (struct line)                                                                                  \
    {                                                                                              \
        RECORD_LIST__CODE__##list_, RECORD_KIND__CODE__##kind_, (body)->certificate,               \
            (body)->enterprise, (body)->enterprise_name, (body)->person_id, (body)->valid_until    \
    }

/* The line an event makes; false when it makes none. */
static bool line_of(const Event *event, struct line *ret)
{
    switch (event->body_case) {
    case EVENT__BODY_CERTIFICATE_ISSUED:
        *ret = LINE_OF(event->certificate_issued, ISSUANCES, FIRST_ISSUE);
        return true;
    case EVENT__BODY_CERTIFICATE_EXTENDED:
        *ret = LINE_OF(event->certificate_extended, ISSUANCES, EXTENSION);
        return true;
    case EVENT__BODY_CERTIFICATE_ENTERED:
        *ret = LINE_OF(event->certificate_entered, ENTRIES, ENTRY);
        return true;
    case EVENT__BODY_AFFILIATION_CHANGED:
        *ret = LINE_OF(event->affiliation_changed, CHANGES, AFFILIATION_CHANGE);
        return true;
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED:
        *ret = LINE_OF(event->enterprise_name_changed, CHANGES, NAME_CHANGE);
        return true;
    case EVENT__BODY_HOLDER_RENAMED:
        *ret = LINE_OF(event->holder_renamed, CHANGES, HOLDER_RENAMED);
        return true;
    case EVENT__BODY_CERTIFICATE_CANCELLED:
        *ret = LINE_OF(event->certificate_cancelled, CANCELLATIONS, CANCELLATION);
        return true;
    case EVENT__BODY_CERTIFICATE_DEPARTED:
        *ret = LINE_OF(event->certificate_departed, DEPARTURES, DEPARTURE);
        return true;
    case EVENT__BODY_STORE_CREATED:
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

VIEW_KEY(record_key)
{
    struct line line;
    if (!line_of(event, &line)) {
        return false;
    }
    make_key_record(ret, str_of(line.enterprise), line.list, event->sequence);
    return true;
}

VIEW_APPLY(record_apply)
{
    (void)arena; /* the line points into the event */
    RecordView *record = (RecordView *)view;
    struct line line;
    if (!line_of(event, &line)) {
        BUG("an event of no record list");
    }
    if (record->list != RECORD_LIST__CODE__NONE) {
        return log_contradicts(event, line.certificate, err);
    }
    record->list = line.list;
    record->kind = line.kind;
    record->certificate = line.certificate;
    record->person_id = line.person_id;
    record->enterprise = line.enterprise;
    record->enterprise_name = line.enterprise_name;
    record->date = event->business_date;
    record->valid_until = line.valid_until;
    record->event = event->sequence;
    if (event->body_case == EVENT__BODY_CERTIFICATE_ENTERED) {
        record->original_certificate = event->certificate_entered->original_certificate;
    }
    if (event->body_case == EVENT__BODY_CERTIFICATE_CANCELLED) {
        record->document = event->certificate_cancelled->document;
    }
    if (event->body_case == EVENT__BODY_CERTIFICATE_DEPARTED) {
        record->document = event->certificate_departed->document;
    }
    return OK;
}
