/* phone - dynamic passwords and the one phone of a person (R-PF-08..14).
 *
 * A code belongs to one person and one phone. It may be used any number of times within its 24
 * hours, until a newer code replaces it or too many wrong codes were tried. Name and number that
 * the person typed are compared with the card character by character, without normalising. */
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/actors.h"
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/identity.h"
#include "events/terms/phone.h"

enum {
    CODE_FAILURES_MAX = 5, /* wrong tries of one code */
    CODES_A_DAY_MAX =
        10, /* for one phone, so that nobody is flooded and no limit is walked round */
};

#define DAY_US (INT64_C(24) * 60 * 60 * 1000000)

/* --- what the guards share ---------------------------------------------------------------------
 */

/* R-PF-08: first the counter, then the phone. */
static FALLIBLE guard_read(const struct dossier *dossier, const PersonName *named,
                           struct arena *arena, struct error *err)
{
    TRY(guard_not_blocked(dossier, err));
    if (identity_collected(dossier->person) == NULL) {
        FAIL(REFUSED("R-PF-08"), MESSAGE_CARD_NOT_READ);
    }
    return guard_person_name(dossier, named, arena, err);
}

/* The card itself, or for documents without a chip the clerk's own entry (R-GEN-04). */
static bool was_read(const IdentityVersion *identity)
{
    return identity->method == COLLECTION__CODE__CARD ||
           (identity->method == COLLECTION__CODE__MANUAL && !id_type_is_card(identity->id_type));
}

/* R-PF-13: now, so the last collection. */
static FALLIBLE guard_card_read(const struct dossier *dossier, struct error *err)
{
    if (!was_read(identity_collected(dossier->person))) {
        FAIL(REFUSED("R-PF-13"), MESSAGE_CARD_NOT_READ);
    }
    return OK;
}

/* R-PF-08: at any time before. */
static FALLIBLE guard_card_ever_read(const PersonView *person, struct error *err)
{
    for (size_t i = 0; i < person->n_identities; i++) {
        if (was_read(person->identities[i])) {
            return OK;
        }
    }
    FAIL(REFUSED("R-PF-08"), MESSAGE_CARD_NOT_READ);
}

/* Nobody else's, checked behind the code: who cannot prove the number learns nothing of it. */
static FALLIBLE guard_free(const struct dossier *dossier, struct error *err)
{
    if (dossier->phone_person_id[0] != 0 && !dossier->is_trial) {
        FAIL(REFUSED("R-PF-12"), MESSAGE_PHONE_TAKEN);
    }
    return OK;
}

/* In time that does not depend on where they differ. */
static bool is_same_hash(ProtobufCBinaryData a, ProtobufCBinaryData b)
{
    unsigned difference = a.len != b.len || a.len == 0;
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        difference |= (unsigned)(a.data[i] ^ b.data[i]);
    }
    return difference == 0;
}

/* R-PF-11. A wrong one is counted although the wish is refused. A dry run cannot count, so it does
 * not compare either: it would tell which code is right for nothing. */
static FALLIBLE guard_code(const struct dossier *dossier, ProtobufCBinaryData code_hash,
                           const char *rule, struct moment moment, struct arena *arena,
                           struct decision *decision, struct error *err)
{
    const CodeView *code = dossier->code;
    if (code->event == 0 || strcmp(code->person_id, dossier->person->person_id) != 0) {
        FAIL(REFUSED(rule), MESSAGE_CODE_WRONG, ARG_INT("attempts_left", 0));
    }
    if (moment.now_us >= code->expires_at_us) {
        FAIL(REFUSED(rule), MESSAGE_CODE_EXPIRED);
    }
    if (code->failures >= CODE_FAILURES_MAX) {
        FAIL(REFUSED(rule), MESSAGE_TOO_MANY_ATTEMPTS, ARG_INT("attempts", CODE_FAILURES_MAX));
    }
    if (dossier->is_trial) {
        decision_detail(decision, ARG_TEXT("code", "not_tried"));
        return OK;
    }
    if (!is_same_hash(code_hash, code->code_hash)) {
        CodeFailed *failed = decision_event(decision, EVENT__BODY_CODE_FAILED, arena);
        failed->phone_id = code->phone_id;
        failed->person_id = code->person_id;
        decision->stands_refused = true;
        FAIL(REFUSED(rule), MESSAGE_CODE_WRONG,
             ARG_INT("attempts_left", CODE_FAILURES_MAX - 1 - (int)code->failures));
    }
    return OK;
}

static Personal *personal_of(char *phone, struct arena *arena)
{
    Personal *personal = RECORD_NEW(arena, Personal, personal);
    personal->phone = phone;
    return personal;
}

/* --- request_code ------------------------------------------------------------------------------
 */

static FALLIBLE guard_flood(const CodeView *code, struct moment moment, struct error *err)
{
    bool same_day = code->event != 0 && moment.now_us < code->requests_since_us + DAY_US;
    if (same_day && code->requests >= CODES_A_DAY_MAX) {
        FAIL(REFUSED("R-PF-11"), MESSAGE_TOO_MANY_CODES, ARG_INT("codes", CODES_A_DAY_MAX));
    }
    return OK;
}

outcome decide_request_code(const struct dossier *dossier, const Action *action,
                            struct moment moment, struct arena *arena, struct decision *decision,
                            struct error *err)
{
    const RequestCode *request = action->request_code;
    char until[INSTANT_SIZE];
    if (!action_is_persons(action)) {
        TRY(guard_authority(dossier, action, "R-PF-13", err));
    }
    TRY(guard_read(dossier, request->person, arena, err));
    TRY(guard_flood(dossier->code, moment, err));
    CodeRequested *requested = decision_event(decision, EVENT__BODY_CODE_REQUESTED, arena);
    requested->phone_id = request->phone_id;
    requested->code_hash = request->code_hash;
    requested->expires_at_us = moment.now_us + DAY_US;
    requested->person_id = dossier->person->person_id;
    instant_format(requested->expires_at_us, until);
    decision_detail(decision, ARG_STR("phone", phone_mask(str_of(request->phone), arena)));
    decision_detail(decision, ARG_TEXT("valid_until", until));
    return OK;
}

/* --- register_phone ----------------------------------------------------------------------------
 */

static FALLIBLE mismatch(const char *field, struct error *err)
{
    FAIL(REFUSED("R-PF-10"), MESSAGE_CARD_MISMATCH, ARG_TEXT("field", field));
}

/* No view holds the number itself. Its keyed hash must equal that of the current number, and it
 * must be as long as the mask (15 digits are not 18). Lengths are in characters: a Chinese
 * character is masked by one byte. */
static bool is_number(const PersonView *person, const RegisterPhone *wish)
{
    const char *now =
        person->n_numbers > 0 ? person->numbers[person->n_numbers - 1]->id : person->person_id;
    return wish->number_id[0] != 0 && strcmp(wish->number_id, now) == 0 &&
           str_length(str_of(wish->id_number)) == str_length(str_of(person->masked_number));
}

/* A day may be written in each way that days are, in half width. */
static bool is_day(const Date *date, const char *text)
{
    int32_t days = 0;
    static const char full_width[] = "\xef\xbc"; /* the first bytes of ０ to ９ */
    return date != NULL && strstr(text, full_width) == NULL &&
           str_equal(str_trim(str_of(text)), str_of(text)) && date_parse(str_of(text), &days) &&
           days == date->days;
}

static bool is_end(const IdentityVersion *identity, const char *text)
{
    return identity->valid_forever ? strcmp(text, "长期") == 0 : is_day(identity->valid_to, text);
}

/* R-PF-10: name and number first; then address, issuer and validity. */
static FALLIBLE guard_card(const PersonView *person, const RegisterPhone *wish, struct error *err)
{
    const IdentityVersion *identity = identity_collected(person);
    if (strcmp(wish->name, identity->name) != 0) {
        return mismatch("name", err);
    }
    if (!is_number(person, wish)) {
        return mismatch("id_number", err);
    }
    if (strcmp(wish->address, identity->address) != 0) {
        return mismatch("address", err);
    }
    if (strcmp(wish->issuer, identity->issuer) != 0) {
        return mismatch("issuer", err);
    }
    if (!is_day(identity->valid_from, wish->valid_from)) {
        return mismatch("valid_from", err);
    }
    return is_end(identity, wish->valid_to) ? OK : mismatch("valid_to", err);
}

outcome decide_register_phone(const struct dossier *dossier, const Action *action,
                              struct moment moment, struct arena *arena, struct decision *decision,
                              struct error *err)
{
    const RegisterPhone *wish = action->register_phone;
    TRY(guard_read(dossier, wish->person, arena, err));
    TRY(guard_card_ever_read(dossier->person, err));
    if (dossier->person->phone_id[0] != 0) {
        FAIL(REFUSED("R-PF-09"), MESSAGE_PHONE_BOUND,
             ARG_TEXT("phone", dossier->person->masked_phone));
    }
    TRY(guard_card(dossier->person, wish, err));
    TRY(guard_code(dossier, wish->code_hash, "R-PF-11", moment, arena, decision, err));
    TRY(guard_free(dossier, err));
    PhoneRegistered *registered = decision_event(decision, EVENT__BODY_PHONE_REGISTERED, arena);
    registered->person_id = dossier->person->person_id;
    registered->personal = personal_of(wish->phone, arena);
    registered->phone_id = wish->phone_id;
    decision_detail(decision, ARG_STR("phone", phone_mask(str_of(wish->phone), arena)));
    return OK;
}

/* --- change_phone ------------------------------------------------------------------------------
 */

outcome decide_change_phone(const struct dossier *dossier, const Action *action,
                            struct moment moment, struct arena *arena, struct decision *decision,
                            struct error *err)
{
    const ChangePhone *wish = action->change_phone;
    const PersonView *person = dossier->person;
    TRY(guard_authority(dossier, action, "R-PF-13", err));
    TRY(guard_read(dossier, wish->person, arena, err));
    TRY(guard_card_read(dossier, err));
    if (person->phone_id[0] == 0) {
        FAIL(REFUSED("R-PF-13"), MESSAGE_PHONE_NOT_BOUND);
    }
    if (strcmp(person->phone_id, wish->phone_id) == 0) {
        FAIL(REFUSED("R-PF-13"), MESSAGE_PHONE_NOT_CHANGED);
    }
    TRY(guard_code(dossier, wish->code_hash, "R-PF-14", moment, arena, decision, err));
    TRY(guard_free(dossier, err));
    PhoneChanged *changed = decision_event(decision, EVENT__BODY_PHONE_CHANGED, arena);
    changed->person_id = person->person_id;
    changed->personal = personal_of(wish->phone, arena);
    changed->phone_id = wish->phone_id;
    changed->former_phone_id = person->phone_id;
    decision_detail(decision, ARG_STR("phone", phone_mask(str_of(wish->phone), arena)));
    decision_detail(decision, ARG_TEXT("former_phone", person->masked_phone));
    return OK;
}
