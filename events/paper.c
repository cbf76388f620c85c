/* paper - a legacy paper certificate enters the registry (CONTRACT 3). This register only adds: a
 * row with a known number is `unchanged` when its cells equal those first imported, and is rejected
 * otherwise. */
#include "core/base/record.h"
#include "events/guards.h"
#include "events/holder.h"
#include "events/messages.h"
#include "events/registers.h"
#include "events/rules.h"
#include "events/terms/names.h"

/* Equal cells in whatever spelling of the number: 沪建安B（2018）… is 沪建安B(2018)…. */
static bool is_same_paper(const PaperRegistered *known, const PaperRegistered *row,
                          struct arena *arena)
{
    PaperRegistered a = *known;
    PaperRegistered b = *row;
    a.spelled = b.spelled;
    return record_equal(&a.base, &b.base, arena);
}

outcome decide_register_paper(const struct dossier *dossier, const Action *action,
                              struct moment moment, struct arena *arena, struct decision *decision,
                              struct error *err)
{
    const PaperRegistered *row = action->register_paper->row;
    const Personal *person = action->register_paper->person;
    const CertificateView *known = dossier->certificate;
    (void)moment;
    if (known->status != STATUS__CODE__NONE) {
        bool same =
            known->paper != NULL && is_same_paper(known->paper, row, arena) &&
            (person == NULL || holder_is_known_as(dossier->person, str_of(person->name), arena));
        if (!same) {
            FAIL(INVALID, MESSAGE_CERTIFICATE_EXISTS, ARG_TEXT("certificate", row->certificate));
        }
        return OK;
    }
    person_make_known(dossier, row->person_id, person, arena, decision);
    if (person != NULL && !str_empty(str_of(dossier->person->person_id)) &&
        !person_names_equal(person_current_name(dossier->person), str_of(person->name), arena)) {
        /* The name would be lost: the certificate's own event has none (events/holder.c). */
        person_record(row->person_id, person, arena, decision);
    }
    PaperRegistered *registered = decision_event(decision, EVENT__BODY_PAPER_REGISTERED, arena);
    *registered = *row;
    return OK;
}
