/* views_walk - see views_walk.h. */
#include "jobs/engine/parts/views_walk.h"

static const struct view_key all = {.size = 0};

/* --- one after the other ---------------------------------------------------------------------- */

FALLIBLE views_walk_open(struct views *views, enum view_id view, const struct view_key *prefix,
                         struct arena *item, struct views_walk *ret, struct error *err)
{
    return views_walk_behind(views, view, prefix, (bytes){0}, item, ret, err);
}

FALLIBLE views_walk_behind(struct views *views, enum view_id view, const struct view_key *prefix,
                           bytes after, struct arena *item, struct views_walk *ret,
                           struct error *err)
{
    ret->item = item;
    TRY(views_scan_open(views, view, prefix != NULL ? prefix : &all, after, &ret->scan, err));
    return views_walk_next(ret, err);
}

FALLIBLE views_walk_next(struct views_walk *walk, struct error *err)
{
    ProtobufCMessage *message = NULL;
    bool more = false;
    walk->record = NULL;
    TRY(views_scan_next(&walk->scan, &more, err));
    arena_reset(walk->item);
    if (more) {
        TRY(views_scan_record(&walk->scan, walk->item, &message, err));
        walk->record = message;
    }
    return OK;
}

void views_walk_close(struct views_walk *walk)
{
    views_scan_close(&walk->scan);
}

/* --- all at once ------------------------------------------------------------------------------ */

void views_list_add(struct views_list *list, void *item, struct arena *arena)
{
    ARENA_GROW(arena, list->items, list->count, &list->capacity);
    list->items[list->count++] = item;
}

static outcome add_records(struct views_scan *scan, struct arena *arena, struct views_list *list,
                           struct error *err)
{
    bool more = false;
    TRY(views_scan_next(scan, &more, err));
    while (more) {
        ProtobufCMessage *message = NULL;
        TRY(views_scan_record(scan, arena, &message, err));
        views_list_add(list, message, arena);
        TRY(views_scan_next(scan, &more, err));
    }
    return OK;
}

FALLIBLE views_list_records(struct views *views, enum view_id view, const struct view_key *prefix,
                            struct arena *arena, struct views_list *list, struct error *err)
{
    struct views_scan scan = {0};
    TRY(views_scan_open(views, view, prefix != NULL ? prefix : &all, (bytes){0}, &scan, err));
    outcome added = add_records(&scan, arena, list, err);
    views_scan_close(&scan);
    return added;
}

static char *text_behind(const struct views_scan *scan, const struct view_key *prefix,
                         struct arena *arena)
{
    bytes rest = key_behind(scan->key, prefix);
    return arena_c_string(arena, (str){(const char *)rest.data, rest.size});
}

FALLIBLE views_list_index(struct views *views, const struct view_key *prefix, struct arena *arena,
                          struct views_list *list, struct error *err)
{
    struct views_scan scan = {0};
    bool more = false;
    TRY(views_scan_open(views, VIEW_INDEX, prefix, (bytes){0}, &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        views_list_add(list, text_behind(&scan, prefix, arena), arena);
    }
    views_scan_close(&scan);
    return result;
}

FALLIBLE views_first_of_index(struct views *views, const struct view_key *prefix,
                              struct arena *arena, const char **ret, struct error *err)
{
    struct views_scan scan = {0};
    bool found = false;
    TRY(views_scan_open(views, VIEW_INDEX, prefix, (bytes){0}, &scan, err));
    outcome looked = views_scan_next(&scan, &found, err);
    *ret = looked.ok && found ? text_behind(&scan, prefix, arena) : "";
    views_scan_close(&scan);
    return looked;
}
