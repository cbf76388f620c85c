/* list_file - `list records`: the records of personnel files, person by person. */
#include <string.h>

#include "jobs/engine/parts/views_walk.h"
#include "jobs/objects/objects_file.h"
#include "jobs/reading/listing.h"

static FALLIBLE show_record(struct listing *listing, const FileRecordView *record,
                            struct error *err)
{
    PersonView *person = NULL;
    struct json *object = NULL;
    if (record->deleted) {
        return OK;
    }
    TRY(person_view(listing->session, str_of(record->person_id), listing->source.arena, &person,
                    err));
    if (person->blocked) { /* R-PV-02 */
        return OK;
    }
    TRY(object_of_file_record(&listing->source, record, person, &object, err));
    return listing_add(listing, object, err);
}

/* Every record below a prefix, behind one, until enough rows were added. */
static FALLIBLE walk_records(struct listing *listing, const struct view_key *prefix, bytes after,
                             struct error *err)
{
    VIEWS_WALK_AUTO walk = {0};
    TRY(views_walk_behind(engine_views(listing->session->engine), VIEW_FILE_RECORD, prefix, after,
                          listing->source.arena, &walk, err));
    while (walk.record != NULL && listing->left > 0) {
        TRY(listing_go_on(err));
        TRY(file_record_whole(listing->session, walk.record, listing->source.arena, err));
        TRY(show_record(listing, walk.record, err));
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

/* Of the persons that are asked for. Pages go on behind a record, which names its person. */
static FALLIBLE walk_persons(struct listing *listing, const struct keys *persons, str after_person,
                             struct error *err)
{
    for (size_t i = 0; i < persons->count && listing->left > 0; i++) {
        int order = str_compare(persons->items[i], after_person);
        struct view_key prefix = prefix_file_records_of(persons->items[i]);
        bytes behind = {0};
        if (!str_empty(listing->after) && order < 0) {
            continue;
        }
        if (!str_empty(listing->after) && order == 0) {
            behind = str_bytes(listing->after);
        }
        TRY(walk_records(listing, &prefix, behind, err));
    }
    return OK;
}

/* Whose record `--after` names; "" when nobody's. */
static FALLIBLE find_after(struct listing *listing, str *ret, struct error *err)
{
    struct keys owners = {.arena = &listing->session->run_arena};
    *ret = STR("");
    if (!str_empty(listing->after)) {
        TRY(each_of_index(listing->session, index_persons_of_record(listing->after), keys_take,
                          &owners, err));
        *ret = owners.count > 0 ? owners.items[0] : STR("");
    }
    return OK;
}

outcome list_file_records(struct listing *listing, struct error *err)
{
    struct arena *arena = &listing->session->run_arena;
    struct keys persons = {.arena = arena};
    str after = STR("");
    TRY(find_after(listing, &after, err));
    if (!str_empty(listing->person_id)) {
        keys_add(&persons, listing->person_id);
    } else if (!str_empty(listing->name_key)) {
        TRY(each_of_index(listing->session,
                          index_persons_of_name(listing->name_key, listing->name_prefix), keys_take,
                          &persons, err));
        keys_sort(&persons);
    } else {
        struct view_key key = key_file_record(after, listing->after);
        bool goes_on = !str_empty(listing->after);
        return walk_records(listing, NULL, bytes_of(key.data, goes_on ? key.size : 0), err);
    }
    return walk_persons(listing, &persons, after, err);
}
