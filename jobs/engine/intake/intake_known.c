/* intake_known - see intake_known.h. */
#include "jobs/engine/intake/intake_known.h"

#include <string.h>

#include "jobs/engine/parts/blocked.h"

/* May a national row be skipped because the register has the same record, byte for byte? No if its
 * person has another number now, is blocked, or was erased. */
static outcome is_in_the_way(struct engine *engine, str person_id, bool masked, bool *ret,
                             struct error *err)
{
    struct views *views = engine_views(engine);
    bytes stored = {0};
    bool any = false;
    *ret = false;
    TRY(views_any_alias(views, &any, err));
    if (any) {
        struct view_key alias = key_alias(person_id);
        TRY(views_get_packed(views, VIEW_ALIAS, bytes_of(alias.data, alias.size), &stored, err));
        *ret = stored.data != NULL;
    }
    if (!*ret) {
        TRY(person_is_blocked(views, person_id, ret, err));
    }
    if (!*ret && masked) {
        TRY(people_is_erased(engine_people(engine), person_id, ret, err));
    }
    return OK;
}

FALLIBLE intake_row_is_known(struct engine *engine, const struct intake_row *row,
                             enum intake_known *ret, struct error *err)
{
    bytes stored = {0};
    bool in_the_way = false;
    *ret = INTAKE_NO_RECORD;
    if (row->record.data == NULL) {
        return OK;
    }
    TRY(views_get_packed(engine_views(engine), VIEW_NATIONAL, row->key, &stored, err));
    if (!national_begins(stored, row->record)) {
        *ret = stored.data != NULL ? INTAKE_ANOTHER : INTAKE_NO_RECORD;
        return OK;
    }
    const NationalRecorded *national = row->action->record_national->row;
    TRY(is_in_the_way(engine, str_of(national->person_id), national->record->masked, &in_the_way,
                      err));
    *ret = in_the_way ? INTAKE_ANOTHER : INTAKE_KNOWN;
    return OK;
}

FALLIBLE intake_row_is_still_known(struct engine *engine, const struct views_watch *watch,
                                   const struct intake_row *row, bool *ret, struct error *err)
{
    bool in_the_way = false;
    *ret = false;
    if (!row->holds || views_watch_tells(watch, row->mark)) {
        return OK;
    }
    str person_id = key_last_part(bytes_of(row->seen->key, row->seen->key_size));
    TRY(is_in_the_way(engine, person_id, row->seen->masked != 0, &in_the_way, err));
    *ret = !in_the_way;
    return OK;
}
