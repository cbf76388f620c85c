/* dossier_phone - see dossier_phone.h. */
#include "jobs/engine/dossier_phone.h"

#include "core/base/record.h"
#include "events/form_phone.h"

/* Whose phone it is, by the index; "" when nobody's. */
static FALLIBLE find_owner(struct views *views, str phone_id, struct arena *arena, const char **ret,
                           struct error *err)
{
    struct view_key prefix = index_persons_of_phone(phone_id);
    struct views_scan scan = {0};
    bool more = false;
    TRY(views_scan_open(views, VIEW_INDEX, &prefix, (bytes){0}, &scan, err));
    outcome found = views_scan_next(&scan, &more, err);
    *ret = found.ok && more ? arena_c_string(arena, key_last_part(scan.key)) : "";
    views_scan_close(&scan);
    return found;
}

FALLIBLE dossier_load_phone(struct views *views, const Action *action, struct arena *arena,
                            struct dossier *dossier, struct error *err)
{
    str phone_id = str_of(form_phone_id(action));
    ProtobufCMessage *message = NULL;
    dossier->phone_person_id = "";
    if (str_empty(phone_id)) {
        dossier->code = RECORD_NEW(arena, CodeView, code_view);
        return OK;
    }
    TRY(views_get(views, VIEW_CODE, key_code(phone_id), arena, &message, err));
    dossier->code = (const CodeView *)(const void *)message;
    return find_owner(views, phone_id, arena, &dossier->phone_person_id, err);
}
