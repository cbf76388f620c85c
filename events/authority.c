/* authority - the authority's actions on one certificate (R-CX-16, R-DP-13, D28..D30, D37). */
#include "events/rules.h"

outcome decide_suspend(const struct dossier *dossier, const Action *action, struct moment moment,
                       struct arena *arena, struct decision *decision, struct error *err)
{
    (void)dossier;
    (void)action;
    (void)moment;
    (void)arena;
    (void)decision;
    (void)err;
    BUG("not written yet");
}

outcome decide_reinstate(const struct dossier *dossier, const Action *action, struct moment moment,
                         struct arena *arena, struct decision *decision, struct error *err)
{
    (void)dossier;
    (void)action;
    (void)moment;
    (void)arena;
    (void)decision;
    (void)err;
    BUG("not written yet");
}

outcome decide_revoke(const struct dossier *dossier, const Action *action, struct moment moment,
                      struct arena *arena, struct decision *decision, struct error *err)
{
    (void)dossier;
    (void)action;
    (void)moment;
    (void)arena;
    (void)decision;
    (void)err;
    BUG("not written yet");
}

outcome decide_withdraw(const struct dossier *dossier, const Action *action, struct moment moment,
                        struct arena *arena, struct decision *decision, struct error *err)
{
    (void)dossier;
    (void)action;
    (void)moment;
    (void)arena;
    (void)decision;
    (void)err;
    BUG("not written yet");
}

outcome decide_cancel_by_authority(const struct dossier *dossier, const Action *action,
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

outcome decide_withdraw_departure(const struct dossier *dossier, const Action *action,
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
