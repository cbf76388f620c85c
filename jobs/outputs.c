/* outputs - see outputs.h. */
#include "jobs/outputs.h"

#include "core/base/record.h"
#include "core/io/file.h"
#include "jobs/folder.h"
#include "jobs/messages.h"

/* The store folder itself, for what makes a folder, and everything of ours in it but reports/. */
static bool is_of_store(const char *path, const char *store_dir, struct arena *arena)
{
    static const char *const own[] = {"anzheng.conf", "lock",         "log",    "views",
                                      "keys",         "trust",        "blobs",  "incoming",
                                      "outbox",       "certificates", "proofs", "checkpoints"};
    if (folder_holds(store_dir, path) && folder_holds(path, store_dir)) {
        return true;
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (folder_holds(arena_format(arena, "%s/%s", store_dir, own[i]).data, path)) {
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
