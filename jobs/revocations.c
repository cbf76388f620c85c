/* revocations - see revocations.h. */
#include "jobs/revocations.h"

#include "core/io/file.h"

enum { LISTS_MAX = 16, LIST_BYTES_MAX = 16 * 1024 * 1024 };

FALLIBLE revocations_read(struct session *session, const bytes **ret, size_t *ret_count,
                          struct error *err)
{
    struct arena *arena = &session->run_arena;
    bytes *lists = ARENA_ARRAY(arena, bytes, LISTS_MAX);
    str rest = str_of(session->config->revocation_lists);
    size_t count = 0;
    while (!str_empty(rest) && count < LISTS_MAX) {
        str path = str_trim(str_cut(&rest, ','));
        if (!str_empty(path)) {
            TRY(file_read(arena_c_string(arena, path), arena, LIST_BYTES_MAX, &lists[count], err));
            count++;
        }
    }
    *ret = lists;
    *ret_count = count;
    return OK;
}
