/* rejects - see rejects.h. */
#include "jobs/engine/rejects.h"

#include <stdio.h>

#include "core/io/output.h"

static const char *const own_columns[] = {"行号", "原因代码", "原因"};

bool rejects_is_own_column(str header)
{
    for (size_t i = 0; i < sizeof own_columns / sizeof own_columns[0]; i++) {
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
    for (size_t i = 0; i < count; i++) {
        kept[i] = arena_str(arena, header[i]);
    }
    *rejects = (struct rejects){.path = path, .header = kept, .header_count = count};
}

/* Writes what is the file's own of a row; rows may be shorter or longer than the header. */
static void write_cells(struct rejects *rejects, const str *cells, size_t count)
{
    size_t columns = count > rejects->header_count ? count : rejects->header_count;
    for (size_t i = 0; i < columns; i++) {
        if (i < rejects->header_count && rejects_is_own_column(rejects->header[i])) {
            continue;
        }
        csv_write_cell(&rejects->writer, i < count ? cells[i] : STR(""));
    }
}

static outcome open_file(struct rejects *rejects, struct error *err)
{
    FILE *file = NULL;
    TRY(output_create(rejects->path, 0600, &file, err));
    csv_writer_on(file, rejects->path, &rejects->writer);
    rejects->open = true;
    write_cells(rejects, rejects->header, rejects->header_count);
    for (size_t i = 0; i < sizeof own_columns / sizeof own_columns[0]; i++) {
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
    write_cells(rejects, cells, count);
    csv_write_cell(&rejects->writer, (str){number, (size_t)size});
    csv_write_cell(&rejects->writer, code);
    csv_write_cell(&rejects->writer, reason);
    csv_write_row_end(&rejects->writer);
    return OK;
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
