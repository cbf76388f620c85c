/* fuzz_import - any UTF-8 as a row of any register: an action, or INVALID with a reason. The first
 * byte chooses the register, line feeds separate the cells. */
#include <stdint.h>

#include "importers/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CELLS_MAX = 32 };

static void read_row(const struct import_kind *kind, str text, struct arena *arena)
{
    str headers[IMPORT_COLUMNS_MAX];
    for (size_t i = 0; i < kind->columns_count; i++) {
        headers[i] = str_of(kind->columns[i].name);
    }
    str cells[CELLS_MAX];
    size_t count = 0;
    for (str rest = text; rest.data != NULL && count < CELLS_MAX;) {
        cells[count++] = str_cut(&rest, '\n');
    }
    struct import_header header;
    struct import_row row;
    struct error err;
    Action action;
    BUG_UNLESS(import_header_match(kind, headers, kind->columns_count, arena, &header, &err).ok);
    (void)import_header_match(kind, cells, count, arena, &(struct import_header){0}, &err).ok;
    if (!import_row_read(kind, &header, cells, count, arena, &row, &action, &err).ok) {
        BUG_UNLESS(err.class == ERROR_INVALID);
        return;
    }
    BUG_UNLESS(action.body_case == kind->action);
    BUG_UNLESS(protobuf_c_message_check(&action.base));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text;
    if (size < 2 || !str_from_bytes(bytes_of(data + 1, size - 1), &text)) {
        return 0;
    }
    struct arena arena;
    arena_init(&arena, 0);
    read_row(&import_kinds[data[0] % import_kinds_count], text, &arena);
    arena_release(&arena);
    return 0;
}
