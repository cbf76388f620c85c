/* list_records - the record lists of R-GEN-06, newest first. One enterprise's list lies together
 * and in order. Over all enterprises, a certificate or a person leads to its own events and so to
 * its lines; without any filter the keys of all lines are sorted, and only what is shown is read.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs/engine/parts/views_walk.h"
#include "jobs/reading/listing.h"
#include "projections/feeds.h"

struct line {
    uint64_t event;
    bytes key;
};

struct lines {
    struct arena *arena;
    struct line *items;
    size_t count;
    size_t capacity;
};

static void add_line(struct lines *lines, uint64_t event, bytes key)
{
    ARENA_GROW(lines->arena, lines->items, lines->count, &lines->capacity);
    lines->items[lines->count++] = (struct line){event, arena_bytes(lines->arena, key)};
}

static int compare_newest_first(const void *a, const void *b)
{
    const struct line *one = a;
    const struct line *other = b;
    return one->event < other->event ? 1 : one->event > other->event ? -1 : 0;
}

/* --- one line ------------------------------------------------------------------------------------
 */

/* The original's number finds an entry too: that is the number the holder knows. */
static bool takes_number(const struct listing *listing, const RecordView *record)
{
    return str_empty(listing->certificate) ||
           str_equal_c(listing->certificate, record->certificate) ||
           str_equal_c(listing->certificate, record->original_certificate);
}

static FALLIBLE takes(struct listing *listing, const RecordView *record, bool *ret,
                      struct error *err)
{
    uint64_t after = UINT64_MAX;
    PersonView *person = NULL;
    (void)str_to_uint64(listing->after, &after); /* checked before; without it: all */
    *ret =
        record->list == listing->kind->list && record->event < after &&
        takes_number(listing, record) &&
        (str_empty(listing->enterprise) || str_equal_c(listing->enterprise, record->enterprise)) &&
        (str_empty(listing->person_id) || str_equal_c(listing->person_id, record->person_id));
    if (*ret && !str_empty(listing->name_key)) {
        TRY(person_view(listing->session, str_of(record->person_id), listing->source.arena, &person,
                        err));
        *ret = listing_takes_person(listing, person);
    }
    if (*ret) {
        TRY(listing_takes_document(listing, record->document, record->person_id, ret, err));
    }
    return OK;
}

static FALLIBLE visit(struct listing *listing, const RecordView *record, struct error *err)
{
    struct json *object = NULL;
    bool wanted = false;
    TRY(takes(listing, record, &wanted, err));
    if (!wanted) {
        return OK;
    }
    TRY(object_of_record(&listing->source, record, &object, err));
    return listing_add(listing, object, err);
}

static FALLIBLE visit_lines(struct listing *listing, struct lines *lines, struct error *err)
{
    if (lines->count > 1) {
        qsort(lines->items, lines->count, sizeof *lines->items, compare_newest_first);
    }
    for (size_t i = 0; i < lines->count && listing->left > 0; i++) {
        const RecordView *record = NULL;
        struct view_key key = {.size = lines->items[i].key.size};
        memcpy(key.data, lines->items[i].key.data, key.size);
        TRY(listing_go_on(err));
        arena_reset(listing->source.arena);
        TRY(views_get(engine_views(listing->session->engine), VIEW_RECORD, key,
                      listing->source.arena, &record, err));
        TRY(visit(listing, record, err));
    }
    return OK;
}

/* --- one enterprise ------------------------------------------------------------------------------
 */

static FALLIBLE walk_enterprise(struct listing *listing, struct error *err)
{
    struct view_key prefix = prefix_records_of(listing->enterprise, listing->kind->list);
    VIEWS_WALK_AUTO walk = {0};
    TRY(views_walk_open(engine_views(listing->session->engine), VIEW_RECORD, &prefix,
                        listing->source.arena, &walk, err));
    while (walk.record != NULL && listing->left > 0) {
        TRY(listing_go_on(err));
        TRY(visit(listing, walk.record, err));
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

/* --- a certificate or a person -------------------------------------------------------------------
 */

static FALLIBLE add_event(struct listing *listing, uint64_t sequence, struct lines *lines,
                          struct error *err)
{
    Event *event = NULL;
    struct view_key key;
    TRY(engine_event(listing->session->engine, sequence, listing->source.arena, &event, err));
    if (feeds(event, VIEW_RECORD)) {
        view_key_of(VIEW_RECORD, event, &key);
        add_line(lines, sequence, bytes_of(key.data, key.size));
    }
    return OK;
}

static FALLIBLE add_events_of(struct listing *listing, str number, struct lines *lines,
                              struct error *err)
{
    CertificateView *certificate = NULL;
    TRY(listing_go_on(err));
    arena_reset(listing->source.arena);
    TRY(certificate_view(listing->session, number, listing->source.arena, &certificate, err));
    for (size_t i = 0; i < certificate->n_events; i++) {
        TRY(add_event(listing, certificate->events[i], lines, err));
    }
    return OK;
}

/* The entries that used a record of another province. */
static outcome add_entries_of(struct listing *listing, struct lines *lines, struct error *err)
{
    struct view_key prefix = prefix_nationals_of_number(listing->certificate);
    struct views_list list = {0};
    TRY(views_list_records(engine_views(listing->session->engine), VIEW_NATIONAL, &prefix,
                           listing->source.arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        const NationalView *national = list.items[i];
        if (national->used_by_event != 0) {
            TRY(add_event(listing, national->used_by_event, lines, err));
        }
    }
    return OK;
}

static FALLIBLE visit_gathered(struct listing *listing, const struct keys *numbers,
                               struct error *err)
{
    struct lines lines = {.arena = &listing->session->run_arena};
    for (size_t i = 0; i < numbers->count; i++) {
        TRY(add_events_of(listing, numbers->items[i], &lines, err));
    }
    if (!str_empty(listing->certificate) && listing->kind->list == RECORD_LIST__CODE__ENTRIES) {
        TRY(add_entries_of(listing, &lines, err));
    }
    return visit_lines(listing, &lines, err);
}

/* --- all -----------------------------------------------------------------------------------------
 */

/* A line's key ends with its list and its event: projections/kinds.h, make_key_record. */
static FALLIBLE walk_all(struct listing *listing, struct error *err)
{
    const struct view_key all = {0};
    struct lines lines = {.arena = &listing->session->run_arena};
    struct views_scan scan = {0};
    bool more = false;
    outcome result;
    TRY(views_scan_open(engine_views(listing->session->engine), VIEW_RECORD, &all, (bytes){0},
                        &scan, err));
    while ((result = listing_go_on(err)).ok && (result = views_scan_next(&scan, &more, err)).ok &&
           more) {
        RecordList__Code list = RECORD_LIST__CODE__NONE;
        uint64_t event = key_record_event(scan.key, &list);
        if (list == listing->kind->list) {
            add_line(&lines, event, scan.key);
        }
    }
    views_scan_close(&scan);
    TRY(result);
    return visit_lines(listing, &lines, err);
}

outcome list_records(struct listing *listing, struct error *err)
{
    struct keys numbers = {.arena = &listing->session->run_arena};
    uint64_t number = 0;
    bool gathered = false;
    if (!str_empty(listing->after) && !str_to_uint64(listing->after, &number)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "after"),
             ARG_STR("value", listing->after), ARG_TEXT("expected", "an event number"));
    }
    if (!str_empty(listing->enterprise)) {
        return walk_enterprise(listing, err);
    }
    /* The state of a proof is that of no certificate. */
    bool narrows = !str_empty(listing->certificate) || !str_empty(listing->person_id) ||
                   !str_empty(listing->name_key);
    if (narrows) {
        TRY(listing_gather(listing, &numbers, &gathered, err));
    }
    return gathered ? visit_gathered(listing, &numbers, err) : walk_all(listing, err);
}
