/* verification - originals are seen, records rise and fall between D and C (R-DL-02..24). */
#include "events/rules.h"

outcome decide_verify_record(const struct dossier *dossier, const Action *action,
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

outcome decide_refuse_record(const struct dossier *dossier, const Action *action,
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

outcome decide_cancel_verification(const struct dossier *dossier, const Action *action,
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
