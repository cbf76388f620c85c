/* rejects - see rejects.h. */
#include "jobs/engine/intake/rejects.h"

#include <stdio.h>

#include "core/io/output.h"

static const char *const own_columns[REJECTS_OWN_COLUMNS] = {REJECTS_ROW, REJECTS_CODE,
                                                             REJECTS_REASON};

bool rejects_is_own_column(str header)
{
    for (size_t i = 0; i < REJECTS_OWN_COLUMNS; i++) {
        if (str_equal_c(str_trim(header), own_columns[i])) {
            return true;
        }
    }
    return false;
}

void rejects_init(struct rejects *rejects, const char *path, const str *header, size_t count,
                  struct arena *arena)
{
    str *kept = ARENA_ARRAY(arena, str, count);
    size_t own = 0;
    for (size_t i = 0; i < count; i++) {
        kept[i] = arena_str(arena, header[i]);
        own += rejects_is_own_column(header[i]);
    }
    /* headers that a spreadsheet gave to cells beyond the headers: these stay beyond them */
    while (own == REJECTS_OWN_COLUMNS && count > 0 && str_empty(str_trim(kept[count - 1]))) {
        count--;
    }
    *rejects = (struct rejects){.path = path, .header = kept, .header_count = count};
}

/* Writes the cells below [from, to) of the headers, but for this module's own. */
static void write_cells(struct rejects *rejects, const str *cells, size_t count, size_t from,
                        size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (i < rejects->header_count && rejects_is_own_column(rejects->header[i])) {
            continue;
        }
        csv_write_for_people(&rejects->writer, i < count ? cells[i] : STR(""));
    }
}

static outcome open_file(struct rejects *rejects, struct error *err)
{
    FILE *file = NULL;
    TRY(output_create(rejects->path, 0600, &file, err));
    csv_writer_on(file, rejects->path, &rejects->writer);
    rejects->open = true;
    csv_write_mark(&rejects->writer);
    write_cells(rejects, rejects->header, rejects->header_count, 0, rejects->header_count);
    for (size_t i = 0; i < REJECTS_OWN_COLUMNS; i++) {
        csv_write_cell(&rejects->writer, str_of(own_columns[i]));
    }
    csv_write_row_end(&rejects->writer);
    return OK;
}

FALLIBLE rejects_add(struct rejects *rejects, const str *cells, size_t count, uint64_t row,
                     str code, str reason, struct error *err)
{
    char number[24];
    rejects->count++;
    if (rejects->path == NULL) {
        return OK;
    }
    if (!rejects->open) {
        TRY(open_file(rejects, err));
    }
    int size = snprintf(number, sizeof number, "%llu", (unsigned long long)row);
    write_cells(rejects, cells, count, 0, rejects->header_count);
    csv_write_cell(&rejects->writer, (str){number, (size_t)size});
    csv_write_cell(&rejects->writer, code);
    csv_write_for_people(&rejects->writer, reason);
    write_cells(rejects, cells, count, rejects->header_count, count);
    csv_write_row_end(&rejects->writer);
    return OK;
}

str rejects_reason_with_bytes(str reason, bytes raw, enum language language, struct arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t shown = raw.size < REJECTS_BYTES_SHOWN ? raw.size : REJECTS_BYTES_SHOWN;
    char *hex = arena_new(arena, 2 * shown + 1);
    str words = message_template(message_find(MESSAGE_REJECTS_RAW_BYTES), language);
    for (size_t i = 0; i < shown; i++) {
        hex[2 * i] = digits[raw.data[i] >> 4];
        hex[2 * i + 1] = digits[raw.data[i] & 0x0f];
    }
    return arena_format(arena, "%.*s%.*s%s%s", STR_ARGS(reason), STR_ARGS(words), hex,
                        shown < raw.size ? "…" : "");
}

FALLIBLE rejects_close(struct rejects *rejects, struct error *err)
{
    if (rejects->open) {
        rejects->open = false;
        TRY(csv_writer_close(&rejects->writer, err));
    }
    return OK;
}

void rejects_release(struct rejects *rejects)
{
    struct error ignored;
    if (rejects->open) {
        rejects->open = false;
        /* The run failed already and says why. */
        if (!csv_writer_close(&rejects->writer, &ignored).ok) {
            return;
        }
    }
}
