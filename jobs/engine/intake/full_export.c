/* full_export - see full_export.h. */
#include "jobs/engine/intake/full_export.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/csv.h"
#include "core/io/lines.h"
#include "events/terms/number.h"
#include "importers/registry.h"
#include "jobs/engine/intake/intake_rows.h"
#include "jobs/engine/person_ids.h"

enum { FIRST_KEYS = 1 << 12, LEADING_BITS = 16, LEADING_PARTS = 1 << LEADING_BITS };

void full_export_init(struct full_export *ret)
{
    *ret = (struct full_export){0};
}

void full_export_release(struct full_export *export_)
{
    free(export_->keys);
    free(export_->starts);
    full_export_init(export_);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* The hash of a record's key in the register; for a row that cannot be read, of the prefix of its
 * certificate's records. */
static uint64_t key_of(bytes record)
{
    struct digest digest = digest_sha256(record);
    uint64_t key;
    memcpy(&key, digest.data, sizeof key);
    return key;
}

static void add_key(struct full_export *export_, bytes record)
{
    if (export_->count == export_->capacity) {
        size_t capacity = export_->capacity == 0 ? FIRST_KEYS : export_->capacity * 2;
        uint64_t *keys = realloc(export_->keys, capacity * sizeof *keys);
        MEMORY_UNLESS(keys != NULL);
        export_->keys = keys;
        export_->capacity = capacity;
    }
    export_->keys[export_->count++] = key_of(record);
}

static void add_record(struct full_export *export_, const struct view_key *record)
{
    add_key(export_, bytes_of(record->data, record->size));
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a;
    uint64_t second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

static size_t leading_part(uint64_t key)
{
    return (size_t)(key >> (64 - LEADING_BITS));
}

/* The keys are spread evenly, so a leading part has few. */
static void sort_keys(struct full_export *export_)
{
    size_t at = 0;
    if (export_->starts != NULL) {
        return;
    }
    if (export_->count > 0) {
        qsort(export_->keys, export_->count, sizeof *export_->keys, compare_keys);
    }
    export_->starts = calloc(LEADING_PARTS + 1, sizeof *export_->starts);
    MEMORY_UNLESS(export_->starts != NULL);
    for (size_t part = 0; part <= LEADING_PARTS; part++) {
        while (at < export_->count && leading_part(export_->keys[at]) < part) {
            at++;
        }
        export_->starts[part] = at;
    }
}

static bool has_key(const struct full_export *export_, uint64_t key)
{
    size_t part = leading_part(key);
    size_t first = export_->starts[part];
    size_t count = export_->starts[part + 1] - first;
    return count > 0 && bsearch(&key, export_->keys + first, count, sizeof key, compare_keys);
}

/* --- a file ----------------------------------------------------------------------------------- */

struct taking {
    struct engine *engine;
    struct full_export *export_;
    const struct import_kind *kind;
    struct import_header header;
    struct csv *csv;
    struct seen_rows *seen;
    struct intake_rows *rows;
    bool any_alias; /* some number was corrected */
    struct arena run;
    struct arena item;
};

/* A row of a person whose number was corrected counts under both numbers, because the register may
 * have it from before. */
static outcome take_row(struct taking *taking, const struct intake_row *row, struct error *err)
{
    const NationalRecorded *national = row->action->record_national->row;
    const NationalRecord *record = national->record;
    str certificate = str_of(record->certificate);
    const char *followed = NULL;
    struct view_key key = key_national(str_of(national->person_id), certificate);
    add_record(taking->export_, &key);
    if (!record->masked) {
        TRY(person_id_follow(engine_views(taking->engine), national->person_id, &taking->item,
                             &followed, err));
        if (strcmp(followed, national->person_id) != 0) {
            key = key_national(str_of(followed), certificate);
            add_record(taking->export_, &key);
        }
    }
    return OK;
}

static void take_unread(struct taking *taking, const struct intake_row *row)
{
    struct number number;
    int at = taking->header.column_of[0]; /* the number is the first column of the format */
    if (at >= 0 && (size_t)at < row->count &&
        number_parse(row->cells[at], &taking->item, &number)) {
        struct view_key key = prefix_nationals_of_number(number.canonical);
        add_record(taking->export_, &key);
    } else {
        taking->export_->unreadable++;
    }
}

static outcome take_rows(struct taking *taking, struct error *err)
{
    for (;;) {
        const struct intake_row *row = NULL;
        arena_reset(&taking->item);
        TRY(intake_rows_next(taking->rows, &row, err));
        if (row == NULL) {
            return OK;
        }
        if (taking->any_alias) {
            TRY(intake_rows_read(taking->rows, &row, err));
        }
        if (row->seen != NULL) { /* the key of its record is known */
            add_key(taking->export_, bytes_of(row->seen->key, row->seen->key_size));
        } else if (row->reason != NULL) {
            take_unread(taking, row);
        } else {
            TRY(take_row(taking, row, err));
        }
    }
}

static outcome take_file(struct taking *taking, const char *path, const struct file_state *before,
                         enum encoding encoding, struct seen_memory *memory, struct error *err)
{
    struct csv_options options = {.known = import_header_known, .context = taking->kind};
    size_t count = 0;
    TRY(csv_open(path, encoding, &options, &taking->csv, err));
    TRY(file_state_check(before, &csv_lines(taking->csv)->state, path, err));
    const str *cells = csv_header(taking->csv, &count);
    TRY(import_header_match(taking->kind, cells, count, &taking->run, &taking->header, err));
    taking->seen = seen_rows_open(memory, taking->csv, taking->kind, engine_people(taking->engine));
    TRY(intake_rows_open(taking->csv, taking->kind, &taking->header, engine_people(taking->engine),
                         taking->seen, &taking->rows, err));
    TRY(engine_begin(taking->engine, err));
    outcome taken = views_any_alias(engine_views(taking->engine), &taking->any_alias, err);
    if (taken.ok) {
        taken = take_rows(taking, err);
    }
    engine_abort(taking->engine); /* it only read */
    TRY(taken);
    return lines_unchanged(csv_lines(taking->csv), err);
}

FALLIBLE full_export_take(struct engine *engine, const char *path, const struct file_state *before,
                          enum encoding encoding, struct seen_memory *memory,
                          struct full_export *export_, struct error *err)
{
    struct taking taking = {
        .engine = engine, .export_ = export_, .kind = import_kind_find(STR("national"))};
    BUG_UNLESS(taking.kind != NULL && export_->starts == NULL);
    arena_init(&taking.run, 0);
    arena_init(&taking.item, 0);
    outcome taken = take_file(&taking, path, before, encoding, memory, err);
    intake_rows_close(taking.rows);
    seen_rows_close(taking.seen);
    csv_close(taking.csv);
    arena_release(&taking.item);
    arena_release(&taking.run);
    return taken;
}

/* --- the register ----------------------------------------------------------------------------- */

static bool is_there(const struct full_export *export_, bytes record)
{
    str person_id = key_last_part(record);
    bytes beginning = {record.data, record.size - person_id.size};
    return has_key(export_, key_of(record)) || has_key(export_, key_of(beginning));
}

/* Reports the scan's row, which no file has. */
static outcome tell(const struct views_scan *scan, struct arena *item,
                    outcome (*each)(void *state, const NationalView *national, struct error *err),
                    void *state, struct error *err)
{
    ProtobufCMessage *message = NULL;
    arena_reset(item);
    TRY(views_scan_record(scan, item, &message, err));
    const NationalView *national = (const NationalView *)(const void *)message;
    return national->record != NULL ? each(state, national, err) : OK;
}

FALLIBLE full_export_missing(struct engine *engine, struct full_export *export_,
                             outcome (*each)(void *state, const NationalView *national,
                                             struct error *err),
                             void *state, struct error *err)
{
    struct view_key all = {.size = 0};
    struct views_scan scan = {0};
    struct arena item;
    bool more = false;
    outcome result = OK;
    sort_keys(export_);
    TRY(views_scan_open(engine_views(engine), VIEW_NATIONAL, &all, (bytes){0}, &scan, err));
    arena_init(&item, 0);
    while (result.ok && (result = views_scan_next(&scan, &more, err)).ok && more) {
        if (!is_there(export_, scan.key)) {
            result = tell(&scan, &item, each, state, err);
        }
    }
    arena_release(&item);
    views_scan_close(&scan);
    return result;
}
