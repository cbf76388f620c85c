/* identity - a newly collected identity becomes the current one of the person (CONTRACT 3,
 * R-LK-01). Certificates that were printed before keep the version they show (D25). */
#include "events/guards.h"
#include "events/registers.h"
#include "events/rules.h"

/* Is the row what the last version says, cell by cell? */
static bool is_same(const IdentityVersion *version, const IdentityCollected *row)
{
    const Personal *personal = row->personal;
    return texts_equal(version->name, personal->name) && version->id_type == personal->id_type &&
           version->sex == personal->sex && texts_equal(version->nation, personal->nation) &&
           dates_equal(version->birth_date, personal->birth_date) &&
           texts_equal(version->address, personal->address) &&
           texts_equal(version->issuer, personal->issuer) &&
           dates_equal(version->valid_from, personal->valid_from) &&
           dates_equal(version->valid_to, personal->valid_to) &&
           (bool)version->valid_forever == (bool)personal->valid_forever &&
           blobs_equal(version->photo_sha256, personal->photo_sha256) &&
           texts_equal(version->window, row->window) &&
           dates_equal(version->collected_on, row->collected_on) &&
           version->method == row->method &&
           (bool)version->digital_certificate == (bool)row->digital_certificate;
}

outcome decide_collect_identity(const struct dossier *dossier, const Action *action,
                                struct moment moment, struct arena *arena,
                                struct decision *decision, struct error *err)
{
    const IdentityCollected *row = action->collect_identity->row;
    const IdentityVersion *last = identity_collected(dossier->person);
    (void)moment;
    (void)err;
    BUG_UNLESS(row->personal != NULL);
    if (last != NULL && is_same(last, row)) {
        return OK;
    }
    IdentityCollected *collected = decision_event(decision, EVENT__BODY_IDENTITY_COLLECTED, arena);
    *collected = *row;
    return OK;
}
