/* intake_rows - see intake_rows.h. */
#include "jobs/engine/intake/intake_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/ahead.h"
#include "core/io/messages.h"
#include "core/io/threads.h"
#include "jobs/engine/intake/returned.h"
#include "jobs/engine/person_ids.h"
#include "projections/registry.h"

/* Rows per block: a block of seen rows takes less than a millisecond and stays in the processor's
 * cache. */
enum { BLOCKS = 12, BLOCK_ROWS = 512, BLOCK_BYTES = 1 << 18 };

struct block {
    struct arena arena;
    struct csv_record records[BLOCK_ROWS];
    size_t records_count;
    struct intake_row rows[BLOCK_ROWS];
    const struct csv_record *record_of[BLOCK_ROWS];
    size_t rows_count;
    bool failed; /* behind the rows that there are */
    struct error failure;
};

struct intake_rows {
    struct csv *csv;
    const struct import_kind *kind;
    const struct import_header *header;
    struct people *people;
    const struct seen_rows *seen;
    struct returned returned;
    struct csv *splitters[THREADS_MAX]; /* one a worker */
    struct ahead *ahead;
    struct block *blocks;
    bool at_end; /* all records are cut */
    struct block *current;
    size_t at;
};

/* --- in any thread ----------------------------------------------------------------------------
 */

static const struct error *keep_reason(const struct error *reason, struct arena *arena)
{
    struct error *kept = ARENA_NEW(arena, struct error);
    *kept = *reason;
    return kept;
}

static str *keep_cells(const str *cells, size_t count, struct arena *arena)
{
    str *kept = ARENA_ARRAY(arena, str, count);
    if (count == 0) {
        return kept;
    }
    /* The cells are contiguous (csv.h), so one copy is enough. */
    const char *from = cells[0].data;
    size_t size = (size_t)(cells[count - 1].data - from) + cells[count - 1].size;
    str text = arena_str(arena, (str){from, size});
    for (size_t i = 0; i < count; i++) {
        kept[i] = (str){text.data + (cells[i].data - from), cells[i].size};
    }
    return kept;
}

static bool is_about_the_row(const struct error *error)
{
    return error->class == ERROR_INVALID || error->class == ERROR_REFUSED;
}

static void add_national(struct intake_row *row, struct arena *arena)
{
    if (row->action->body_case != ACTION__BODY_RECORD_NATIONAL) {
        return;
    }
    const NationalRecorded *national = row->action->record_national->row;
    str person_id = str_of(national->person_id);
    struct view_key key = key_national(person_id, str_of(national->record->certificate));
    row->key = arena_bytes(arena, bytes_of(key.data, key.size));
    row->record = national_beginning(national, person_id, arena);
}

/* A row of a rejects file is the refused row with the corrections made since. */
static bool still_refused(const struct intake_rows *rows, struct intake_row *row, str *cells,
                          struct error *ret)
{
    returned_cells(&rows->returned, cells, row->count);
    if (!returned_undecoded(&rows->returned, cells, row->count, &row->told)) {
        return false;
    }
    (void)ERROR_SET(ret, INVALID, MESSAGE_BAD_ENCODING, ARG_INT("row", row->number)); /* a value */
    return true;
}

static void remember(const struct intake_rows *rows, struct intake_row *row)
{
    if (rows->seen == NULL || row->record.data == NULL || row->private_use ||
        row->import.warnings_count > 0) {
        return;
    }
    bool masked = row->action->record_national->row->record->masked;
    seen_rows_fill(row->key, masked, &row->entry);
}

/* Copies a record to the block's next row; false when the file is bad from here on. */
static bool make_row(const struct intake_rows *rows, struct csv *splitter,
                     const struct csv_record *record, struct block *block)
{
    struct intake_row *row = &block->rows[block->rows_count];
    struct seen_entry entry = row->entry;
    struct arena *arena = &block->arena;
    struct error reason;
    const str *cells = NULL;
    bool blank = false;
    *row = (struct intake_row){.number = record->row, .entry = entry};
    bool good = csv_split_row(splitter, record, &cells, &row->count, &blank, &reason).ok;
    if (good && blank) {
        return true;
    }
    if (!good) {
        cells = csv_row_lossy(splitter, &row->count);
    } else {
        row->private_use = csv_row_private_use(splitter);
    }
    str *kept = keep_cells(cells, row->count, arena);
    row->cells = kept;
    if (!good && reason.code == MESSAGE_BAD_ENCODING) {
        row->raw = record->raw;
    }
    if (rows->returned.is && (good || is_about_the_row(&reason)) &&
        still_refused(rows, row, kept, &reason)) {
        good = false;
    }
    if (good) {
        row->action = ARENA_NEW(arena, Action);
        good = import_row_read(rows->kind, rows->header, row->cells, row->count, arena,
                               &row->import, row->action, &reason)
                   .ok;
    }
    if (good) {
        person_ids_name_row(rows->people, row->action, arena);
        add_national(row, arena);
        remember(rows, row);
    } else if (is_about_the_row(&reason)) {
        row->reason = keep_reason(&reason, arena);
    } else {
        block->failure = reason;
        block->failed = true;
        return false;
    }
    block->rows_count++;
    return true;
}

/* Was the record seen before? Then the block's next row gets what is known of it and need not be
 * parsed. */
static bool was_seen(const struct intake_rows *rows, const struct csv_record *record,
                     uint64_t *place, struct block *block)
{
    struct intake_row *row = &block->rows[block->rows_count];
    row->entry = (struct seen_entry){0};
    if (rows->seen == NULL || record->too_long) {
        return false;
    }
    seen_rows_begin(rows->seen, record->raw, &row->entry);
    const struct seen_entry *seen = seen_rows_find(rows->seen, &row->entry, place);
    if (seen == NULL) {
        return false;
    }
    row->number = record->row;
    row->seen = seen;
    row->mark = views_watch_mark(bytes_of(seen->key, seen->key_size));
    row->holds = seen_rows_hold(rows->seen, seen, row->mark);
    block->rows_count++;
    return true;
}

static void make_rows(void *state, unsigned slot, unsigned worker)
{
    struct intake_rows *rows = state;
    struct block *block = &rows->blocks[slot];
    uint64_t place = UINT64_MAX; /* anywhere */
    bool good = true;
    for (size_t i = 0; good && i < block->records_count; i++) {
        const struct csv_record *record = &block->records[i];
        block->record_of[block->rows_count] = record;
        good = was_seen(rows, record, &place, block) ||
               make_row(rows, rows->splitters[worker], record, block);
    }
}

/* --- in the caller's ---------------------------------------------------------------------------
 */

FALLIBLE intake_rows_open(struct csv *csv, const struct import_kind *kind,
                          const struct import_header *header, struct people *people,
                          const struct seen_rows *seen, struct intake_rows **ret, struct error *err)
{
    struct intake_rows *rows = calloc(1, sizeof *rows);
    MEMORY_UNLESS(rows != NULL);
    *rows = (struct intake_rows){
        .csv = csv, .kind = kind, .header = header, .people = people, .seen = seen};
    size_t headers = 0;
    const str *header_cells = csv_header(csv, &headers);
    rows->returned = returned_header(header_cells, headers);
    if (rows->returned.is) {
        rows->seen = NULL; /* in a rejects file a row is more than its bytes */
    }
    rows->blocks = calloc(BLOCKS, sizeof *rows->blocks);
    MEMORY_UNLESS(rows->blocks != NULL);
    for (int i = 0; i < BLOCKS; i++) {
        arena_init(&rows->blocks[i].arena, 0);
    }
    unsigned threads = threads_available();
    for (unsigned i = 0; i < threads; i++) {
        if (!csv_splitter_open(csv, &rows->splitters[i], err).ok) {
            intake_rows_close(rows);
            return error_trace(err, HERE);
        }
    }
    rows->ahead = ahead_start(threads - 1, BLOCKS, make_rows, rows);
    *ret = rows;
    return OK;
}

void intake_rows_close(struct intake_rows *rows)
{
    if (rows == NULL) {
        return;
    }
    ahead_stop(rows->ahead);
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        csv_close(rows->splitters[i]);
    }
    for (int i = 0; i < BLOCKS; i++) {
        arena_release(&rows->blocks[i].arena);
    }
    free(rows->blocks);
    free(rows);
}

/* Cuts the records of a block. */
static outcome fill(struct intake_rows *rows, struct block *block, struct error *err)
{
    size_t size = 0;
    arena_reset(&block->arena);
    block->records_count = block->rows_count = 0;
    block->failed = false;
    while (!rows->at_end && block->records_count < BLOCK_ROWS && size < BLOCK_BYTES) {
        bool more = false;
        struct csv_record *record = &block->records[block->records_count];
        TRY(csv_cut(rows->csv, record, &more, err));
        rows->at_end = !more;
        if (more) {
            record->raw = arena_bytes(&block->arena, record->raw);
            size += record->raw.size;
            block->records_count++;
        }
    }
    return OK;
}

/* Prefetches the marks together, so that each is not waited for alone. */
static void expect_marks(const struct intake_rows *rows, const struct block *block)
{
    for (size_t i = 0; rows->seen != NULL && i < block->rows_count; i++) {
        if (block->rows[i].seen != NULL) {
            seen_rows_expect(rows->seen, block->rows[i].mark);
        }
    }
}

static outcome next_block(struct intake_rows *rows, struct error *err)
{
    for (unsigned slot; !rows->at_end && (slot = ahead_free(rows->ahead)) < BLOCKS;) {
        TRY(fill(rows, &rows->blocks[slot], err));
        ahead_put(rows->ahead);
    }
    unsigned slot = ahead_take(rows->ahead);
    rows->current = slot < BLOCKS ? &rows->blocks[slot] : NULL;
    rows->at = 0;
    if (rows->current != NULL) {
        expect_marks(rows, rows->current);
    }
    return OK;
}

FALLIBLE intake_rows_next(struct intake_rows *rows, const struct intake_row **ret,
                          struct error *err)
{
    while (rows->current == NULL || rows->at == rows->current->rows_count) {
        if (rows->current != NULL && rows->current->failed) {
            *err = rows->current->failure;
            return error_trace(err, HERE);
        }
        TRY(next_block(rows, err));
        if (rows->current == NULL) {
            *ret = NULL;
            return OK;
        }
    }
    *ret = &rows->current->rows[rows->at++];
    return OK;
}

FALLIBLE intake_rows_read(struct intake_rows *rows, const struct intake_row **ret,
                          struct error *err)
{
    struct block *block = rows->current;
    size_t count = block->rows_count;
    BUG_UNLESS(rows->at > 0);
    *ret = &block->rows[rows->at - 1];
    if ((*ret)->seen == NULL) {
        return OK;
    }
    block->rows_count = rows->at - 1; /* made in its own place */
    bool good = make_row(rows, rows->splitters[0], block->record_of[rows->at - 1], block);
    BUG_UNLESS(!good || block->rows_count == rows->at); /* no blank line was seen before */
    block->rows_count = count;
    if (!good) {
        *err = block->failure;
        return error_trace(err, HERE);
    }
    return OK;
}
