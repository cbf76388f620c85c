/* mirror - see mirror.h. */
#include "jobs/store/mirror.h"

#include <errno.h>
#include <sys/stat.h>

#include "core/io/blob.h"
#include "core/io/file.h"
#include "core/io/file_batch.h"
#include "core/io/file_copy.h"
#include "core/io/messages.h"
#include "core/io/stop.h"
#include "jobs/folder.h"
#include "jobs/messages.h"

enum { FLUSH_FILES = 256, FOLDER_MODE = 0755, MODE_BITS = 0777 };

struct mirror {
    const char *suffix;
    struct arena *arena; /* one file */
    struct arena names;  /* one folder of the original, and what its files are */
    struct file_batch *batch;
    struct mirror_report *report;
};

static mode_t mode_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_mode & MODE_BITS : 0600;
}

static FALLIBLE flush(struct mirror *mirror, struct error *err)
{
    TRY(file_batch_flush(mirror->batch, err));
    if (stop_requested()) {
        FAIL(BUSY, MESSAGE_BACKUP_STOPPED);
    }
    return OK;
}

static FALLIBLE copy_one(struct mirror *mirror, const char *from, const char *to,
                         const struct digest *wanted, struct error *err)
{
    struct file_copied copied;
    TRY(file_copy_beside(from, to, mode_of(from), &copied, err));
    file_batch_adopt(mirror->batch, to); /* dropped with the batch when it is not what it says */
    if (!digest_equal(&copied.sha256, wanted)) {
        FAIL(CORRUPT, MESSAGE_BLOB_ALTERED, ARG_TEXT("path", from));
    }
    mirror->report->copied++;
    mirror->report->bytes += copied.size;
    if (file_batch_count(mirror->batch) >= FLUSH_FILES) {
        TRY(flush(mirror, err));
    }
    return OK;
}

/* An erasure takes files away and leaves their folder: one that is gone was lost, moved or not
 * mounted, and the copy is all that is left of it. Looked at before anything is copied. */
static FALLIBLE check_folder(struct mirror *mirror, const char *from, const char *to,
                             struct error *err)
{
    struct folder_list copies;
    bool there = false;
    TRY(folder_is_there(from, &there, err));
    if (there) {
        return OK;
    }
    TRY(folder_list(to, STR(""), &mirror->names, &copies, err));
    if (copies.count > 0) {
        FAIL(CORRUPT, MESSAGE_BACKUP_FOLDER_LOST, ARG_TEXT("from", from), ARG_TEXT("to", to));
    }
    return OK;
}

static FALLIBLE copy_folder(struct mirror *mirror, const char *from, const char *to,
                            struct error *err)
{
    struct folder_list list;
    TRY(folder_list(from, str_of(mirror->suffix), &mirror->names, &list, err));
    if (list.there) { /* also one that an erasure emptied: else it would look lost in what is
                         restored */
        TRY(directory_make(to, FOLDER_MODE, err));
    }
    for (size_t i = 0; i < list.count; i++) {
        const char *name = list.names[i];
        struct digest digest;
        arena_reset(mirror->arena);
        const char *target = arena_format(mirror->arena, "%s/%s", to, name).data;
        if (!blob_name_digest(name, mirror->suffix, &digest)) {
            continue; /* `.tmp` of a batch: none of ours */
        }
        if (file_exists(target)) {
            mirror->report->kept++;
            continue;
        }
        TRY(copy_one(mirror, arena_format(mirror->arena, "%s/%s", from, name).data, target, &digest,
                     err));
    }
    return OK;
}

static FALLIBLE each_folder(struct mirror *mirror, const char *from, const char *to,
                            outcome (*each)(struct mirror *, const char *, const char *,
                                            struct error *),
                            struct error *err)
{
    for (unsigned i = 0; i <= UINT8_MAX; i++) {
        arena_reset(&mirror->names);
        const char *there = arena_format(&mirror->names, "%s/%02x", from, i).data;
        const char *here = arena_format(&mirror->names, "%s/%02x", to, i).data;
        TRY(each(mirror, there, here, err));
    }
    return OK;
}

static FALLIBLE run(struct mirror *mirror, const char *from, const char *to, struct error *err)
{
    TRY(each_folder(mirror, from, to, check_folder, err));
    TRY(each_folder(mirror, from, to, copy_folder, err));
    return flush(mirror, err);
}

FALLIBLE mirror_digests(const char *from, const char *to, const char *suffix, struct arena *arena,
                        struct mirror_report *report, struct error *err)
{
    struct mirror mirror = {.suffix = suffix, .arena = arena, .report = report};
    TRY(directory_make(to, FOLDER_MODE, err));
    TRY(file_batch_open(&mirror.batch, err));
    arena_init(&mirror.names, 0);
    outcome result = run(&mirror, from, to, err);
    arena_release(&mirror.names);
    file_batch_close(mirror.batch);
    return result;
}

struct leftovers {
    struct arena *arena;
    const char **names;
    size_t count;
    size_t capacity;
};

static FALLIBLE leftovers_of(struct leftovers *leftovers, const char *from, const char *to,
                             unsigned folder, struct arena *scratch, struct error *err)
{
    struct folder_list copies;
    bool there = false;
    const char *place = arena_format(scratch, "%s/%02x", to, folder).data;
    TRY(folder_is_there(arena_format(scratch, "%s/%02x", from, folder).data, &there, err));
    TRY(folder_list(place, STR(""), scratch, &copies, err));
    for (size_t i = 0; i < copies.count; i++) {
        const char *name = arena_format(scratch, "%02x/%s", folder, copies.names[i]).data;
        const char *original = arena_format(scratch, "%s/%s", from, name).data;
        if (file_exists(original)) {
            continue;
        }
        if (file_is_hidden(original)) { /* nobody knows whether it is gone */
            FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", original),
                 ARG_ERRNO("why", EACCES));
        }
        ARENA_GROW(leftovers->arena, leftovers->names, leftovers->count, &leftovers->capacity);
        leftovers->names[leftovers->count++] = arena_c_string(leftovers->arena, str_of(name));
    }
    return OK;
}

FALLIBLE mirror_leftovers(const char *from, const char *to, struct arena *arena, const char ***ret,
                          size_t *ret_count, struct error *err)
{
    struct leftovers leftovers = {.arena = arena};
    struct arena scratch;
    outcome result = OK;
    arena_init(&scratch, 0);
    for (unsigned i = 0; result.ok && i <= UINT8_MAX; i++) {
        arena_reset(&scratch);
        result = leftovers_of(&leftovers, from, to, i, &scratch, err);
    }
    arena_release(&scratch);
    *ret = leftovers.names;
    *ret_count = leftovers.count;
    return result;
}

FALLIBLE mirror_file(const char *from, const char *to, struct arena *arena, struct error *err)
{
    bytes content = {0};
    bytes before = {0};
    struct error absent;
    if (!file_exists(from)) {
        return OK;
    }
    TRY(file_read(from, arena, SIZE_MAX / 2, &content, err));
    if (file_read(to, arena, SIZE_MAX / 2, &before, &absent).ok && bytes_equal(before, content)) {
        return OK;
    }
    return file_replace(to, content, mode_of(from), err);
}
