/* privacy - a person is left alone, or erased (R-PV-02). */
#include "events/rules.h"

outcome decide_block_person(const struct dossier *dossier, const Action *action,
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

outcome decide_erase_person(const struct dossier *dossier, const Action *action,
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
