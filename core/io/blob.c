/* blob - see blob.h. */
#include "core/io/blob.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/file_batch.h"
#include "core/io/messages.h"

struct blob_batch {
    struct arena arena; /* paths of the batch; reset by the flush */
    char *dir;
    struct file_batch *files;
};

const char *blob_path(const char *dir, const struct digest *digest, const char *suffix,
                      struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(digest, hex);
    return arena_format(arena, "%s/%.2s/%s%s", dir, hex, hex, suffix).data;
}

static outcome make_parent(const char *dir, const struct digest *digest, struct arena *arena,
                           struct error *err)
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(digest, hex);
    const char *parent = arena_format(arena, "%s/%.2s", dir, hex).data;
    if (!file_exists(parent)) {
        TRY(directory_make(parent, 0755, err));
        TRY(directory_sync(dir, err));
    }
    return OK;
}

bool blob_name_digest(const char *name, const char *suffix, struct digest *ret)
{
    str text = str_of(name);
    size_t hex = DIGEST_HEX_SIZE - 1;
    return text.size == hex + strlen(suffix) && str_ends_with(text, str_of(suffix)) &&
           digest_parse_hex(str_first(text, hex), ret);
}

static void sweep_folder(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry = NULL;
    struct digest digest;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (blob_name_digest(entry->d_name, ".tmp", &digest)) {
            (void)unlinkat(dirfd(folder), entry->d_name, 0); /* as the header says */
        }
    }
    if (folder != NULL) {
        (void)closedir(folder); /* read only */
    }
}

FALLIBLE blob_sweep(const char *dir, struct error *err)
{
    if (file_exists(dir)) {
        TRY(file_sync_tree(dir, err));
    }
    for (unsigned i = 0; i <= UINT8_MAX; i++) {
        char path[PATH_MAX];
        int size = snprintf(path, sizeof path, "%s/%02x", dir, i);
        if (size > 0 && (size_t)size < sizeof path) {
            sweep_folder(path);
        }
    }
    return OK;
}

FALLIBLE blob_get(const char *dir, const struct digest *digest, struct arena *arena, bytes *ret,
                  struct error *err)
{
    const char *path = blob_path(dir, digest, "", arena);
    bytes content;
    outcome result = file_read(path, arena, BLOB_LIMIT, &content, err);
    if (!result.ok && err->class == ERROR_MISSING && !file_exists(path) && !file_is_hidden(path)) {
        FAIL(MISSING, MESSAGE_BLOB_MISSING, ARG_TEXT("path", path));
    }
    if (!result.ok && err->class == ERROR_MALFORMED) { /* too large: blob_put() never wrote that */
        FAIL(CORRUPT, MESSAGE_BLOB_ALTERED, ARG_TEXT("path", path));
    }
    TRY(result);
    struct digest actual = digest_sha256(content);
    if (!digest_equal(&actual, digest)) {
        FAIL(CORRUPT, MESSAGE_BLOB_ALTERED, ARG_TEXT("path", path));
    }
    *ret = content;
    return OK;
}

FALLIBLE blob_batch_open(const char *dir, struct blob_batch **ret, struct error *err)
{
    struct file_batch *files = NULL;
    TRY(file_batch_open(&files, err));
    struct blob_batch *batch = calloc(1, sizeof *batch);
    char *copy = strdup(dir);
    MEMORY_UNLESS(batch != NULL && copy != NULL);
    arena_init(&batch->arena, 0);
    batch->dir = copy;
    batch->files = files;
    *ret = batch;
    return OK;
}

FALLIBLE blob_batch_put_known(struct blob_batch *batch, bytes content, const struct digest *digest,
                              struct error *err)
{
    const char *path = blob_path(batch->dir, digest, "", &batch->arena);
    if (!file_exists(path)) {
        TRY(make_parent(batch->dir, digest, &batch->arena, err));
        TRY(file_batch_add(batch->files, path, content, 0440, err));
    }
    return OK;
}

FALLIBLE blob_batch_put(struct blob_batch *batch, bytes content, struct digest *ret,
                        struct error *err)
{
    struct digest digest = digest_sha256(content);
    TRY(blob_batch_put_known(batch, content, &digest, err));
    *ret = digest;
    return OK;
}

FALLIBLE blob_batch_flush(struct blob_batch *batch, struct error *err)
{
    TRY(file_batch_flush(batch->files, err));
    arena_reset(&batch->arena);
    return OK;
}

void blob_batch_drop(struct blob_batch *batch)
{
    file_batch_drop(batch->files);
    arena_reset(&batch->arena);
}

void blob_batch_close(struct blob_batch *batch)
{
    if (batch != NULL) {
        file_batch_close(batch->files);
        arena_release(&batch->arena);
        free(batch->dir);
        free(batch);
    }
}
