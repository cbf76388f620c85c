/* record - the view of the record lists (R-GEN-06): one line for each thing that was done to a
 * certificate.
 *
 * A line depends on one event only, is filed under the enterprise it belongs to, and never changes.
 */
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

/* The line that an event makes. */
static struct line line_of(const Event *event)
{
    switch ((int)event->body_case) {
    case EVENT__BODY_CERTIFICATE_ISSUED:
        return LINE_OF(event->certificate_issued, ISSUANCES, FIRST_ISSUE);
    case EVENT__BODY_CERTIFICATE_EXTENDED:
        return LINE_OF(event->certificate_extended, ISSUANCES, EXTENSION);
    case EVENT__BODY_CERTIFICATE_ENTERED:
        return LINE_OF(event->certificate_entered, ENTRIES, ENTRY);
    case EVENT__BODY_AFFILIATION_CHANGED:
        return LINE_OF(event->affiliation_changed, CHANGES, AFFILIATION_CHANGE);
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED:
        return LINE_OF(event->enterprise_name_changed, CHANGES, NAME_CHANGE);
    case EVENT__BODY_HOLDER_RENAMED: return LINE_OF(event->holder_renamed, CHANGES, HOLDER_RENAMED);
    case EVENT__BODY_CERTIFICATE_CANCELLED:
        return LINE_OF(event->certificate_cancelled, CANCELLATIONS, CANCELLATION);
    case EVENT__BODY_CERTIFICATE_DEPARTED:
        return LINE_OF(event->certificate_departed, DEPARTURES, DEPARTURE);
    }
    BUG("an event of no record list");
}

VIEW_KEY(record_key)
{
    struct line line = line_of(event);
    make_key_record(ret, str_of(line.enterprise), line.list, event->sequence);
    return true;
}

VIEW_APPLY(record_apply)
{
    (void)arena; /* the line points into the event */
    RecordView *record = (RecordView *)view;
    struct line line = line_of(event);
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
