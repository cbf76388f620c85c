/* guards - see guards.h. */
#include "events/guards.h"

#include "core/base/record.h"
#include "events/holder.h"
#include "events/messages.h"
#include "events/terms/names.h"
#include "events/terms/validity.h"

int32_t day_of(const Date *date)
{
    BUG_UNLESS(date != NULL);
    return date->days;
}

Date *date_new(int32_t days, struct arena *arena)
{
    Date *date = RECORD_NEW(arena, Date, date);
    date->days = days;
    return date;
}

FALLIBLE guard_confirmed(bool confirmed, const char *rule, struct error *err)
{
    if (!confirmed) {
        FAIL(REFUSED(rule), MESSAGE_NOT_CONFIRMED);
    }
    return OK;
}

FALLIBLE guard_enterprise(const struct dossier *dossier, const Action *action, struct error *err)
{
    str state = str_trim(str_of(dossier->enterprise->state));
    if (str_empty(str_of(dossier->enterprise->code))) {
        FAIL(REFUSED("D20"), MESSAGE_ENTERPRISE_UNKNOWN,
             ARG_TEXT("enterprise", action->enterprise));
    }
    if (!str_empty(state) && !str_equal(state, STR("正常"))) {
        FAIL(REFUSED("D20"), MESSAGE_ENTERPRISE_NOT_ACTIVE,
             ARG_TEXT("enterprise", action->enterprise), ARG_STR("state", state));
    }
    return OK;
}

/* The register of clerks says so in words of its own; only these mean that somebody works. */
static bool is_on_duty(str state)
{
    return str_empty(state) || str_equal(state, STR("正常")) || str_equal(state, STR("在岗")) ||
           str_equal(state, STR("在职")) || str_equal(state, STR("有效")) ||
           str_equal(state, STR("启用"));
}

FALLIBLE guard_authority(const struct dossier *dossier, const Action *action, const char *rule,
                         struct error *err)
{
    if (str_empty(str_of(action->clerk))) {
        FAIL(REFUSED(rule), MESSAGE_CLERK_REQUIRED);
    }
    if (str_empty(str_of(dossier->clerk->clerk)) ||
        !is_on_duty(str_trim(str_of(dossier->clerk->state)))) {
        FAIL(REFUSED(rule), MESSAGE_CLERK_UNKNOWN, ARG_TEXT("clerk", action->clerk));
    }
    return OK;
}

const IdentityVersion *identity_collected(const PersonView *person)
{
    return person->n_identities == 0 ? NULL : person->identities[person->n_identities - 1];
}

str person_current_name(const PersonView *person)
{
    const IdentityVersion *identity = identity_collected(person);
    return identity != NULL && !str_empty(str_of(identity->name)) ? str_of(identity->name)
                                                                  : str_of(person->name);
}

FALLIBLE guard_not_blocked(const struct dossier *dossier, struct error *err)
{
    if (dossier->person->blocked) { /* so is who was erased */
        FAIL(REFUSED("R-PV-02"), MESSAGE_PERSON_BLOCKED);
    }
    return OK;
}

/* R-GEN-03: is there an identity to print from? */
static FALLIBLE guard_collected(const struct dossier *dossier, struct error *err)
{
    const IdentityVersion *identity = identity_collected(dossier->person);
    if (identity == NULL) {
        FAIL(REFUSED("R-GEN-03"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "identity"));
    }
    bool photo = identity->photo_sha256.len > 0 || identity->photo_blob.len > 0;
    if (dossier->policies.identity_photo_required && !photo) {
        FAIL(REFUSED("R-GEN-03"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "photo"));
    }
    if (dossier->policies.identity_require_certificate && !identity->digital_certificate) {
        FAIL(REFUSED("R-GEN-03"), MESSAGE_IDENTITY_NOT_COLLECTED,
             ARG_TEXT("missing", "digital_certificate"));
    }
    return OK;
}

FALLIBLE guard_person_collected(const struct dossier *dossier, const PersonName *named,
                                struct arena *arena, struct error *err)
{
    TRY(guard_not_blocked(dossier, err));
    TRY(guard_collected(dossier, err));
    return guard_person_called(dossier, named, arena, err);
}

FALLIBLE guard_person_name(const struct dossier *dossier, const PersonName *named,
                           struct arena *arena, struct error *err)
{
    TRY(guard_not_blocked(dossier, err));
    return guard_person_called(dossier, named, arena, err);
}

FALLIBLE guard_person_called(const struct dossier *dossier, const PersonName *named,
                             struct arena *arena, struct error *err)
{
    str known = person_current_name(dossier->person);
    if (!str_empty(known) && !person_names_equal(known, str_of(named->name), arena)) {
        FAIL(REFUSED("R-LK-02"), MESSAGE_IDENTITY_MISMATCH);
    }
    return OK;
}

FALLIBLE guard_found(const CertificateView *certificate, const char *asked, struct error *err)
{
    if (certificate->status == STATUS__CODE__NONE) {
        FAIL(REFUSED("R-GEN-02"), MESSAGE_CERTIFICATE_NOT_FOUND, ARG_TEXT("certificate", asked));
    }
    return OK;
}

FALLIBLE guard_own(const CertificateView *certificate, const Action *action, struct error *err)
{
    if (!str_equal(str_of(certificate->enterprise), str_of(action->enterprise))) {
        FAIL(REFUSED("R-GEN-02"), MESSAGE_NOT_OWN_CERTIFICATE,
             ARG_TEXT("certificate", certificate->certificate));
    }
    return OK;
}

FALLIBLE guard_holder_name(const struct dossier *dossier, const char *name, struct arena *arena,
                           struct error *err)
{
    TRY(guard_not_blocked(dossier, err));
    str printed = holder_printed_name(dossier->person, dossier->certificate);
    if (!str_empty(str_of(name)) &&
        !person_names_equal(person_current_name(dossier->person), str_of(name), arena) &&
        (str_empty(printed) || !person_names_equal(printed, str_of(name), arena))) {
        FAIL(REFUSED("R-LK-02"), MESSAGE_IDENTITY_MISMATCH);
    }
    return OK;
}

FALLIBLE guard_holder_collected(const struct dossier *dossier, const CertificateView *certificate,
                                struct arena *arena, struct error *err)
{
    TRY(guard_collected(dossier, err));
    if (!holder_name_agrees(dossier->person, certificate, arena)) {
        FAIL(REFUSED("R-LK-02"), MESSAGE_IDENTITY_MISMATCH,
             ARG_TEXT("certificate", certificate->certificate));
    }
    return OK;
}

FALLIBLE guard_in_force(const CertificateView *certificate, struct error *err)
{
    if (certificate->status == STATUS__CODE__RELEASED || status_is_ended(certificate->status)) {
        FAIL(REFUSED("D28"), MESSAGE_CERTIFICATE_NOT_IN_FORCE,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_STR("status", status_text(certificate->status)));
    }
    return OK;
}

FALLIBLE guard_not_ended(const CertificateView *certificate, struct error *err)
{
    if (status_is_ended(certificate->status)) {
        FAIL(REFUSED("R-AF-09"), MESSAGE_CERTIFICATE_NOT_IN_FORCE,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_STR("status", status_text(certificate->status)));
    }
    return OK;
}

FALLIBLE guard_already_ended(const CertificateView *certificate, const char *rule,
                             struct error *err)
{
    if (certificate->status == STATUS__CODE__RELEASED || status_is_ended(certificate->status)) {
        FAIL(REFUSED(rule), MESSAGE_ALREADY_ENDED,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_STR("status", status_text(certificate->status)));
    }
    return OK;
}

FALLIBLE guard_can_end(const CertificateView *certificate, const char *rule, struct error *err)
{
    return certificate->status == STATUS__CODE__RELEASED
               ? OK
               : guard_already_ended(certificate, rule, err);
}

FALLIBLE guard_electronic(const CertificateView *certificate, struct error *err)
{
    if (certificate->medium == MEDIUM__CODE__PAPER) {
        FAIL(REFUSED("D31"), MESSAGE_NOT_ELECTRONIC,
             ARG_TEXT("certificate", certificate->certificate));
    }
    return OK;
}

FALLIBLE guard_unexpired(const CertificateView *certificate, int32_t today, const char *rule,
                         struct error *err)
{
    if (certificate_is_expired(certificate, today)) {
        FAIL(REFUSED(rule), MESSAGE_CERTIFICATE_EXPIRED,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_DATE("valid_until", day_of(certificate->valid_until)));
    }
    return OK;
}

FALLIBLE guard_not_suspended(const CertificateView *certificate, int32_t today, struct error *err)
{
    if (certificate->status == STATUS__CODE__SUSPENDED &&
        !certificate_is_expired(certificate, today)) {
        FAIL(REFUSED("D29"), MESSAGE_CERTIFICATE_SUSPENDED,
             ARG_TEXT("certificate", certificate->certificate));
    }
    return OK;
}

FALLIBLE guard_not_legal(const CertificateView *certificate, const char *rule, struct error *err)
{
    if (certificate->legal_representative) {
        FAIL(REFUSED(rule), MESSAGE_LEGAL_REPRESENTATIVE_CERTIFICATE,
             ARG_TEXT("certificate", certificate->certificate));
    }
    return OK;
}
