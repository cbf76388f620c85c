/* backup - the verb `backup`: copies everything that cannot be recomputed, while others may write.
 *
 * One read transaction fixes the state to copy. Keys and blobs are written before the event that
 * names them, so copying them after that transaction began finds all that its events name. A
 * checkpoint that was signed later is left for the next backup. The copy of the log is verified
 * before it replaces the last one: a failed backup leaves the last one usable. */
#include "jobs/store/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/io/file.h"
#include "core/io/keyring_copy.h"
#include "core/io/log_copy.h"
#include "core/io/messages.h"
#include "core/io/seal.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/engine/parts/soundness.h"
#include "jobs/engine/parts/store_here.h"
#include "jobs/folder.h"
#include "jobs/metrics.h"
#include "jobs/report.h"
#include "jobs/store/backup_gone.h"
#include "jobs/store/backup_last.h"

enum { KEYS_MODE = 0700, FOLDER_MODE = 0755 };

const struct backup_file backup_files[] = {
    {"anzheng.conf", false},      {"trust/root.pem", false},   {"trust/document.pem", false},
    {"trust/log.vkey", false},    {FORMER_KEYS, false},        {"keys/hash.key", false},
    {"keys/persons.keys", false}, {"keys/document.key", true}, {"keys/log.key", true},
    {"keys/root.key", true},
};
const size_t backup_files_count = sizeof backup_files / sizeof *backup_files;

const struct backup_folder backup_folders[] = {
    {"blobs", ""}, {"certificates", ".pdf"}, {"proofs", ".pdf"}};
const size_t backup_folders_count = sizeof backup_folders / sizeof *backup_folders;

struct backup {
    struct session *session;
    const char *from;
    const char *to;
    struct log_report log;
    struct mirror_report files;
    struct gone_report gone;
    uint64_t checkpoints;
};

static const char *below(const struct backup *backup, const char *dir, const char *name)
{
    return arena_format(&backup->session->run_arena, "%s/%s", dir, name).data;
}

FALLIBLE backup_mirror(const char *from, const char *to, struct arena *scratch,
                       struct mirror_report *report, struct error *err)
{
    struct arena paths;
    outcome result = OK;
    arena_init(&paths, 0);
    for (size_t i = 0; result.ok && i < backup_folders_count; i++) {
        const char *there = arena_format(&paths, "%s/%s", from, backup_folders[i].name).data;
        const char *here = arena_format(&paths, "%s/%s", to, backup_folders[i].name).data;
        result = mirror_digests(there, here, backup_folders[i].suffix, scratch, report, err);
    }
    arena_release(&paths);
    return result;
}

static FALLIBLE verify_open_log(struct session *session, const char *dir, struct log_report *ret,
                                struct error *err)
{
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct progress progress;
    TRY(log_open(arena_format(&session->run_arena, "%s/log", dir).data, STORE_READ, &log, err));
    outcome verified = log_begin(log, STORE_READ, &txn, err);
    if (verified.ok) {
        progress_start(&progress, &session->terminal, STR("verify"), log_size(txn));
        verified = log_verify(
            txn, (struct log_progress){.tell = progress_tell, .context = &progress}, ret, err);
        progress_end(&progress);
        verified = verified.ok ? log_verify_ids(txn, err) : verified;
        log_abort(txn);
    }
    log_close(log);
    return verified;
}

FALLIBLE backup_check_pages(const struct session *session, const char *dir, const char *name,
                            struct error *err)
{
    const struct soundness_options pages = {.dir = dir,
                                            .verb = session->verb->name,
                                            .wait_seconds = session_wait(session),
                                            .holds_lock = true}; /* nobody writes to a copy */
    return soundness_check(&pages, name, err);
}

FALLIBLE backup_verify_log(struct session *session, const char *dir, struct log_report *ret,
                           struct error *err)
{
    TRY(backup_check_pages(session, dir, "log", err));
    return verify_open_log(session, dir, ret, err);
}

/* --- the log ------------------------------------------------------------------------------------
 */

static FALLIBLE remove_log(const struct backup *backup, const char *dir, struct error *err)
{
    TRY(file_remove(below(backup, dir, "data.mdb"), err));
    TRY(file_remove(below(backup, dir, "lock.mdb"), err));
    (void)rmdir(dir); /* absent is fine; what stays is found when the next one is made */
    return OK;
}

static FALLIBLE copy_log(struct backup *backup, struct log_txn *txn, const char *made,
                         struct error *err)
{
    struct progress progress;
    const char *log = below(backup, made, "log");
    TRY(remove_log(backup, log, err));
    TRY(directory_make(log, FOLDER_MODE, err));
    progress_start(&progress, &backup->session->terminal, STR("backup"), log_size(txn));
    outcome copied =
        log_copy(txn, log, (struct log_progress){.tell = progress_tell, .context = &progress}, err);
    progress_end(&progress);
    TRY(copied);
    TRY(directory_sync(log, err)); /* LMDB flushes bytes, not the name that it made */
    TRY(backup_verify_log(backup->session, made, &backup->log, err));
    struct digest root = log_root(txn);
    if (!digest_equal(&root, &backup->log.root)) {
        FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "root"));
    }
    return OK;
}

/* By two renames; between them the last log is log.old, and restore takes it from there. */
static FALLIBLE switch_log(struct backup *backup, const char *made, struct error *err)
{
    const char *log = below(backup, backup->to, "log");
    const char *old = below(backup, backup->to, "log.old");
    if (file_exists(log)) {
        TRY(remove_log(backup, old, err));
        if (rename(log, old) != 0) {
            FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", old),
                 ARG_ERRNO("why", errno));
        }
    }
    if (rename(below(backup, made, "log"), log) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", log), ARG_ERRNO("why", errno));
    }
    TRY(directory_sync(backup->to, err));
    return remove_log(backup, old, err);
}

/* --- what is beside it --------------------------------------------------------------------------
 */

/* A hash key never changes: a damaged one is not copied, and none replaces another, of which
 * nobody here knows whether it is the right one. */
static FALLIBLE copy_hash_key(const struct backup *backup, const char *from, const char *to,
                              struct error *err)
{
    enum { HASH_KEY_MAX = 4096 };
    struct arena *arena = &backup->session->item_arena;
    uint8_t key[SEAL_KEY_SIZE];
    bytes own = {0};
    bytes kept = {0};
    if (!file_exists(from)) {
        return OK;
    }
    TRY(hash_key_load(below(backup, backup->from, "keys"), key, err));
    memory_wipe(key, sizeof key);
    if (!file_exists(to)) {
        return mirror_file(from, to, arena, err);
    }
    TRY(file_read(from, arena, HASH_KEY_MAX, &own, err));
    outcome read = file_read(to, arena, HASH_KEY_MAX, &kept, err);
    if (!read.ok && err->class != ERROR_MALFORMED) {
        return error_trace(err, HERE);
    }
    if (!read.ok || !bytes_equal(own, kept)) {
        FAIL(CORRUPT, MESSAGE_HASH_KEY_DIFFERS, ARG_TEXT("path", from), ARG_TEXT("copy", to));
    }
    return OK;
}

/* The keyring is copied as its writer lets it be. */
static FALLIBLE copy_file(const struct backup *backup, const char *from, const char *to,
                          struct error *err)
{
    struct arena *arena = &backup->session->item_arena;
    if (str_ends_with(str_of(from), STR("/keys/persons.keys"))) {
        return keyring_copy(from, to, arena, err);
    }
    return str_ends_with(str_of(from), STR("/keys/hash.key")) ? copy_hash_key(backup, from, to, err)
                                                              : mirror_file(from, to, arena, err);
}

static FALLIBLE copy_files(const struct backup *backup, bool with_keys, struct error *err)
{
    TRY(directory_make(below(backup, backup->to, "keys"), KEYS_MODE, err));
    TRY(directory_make(below(backup, backup->to, "trust"), FOLDER_MODE, err));
    for (size_t i = 0; i < backup_files_count; i++) {
        const struct backup_file *file = &backup_files[i];
        if (!file->signing || with_keys) {
            TRY(copy_file(backup, below(backup, backup->from, file->path),
                          below(backup, backup->to, file->path), err));
        }
        arena_reset(&backup->session->item_arena);
    }
    return OK;
}

/* Skips checkpoints of more events than the copy has, and temporary files of a killed run. */
static FALLIBLE copy_checkpoints(struct backup *backup, struct error *err)
{
    struct arena *arena = &backup->session->run_arena;
    const char *from = below(backup, backup->from, "checkpoints");
    const char *to = below(backup, backup->to, "checkpoints");
    struct folder_list list;
    const char *newest = NULL;
    uint64_t last = 0;
    TRY(directory_make(to, FOLDER_MODE, err));
    TRY(folder_list(from, STR(""), arena, &list, err)); /* hidden ones would be none */
    for (size_t i = 0; i < list.count; i++) {
        const char *name = list.names[i];
        char *end = NULL;
        uint64_t size = strtoull(name, &end, 10);
        if (end == name || *end != '.' || size > backup->log.events ||
            str_ends_with(str_of(name), STR(".tmp"))) {
            continue;
        }
        TRY(mirror_file(below(backup, from, name), below(backup, to, name), arena, err));
        backup->checkpoints += strcmp(end, ".txt") == 0;
        if (strcmp(end, ".txt") == 0 && size >= last) {
            last = size;
            newest = name;
        }
    }
    if (newest != NULL) {
        TRY(mirror_file(below(backup, from, newest), below(backup, to, "latest"), arena, err));
    }
    return OK;
}

/* Signing keys from an earlier run stay, so the folder itself is looked at. */
static struct json *describe(const struct backup *backup)
{
    struct arena *arena = &backup->session->run_arena;
    char made[INSTANT_SIZE];
    struct json *record = json_new_record();
    instant_format(backup->session->run.moment.now_us, made);
    json_put_text(record, "format", STR(BACKUP_FORMAT));
    json_put_text(record, "made", str_of(made));
    json_put_number(record, "events", (int64_t)backup->log.events);
    json_put_text(record, "root", base64_encode(digest_bytes(&backup->log.root), arena));
    json_put_number(record, "checkpoints", (int64_t)backup->checkpoints);
    json_put_bool(record, "signing_keys", file_exists(below(backup, backup->to, "keys/log.key")));
    return record;
}

static FALLIBLE write_manifest(const struct backup *backup, struct error *err)
{
    struct json *record = describe(backup);
    str text = json_dump(record, &backup->session->run_arena);
    json_release(record);
    text = arena_format(&backup->session->run_arena, "%.*s\n", STR_ARGS(text));
    return file_replace(below(backup, backup->to, BACKUP_MANIFEST), str_bytes(text), 0644, err);
}

/* --- the verb -----------------------------------------------------------------------------------
 */

/* Another store's log, keys and blobs would be replaced. A log that began anew after a loss is
 * another one, too: its old checkpoints do not fit the new key. */
static FALLIBLE check_is_of_this_log(const struct backup *backup, struct error *err)
{
    enum { VKEY_MAX = 4096 };
    struct arena *arena = &backup->session->run_arena;
    const char *theirs = below(backup, backup->to, "trust/log.vkey");
    bytes kept = {0};
    bytes own = {0};
    if (!file_exists(theirs)) {
        return OK; /* nothing was copied yet */
    }
    TRY(file_read(theirs, arena, VKEY_MAX, &kept, err));
    TRY(file_read(below(backup, backup->from, "trust/log.vkey"), arena, VKEY_MAX, &own, err));
    if (!bytes_equal(kept, own)) {
        FAIL(CREATE, MESSAGE_BACKUP_OF_ANOTHER, ARG_TEXT("dir", backup->to));
    }
    return OK;
}

/* An empty folder, or a backup of this store: anything else is somebody's. */
static FALLIBLE check_place(const struct backup *backup, struct error *err)
{
    const char **names = NULL;
    struct stat status;
    struct stat store;
    const char *manifest = below(backup, backup->to, BACKUP_MANIFEST);
    const char *started = below(backup, backup->to, "making");
    bool there = stat(backup->to, &status) == 0;
    if (there && stat(backup->from, &store) == 0 && store.st_dev == status.st_dev &&
        store.st_ino == status.st_ino) {
        FAIL(CREATE, MESSAGE_BACKUP_IS_STORE, ARG_TEXT("dir", backup->to));
    }
    if (folder_holds(backup->from, backup->to)) {
        FAIL(CREATE, MESSAGE_BACKUP_INSIDE, ARG_TEXT("dir", backup->to));
    }
    if (!there) {
        return OK;
    }
    bool folder = S_ISDIR(status.st_mode);
    bool ours = file_exists(manifest) || file_exists(started);
    if (!folder ||
        (!ours && folder_names(backup->to, STR(""), &backup->session->run_arena, &names) > 0)) {
        FAIL(CREATE, MESSAGE_BACKUP_PLACE_TAKEN, ARG_TEXT("dir", backup->to));
    }
    return check_is_of_this_log(backup, err);
}

/* Where an older log was put back, the copy may be all that is left of the newer one. */
static FALLIBLE check_goes_on(const struct backup *backup, struct log_txn *txn, struct error *err)
{
    struct last_copy last;
    struct digest root;
    TRY(backup_last_copy(backup->session, backup->to, &last, err));
    if (last.events == 0) {
        return OK;
    }
    bool goes_on = last.events <= log_size(txn);
    if (goes_on) {
        TRY(log_root_at(txn, last.events, &root, err));
        goes_on = digest_equal(&root, &last.root);
    }
    if (!goes_on) {
        FAIL(CORRUPT, MESSAGE_BACKUP_GOES_BACK, ARG_TEXT("dir", backup->to),
             ARG_INT("events", last.events));
    }
    return OK;
}

static FALLIBLE copy_all(struct backup *backup, struct log_txn *txn, struct error *err)
{
    const BackupOptions *options = SESSION_OPTIONS(backup->session, BackupOptions);
    TRY(check_goes_on(backup, txn, err));
    const char *made = below(backup, backup->to, "making");
    TRY(directory_make(made, FOLDER_MODE, err));
    TRY(copy_log(backup, txn, made, err));
    TRY(copy_files(backup, options->with_keys, err));
    TRY(backup_mirror(backup->from, backup->to, &backup->session->item_arena, &backup->files, err));
    TRY(backup_judge_gone(backup->session, txn, backup->to, &backup->gone, err));
    TRY(switch_log(backup, made, err));
    TRY(copy_checkpoints(backup, err));
    TRY(write_manifest(backup, err));
    (void)rmdir(made); /* empty by now; until here it says whose an unfinished backup is */
    return OK;
}

static FALLIBLE open_and_copy(struct backup *backup, struct error *err)
{
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    TRY(log_open(below(backup, backup->from, "log"), STORE_READ, &log, err));
    outcome result = log_begin(log, STORE_READ, &txn, err);
    if (result.ok) {
        result = copy_all(backup, txn, err);
        log_abort(txn);
    }
    log_close(log);
    return result;
}

outcome job_backup(struct session *session, struct error *err)
{
    const BackupOptions *options = SESSION_OPTIONS(session, BackupOptions);
    struct backup backup = {
        .session = session, .from = session->store_dir, .to = options->arguments[0]};
    struct metrics metrics = metrics_start("backup");
    struct lock *claim = NULL;
    struct error ignored;
    TRY(store_here(backup.from, err));
    TRY(check_place(&backup, err));
    TRY(folder_claim(backup.to, &claim, err));
    outcome copied = open_and_copy(&backup, err);
    lock_release(claim);
    TRY(copied);
    metrics.done = backup.log.events;
    metrics.failed = backup.gone.lost;
    if (!metrics_write(session, &metrics, &ignored).ok) {
        report_error(session, &ignored); /* the backup stands, also of a store that is read only */
    }
    struct json *record = describe(&backup);
    json_put_text(record, "backup", str_of(backup.to));
    json_put_number(record, "copied", (int64_t)backup.files.copied);
    json_put_number(record, "kept", (int64_t)backup.files.kept);
    json_put_number(record, "removed", (int64_t)backup.gone.removed);
    json_put_number(record, "lost", (int64_t)backup.gone.lost);
    json_put_number(record, "bytes", (int64_t)backup.files.bytes);
    json_put_decimal(record, "seconds", metrics_seconds(&metrics));
    return report_result(session, record, err);
}
