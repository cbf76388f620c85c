/* verification - a clerk compares a personnel-file record with its original: the record rises from
 * level D to C, the verification is refused, or it is cancelled and the record falls back to D
 * (R-DL-02..24). RULES 2.4 has no other transitions: nothing leaves A or B. */
#include "core/base/record.h"
#include "events/file_guards.h"
#include "events/guards.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/originals.h"
#include "events/rules.h"

/* The guards that all three rules begin with: clerk, record, person. */
static FALLIBLE guard_counter(const struct dossier *dossier, const Action *action,
                              const char *record, const char *rule, struct error *err)
{
    TRY(guard_authority(dossier, action, rule, err));
    TRY(file_guard_found(dossier->file_record, record, err));
    return guard_not_blocked(dossier, err);
}

/* R-DL-04, R-DL-13: nothing leaves A or B. */
static FALLIBLE guard_not_above(const FileRecordView *record, struct error *err)
{
    if (record->level == LEVEL__CODE__A) {
        FAIL(REFUSED("R-DL-04"), MESSAGE_RECORD_EXTERNAL, ARG_TEXT("record", record->record));
    }
    if (record->level == LEVEL__CODE__B) {
        FAIL(REFUSED("R-DL-13"), MESSAGE_RECORD_FROZEN, ARG_TEXT("record", record->record));
    }
    return OK;
}

/* `change` is "verify" or "refuse". */
static FALLIBLE guard_unverified(const FileRecordView *record, const char *change,
                                 struct error *err)
{
    TRY(guard_not_above(record, err));
    if (record->level == LEVEL__CODE__C) {
        FAIL(REFUSED("R-DL-12"), MESSAGE_RECORD_VERIFIED, ARG_TEXT("change", change),
             ARG_TEXT("record", record->record));
    }
    return OK;
}

/* At least one scan must show the original, or the letter that stands for a lost diploma (R-DL-21).
 * The review form of a title does not count: it only accompanies the title's own scan (R-DL-23). */
static FALLIBLE guard_scan(const FileRecordView *record, struct error *err)
{
    for (size_t i = 0; i < record->n_scans; i++) {
        if (record->scans[i]->role != SCAN_ROLE__CODE__REVIEW) {
            return OK;
        }
    }
    FAIL(REFUSED("R-DL-05"), MESSAGE_SCAN_NOT_ATTACHED, ARG_TEXT("record", record->record));
}

/* R-DL-18: the qualification of the enterprise decides which department may verify its batch. A
 * single record that a person brings may be verified anywhere. */
static FALLIBLE guard_competent(const struct dossier *dossier, const char *batch_of,
                                struct error *err)
{
    const char *wanted = "";
    if (str_empty(str_of(batch_of))) {
        return OK;
    }
    if (str_empty(str_of(dossier->enterprise->code))) {
        FAIL(REFUSED("R-DL-18"), MESSAGE_ENTERPRISE_UNKNOWN, ARG_TEXT("enterprise", batch_of));
    }
    str level = str_trim(str_of(dossier->clerk->level));
    if (!original_competent(level, str_of(dossier->enterprise->qualification), &wanted)) {
        FAIL(REFUSED("R-DL-18"), MESSAGE_DEPARTMENT_NOT_COMPETENT, ARG_TEXT("enterprise", batch_of),
             ARG_STR("level", level), ARG_TEXT("wanted", wanted));
    }
    return OK;
}

/* R-DL-20: without an appointment a visit has room for a limited number of records. A record that
 * was refused before in the same visit counts once. */
static FALLIBLE guard_appointment(const struct dossier *dossier, const VerifyRecord *verify,
                                  struct error *err)
{
    size_t count = dossier->visit->n_records + 1;
    for (size_t i = 0; i < dossier->visit->n_records; i++) {
        if (str_equal_c(str_of(dossier->visit->records[i]), dossier->file_record->record)) {
            count = dossier->visit->n_records; /* counted already */
        }
    }
    if (count > LIMIT_VISIT_RECORDS && str_empty(str_trim(str_of(verify->appointment)))) {
        FAIL(REFUSED("R-DL-20"), MESSAGE_APPOINTMENT_REQUIRED, ARG_TEXT("visit", verify->visit),
             ARG_INT("limit", LIMIT_VISIT_RECORDS));
    }
    return OK;
}

static char *trimmed(const char *text, struct arena *arena)
{
    return arena_c_string(arena, str_trim(str_of(text)));
}

outcome decide_verify_record(const struct dossier *dossier, const Action *action,
                             struct moment moment, struct arena *arena, struct decision *decision,
                             struct error *err)
{
    const VerifyRecord *verify = action->verify_record;
    const FileRecordView *record = dossier->file_record;
    char **compared = NULL;
    size_t compared_count = 0;
    TRY(guard_counter(dossier, action, verify->record, "R-DL-05", err));
    TRY(guard_unverified(record, "verify", err));
    TRY(guard_appointment(dossier, verify, err));
    TRY(original_guard(record, moment.today, err));
    TRY(guard_competent(dossier, verify->batch_of, err));
    TRY(guard_scan(record, err));
    TRY(original_compare(record, verify->compared, verify->n_compared, arena, &compared,
                         &compared_count, err));

    RecordVerified *verified = decision_event(decision, EVENT__BODY_RECORD_VERIFIED, arena);
    verified->record = record->record;
    verified->person_id = record->person_id;
    verified->compared = compared;
    verified->n_compared = compared_count;
    verified->department = dossier->clerk->department;
    verified->visit = trimmed(verify->visit, arena);
    verified->presenter = trimmed(verify->presenter, arena);
    verified->appointment = trimmed(verify->appointment, arena);
    verified->enterprise = trimmed(verify->batch_of, arena);
    decision->record = verified->record;
    decision_detail(decision, ARG_TEXT("level", "C"));
    return OK;
}

/* The reason by its schema name or in the guide's words. */
static RefusalReason__Code reason_of(const char *text)
{
    static const char *const words[] = {
        [REFUSAL_REASON__CODE__SCAN_UNCLEAR] = "扫描件模糊不清",
        [REFUSAL_REASON__CODE__SCAN_NOT_OF_ORIGINAL] = "扫描的对象不是证书原件",
        [REFUSAL_REASON__CODE__ENTRY_DIFFERS] = "个人录入的证书信息与证书原件不一致",
        [REFUSAL_REASON__CODE__ENTRY_INCOMPLETE] = "个人录入的证书信息残缺不全",
        [REFUSAL_REASON__CODE__SCAN_DIFFERS] = "扫描件与证书原件不一致",
    };
    str wanted = str_trim(str_of(text));
    int value = record_enum_value(&refusal_reason__code__descriptor, wanted);
    for (int i = 1; value <= 0 && i < (int)(sizeof words / sizeof words[0]); i++) {
        value = str_equal_c(wanted, words[i]) ? i : value;
    }
    return value > 0 ? (RefusalReason__Code)value : REFUSAL_REASON__CODE__NONE;
}

outcome decide_refuse_record(const struct dossier *dossier, const Action *action,
                             struct moment moment, struct arena *arena, struct decision *decision,
                             struct error *err)
{
    const RefuseRecord *refuse = action->refuse_record;
    const FileRecordView *record = dossier->file_record;
    RefusalReason__Code reason = reason_of(refuse->reason);
    TRY(guard_counter(dossier, action, refuse->record, "R-DL-19", err));
    TRY(guard_unverified(record, "refuse", err));
    if (reason == REFUSAL_REASON__CODE__NONE) {
        FAIL(REFUSED("R-DL-19"), MESSAGE_BAD_REFUSAL_REASON, ARG_TEXT("reason", refuse->reason));
    }
    TRY(original_guard(record, moment.today, err));

    VerificationRefused *refused =
        decision_event(decision, EVENT__BODY_VERIFICATION_REFUSED, arena);
    refused->record = record->record;
    refused->person_id = record->person_id;
    refused->reason = reason;
    refused->visit = trimmed(refuse->visit, arena);
    refused->department = dossier->clerk->department;
    decision->record = refused->record;
    decision_detail(decision, ARG_TEXT("level", "D"));
    return OK;
}

/* Which open applications hold a record, for the message. */
static str applications_of(const FileRecordView *record, struct arena *arena)
{
    str text = STR("");
    for (size_t i = 0; i < record->n_open_applications; i++) {
        text = arena_format(arena, "%.*s%s%s", STR_ARGS(text), i > 0 ? ", " : "",
                            record->open_applications[i]);
    }
    return text;
}

outcome decide_cancel_verification(const struct dossier *dossier, const Action *action,
                                   struct moment moment, struct arena *arena,
                                   struct decision *decision, struct error *err)
{
    (void)moment;
    const CancelVerification *cancel = action->cancel_verification;
    const FileRecordView *record = dossier->file_record;
    TRY(guard_counter(dossier, action, cancel->record, "R-DL-09", err));
    TRY(guard_not_above(record, err));
    if (record->level != LEVEL__CODE__C) {
        FAIL(REFUSED("R-DL-09"), MESSAGE_RECORD_NOT_VERIFIED, ARG_TEXT("record", record->record));
    }
    if (record->n_open_applications > 0) {
        FAIL(REFUSED("R-DL-10"), MESSAGE_RECORD_IN_USE, ARG_TEXT("record", record->record),
             ARG_STR("applications", applications_of(record, arena)));
    }
    if (!str_equal(str_of(record->verified_by), str_of(dossier->clerk->department))) {
        FAIL(REFUSED("R-DL-09"), MESSAGE_OTHER_DEPARTMENT, ARG_TEXT("record", record->record),
             ARG_TEXT("department", record->verified_by));
    }

    VerificationCancelled *cancelled =
        decision_event(decision, EVENT__BODY_VERIFICATION_CANCELLED, arena);
    cancelled->record = record->record;
    cancelled->person_id = record->person_id;
    decision->record = cancelled->record;
    decision_detail(decision, ARG_TEXT("level", "D"));
    return OK;
}
