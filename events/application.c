/* application - an application for a qualification uses records and freezes them (R-DL-06, R-DL-16,
 * R-DL-25..28). */
#include "events/rules.h"

outcome decide_open_application(const struct dossier *dossier, const Action *action,
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

outcome decide_accept_application(const struct dossier *dossier, const Action *action,
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

outcome decide_approve_application(const struct dossier *dossier, const Action *action,
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

outcome decide_close_application(const struct dossier *dossier, const Action *action,
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
