/* rejects_place - see rejects_place.h. */
#include "jobs/registers/rejects_place.h"

#include "core/io/file.h"
#include "core/io/http.h"
#include "core/io/output.h"
#include "jobs/folder.h"
#include "jobs/registers/source.h"

/* Work lists of several files do not take each other's place: the second is NAME-2.csv. */
static const char *numbered(const char *path, uint64_t number, struct arena *arena)
{
    str text = str_of(path);
    size_t end = str_ends_with(text, STR(".csv")) ? text.size - 4 : text.size;
    return number <= 1 ? path
                       : arena_format(arena, "%.*s-%llu%s", (int)end, path,
                                      (unsigned long long)number, path + end)
                             .data;
}

FALLIBLE rejects_place(struct session *session, const char *kind, uint64_t number, const char **ret,
                       struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    struct arena *arena = &session->run_arena;
    if (options->rejects[0] != 0) {
        *ret = numbered(options->rejects, number, arena);
        return OK;
    }
    *ret = NULL;
    if (!options->dry_run) {
        const char *folder = engine_path(session->engine, arena, "reports");
        str stem =
            arena_format(arena, "import-%s-%lld", kind, (long long)session->run.moment.now_us);
        TRY(directory_make(folder, 0755, err));
        *ret = folder_free_path(folder, stem.data, ".rejects.csv", arena);
    }
    return OK;
}

/* What the run reads, as far as it lies here: the arguments, or what is in the folders. */
struct inputs {
    const char **paths;
    size_t count;
    size_t capacity;
};

static void add_input(struct inputs *inputs, const char *path, struct arena *arena)
{
    ARENA_GROW(arena, inputs->paths, inputs->count, &inputs->capacity);
    inputs->paths[inputs->count++] = path;
}

static outcome find_inputs(struct session *session, struct inputs *ret, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    struct arena *arena = &session->run_arena;
    for (size_t i = 1; i < options->n_arguments; i++) {
        const char *given = options->arguments[i];
        const char **paths = NULL;
        size_t count = 0;
        if (!options->daily) {
            const char *path = http_is_url(str_of(given)) ? http_local_path(given, arena) : given;
            add_input(ret, path != NULL ? path : given, arena); /* all are counted */
            continue;
        }
        TRY(source_folder(given, arena, &paths, &count, err));
        for (size_t k = 0; k < count; k++) {
            add_input(ret, paths[k], arena);
        }
    }
    return OK;
}

FALLIBLE rejects_place_check(struct session *session, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    struct inputs inputs = {0};
    if (options->rejects[0] == 0) {
        return OK;
    }
    TRY(find_inputs(session, &inputs, err));
    for (uint64_t number = 1; number <= inputs.count; number++) {
        const char *path = numbered(options->rejects, number, &session->run_arena);
        for (size_t i = 0; file_exists(path) && i < inputs.count; i++) {
            if (output_is_input(path, inputs.paths[i])) {
                FAIL(USAGE, MESSAGE_REJECTS_IS_INPUT, ARG_TEXT("path", path));
            }
        }
    }
    return OK;
}
