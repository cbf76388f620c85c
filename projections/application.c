/* application - the views of applications for a qualification (R-DL-06, R-DL-16, R-DL-25..28), and
 * of visits to a department, which count the records that were checked (R-DL-20).
 *
 * The effects of an application on the records it uses have events of their own and are in the view
 * of those records (file_record.c). */
#include <string.h>

#include "projections/kinds.h"

/* --- applications ---------------------------------------------------------------------------- */

static void apply_opened(ApplicationView *application, const ApplicationOpened *opened)
{
    application->application = opened->application;
    application->enterprise = opened->enterprise;
    application->item = opened->item;
    application->persons = opened->persons;
    application->n_persons = opened->n_persons;
    application->insurance_months = opened->insurance_months;
    application->n_insurance_months = opened->n_insurance_months;
    application->insurance_proof_blob = opened->insurance_proof_blob;
    application->status = APPLICATION_STATUS__CODE__OPEN;
}

/* Open, accepted, approved; closed from either of the first two. */
static bool apply_status(ApplicationView *application, const Event *event)
{
    bool is_open = application->status == APPLICATION_STATUS__CODE__OPEN;
    bool is_accepted = application->status == APPLICATION_STATUS__CODE__ACCEPTED;
    if (event->body_case == EVENT__BODY_APPLICATION_ACCEPTED && is_open) {
        application->status = APPLICATION_STATUS__CODE__ACCEPTED;
    } else if (event->body_case == EVENT__BODY_APPLICATION_APPROVED && is_accepted) {
        application->status = APPLICATION_STATUS__CODE__APPROVED;
    } else if (event->body_case == EVENT__BODY_APPLICATION_CLOSED && (is_open || is_accepted)) {
        application->status = APPLICATION_STATUS__CODE__CLOSED;
    } else {
        return false;
    }
    return true;
}

VIEW_APPLY(application_apply)
{
    ApplicationView *application = (ApplicationView *)view;
    bool is_new = application->status == APPLICATION_STATUS__CODE__NONE;
    if (event->body_case == EVENT__BODY_APPLICATION_OPENED && is_new) {
        apply_opened(application, event->application_opened);
    } else if (!apply_status(application, event)) {
        return log_contradicts(event, application->application, err);
    }
    application->events =
        numbers_with(application->events, application->n_events, event->sequence, arena);
    application->n_events++;
    return OK;
}

/* --- visits ---------------------------------------------------------------------------------- */

struct visit {
    char *department;
    char *visit;
    char *record;
};

/* False for events that no visit is about, and where none was named. */
static bool visit_of(const Event *event, struct visit *ret)
{
    if (event->body_case == EVENT__BODY_RECORD_VERIFIED) {
        const RecordVerified *verified = event->record_verified;
        *ret = (struct visit){verified->department, verified->visit, verified->record};
    } else if (event->body_case == EVENT__BODY_VERIFICATION_REFUSED) {
        const VerificationRefused *refused = event->verification_refused;
        *ret = (struct visit){refused->department, refused->visit, refused->record};
    } else {
        return false;
    }
    return ret->visit[0] != 0;
}

VIEW_KEY(visit_key)
{
    struct visit visit;
    if (!visit_of(event, &visit)) {
        return false;
    }
    *ret = key_visit(str_of(visit.department), str_of(visit.visit));
    return true;
}

VIEW_APPLY(visit_apply)
{
    VisitView *counted = (VisitView *)view;
    struct visit visit;
    if (!visit_of(event, &visit)) {
        return log_contradicts(event, "visit", err); /* visit_key lets no other through */
    }
    for (size_t i = 0; i < counted->n_records; i++) {
        if (strcmp(counted->records[i], visit.record) == 0) {
            return OK;
        }
    }
    counted->department = visit.department;
    counted->visit = visit.visit;
    counted->records = texts_with(counted->records, counted->n_records, visit.record, arena);
    counted->n_records++;
    return OK;
}
