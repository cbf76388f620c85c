/* revocations - see revocations.h. */
#include "jobs/wishes/revocations.h"

#include "core/io/cms.h"
#include "core/io/file.h"

enum { LISTS_MAX = 16, LIST_BYTES_MAX = 16 * 1024 * 1024 };

/* A name that is no whole path lies in the store. */
static FALLIBLE read_list(struct session *session, str name, bytes *ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *path = arena_c_string(arena, name);
    bytes file = {0};
    if (*path != '/') {
        path = arena_format(arena, "%s/%s", session->store_dir, path).data;
    }
    if (!file_read(path, arena, LIST_BYTES_MAX, &file, err).ok) {
        FAIL(CONFIG, MESSAGE_REVOCATION_LIST_MISSING, ARG_TEXT("path", path));
    }
    return revocation_list_read(str_of(path), file, arena, ret, err);
}

FALLIBLE revocations_read(struct session *session, const bytes **ret, size_t *ret_count,
                          struct error *err)
{
    bytes *lists = ARENA_ARRAY(&session->run_arena, bytes, LISTS_MAX);
    str rest = str_of(session->config->revocation_lists);
    size_t count = 0;
    while (!str_empty(rest)) {
        str name = str_trim(str_cut(&rest, ','));
        if (str_empty(name)) {
            continue;
        }
        if (count == LISTS_MAX) {
            FAIL(CONFIG, MESSAGE_REVOCATION_LISTS_MANY, ARG_INT("limit", LISTS_MAX));
        }
        TRY(read_list(session, name, &lists[count++], err));
    }
    *ret = lists;
    *ret_count = count;
    return OK;
}
