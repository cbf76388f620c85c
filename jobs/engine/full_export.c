/* full_export - see full_export.h. */
#include "jobs/engine/full_export.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/csv.h"
#include "events/terms/number.h"
#include "importers/registry.h"
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

/* Of a certificate of a person; of a row that cannot be read, of the number alone: "". */
static uint64_t key_of(str certificate, str person_id)
{
    struct digester digester;
    uint64_t key;
    digester_init(&digester);
    digester_update(&digester, str_bytes(certificate));
    digester_update(&digester, bytes_of("", 1));
    digester_update(&digester, str_bytes(person_id));
    struct digest digest = digester_final(&digester);
    memcpy(&key, digest.data, sizeof key);
    return key;
}

static void add_key(struct full_export *export_, uint64_t key)
{
    if (export_->count == export_->capacity) {
        size_t capacity = export_->capacity == 0 ? FIRST_KEYS : export_->capacity * 2;
        uint64_t *keys = realloc(export_->keys, capacity * sizeof *keys);
        BUG_UNLESS(keys != NULL);
        export_->keys = keys;
        export_->capacity = capacity;
    }
    export_->keys[export_->count++] = key;
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
    BUG_UNLESS(export_->starts != NULL);
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
    struct arena run;
    struct arena item;
};

/* A row whose person had another number before is found under both: the register may have it from
 * before the number was corrected. */
static outcome take_row(struct taking *taking, const NationalRecorded *row, struct error *err)
{
    struct people *people = engine_people(taking->engine);
    struct arena *arena = &taking->item;
    str certificate = str_of(row->record->certificate);
    str number = str_of(row->personal->id_number);
    const char *followed = NULL;
    const char *id = row->record->masked
                         ? people_id_of_masked(people, certificate, number, arena)
                         : people_id(people, row->personal->id_type, number, arena);
    add_key(taking->export_, key_of(certificate, str_of(id)));
    if (!row->record->masked) {
        TRY(person_id_follow(engine_views(taking->engine), id, arena, &followed, err));
        if (strcmp(followed, id) != 0) {
            add_key(taking->export_, key_of(certificate, str_of(followed)));
        }
    }
    return OK;
}

static void take_unread(struct taking *taking, const str *cells, size_t count)
{
    struct number number;
    int at = taking->header.column_of[0]; /* the number is the first column of the format */
    if (at >= 0 && (size_t)at < count && number_parse(cells[at], &taking->item, &number)) {
        add_key(taking->export_, key_of(number.canonical, STR("")));
    } else {
        taking->export_->unreadable++;
    }
}

static outcome take_cells(struct taking *taking, const str *cells, size_t count, struct error *err)
{
    struct import_row row = {0};
    struct error why;
    Action *action = RECORD_NEW(&taking->item, Action, action);
    outcome read = import_row_read(taking->kind, &taking->header, cells, count, &taking->item, &row,
                                   action, &why);
    if (!read.ok && why.class != ERROR_INVALID) {
        *err = why;
        return error_trace(err, HERE);
    }
    if (!read.ok) {
        take_unread(taking, cells, count);
        return OK;
    }
    return take_row(taking, action->record_national->row, err);
}

static outcome take_rows(struct taking *taking, struct error *err)
{
    for (;;) {
        const str *cells = NULL;
        size_t count = 0;
        uint64_t number = 0;
        bool more = true;
        struct error why;
        arena_reset(&taking->item);
        outcome next = csv_next(taking->csv, &cells, &count, &number, &more, &why);
        if (!next.ok && why.class != ERROR_INVALID) {
            *err = why;
            return error_trace(err, HERE);
        }
        if (next.ok && !more) {
            return OK;
        }
        if (!next.ok) {
            cells = csv_row_lossy(taking->csv, &count);
            take_unread(taking, cells, count);
        } else {
            TRY(take_cells(taking, cells, count, err));
        }
    }
}

static outcome take_file(struct taking *taking, const char *path, enum encoding encoding,
                         struct error *err)
{
    struct csv_options options = {.known = import_header_known, .context = taking->kind};
    size_t count = 0;
    TRY(csv_open(path, encoding, &options, &taking->csv, err));
    const str *cells = csv_header(taking->csv, &count);
    TRY(import_header_match(taking->kind, cells, count, &taking->run, &taking->header, err));
    TRY(engine_begin(taking->engine, err));
    outcome taken = take_rows(taking, err);
    engine_abort(taking->engine); /* it only read */
    return taken;
}

FALLIBLE full_export_take(struct engine *engine, const char *path, enum encoding encoding,
                          struct full_export *export_, struct error *err)
{
    struct taking taking = {
        .engine = engine, .export_ = export_, .kind = import_kind_find(STR("national"))};
    BUG_UNLESS(taking.kind != NULL && export_->starts == NULL);
    arena_init(&taking.run, 0);
    arena_init(&taking.item, 0);
    outcome taken = take_file(&taking, path, encoding, err);
    csv_close(taking.csv);
    arena_release(&taking.item);
    arena_release(&taking.run);
    return taken;
}

/* --- the register ----------------------------------------------------------------------------- */

static bool is_there(const struct full_export *export_, const NationalView *national)
{
    str certificate = str_of(national->record->certificate);
    return has_key(export_, key_of(certificate, str_of(national->person_id))) ||
           has_key(export_, key_of(certificate, STR("")));
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
        ProtobufCMessage *message = NULL;
        arena_reset(&item);
        result = views_scan_record(&scan, &item, &message, err);
        if (result.ok) {
            const NationalView *national = (const NationalView *)(const void *)message;
            if (national->record != NULL && !is_there(export_, national)) {
                result = each(state, national, err);
            }
        }
    }
    arena_release(&item);
    views_scan_close(&scan);
    return result;
}
