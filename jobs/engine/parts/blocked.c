/* blocked - see blocked.h. */
#include "jobs/engine/parts/blocked.h"

FALLIBLE person_is_blocked(struct views *views, str person_id, bool *ret, struct error *err)
{
    bool any = false;
    TRY(views_any_blocked(views, &any, err));
    if (any && !str_empty(person_id)) {
        struct view_key entry = index_blocked_person(person_id);
        TRY(views_any(views, VIEW_INDEX, &entry, &any, err));
        *ret = any;
        return OK;
    }
    *ret = false;
    return OK;
}
