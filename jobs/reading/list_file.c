/* list_file - `list records`: the records of personnel files, person by person. */
#include <string.h>

#include "jobs/objects/objects_file.h"
#include "jobs/reading/listing.h"

/* Every record below a prefix, behind one, until enough rows were added. */
struct walk {
    struct view_key prefix;
    bytes after;
};

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

static FALLIBLE walk_records(struct listing *listing, const struct walk *walk, struct error *err)
{
    struct views_scan scan = {0};
    bool more = false;
    outcome result = OK;
    TRY(views_scan_open(engine_views(listing->session->engine), VIEW_FILE_RECORD, &walk->prefix,
                        walk->after, &scan, err));
    while (listing->left > 0 && (result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        arena_reset(listing->source.arena);
        result = views_scan_record(&scan, listing->source.arena, &message, err);
        if (result.ok) {
            result = file_record_whole(listing->session, message, listing->source.arena, err);
        }
        if (result.ok) {
            result = show_record(listing, (const FileRecordView *)(const void *)message, err);
        }
        if (!result.ok) {
            break;
        }
    }
    views_scan_close(&scan);
    return result;
}

/* Of the persons that are asked for. Pages go on behind a record, which names its person. */
static FALLIBLE walk_persons(struct listing *listing, const struct keys *persons, str after_person,
                             struct error *err)
{
    for (size_t i = 0; i < persons->count && listing->left > 0; i++) {
        int order = str_compare(persons->items[i], after_person);
        struct walk walk = {prefix_file_records_of(persons->items[i]), {0}};
        if (!str_empty(listing->after) && order < 0) {
            continue;
        }
        if (!str_empty(listing->after) && order == 0) {
            walk.after = str_bytes(listing->after);
        }
        TRY(walk_records(listing, &walk, err));
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
        struct walk all = {{.size = 0}, {0}};
        struct view_key key = key_file_record(after, listing->after);
        if (!str_empty(listing->after)) {
            all.after = arena_bytes(arena, bytes_of(key.data, key.size));
        }
        return walk_records(listing, &all, err);
    }
    return walk_persons(listing, &persons, after, err);
}
