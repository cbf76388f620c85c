/* returned - see returned.h. */
#include "jobs/engine/intake/returned.h"

#include "core/io/csv.h"
#include "jobs/engine/intake/rejects.h"
#include "jobs/messages.h"

struct returned returned_header(const str *header, size_t count)
{
    struct returned found = {0};
    size_t own = 0;
    for (size_t i = 0; i < count; i++) {
        own += rejects_is_own_column(header[i]);
        found.code = str_equal_c(str_trim(header[i]), REJECTS_CODE) ? i : found.code;
        found.reason = str_equal_c(str_trim(header[i]), REJECTS_REASON) ? i : found.reason;
    }
    found.is = own == REJECTS_OWN_COLUMNS;
    return found;
}

void returned_cells(const struct returned *returned, str *cells, size_t count)
{
    for (size_t i = 0; returned->is && i < count; i++) {
        cells[i] = csv_without_guard(cells[i]);
    }
}

static bool was_undecoded(str code)
{
    struct arena arena;
    arena_init(&arena, 0);
    bool was = str_equal(str_trim(code), message_code(MESSAGE_BAD_ENCODING, &arena));
    arena_release(&arena);
    return was;
}

static bool has_replacement(str cell)
{
    while (!str_empty(cell)) {
        if (str_next(&cell) == 0xfffd) {
            return true;
        }
    }
    return false;
}

bool returned_undecoded(const struct returned *returned, const str *cells, size_t count,
                        str *ret_reason)
{
    if (!returned->is || returned->code >= count || returned->reason >= count ||
        !was_undecoded(cells[returned->code])) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (has_replacement(cells[i])) {
            *ret_reason = cells[returned->reason];
            return true;
        }
    }
    return false;
}
