/* privacy - a clerk blocks or erases a person, with the number of the decision (R-PV-02).
 *
 * Both are permanent: the rules know no way back, and the key of an erased person is gone. The
 * person need not hold a certificate: a row of the national register is enough to be known. */
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/validity.h"

static FALLIBLE guard_known(const struct dossier *dossier, const PersonName *named,
                            struct arena *arena, struct error *err)
{
    if (str_empty(str_of(dossier->person->person_id)) && dossier->nationals.count == 0) {
        FAIL(REFUSED("D37"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "identity"));
    }
    if (dossier->person->erased) {
        FAIL(REFUSED("R-PV-02"), MESSAGE_ALREADY_ERASED);
    }
    return guard_person_called(dossier, named, arena, err);
}

/* D19's thought: who decides should know which certificates go on without a person. */
static void tell_certificates(const struct dossier *dossier, int32_t today, struct arena *arena,
                              struct decision *decision)
{
    const char **numbers = ARENA_ARRAY(arena, const char *, dossier->persons.count);
    size_t count = 0;
    for (size_t i = 0; i < dossier->persons.count; i++) {
        const CertificateView *certificate = dossier->persons.items[i];
        decision_name_certificate(decision, certificate->certificate, arena);
        if (certificate_in_force(certificate, today)) {
            numbers[count++] = certificate->certificate;
        }
    }
    if (count > 0) {
        decision_detail(decision, numbers_detail("in_force", numbers, count, arena));
    }
}

outcome decide_block_person(const struct dossier *dossier, const Action *action,
                            struct moment moment, struct arena *arena, struct decision *decision,
                            struct error *err)
{
    const BlockPerson *block = action->block_person;
    TRY(guard_authority(dossier, action, "R-PV-02", err));
    TRY(guard_known(dossier, block->person, arena, err));
    if (dossier->person->blocked) {
        FAIL(REFUSED("R-PV-02"), MESSAGE_ALREADY_BLOCKED);
    }
    PersonBlocked *blocked = decision_event(decision, EVENT__BODY_PERSON_BLOCKED, arena);
    blocked->person_id = arena_c_string(arena, str_of(block->person->person_id));
    blocked->decision = arena_c_string(arena, str_trim(str_of(block->decision)));
    tell_certificates(dossier, moment.today, arena, decision);
    return OK;
}

outcome decide_erase_person(const struct dossier *dossier, const Action *action,
                            struct moment moment, struct arena *arena, struct decision *decision,
                            struct error *err)
{
    const ErasePerson *erase = action->erase_person;
    TRY(guard_authority(dossier, action, "R-PV-02", err));
    TRY(guard_known(dossier, erase->person, arena, err));
    PersonErased *erased = decision_event(decision, EVENT__BODY_PERSON_ERASED, arena);
    erased->person_id = arena_c_string(arena, str_of(erase->person->person_id));
    erased->decision = arena_c_string(arena, str_trim(str_of(erase->decision)));
    tell_certificates(dossier, moment.today, arena, decision);
    return OK;
}
