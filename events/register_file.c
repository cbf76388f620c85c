/* register_file - registrations and contracts: rows of level A (R-PF-17, R-PF-20, D35). */
#include "events/rules.h"

outcome decide_record_registration(const struct dossier *dossier, const Action *action,
                                   struct moment moment, struct arena *arena,
                                   struct decision *decision, struct error *err)
{
    (void)dossier;
    (void)action;
    (void)moment;
    (void)arena;
    (void)decision;
    (void)err;
    BUG("not written yet");
}

outcome decide_record_contract(const struct dossier *dossier, const Action *action,
                               struct moment moment, struct arena *arena, struct decision *decision,
                               struct error *err)
{
    (void)dossier;
    (void)action;
    (void)moment;
    (void)arena;
    (void)decision;
    (void)err;
    BUG("not written yet");
}
