/* outputs - see outputs.h. */
#include "jobs/outputs.h"

#include <string.h>

#include "core/base/record.h"
#include "core/io/file.h"
#include "jobs/folder.h"
#include "jobs/messages.h"

static bool is_folder(const char *a, const char *b)
{
    return folder_holds(a, b) && folder_holds(b, a);
}

/* Would it be the store's folder of that name, which some stores do not have yet? */
static bool takes_name(const char *path, const char *store_dir, const char *name,
                       struct arena *arena)
{
    str rest = str_of(path);
    while (str_ends_with(rest, STR("/"))) {
        rest = str_first(rest, rest.size - 1);
    }
    size_t size = strlen(name);
    bool named = str_ends_with(rest, str_of(name)) &&
                 (rest.size == size || rest.data[rest.size - size - 1] == '/');
    if (!named) {
        return false;
    }
    const char *parent =
        rest.size == size ? "." : arena_c_string(arena, str_first(rest, rest.size - size));
    return is_folder(parent, store_dir);
}

/* The store folder itself, for what makes a folder, and everything of ours in it but reports/. */
static bool is_of_store(const char *path, const char *store_dir, struct arena *arena)
{
    static const char *const own[] = {"anzheng.conf", "lock",         "log",    "views",
                                      "keys",         "trust",        "blobs",  "incoming",
                                      "outbox",       "certificates", "proofs", "checkpoints"};
    if (is_folder(path, store_dir)) {
        return true;
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (folder_holds(arena_format(arena, "%s/%s", store_dir, own[i]).data, path) ||
            takes_name(path, store_dir, own[i], arena)) {
            return true;
        }
    }
    return false;
}

FALLIBLE outputs_spare_store(const ProtobufCMessage *options, const char *store_dir,
                             struct arena *arena, struct error *err)
{
    static const char *const names[] = {"out", "results", "rejects", "tiles"};
    if (!file_exists(arena_format(arena, "%s/anzheng.conf", store_dir).data)) {
        return OK;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const ProtobufCFieldDescriptor *field = record_find(options->descriptor, str_of(names[i]));
        str path = field != NULL ? record_get(options, field, arena) : STR("");
        if (!str_empty(path) && is_of_store(arena_c_string(arena, path), store_dir, arena)) {
            FAIL(USAGE, MESSAGE_OUTPUT_IN_STORE, ARG_TEXT("option", names[i]),
                 ARG_STR("path", path));
        }
    }
    return OK;
}
