/* phone - dynamic passwords and the one phone of a person (R-PF-08..14). */
#include "events/rules.h"

outcome decide_request_code(const struct dossier *dossier, const Action *action,
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

outcome decide_register_phone(const struct dossier *dossier, const Action *action,
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

outcome decide_change_phone(const struct dossier *dossier, const Action *action,
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
