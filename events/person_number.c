/* person_number - the number of a person's document is corrected (R-PN-08, D24): the new one is an
 * alias of the first, the person stays the same. */
#include "events/rules.h"

outcome decide_change_id_number(const struct dossier *dossier, const Action *action,
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
