/* list_records - the record lists of R-GEN-06, newest first. One enterprise's list lies together
 * and in order; that of all enterprises is gathered by event number first. */
#include <stdlib.h>

#include "jobs/listing.h"

struct line {
    uint64_t event;
    struct view_key key;
};

struct lines {
    struct arena *arena;
    struct line **items;
    size_t count;
    size_t capacity;
};

static void add_line(struct lines *lines, const RecordView *record)
{
    if (lines->count == lines->capacity) {
        size_t capacity = lines->capacity == 0 ? 256 : lines->capacity * 2;
        struct line **items = ARENA_ARRAY(lines->arena, struct line *, capacity);
        for (size_t i = 0; i < lines->count; i++) {
            items[i] = lines->items[i];
        }
        lines->items = items;
        lines->capacity = capacity;
    }
    struct line *line = ARENA_NEW(lines->arena, struct line);
    line->event = record->event;
    line->key = key_record(str_of(record->enterprise), record->list, record->event);
    lines->items[lines->count++] = line;
}

static int compare_newest_first(const void *a, const void *b)
{
    const struct line *one = *(struct line *const *)a;
    const struct line *other = *(struct line *const *)b;
    return one->event < other->event ? 1 : one->event > other->event ? -1 : 0;
}

static FALLIBLE takes(struct listing *listing, const RecordView *record, bool *ret,
                      struct error *err)
{
    uint64_t after = 0;
    PersonView *person = NULL;
    *ret = record->list == listing->kind->list;
    if (str_to_uint64(listing->after, &after) && record->event >= after) {
        *ret = false;
    }
    if (!str_empty(listing->certificate) &&
        !str_equal_c(listing->certificate, record->certificate)) {
        *ret = false;
    }
    if (*ret && !str_empty(listing->name_key)) {
        TRY(person_view(listing->session, str_of(record->person_id), listing->source.arena, &person,
                        err));
        *ret = listing_takes_person(listing, person);
    }
    return OK;
}

static FALLIBLE visit(struct listing *listing, const RecordView *record, struct error *err)
{
    struct json *object = NULL;
    TRY(object_of_record(&listing->source, record, &object, err));
    TRY(listing_add(listing, object, err));
    return OK;
}

/* Walks the records below `prefix`; with `lines` they are gathered, else shown. */
static FALLIBLE walk(struct listing *listing, const struct view_key *prefix, struct lines *lines,
                     struct error *err)
{
    struct views_scan scan = {0};
    bool more = false;
    bool wanted = false;
    outcome result = OK;
    TRY(views_scan_open(engine_views(listing->session->engine), VIEW_RECORD, prefix, (bytes){0},
                        &scan, err));
    while (listing->left > 0 && (result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        arena_reset(listing->source.arena);
        result = views_scan_record(&scan, listing->source.arena, &message, err);
        const RecordView *record = (const RecordView *)(const void *)message;
        if (result.ok) {
            result = takes(listing, record, &wanted, err);
        }
        if (result.ok && wanted && lines != NULL) {
            add_line(lines, record);
        } else if (result.ok && wanted) {
            result = visit(listing, record, err);
        }
        if (!result.ok) {
            break;
        }
    }
    views_scan_close(&scan);
    return result;
}

outcome list_records(struct listing *listing, struct error *err)
{
    uint64_t number = 0;
    if (!str_empty(listing->after) && !str_to_uint64(listing->after, &number)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "after"),
             ARG_STR("value", listing->after), ARG_TEXT("expected", "an event number"));
    }
    if (!str_empty(listing->enterprise)) {
        struct view_key own = prefix_records_of(listing->enterprise, listing->kind->list);
        return walk(listing, &own, NULL, err);
    }
    const struct view_key all = {0};
    struct lines lines = {.arena = &listing->session->run_arena};
    TRY(walk(listing, &all, &lines, err));
    if (lines.count > 1) {
        qsort(lines.items, lines.count, sizeof(struct line *), compare_newest_first);
    }
    for (size_t i = 0; i < lines.count && listing->left > 0; i++) {
        ProtobufCMessage *message = NULL;
        arena_reset(listing->source.arena);
        TRY(views_get(engine_views(listing->session->engine), VIEW_RECORD, lines.items[i]->key,
                      listing->source.arena, &message, err));
        TRY(visit(listing, (const RecordView *)(const void *)message, err));
    }
    return OK;
}
