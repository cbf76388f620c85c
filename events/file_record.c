/* file_record - a person keeps the records of his file (R-PF-18..26, R-DL-01). */
#include "events/rules.h"

outcome decide_add_record(const struct dossier *dossier, const Action *action, struct moment moment,
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

outcome decide_edit_record(const struct dossier *dossier, const Action *action,
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

outcome decide_delete_record(const struct dossier *dossier, const Action *action,
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

outcome decide_attach_scan(const struct dossier *dossier, const Action *action,
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

outcome decide_upload_signature(const struct dossier *dossier, const Action *action,
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
