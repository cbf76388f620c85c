/* backup_last - see backup_last.h. */
#include "jobs/store/backup_last.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "jobs/report.h"
#include "jobs/store/backup.h"

static const char *below(struct session *session, const char *dir, const char *name)
{
    return arena_format(&session->run_arena, "%s/%s", dir, name).data;
}

/* What rights hide, or a link leads nowhere, is there: told by whoever opens it. */
static bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* What cannot be opened is not damaged: nobody knows what is in it. */
static FALLIBLE check_opens(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    (void)close(fd); /* read only */
    return OK;
}

bool backup_manifest_says(bytes text, struct arena *arena, struct last_copy *ret)
{
    struct json *record = NULL;
    struct error ignored;
    bytes root = {0};
    if (!json_parse(text, &record, &ignored).ok) {
        return false;
    }
    const struct json *events = report_member(record, "events");
    const struct json *hash = report_member(record, "root");
    bool says = events != NULL && json_kind(events) == JSON_IS_NUMBER && json_number(events) > 0 &&
                hash != NULL && json_kind(hash) == JSON_IS_TEXT &&
                base64_decode(json_text(hash), arena, &root) && root.size == sizeof ret->root.data;
    if (says) {
        ret->events = (uint64_t)json_number(events);
        memcpy(ret->root.data, root.data, sizeof ret->root.data);
    }
    json_release(record);
    return says;
}

static FALLIBLE read_log(const char *path, struct last_copy *ret, struct error *err)
{
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    TRY(log_open(path, STORE_READ, &log, err));
    outcome begun = log_begin(log, STORE_READ, &txn, err);
    if (begun.ok) {
        ret->events = log_size(txn);
        ret->root = log_root(txn);
        log_abort(txn);
    }
    log_close(log);
    return begun;
}

static FALLIBLE look_at_log(struct session *session, const char *dir, const char *name,
                            struct last_copy *ret, struct error *err)
{
    const char *data = arena_format(&session->run_arena, "%s/%s/data.mdb", dir, name).data;
    TRY(check_opens(data, err));
    outcome looked = backup_check_pages(session, dir, name, err);
    if (looked.ok) {
        looked = read_log(below(session, dir, name), ret, err);
    }
    if (!looked.ok && err->class == ERROR_CORRUPT) {
        report_note(session, TERMINAL_WARNING, err->code, err->args, err->args_count);
        *ret = (struct last_copy){0};
        return OK;
    }
    return looked;
}

FALLIBLE backup_last_copy(struct session *session, const char *dir, struct last_copy *ret,
                          struct error *err)
{
    const char *manifest = below(session, dir, BACKUP_MANIFEST);
    bool newest = is_there(below(session, dir, "log/data.mdb"));
    *ret = (struct last_copy){0};
    if (!newest && !is_there(below(session, dir, "log.old/data.mdb"))) {
        return OK;
    }
    if (file_exists(manifest) && !file_exists(below(session, dir, "making"))) {
        bytes text = {0};
        outcome read = file_read(manifest, &session->run_arena, BACKUP_MANIFEST_MAX, &text, err);
        if (read.ok && backup_manifest_says(text, &session->run_arena, ret)) {
            return OK;
        }
        if (!read.ok && err->code != MESSAGE_FILE_TOO_LARGE) { /* which none of ours is */
            return error_trace(err, HERE);
        }
    }
    return look_at_log(session, dir, newest ? "log" : "log.old", ret, err);
}
