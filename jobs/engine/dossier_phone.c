/* dossier_phone - see dossier_phone.h. */
#include "jobs/engine/dossier_phone.h"

#include "core/base/record.h"
#include "events/form.h"
#include "jobs/engine/views_walk.h"

FALLIBLE dossier_load_phone(struct views *views, const Action *action, struct arena *arena,
                            struct dossier *dossier, struct error *err)
{
    str phone_id = str_of(form_phone_id(action));
    struct view_key owners = index_persons_of_phone(phone_id);
    dossier->phone_person_id = "";
    if (str_empty(phone_id)) {
        dossier->code = RECORD_NEW(arena, CodeView, code_view);
        return OK;
    }
    TRY(views_get(views, VIEW_CODE, key_code(phone_id), arena, &dossier->code, err));
    return views_first_of_index(views, &owners, arena, &dossier->phone_person_id, err);
}
