/* enter - a certificate of another province becomes one of this city (manual 4.2; R-IN, D10). It
 * rests on the record of the national platform, whose end date, class and first issue it takes
 * over. Masked records only confirm; they never identify (R-BJ-07). */
#include "core/base/record.h"
#include "events/form.h"
#include "events/guards.h"
#include "events/holding.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/number_next.h"
#include "events/person_number.h"
#include "events/rules.h"
#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "events/terms/names.h"
#include "events/terms/number.h"

/* R-IN-08 compares the number, not the kind of the document: the platform calls most of them 其他.
 */
static bool is_persons(const struct dossier *dossier, const char *id)
{
    bool is = person_has_id(dossier->person, id);
    for (size_t i = 0; i < dossier->as_other_count && !is; i++) {
        is = str_equal_c(str_of(id), dossier->as_other[i]);
    }
    return is;
}

/* R-IN-08: the lookup compares all three of name, document number and original number. */
static bool record_agrees(const struct dossier *dossier, const NationalView *national,
                          const Enter *enter, struct arena *arena)
{
    if (national->record == NULL ||
        !str_equal(str_of(national->record->certificate), str_of(enter->original_certificate)) ||
        !person_names_equal(str_of(national->name), str_of(enter->person->name), arena)) {
        return false;
    }
    if (national->record->masked) {
        return identity_mask_agrees(str_of(national->masked_number),
                                    str_of(enter->person->id_number));
    }
    return is_persons(dossier, national->person_id);
}

/* A full record names the person; without one, a single masked record may confirm. */
static FALLIBLE find_record(const struct dossier *dossier, const Enter *enter, struct arena *arena,
                            const NationalView **ret, struct error *err)
{
    const NationalView *full = NULL;
    const NationalView *masked = NULL;
    size_t masked_count = 0;
    for (size_t i = 0; i < dossier->nationals.count; i++) {
        const NationalView *national = dossier->nationals.items[i];
        if (!record_agrees(dossier, national, enter, arena)) {
            continue;
        }
        if (national->record->masked) {
            masked = national;
            masked_count++;
        } else {
            full = national;
        }
    }
    if (full == NULL && masked == NULL) {
        FAIL(REFUSED("R-IN-10"), MESSAGE_NATIONAL_RECORD_NOT_FOUND,
             ARG_TEXT("original_certificate", enter->original_certificate));
    }
    if (full == NULL && masked_count > 1) {
        FAIL(REFUSED("D10"), MESSAGE_NATIONAL_RECORD_AMBIGUOUS,
             ARG_TEXT("original_certificate", enter->original_certificate),
             ARG_INT("records", masked_count));
    }
    *ret = full != NULL ? full : masked;
    return OK;
}

/* R-IN-17: by this record, or by a certificate that the person entered on the same number. */
static bool is_used(const struct dossier *dossier, const NationalView *national)
{
    for (size_t i = 0; i < dossier->persons.count; i++) {
        if (str_equal(str_of(dossier->persons.items[i]->original_certificate),
                      str_of(national->record->certificate))) {
            return true;
        }
    }
    return national->used_by_event != 0;
}

static str entry_states_text(const struct policies *policies, struct arena *arena)
{
    static const NationalState__Code states[] = {
        NATIONAL_STATE__CODE__VALID,     NATIONAL_STATE__CODE__SUSPENDED,
        NATIONAL_STATE__CODE__REVOKED,   NATIONAL_STATE__CODE__CANCELLED,
        NATIONAL_STATE__CODE__LAPSED,    NATIONAL_STATE__CODE__TRANSFERRED,
        NATIONAL_STATE__CODE__WITHDRAWN, NATIONAL_STATE__CODE__OTHER,
    };
    str text = STR("");
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if ((policies->entry_states & policies_state_bit(states[i])) != 0) {
            text = arena_format(arena, "%.*s%s%.*s", STR_ARGS(text), str_empty(text) ? "" : "、",
                                STR_ARGS(national_state_text(states[i])));
        }
    }
    return text;
}

/* D22, R-NAT-03: the class must be one that is issued here, and the same as in the number. A
 * contradictory record is kept as the platform gave it, but gives no certificate. */
static FALLIBLE check_category(const NationalRecord *record, struct error *err)
{
    str number = str_of(record->certificate);
    if (record->category == CATEGORY__CODE__NONE || record->category == CATEGORY__CODE__OTHER ||
        !number_class_is_known(number)) {
        FAIL(REFUSED("D22"), MESSAGE_CATEGORY_NOT_ISSUED, ARG_STR("original_certificate", number));
    }
    if (!number_shows_category(number, record->category)) {
        FAIL(REFUSED("D22"), MESSAGE_CATEGORY_DIFFERS_FROM_NUMBER,
             ARG_STR("original_certificate", number),
             ARG_STR("category", category_text(record->category)));
    }
    return OK;
}

/* R-IN-11, D10: expiry, state, used before. */
static FALLIBLE check_record(const struct dossier *dossier, const NationalView *national,
                             int32_t today, struct arena *arena, struct error *err)
{
    const NationalRecord *record = national->record;
    if (today > day_of(record->valid_until)) { /* R-IN-18: the end date itself is still valid */
        FAIL(REFUSED("R-IN-09"), MESSAGE_NATIONAL_RECORD_EXPIRED,
             ARG_DATE("valid_until", record->valid_until->days),
             ARG_TEXT("original_certificate", record->certificate));
    }
    if ((dossier->policies.entry_states & policies_state_bit(record->state)) == 0) {
        FAIL(REFUSED("R-IN-02"), MESSAGE_NATIONAL_RECORD_STATE,
             ARG_TEXT("original_certificate", record->certificate),
             ARG_STR("state", national_state_text(record->state)),
             ARG_STR("accepted_states", entry_states_text(&dossier->policies, arena)));
    }
    if (is_used(dossier, national)) {
        FAIL(REFUSED("R-IN-17"), MESSAGE_NATIONAL_RECORD_USED,
             ARG_TEXT("original_certificate", record->certificate));
    }
    return check_category(record, err);
}

/* R-IN-13, D8, D10: there, a PDF by content, at most 5 MB. */
static FALLIBLE check_proof(const Enter *enter, struct error *err)
{
    const Attachment *proof = enter->attachment;
    if (str_empty(str_of(enter->proof)) || proof == NULL || !proof->found) {
        FAIL(REFUSED("R-IN-13"), MESSAGE_PROOF_MISSING);
    }
    if (!proof->is_pdf || proof->size == 0) {
        FAIL(REFUSED("R-IN-13"), MESSAGE_PROOF_NOT_PDF);
    }
    if (proof->size > LIMIT_PROOF_BYTES) {
        FAIL(REFUSED("R-IN-13"), MESSAGE_PROOF_TOO_LARGE, ARG_INT("bytes", proof->size),
             ARG_INT("limit", LIMIT_PROOF_BYTES));
    }
    if (form_digest_differs(enter->proof_sha256, proof->sha256)) {
        FAIL(REFUSED("R-IN-13"), MESSAGE_PROOF_DIFFERS);
    }
    return OK;
}

/* R-IN-19: the record the decision rests on. */
static void fill_record(CertificateEntered *entered, const NationalView *national,
                        struct arena *arena)
{
    const NationalRecord *record = national->record;
    const Date *first = record->first_issued != NULL ? record->first_issued : record->issued;
    entered->first_issued = date_new(day_of(first), arena);
    entered->valid_until = date_new(day_of(record->valid_until), arena); /* R-IN-15 */
    entered->original_certificate = arena_c_string(arena, str_of(record->certificate));
    entered->national_event = national->event;
    entered->national_state = record->state;
    entered->national_valid_until = date_new(day_of(record->valid_until), arena);
    entered->national_person_id = arena_c_string(arena, str_of(national->person_id));
}

static CertificateEntered *add_entered(const struct dossier *dossier, const Action *action,
                                       const char *number, Category__Code category,
                                       struct arena *arena, struct decision *decision)
{
    const Enter *enter = action->enter;
    str post = post_prescribed(category, false);
    CertificateEntered *entered = decision_event(decision, EVENT__BODY_CERTIFICATE_ENTERED, arena);
    entered->certificate = arena_c_string(arena, str_of(number));
    entered->category = category;
    entered->post = arena_c_string(arena, str_empty(post) ? STR("99") : post); /* D23 */
    entered->person_id = arena_c_string(arena, str_of(enter->person->person_id));
    entered->enterprise = arena_c_string(arena, str_of(action->enterprise));
    entered->enterprise_name = arena_c_string(arena, str_of(dossier->enterprise->name));
    entered->identity_event = identity_collected(dossier->person)->event;
    entered->declaration_sha256 = record_binary(declaration_sha256(), arena);
    bytes proof = {enter->attachment->sha256.data, enter->attachment->sha256.len};
    bytes blob = {enter->attachment->blob.data, enter->attachment->blob.len};
    entered->proof_sha256 = record_binary(proof, arena);
    entered->proof_blob = record_binary(blob, arena);
    return entered;
}

/* The own rules, in the order of D10. */
static FALLIBLE check_entry(const struct dossier *dossier, const Action *action, int32_t today,
                            struct arena *arena, const NationalView **ret, struct error *err)
{
    const Enter *enter = action->enter;
    const NationalView *national = NULL;
    if (str_starts_with(str_trim(str_of(enter->original_certificate)), STR("沪"))) {
        FAIL(REFUSED("R-IN-01"), MESSAGE_NOT_OTHER_PROVINCE,
             ARG_TEXT("original_certificate", enter->original_certificate));
    }
    TRY(find_record(dossier, enter, arena, &national, err));
    BUG_UNLESS(national != NULL);
    TRY(check_record(dossier, national, today, arena, err));
    if (!enter->declaration_accepted) {
        FAIL(REFUSED("R-IN-04"), MESSAGE_DECLARATION_NOT_ACCEPTED);
    }
    TRY(check_proof(enter, err));
    *ret = national;
    return OK;
}

outcome decide_enter(const struct dossier *dossier, const Action *action, struct moment moment,
                     struct arena *arena, struct decision *decision, struct error *err)
{
    const Enter *enter = action->enter;
    const NationalView *national = NULL;
    const char *number = NULL;

    TRY(guard_confirmed(enter->confirmed, "R-IN-14", err));
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_person_collected(dossier, enter->person, arena, err));
    TRY(check_entry(dossier, action, moment.today, arena, &national, err));
    BUG_UNLESS(national != NULL);
    Category__Code category = national->record->category == CATEGORY__CODE__C
                                  ? CATEGORY__CODE__C3 /* R-IN-16 */
                                  : national->record->category;
    struct holding holding = {.dossier = dossier,
                              .enterprise = action->enterprise,
                              .today = moment.today,
                              .category = category,
                              .entered = national};
    TRY(holding_check(&holding, err));
    TRY(number_next(dossier, category, moment.today, arena, &number, err));

    CertificateEntered *entered = add_entered(dossier, action, number, category, arena, decision);
    entered->issued = date_new(moment.today, arena);
    fill_record(entered, national, arena);
    decision_name_certificate(decision, number, arena);
    decision_detail(decision, ARG_TEXT("original_certificate", entered->original_certificate));
    decision_detail(decision, ARG_DATE("valid_until", day_of(entered->valid_until)));
    if (national->recorded_on != NULL) { /* R-IN-19: how old the import is */
        decision_detail(decision, ARG_DATE("national_recorded_on", national->recorded_on->days));
    }
    decision_detail(decision, pointer_to_download());
    return OK;
}
