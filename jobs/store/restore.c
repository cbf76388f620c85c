/* restore - the verb `restore`: makes a store from a backup folder, after checking all of it.
 *
 * The new store is assembled under another name. Files are checked against the digests in their
 * names; the log is checked page by page and hash by hash, then against every checkpoint of the
 * backup and those kept elsewhere (--checkpoint). Only then is it renamed to STORE and its views
 * are made. A log that contradicts a checkpoint is refused, unless the operator accepts the loss:
 * then its checkpoints are set aside and the log continues under a new origin, so that nobody who
 * saw the lost part takes it for the same log. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/config.h"
#include "core/io/file.h"
#include "core/io/file_copy.h"
#include "core/io/key.h"
#include "core/io/keyring_copy.h"
#include "core/io/note.h"
#include "core/io/remove_all.h"
#include "core/io/seal.h"
#include "core/io/stop.h"
#include "core/io/wipe.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/engine/views_switch.h"
#include "jobs/folder.h"
#include "jobs/metrics.h"
#include "jobs/report.h"
#include "jobs/store/backup.h"
#include "jobs/store/backup_last.h"

enum { FOLDER_MODE = 0755, KEYS_MODE = 0700 };

struct restore {
    struct session *session;
    const RestoreOptions *options;
    const char *from;
    const char *to;
    const char *made;      /* beside `to` */
    struct last_copy said; /* by the manifest; 0 events: nothing */
    struct log_report log;
    uint64_t checkpoints;
    const char *new_origin; /* NULL: the log's own goes on */
};

static const char *below(const struct restore *restore, const char *dir, const char *name)
{
    return arena_format(&restore->session->run_arena, "%s/%s", dir, name).data;
}

static FALLIBLE check_places(struct restore *restore, struct error *err)
{
    struct arena *arena = &restore->session->run_arena;
    const char *manifest = below(restore, restore->from, BACKUP_MANIFEST);
    const char **names = NULL;
    struct json *record = NULL;
    struct stat status;
    struct error cause;
    bytes text = {0};
    if (!file_exists(manifest)) {
        FAIL(MISSING, MESSAGE_BACKUP_NOT_FOUND, ARG_TEXT("dir", restore->from));
    }
    TRY(file_read(manifest, arena, BACKUP_MANIFEST_MAX, &text, err));
    bool known = json_parse(text, &record, &cause).ok;
    const struct json *format = known ? report_member(record, "format") : NULL;
    known = format != NULL && json_kind(format) == JSON_IS_TEXT &&
            str_equal_c(json_text(format), BACKUP_FORMAT);
    json_release(record);
    if (!known) {
        FAIL(CORRUPT, MESSAGE_BACKUP_FORMAT, ARG_TEXT("file", manifest));
    }
    (void)backup_manifest_says(text, arena, &restore->said); /* else there is nothing to go by */
    if (stat(restore->to, &status) == 0 &&
        (!S_ISDIR(status.st_mode) || folder_names(restore->to, STR(""), arena, &names) > 0)) {
        FAIL(CREATE, MESSAGE_STORE_EXISTS, ARG_TEXT("dir", restore->to));
    }
    return OK;
}

/* --- copying ------------------------------------------------------------------------------------
 */

/* What no store is opened without, judged before one stands: of the backup's own files. */
static FALLIBLE check_needed(const struct restore *restore, struct error *err)
{
    static const char *const needed[] = {"anzheng.conf", "keys/hash.key", "keys/persons.keys"};
    struct arena *arena = &restore->session->item_arena;
    Config *config = RECORD_NEW(arena, Config, config);
    uint8_t key[SEAL_KEY_SIZE];
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const char *path = below(restore, restore->from, needed[i]);
        if (!file_exists(path)) {
            FAIL(CONFIG, MESSAGE_STORE_FILE_MISSING, ARG_TEXT("path", path));
        }
    }
    TRY(hash_key_load(below(restore, restore->from, "keys"), key, err));
    memory_wipe(key, sizeof key);
    TRY(config_read(below(restore, restore->from, "anzheng.conf"), &config->base, arena, err));
    arena_reset(arena);
    return OK;
}

static FALLIBLE copy_file(const struct restore *restore, const char *path, struct error *err)
{
    struct arena *arena = &restore->session->item_arena;
    const char *from = below(restore, restore->from, path);
    const char *to = below(restore, restore->made, path);
    return strcmp(path, "keys/persons.keys") == 0 ? keyring_copy(from, to, arena, err)
                                                  : mirror_file(from, to, arena, err);
}

static FALLIBLE copy_files(const struct restore *restore, struct error *err)
{
    static const char *const folders[] = {"reports", "checkpoints", "log", "trust"};
    struct arena *arena = &restore->session->item_arena;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        TRY(directory_make(below(restore, restore->made, folders[i]), FOLDER_MODE, err));
    }
    TRY(directory_make(below(restore, restore->made, "keys"), KEYS_MODE, err));
    for (size_t i = 0; i < backup_files_count; i++) {
        TRY(copy_file(restore, backup_files[i].path, err));
        arena_reset(arena);
    }
    const char *log = below(restore, restore->from, "log/data.mdb");
    const char *old =
        below(restore, restore->from, "log.old/data.mdb"); /* a backup that was killed */
    return file_copy(file_exists(log) ? log : old, below(restore, restore->made, "log/data.mdb"),
                     0640, err);
}

static FALLIBLE copy_checkpoints(const struct restore *restore, struct error *err)
{
    const char *from = below(restore, restore->from, "checkpoints");
    const char *to = below(restore, restore->made, "checkpoints");
    struct folder_list list; /* hidden ones would be none */
    TRY(folder_list(from, STR(""), &restore->session->run_arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        TRY(mirror_file(below(restore, from, list.names[i]), below(restore, to, list.names[i]),
                        &restore->session->run_arena, err));
    }
    return OK;
}

/* --- believing ----------------------------------------------------------------------------------
 */

/* A manifest is written when its log stands, so that log has all of it, and more after a kill. */
static FALLIBLE check_manifest(const struct restore *restore, struct log_txn *txn,
                               struct error *err)
{
    uint64_t events = restore->said.events;
    struct digest root;
    bool same = events <= log_size(txn);
    if (events == 0) {
        return OK;
    }
    if (same) {
        TRY(log_root_at(txn, events, &root, err));
        same = digest_equal(&root, &restore->said.root);
    }
    if (!same) {
        FAIL(CORRUPT, MESSAGE_BACKUP_TORN, ARG_TEXT("dir", restore->from),
             ARG_INT("events", events));
    }
    return OK;
}

/* What was signed, and what the backup says of itself: a folder may be put together of two. */
static FALLIBLE verify_checkpoints(struct restore *restore, struct error *err)
{
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    uint64_t last = 0;
    TRY(log_open(below(restore, restore->made, "log"), STORE_READ, &log, err));
    outcome result = log_begin(log, STORE_READ, &txn, err);
    if (result.ok) {
        result =
            checkpoints_verify(restore->made, txn, restore->options->checkpoint,
                               restore->options->n_checkpoint, &restore->checkpoints, &last, err);
        result = result.ok ? check_manifest(restore, txn, err) : result;
        log_abort(txn);
    }
    log_close(log);
    return result;
}

/* All signed heads are set aside, also those that fit: they are the old origin's. They stay as
 * evidence of what there was. */
static FALLIBLE set_checkpoints_aside(const struct restore *restore, struct error *err)
{
    const char *now = below(restore, restore->made, "checkpoints");
    const char *aside = arena_format(&restore->session->run_arena, "%s/checkpoints-before-%" PRIu64,
                                     restore->made, restore->log.events)
                            .data;
    if (rename(now, aside) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", aside), ARG_ERRNO("why", errno));
    }
    return directory_make(now, FOLDER_MODE, err);
}

/* Documents carry proofs that it signed, and are checked beside the store. */
static FALLIBLE keep_former_key(const struct restore *restore, const struct note_verifier *before,
                                struct error *err)
{
    enum { KEYS_BYTES_MAX = 1 << 16 };
    struct arena *arena = &restore->session->run_arena;
    const char *path = below(restore, restore->made, FORMER_KEYS);
    bytes kept = {0};
    if (file_exists(path)) {
        TRY(file_read(path, arena, KEYS_BYTES_MAX, &kept, err));
    }
    str text = arena_format(arena, "%.*s%s\n", (int)kept.size, (const char *)kept.data,
                            note_vkey_format(before, arena).data);
    return file_replace(path, str_bytes(text), 0644, err);
}

/* A key of its own too: the lost log's may be in use elsewhere. */
static FALLIBLE begin_origin(struct restore *restore, struct error *err)
{
    struct arena *arena = &restore->session->run_arena;
    struct note_verifier before;
    struct note_key *key = NULL;
    char day[DATE_SIZE];
    date_format(restore->session->run.moment.today, day);
    TRY(checkpoints_verifier(restore->made, arena, &before, err));
    str origin = arena_format(arena, "%.*s/restored-%s-%" PRIu64, STR_ARGS(before.name), day,
                              restore->log.events);
    if (!note_name_is_valid(origin)) {
        FAIL(CONFIG, MESSAGE_ORIGIN_INVALID, ARG_STR("origin", origin));
    }
    TRY(note_key_generate(&key, err));
    struct note_verifier verifier = note_verifier_of(key, origin);
    outcome saved = note_key_save(key, below(restore, restore->made, "keys/log.key"), err);
    note_key_close(key);
    TRY(saved);
    str line = arena_format(arena, "%s\n", note_vkey_format(&verifier, arena).data);
    TRY(file_replace(below(restore, restore->made, "trust/log.vkey"), str_bytes(line), 0644, err));
    TRY(keep_former_key(restore, &before, err));
    TRY(set_checkpoints_aside(restore, err));
    restore->new_origin = origin.data;
    return OK;
}

static FALLIBLE believe(struct restore *restore, struct error *err)
{
    struct error why;
    TRY(backup_verify_log(restore->session, restore->made, &restore->log, err));
    if (verify_checkpoints(restore, &why).ok) {
        return OK;
    }
    bool lost = why.code == MESSAGE_CHECKPOINT_BEYOND || why.code == MESSAGE_CHECKPOINT_DIFFERS ||
                why.code == MESSAGE_BACKUP_TORN;
    if (!lost || !restore->options->accept_loss) {
        *err = why;
        return error_trace(err, HERE);
    }
    report_note(restore->session, TERMINAL_WARNING, why.code, why.args, why.args_count);
    return begin_origin(restore, err);
}

/* --- the verb -----------------------------------------------------------------------------------
 */

static FALLIBLE build(struct restore *restore, struct error *err)
{
    struct mirror_report files = {0};
    TRY(check_needed(restore, err));
    TRY(directory_make(restore->made, FOLDER_MODE, err));
    TRY(copy_files(restore, err));
    TRY(copy_checkpoints(restore, err));
    TRY(believe(restore, err));
    TRY(backup_mirror(restore->from, restore->made, &restore->session->item_arena, &files, err));
    TRY(file_sync_tree(restore->made, err));
    return folder_take_place(restore->made, restore->to, MESSAGE_STORE_EXISTS, err);
}

static void show_fold(void *state, uint64_t done, uint64_t total)
{
    struct progress *progress = state;
    progress->total = total;
    progress_step(progress, done);
}

static FALLIBLE fold_views(struct session *session, struct error *err)
{
    struct progress progress;
    struct fold_progress watch = {&progress, show_fold};
    const struct fold_options options = {.as_of = INT32_MAX, .progress = &watch};
    uint64_t last = 0;
    TRY(session_open_store(session, NEEDS_LOG, err));
    TRY(engine_begin(session->engine, err));
    progress_start(&progress, &session->terminal, STR("rebuild"), 0);
    outcome result = views_switch(session->engine, &options, &last, err);
    progress_end(&progress);
    return result;
}

/* Where the store will look for it; NULL: in a token. */
static const char *place_of_key(const struct restore *restore, const char *path)
{
    const char *named = restore->session->config->document_key;
    if (*named == 0 || strcmp(path, "keys/document.key") != 0) {
        return below(restore, restore->to, path);
    }
    return key_is_of_token(named) ? NULL
           : *named == '/'        ? named
                                  : below(restore, restore->to, named);
}

/* What the backup did not hold and the store will ask for. Nothing is signed with a root's key but
 * by `trust issue`, which says it itself, and a store under an authority of its own never had one.
 */
static void tell_missing_keys(const struct restore *restore)
{
    struct session *session = restore->session;
    for (size_t i = 0; i < backup_files_count; i++) {
        const char *path = place_of_key(restore, backup_files[i].path);
        bool root = strcmp(backup_files[i].path, "keys/root.key") == 0;
        if (backup_files[i].signing && !root && path != NULL && !file_exists(path)) {
            struct error_arg args[] = {ARG_TEXT("path", path)};
            report_note(session, TERMINAL_WARNING, MESSAGE_RESTORE_KEY_MISSING, args, 1);
        }
    }
}

/* A store without views: one that nobody can open is removed. Any other stays, and everything that
 * the answer of a whole restore would tell is told here. */
static void leave(const struct restore *restore, const struct error *err)
{
    struct session *session = restore->session;
    if (err->class == ERROR_CONFIG) {
        remove_all(restore->to);
        return;
    }
    struct error_arg left[] = {ARG_TEXT("dir", restore->to)};
    report_note(session, TERMINAL_WARNING, MESSAGE_RESTORE_VIEWS_LEFT, left, 1);
    if (restore->new_origin != NULL) {
        struct error_arg origin[] = {
            ARG_TEXT("origin", restore->new_origin),
            ARG_TEXT("path", below(restore, restore->to, "trust/log.vkey"))};
        report_note(session, TERMINAL_WARNING, MESSAGE_RESTORE_NEW_ORIGIN, origin, 2);
    }
    if (session->config != NULL) {
        tell_missing_keys(restore);
    }
}

outcome job_restore(struct session *session, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct restore restore = {.session = session,
                              .options = SESSION_OPTIONS(session, RestoreOptions),
                              .to = folder_meant(session->store_dir, arena)};
    restore.from = restore.options->arguments[0];
    restore.made = folder_made_beside(restore.to, "restore", arena);
    struct metrics metrics = metrics_start("restore");
    TRY(check_places(&restore, err));
    remove_all(restore.made); /* of a kill */
    if (!build(&restore, err).ok) {
        remove_all(restore.made);
        if (err->class == ERROR_BUSY && stop_requested()) { /* else it speaks of what is kept */
            FAIL(BUSY, MESSAGE_RESTORE_STOPPED);
        }
        return error_trace(err, HERE);
    }
    if (!fold_views(session, err).ok) {
        leave(&restore, err);
        return error_trace(err, HERE);
    }
    metrics.done = restore.log.events;
    TRY(metrics_write(session, &metrics, err));
    tell_missing_keys(&restore);
    struct json *record = json_new_record();
    json_put_text(record, "store", str_of(restore.to));
    json_put_number(record, "events", (int64_t)restore.log.events);
    json_put_text(record, "root", base64_encode(digest_bytes(&restore.log.root), arena));
    json_put_number(record, "checkpoints", (int64_t)restore.checkpoints);
    if (restore.new_origin != NULL) {
        json_put_text(record, "new_origin", str_of(restore.new_origin));
    } else {
        json_put_null(record, "new_origin");
    }
    json_put_decimal(record, "seconds", metrics_seconds(&metrics));
    return report_result(session, record, err);
}
