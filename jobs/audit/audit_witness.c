/* audit_witness - the verb `audit witness`, for a witness outside: it cosigns a published tree that
 * continues the one it saw last. Needs no store, only a folder of its own with key, public key, and
 * for each log the last checkpoint that it cosigned.
 *
 * The order matters: under the folder's lock it reads the last checkpoint, judges the new one and
 * writes it durably; only then does it release the cosignature. So neither a second run nor a crash
 * can cosign a tree and forget it. Checkpoints of a log that went back or forked are kept as
 * evidence. */
#include <inttypes.h>

#include "core/io/file.h"
#include "core/io/lock.h"
#include "core/io/output.h"
#include "core/io/tiles.h"
#include "jobs/audit/proofs.h"
#include "jobs/checkpoints/cosigning.h"
#include "jobs/checkpoints/trusted_keys.h"
#include "jobs/report.h"

enum { FOLDER_MODE = 0700, FILE_MODE = 0644, MICROSECONDS = 1000000 };

struct watching {
    struct session *session;
    const AuditWitnessOptions *options;
    struct arena *arena;
    struct note_key *key;
    struct note_verifier witness;
    struct note_verifier log;
    struct tiles tiles;
    struct signed_checkpoint now;
    struct signed_checkpoint before; /* file NULL: the log is seen for the first time */
    const char *path;                /* of the last checkpoint */
};

static const char *path_in(const struct watching *watching, const char *name)
{
    return arena_format(watching->arena, "%s/%s", watching->options->state, name).data;
}

/* --- making a witness ------------------------------------------------------------------------ */

static FALLIBLE make_key(struct watching *watching, struct error *err)
{
    str name = str_of(watching->options->name);
    watching->witness = note_cosigner_of(watching->key, name);
    str vkey = note_vkey_format(&watching->witness, watching->arena);
    str line = arena_format(watching->arena, "%.*s\n", STR_ARGS(vkey));
    TRY(note_key_save(watching->key, path_in(watching, "witness.key"), err));
    return file_replace(path_in(watching, "witness.vkey"), str_bytes(line), FILE_MODE, err);
}

static FALLIBLE check_name(const struct watching *watching, struct error *err)
{
    str name = str_of(watching->options->name);
    if (!note_name_is_valid(name)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "name"), ARG_STR("value", name),
             ARG_TEXT("expected", "witness.example/NAME"));
    }
    return OK;
}

static FALLIBLE make_witness(struct watching *watching, struct error *err)
{
    const char *path = path_in(watching, "witness.key");
    if (file_exists(path)) {
        FAIL(CREATE, MESSAGE_OUTPUT_EXISTS, ARG_TEXT("path", path));
    }
    TRY(note_key_generate(&watching->key, err));
    TRY(make_key(watching, err));
    struct json *record = json_new_record();
    json_put_text(record, "witness", note_vkey_format(&watching->witness, watching->arena));
    json_put_text(record, "folder", str_of(watching->options->state));
    return report_result(watching->session, record, err);
}

/* --- reading --------------------------------------------------------------------------------- */

static FALLIBLE open_witness(struct watching *watching, struct error *err)
{
    const char *path = path_in(watching, "witness.vkey");
    str vkey = STR("");
    if (!file_exists(path)) {
        FAIL(CONFIG, MESSAGE_WITNESS_MISSING, ARG_TEXT("folder", watching->options->state));
    }
    TRY(trusted_keys_text(path, watching->arena, &vkey, err));
    TRY(note_cosigner_parse(vkey, watching->arena, &watching->witness, err));
    TRY(engine_own_file(note_key_load(path_in(watching, "witness.key"), &watching->key, err), err));
    struct note_verifier own = note_cosigner_of(watching->key, watching->witness.name);
    if (own.key_id != watching->witness.key_id) {
        FAIL(CONFIG, MESSAGE_KEY_UNUSABLE, ARG_TEXT("path", path_in(watching, "witness.key")));
    }
    return OK;
}

/* Reads the log's present checkpoint and verifies it with the given key. */
static FALLIBLE read_published(struct watching *watching, struct error *err)
{
    struct witnesses *trust = ARENA_NEW(watching->arena, struct witnesses);
    struct proof_verdict *verdict = ARENA_NEW(watching->arena, struct proof_verdict);
    struct error ignored;
    TRY(trusted_keys_add_log(trust, watching->options->vkey, watching->arena, err));
    TRY(witnesses_ask(trust, 0, err));
    watching->log = trust->logs[0];
    TRY(tiles_checkpoint(&watching->tiles, &watching->now.note, err));
    TRY(proof_check_checkpoint(watching->now.note, trust, watching->arena, verdict, err));
    watching->now.checkpoint = verdict->checkpoint;
    str lines = STR("");
    BUG_UNLESS(note_split(watching->now.note, &watching->now.text, &lines, &ignored).ok);
    watching->now.file = watching->options->log;
    return OK;
}

/* Reads the checkpoint that was cosigned last, and verifies our own cosignature on it, whatever the
 * log's key is now. */
static FALLIBLE read_last(struct watching *watching, struct error *err)
{
    struct arena *arena = watching->arena;
    struct digest digest = digest_sha256(str_bytes(watching->log.name));
    struct error cause;
    char hex[DIGEST_HEX_SIZE];
    bytes content = {0};
    str lines = STR("");
    int64_t seconds = 0;
    struct signed_checkpoint before = {.text = STR("")};
    digest_hex(&digest, hex);
    watching->path = arena_format(arena, "%s/%s.checkpoint", watching->options->state, hex).data;
    if (!file_exists(watching->path)) {
        return OK;
    }
    TRY(file_read(watching->path, arena, CHECKPOINT_BYTES_MAX, &content, err));
    if (!str_from_bytes(content, &before.note) ||
        !note_split(before.note, &before.text, &lines, &cause).ok ||
        !note_verify_cosignature(before.note, &watching->witness, &seconds, &cause).ok ||
        !checkpoint_parse(before.text, &before.checkpoint, &cause).ok ||
        !str_equal(before.checkpoint.origin, watching->log.name)) {
        FAIL(CORRUPT, MESSAGE_WITNESS_STATE, ARG_TEXT("file", watching->path));
    }
    before.file = watching->path;
    watching->before = before;
    return OK;
}

/* --- judging --------------------------------------------------------------------------------- */

static FALLIBLE keep_evidence(struct watching *watching, const char **ret, struct error *err)
{
    str root = base64_encode(digest_bytes(&watching->now.checkpoint.root), watching->arena);
    struct digest digest = digest_sha256(str_bytes(root));
    char hex[DIGEST_HEX_SIZE];
    digest_hex(&digest, hex);
    *ret = arena_format(watching->arena, "%s.evidence-%" PRIu64 "-%.8s", watching->path,
                        watching->now.checkpoint.size, hex)
               .data;
    return file_replace(*ret, str_bytes(watching->now.note), FILE_MODE, err);
}

static FALLIBLE fail_with_evidence(struct watching *watching, int message, struct error *err)
{
    const char *evidence = NULL;
    TRY(keep_evidence(watching, &evidence, err));
    FAIL(CORRUPT, message, ARG_STR("origin", watching->log.name),
         ARG_INT("seen", watching->before.checkpoint.size),
         ARG_INT("shown", watching->now.checkpoint.size), ARG_TEXT("seen_file", watching->path),
         ARG_TEXT("evidence", evidence));
}

/* The hashes that were published are those of the signed tree, and it begins with the one before.*/
static FALLIBLE judge_tiles(struct watching *watching, struct error *err)
{
    const struct checkpoint *now = &watching->now.checkpoint;
    const struct checkpoint *before = &watching->before.checkpoint;
    struct tree_reader reader = tiles_reader(&watching->tiles);
    struct tree tree;
    struct tree_proof path;
    TRY(tree_at(&reader, now->size, &tree, err));
    struct digest root = tree_root(&tree);
    if (!digest_equal(&root, &now->root)) {
        FAIL(CORRUPT, MESSAGE_WITNESS_TILES, ARG_STR("origin", now->origin),
             ARG_INT("shown", now->size));
    }
    if (watching->before.file == NULL) {
        return OK;
    }
    TRY(tree_consistency(&reader, before->size, now->size, &path, err));
    if (!tree_verify_consistency(before->size, &before->root, now->size, &now->root, &path)) {
        return fail_with_evidence(watching, MESSAGE_WITNESS_FORK, err);
    }
    return OK;
}

static FALLIBLE judge(struct watching *watching, struct error *err)
{
    const struct checkpoint *now = &watching->now.checkpoint;
    const struct checkpoint *before = &watching->before.checkpoint;
    watching->tiles.size = now->size;
    if (watching->before.file != NULL && now->size < before->size) {
        return fail_with_evidence(watching, MESSAGE_WITNESS_BACK, err);
    }
    if (watching->before.file != NULL && now->size == before->size &&
        !digest_equal(&now->root, &before->root)) {
        return fail_with_evidence(watching, MESSAGE_WITNESS_FORK, err);
    }
    return judge_tiles(watching, err);
}

/* --- cosigning ------------------------------------------------------------------------------- */

static FALLIBLE cosign(struct watching *watching, struct error *err)
{
    struct arena *arena = watching->arena;
    const char *out = watching->options->out;
    str line = STR("");
    TRY(note_cosign(watching->key, watching->witness.name, watching->now.text,
                    watching->session->run.moment.now_us / MICROSECONDS, arena, &line, err));
    str note = cosigning_put(watching->now.note, &watching->witness, line, arena);
    TRY(file_replace(watching->path, str_bytes(note), FILE_MODE, err)); /* before it is let out */
    if (*out != 0) {
        TRY(output_write(out, str_bytes(note), FILE_MODE, err));
    }
    struct json *record = json_new_record();
    json_put_text(record, "origin", watching->log.name);
    json_put_number(record, "size", (int64_t)watching->now.checkpoint.size);
    json_put_text(record, "root",
                  base64_encode(digest_bytes(&watching->now.checkpoint.root), arena));
    if (watching->before.file != NULL) {
        json_put_number(record, "before", (int64_t)watching->before.checkpoint.size);
    } else {
        json_put_null(record, "before"); /* trusted as it is */
    }
    json_put_text(record, "signature", str_first(line, line.size - 1));
    json_put_text(record, "file", str_of(*out != 0 ? out : watching->path));
    return report_result_about(watching->session, "witness", record, err);
}

static FALLIBLE watch(struct watching *watching, struct error *err)
{
    watching->tiles = (struct tiles){.place = watching->options->log,
                                     .scratch = path_in(watching, "download.tmp"),
                                     .arena = watching->arena};
    TRY(open_witness(watching, err));
    TRY(read_published(watching, err));
    TRY(read_last(watching, err));
    TRY(judge(watching, err));
    return cosign(watching, err);
}

outcome job_audit_witness(struct session *session, struct error *err)
{
    const AuditWitnessOptions *options = SESSION_OPTIONS(session, AuditWitnessOptions);
    struct watching *watching = ARENA_NEW(&session->run_arena, struct watching);
    struct lock *lock = NULL;
    bool init = options->init;
    const char *missing = *options->state == 0           ? "state"
                          : init && *options->name == 0  ? "name"
                          : !init && *options->log == 0  ? "log"
                          : !init && *options->vkey == 0 ? "vkey"
                                                         : NULL;
    if (missing != NULL) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "audit witness"),
             ARG_TEXT("option", missing));
    }
    watching->session = session;
    watching->options = options;
    watching->arena = &session->run_arena;
    if (init) { /* two runs at once could leave the key of one and the name of the other */
        TRY(check_name(watching, err));
        TRY(directory_make(options->state, FOLDER_MODE, err));
    } else if (!file_exists(options->state)) {
        FAIL(CONFIG, MESSAGE_WITNESS_MISSING, ARG_TEXT("folder", options->state));
    }
    TRY(lock_take(options->state, "audit-witness", session_wait(session), &lock, err));
    outcome watched = init ? make_witness(watching, err) : watch(watching, err);
    note_key_close(watching->key);
    lock_release(lock);
    return watched;
}
