/* application - applications for a qualification (R-DL-06, R-DL-16, R-DL-25..28). An application
 * uses records of persons. While it is open it holds them: their verification cannot be cancelled
 * (R-DL-10). When it is approved it freezes them. */
#include <string.h>

#include "core/base/record.h"
#include "events/exam.h"
#include "events/file_guards.h"
#include "events/form.h"
#include "events/guards.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/originals.h"
#include "events/rules.h"

/* --- persons and what they bring ------------------------------------------------------------- */

/* Of which person of the list a refusal speaks, from 1 on. */
static FALLIBLE at_place(struct error *err, size_t index)
{
    if (err->args_count < ERROR_ARGS_MAX) {
        err->args[err->args_count++] = ARG_INT("person", index + 1);
    }
    return error_trace(err, HERE);
}

/* R-PF-01, R-PF-02. */
static FALLIBLE guard_applicant(const struct dossier *dossier, const struct applicant *applicant,
                                const PersonName *named, struct arena *arena, struct error *err)
{
    struct dossier of_person = *dossier;
    of_person.person = applicant->person;
    TRY(guard_not_blocked(&of_person, err));
    if (identity_collected(applicant->person) == NULL) {
        FAIL(REFUSED("R-PF-01"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "identity"));
    }
    return guard_person_collected(&of_person, named, arena, err); /* D21 */
}

/* R-DL-25: what has an original is chosen among what was verified. A skilled worker's certificate
 * may come with the application (R-DL-26): it is verified before the acceptance (R-DL-16). */
static FALLIBLE guard_selectable(const FileRecordView *record, int32_t today, struct error *err)
{
    if (record->level != LEVEL__CODE__D || !original_exists(record->kind) ||
        record->kind == FILE_KIND__CODE__SKILL) {
        return OK;
    }
    TRY(original_guard(record, today, err));
    FAIL(REFUSED("R-DL-25"), MESSAGE_RECORD_NOT_VERIFIED, ARG_TEXT("record", record->record));
}

static FALLIBLE guard_applicants(const struct dossier *dossier, const OpenApplication *open,
                                 int32_t today, struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < open->n_persons; i++) {
        const struct applicant *applicant = &dossier->applicants.items[i];
        const UsedRecords *used = open->persons[i];
        if (!guard_applicant(dossier, applicant, used->person, arena, err).ok) {
            return at_place(err, i);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(dossier->applicants.items[k].person->person_id,
                       applicant->person->person_id) == 0) {
                FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", "persons"),
                     ARG_TEXT("why", "twice"), ARG_INT("person", i + 1));
            }
        }
        for (size_t k = 0; k < used->n_records; k++) {
            const FileRecordView *record = applicant->records.items[k];
            if (!file_guard_found(record, used->records[k], err).ok ||
                !guard_selectable(record, today, err).ok) {
                return at_place(err, i);
            }
        }
    }
    return OK;
}

/* --- social insurance ------------------------------------------------------------------------ */

/* R-DL-28: the month of the day and the two before it. Where none is named, all of them. */
static FALLIBLE choose_months(const OpenApplication *open, int32_t today, struct arena *arena,
                              struct insurance_months *ret, struct error *err)
{
    const struct insurance_months window = insurance_window(today);
    int32_t first = window.months[0];
    int32_t last = window.months[window.count - 1];
    bool chosen[INSURANCE_WINDOW_MONTHS] = {false};
    for (size_t i = 0; i < open->n_insurance_months; i++) {
        int32_t month = 0;
        BUG_UNLESS(form_month_parse(str_of(open->insurance_months[i]), arena, &month));
        if (month < first || month > last) {
            FAIL(REFUSED("R-DL-28"), MESSAGE_INSURANCE_MONTHS_OUTSIDE,
                 ARG_TEXT("month", form_month_text(month, arena)),
                 ARG_TEXT("window_first", form_month_text(first, arena)),
                 ARG_TEXT("window_last", form_month_text(last, arena)));
        }
        chosen[month - first] = true;
    }
    ret->count = 0;
    for (size_t i = 0; i < window.count; i++) {
        if (chosen[i] || open->n_insurance_months == 0) {
            ret->months[ret->count++] = window.months[i];
        }
    }
    return OK;
}

static int months_paid(const struct applicant *applicant, const char *enterprise,
                       const struct insurance_months *months)
{
    int paid = 0;
    for (size_t i = 0; i < months->count; i++) {
        paid += insurance_is_paid(&applicant->insurances, enterprise, months->months[i]);
    }
    return paid;
}

static bool is_skilled_worker(const struct applicant *applicant)
{
    for (size_t i = 0; i < applicant->records.count; i++) {
        if (applicant->records.items[i]->kind == FILE_KIND__CODE__SKILL) {
            return true;
        }
    }
    return false;
}

/* What is named is there, a PDF by content, at most 5 MB, and the one that was meant (D8). */
static FALLIBLE check_proof(const OpenApplication *open, struct error *err)
{
    const Attachment *proof = open->attachment;
    if (str_empty(str_of(open->insurance_proof))) {
        return OK;
    }
    if (proof == NULL || !proof->found) {
        FAIL(REFUSED("R-DL-27"), MESSAGE_INSURANCE_PROOF_MISSING);
    }
    if (!proof->is_pdf || proof->size == 0) {
        FAIL(REFUSED("R-DL-27"), MESSAGE_INSURANCE_PROOF_NOT_PDF);
    }
    if (proof->size > LIMIT_PROOF_BYTES) {
        FAIL(REFUSED("R-DL-27"), MESSAGE_INSURANCE_PROOF_TOO_LARGE, ARG_INT("bytes", proof->size),
             ARG_INT("limit", LIMIT_PROOF_BYTES));
    }
    if (form_digest_differs(open->insurance_proof_sha256, proof->sha256)) {
        FAIL(REFUSED("R-DL-27"), MESSAGE_INSURANCE_PROOF_DIFFERS);
    }
    return OK;
}

/* R-DL-27: by lines of this enterprise, as many as the policy wants of the months; of a skilled
 * worker also by the uploaded proof of a branch elsewhere. */
static FALLIBLE check_insured(const struct dossier *dossier, const Action *action, size_t index,
                              const struct insurance_months *months, bool *ret_elsewhere,
                              struct error *err)
{
    const struct applicant *applicant = &dossier->applicants.items[index];
    int required = dossier->policies.insurance_months_required;
    required = required < (int)months->count ? required : (int)months->count;
    *ret_elsewhere = false;
    if (months_paid(applicant, action->enterprise, months) >= required) {
        return OK;
    }
    if (is_skilled_worker(applicant) &&
        !str_empty(str_of(action->open_application->insurance_proof))) {
        *ret_elsewhere = true;
        return OK;
    }
    FAIL(REFUSED("R-DL-27"), MESSAGE_INSURANCE_NOT_PROVEN, ARG_INT("person", index + 1));
}

/* --- opening --------------------------------------------------------------------------------- */

static void add_used(const struct dossier *dossier, char *application, struct arena *arena,
                     struct decision *decision)
{
    for (size_t i = 0; i < dossier->applicants.count; i++) {
        const struct applicant *applicant = &dossier->applicants.items[i];
        for (size_t k = 0; k < applicant->records.count; k++) {
            RecordUsed *used = decision_event(decision, EVENT__BODY_RECORD_USED, arena);
            decision->events[decision->count - 1]->cause = dossier->next_sequence;
            used->record = applicant->records.items[k]->record;
            used->person_id = applicant->person->person_id;
            used->application = application;
        }
    }
}

static ApplicationPerson **persons_of(const struct dossier *dossier, const OpenApplication *open,
                                      const bool *elsewhere, struct arena *arena)
{
    ApplicationPerson **persons = ARENA_ARRAY(arena, ApplicationPerson *, open->n_persons);
    for (size_t i = 0; i < open->n_persons; i++) {
        persons[i] = RECORD_NEW(arena, ApplicationPerson, application_person);
        persons[i]->person_id = dossier->applicants.items[i].person->person_id;
        persons[i]->records = open->persons[i]->records;
        persons[i]->n_records = open->persons[i]->n_records;
        persons[i]->insured_elsewhere = elsewhere[i];
    }
    return persons;
}

outcome decide_open_application(const struct dossier *dossier, const Action *action,
                                struct moment moment, struct arena *arena,
                                struct decision *decision, struct error *err)
{
    const OpenApplication *open = action->open_application;
    bool *elsewhere = ARENA_ARRAY(arena, bool, open->n_persons);
    struct insurance_months months;
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_applicants(dossier, open, moment.today, arena, err));
    TRY(choose_months(open, moment.today, arena, &months, err));
    TRY(check_proof(open, err));
    for (size_t i = 0; i < open->n_persons; i++) {
        TRY(check_insured(dossier, action, i, &months, &elsewhere[i], err));
    }

    ApplicationOpened *opened = decision_event(decision, EVENT__BODY_APPLICATION_OPENED, arena);
    opened->application = arena_c_string(
        arena, arena_format(arena, "A%llu", (unsigned long long)dossier->next_sequence));
    opened->enterprise = action->enterprise;
    opened->item = arena_c_string(arena, str_trim(str_of(open->item)));
    opened->persons = persons_of(dossier, open, elsewhere, arena);
    opened->n_persons = open->n_persons;
    opened->insurance_months = insurance_copy(&months, arena);
    opened->n_insurance_months = months.count;
    if (open->attachment != NULL && !str_empty(str_of(open->insurance_proof))) {
        opened->insurance_proof_sha256 = open->attachment->sha256;
    }
    add_used(dossier, opened->application, arena, decision);
    decision->application = opened->application;
    return OK;
}

/* --- what follows ---------------------------------------------------------------------------- */

/* Another enterprise's is none that this one knows. */
static FALLIBLE guard_known(const struct dossier *dossier, const Action *action, const char *asked,
                            const char *rule, struct error *err)
{
    const ApplicationView *application = dossier->application;
    bool others = !str_empty(str_of(action->enterprise)) &&
                  strcmp(application->enterprise, action->enterprise) != 0;
    if (application->status == APPLICATION_STATUS__CODE__NONE || others) {
        FAIL(REFUSED(rule), MESSAGE_APPLICATION_UNKNOWN, ARG_TEXT("application", asked));
    }
    if (application->status == APPLICATION_STATUS__CODE__APPROVED ||
        application->status == APPLICATION_STATUS__CODE__CLOSED) {
        FAIL(REFUSED(rule), MESSAGE_APPLICATION_CLOSED, ARG_TEXT("application", asked));
    }
    return OK;
}

/* R-DL-16: every record with an original was verified, and none has gone. */
static FALLIBLE guard_records(const struct dossier *dossier, const char *rule, struct arena *arena,
                              struct error *err)
{
    str wrong = STR("");
    for (size_t i = 0; i < dossier->applicants.count; i++) {
        const struct applicant *applicant = &dossier->applicants.items[i];
        struct dossier of_person = *dossier;
        of_person.person = applicant->person;
        if (!guard_not_blocked(&of_person, err).ok) {
            return at_place(err, i);
        }
        for (size_t k = 0; k < applicant->records.count; k++) {
            const FileRecordView *record = applicant->records.items[k];
            if (record->deleted ||
                (record->level == LEVEL__CODE__D && original_exists(record->kind))) {
                wrong = arena_format(arena, "%.*s%s%s", STR_ARGS(wrong),
                                     str_empty(wrong) ? "" : ", ", record->record);
            }
        }
    }
    if (!str_empty(wrong)) {
        FAIL(REFUSED(rule), MESSAGE_APPLICATION_RECORDS_UNVERIFIED,
             ARG_TEXT("application", dossier->application->application), ARG_STR("records", wrong));
    }
    return OK;
}

outcome decide_accept_application(const struct dossier *dossier, const Action *action,
                                  struct moment moment, struct arena *arena,
                                  struct decision *decision, struct error *err)
{
    (void)moment; /* R-DL-15: no deadline */
    const char *asked = action->accept_application->application;
    TRY(guard_authority(dossier, action, "R-DL-16", err));
    TRY(guard_known(dossier, action, asked, "R-DL-16", err));
    if (dossier->application->status == APPLICATION_STATUS__CODE__ACCEPTED) {
        FAIL(REFUSED("R-DL-16"), MESSAGE_APPLICATION_ACCEPTED_ALREADY,
             ARG_TEXT("application", asked));
    }
    TRY(guard_records(dossier, "R-DL-16", arena, err));

    ApplicationAccepted *accepted =
        decision_event(decision, EVENT__BODY_APPLICATION_ACCEPTED, arena);
    accepted->application = dossier->application->application;
    decision->application = accepted->application;
    return OK;
}

/* An end frees every record that it does not freeze: those of A and B stay as they are. */
static void end_records(const struct dossier *dossier, bool approved, struct arena *arena,
                        struct decision *decision)
{
    char *application = dossier->application->application;
    for (size_t i = 0; i < dossier->applicants.count; i++) {
        const struct applicant *applicant = &dossier->applicants.items[i];
        for (size_t k = 0; k < applicant->records.count; k++) {
            const FileRecordView *record = applicant->records.items[k];
            if (approved && (record->level == LEVEL__CODE__C || record->level == LEVEL__CODE__D)) {
                RecordFrozen *frozen = decision_event(decision, EVENT__BODY_RECORD_FROZEN, arena);
                frozen->record = record->record;
                frozen->person_id = record->person_id;
                frozen->application = application;
            } else {
                RecordReleased *released =
                    decision_event(decision, EVENT__BODY_RECORD_RELEASED, arena);
                released->record = record->record;
                released->person_id = record->person_id;
                released->application = application;
            }
            decision->events[decision->count - 1]->cause = dossier->next_sequence;
        }
    }
}

outcome decide_approve_application(const struct dossier *dossier, const Action *action,
                                   struct moment moment, struct arena *arena,
                                   struct decision *decision, struct error *err)
{
    (void)moment;
    const char *asked = action->approve_application->application;
    TRY(guard_authority(dossier, action, "R-DL-06", err));
    TRY(guard_known(dossier, action, asked, "R-DL-06", err));
    if (dossier->application->status != APPLICATION_STATUS__CODE__ACCEPTED) {
        FAIL(REFUSED("R-DL-06"), MESSAGE_APPLICATION_NOT_ACCEPTED, ARG_TEXT("application", asked));
    }
    TRY(guard_records(dossier, "R-DL-06", arena, err));

    ApplicationApproved *approved =
        decision_event(decision, EVENT__BODY_APPLICATION_APPROVED, arena);
    approved->application = dossier->application->application;
    end_records(dossier, true, arena, decision);
    decision->application = approved->application;
    return OK;
}

/* By the enterprise that opened it, or by a clerk; also where a person must be left alone. */
outcome decide_close_application(const struct dossier *dossier, const Action *action,
                                 struct moment moment, struct arena *arena,
                                 struct decision *decision, struct error *err)
{
    (void)moment;
    if (!str_empty(str_of(action->enterprise))) {
        TRY(guard_enterprise(dossier, action, err));
    } else {
        TRY(guard_authority(dossier, action, "R-DL-10", err));
    }
    TRY(guard_known(dossier, action, action->close_application->application, "R-DL-10", err));

    ApplicationClosed *closed = decision_event(decision, EVENT__BODY_APPLICATION_CLOSED, arena);
    closed->application = dossier->application->application;
    end_records(dossier, false, arena, decision);
    decision->application = closed->application;
    return OK;
}
