/* cosigning - see cosigning.h. */
#include "jobs/checkpoints/cosigning.h"

#include <inttypes.h>
#include <string.h>

#include "core/io/file.h"
#include "core/io/http.h"
#include "core/io/proof.h"
#include "jobs/folder.h"
#include "jobs/report.h"

enum {
    ANSWER_BYTES_MAX = 64 * 1024,
    TRIES_MAX = 2, /* once more with the size that the witness names */
    STATUS_GOOD = 200,
    STATUS_CONFLICT = 409,
};

/* Is this line over that text the witness's? */
static bool is_line_of(str text, str line, const struct note_verifier *witness, struct arena *arena)
{
    struct error ignored;
    int64_t seconds = 0;
    str note = arena_format(arena, "%.*s\n%.*s\n", STR_ARGS(text), STR_ARGS(line));
    return note_verify_cosignature(note, witness, &seconds, &ignored).ok;
}

/* The line with which `witness` cosigned that text; data NULL: none that is good. */
static str line_among(str text, str lines, const struct note_verifier *witness, struct arena *arena)
{
    while (lines.data != NULL && lines.size > 0) {
        str line = str_cut(&lines, '\n');
        if (is_line_of(text, line, witness, arena)) {
            return arena_format(arena, "%.*s\n", STR_ARGS(line));
        }
    }
    return (str){NULL, 0};
}

/* The same of a note, over its own text. */
static str line_of(str note, const struct note_verifier *witness, struct arena *arena)
{
    struct error ignored;
    str text = STR("");
    str lines = STR("");
    if (!note_split(note, &text, &lines, &ignored).ok) {
        return (str){NULL, 0};
    }
    return line_among(text, lines, witness, arena);
}

str cosigning_put(str note, const struct note_verifier *witness, str line, struct arena *arena)
{
    struct error ignored;
    str text = STR("");
    str lines = STR("");
    str kept = STR("");
    if (!note_split(note, &text, &lines, &ignored).ok) {
        BUG("a note that was verified before");
    }
    while (lines.data != NULL && lines.size > 0) {
        str old = str_cut(&lines, '\n');
        if (!is_line_of(text, old, witness, arena)) {
            kept = arena_format(arena, "%.*s%.*s\n", STR_ARGS(kept), STR_ARGS(old));
        }
    }
    return arena_format(arena, "%.*s\n%.*s%.*s", STR_ARGS(text), STR_ARGS(kept), STR_ARGS(line));
}

/* Adds the line to the checkpoint's file (in the place of an older one of the same witness).
 * fails   as checkpoint_read, file_replace */
static FALLIBLE keep(struct session *session, const struct signed_checkpoint *checkpoint,
                     const struct note_verifier *witness, str line, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct note_verifier log;
    struct signed_checkpoint there = *checkpoint;
    const char *path = arena_format(arena, "%s/checkpoints/%" PRIu64 ".cosigned",
                                    session->store_dir, checkpoint->checkpoint.size)
                           .data;
    TRY(checkpoints_verifier(session->store_dir, arena, &log, err));
    if (file_exists(path)) {
        TRY(checkpoint_read(path, &log, arena, &there, err));
    }
    str note = cosigning_put(there.note, witness, line, arena);
    return file_replace(path, str_bytes(note), CHECKPOINT_MODE, err);
}

/* --- asking ---------------------------------------------------------------------------------- */

struct asking {
    struct session *session;
    const struct witness *witness;
    const struct signed_checkpoint *checkpoint;
    struct arena *arena;
};

static outcome bad_answer(const struct asking *asking, int status, const char *what,
                          struct error *err)
{
    FAIL(REMOTE, MESSAGE_WITNESS_ANSWER, ARG_STR("witness", asking->witness->key.name),
         ARG_INT("status", status), ARG_TEXT("what", what));
}

static FALLIBLE post(const struct asking *asking, uint64_t old_size, int *ret_status,
                     bytes *ret_answer, struct error *err)
{
    struct tree_proof path;
    struct tree_reader reader = log_tree_reader(engine_log_txn(asking->session->engine));
    str url = asking->witness->url;
    while (str_ends_with(url, STR("/"))) {
        url.size--;
    }
    TRY(tree_consistency(&reader, old_size, asking->checkpoint->checkpoint.size, &path, err));
    const struct http_question question = {
        .url = arena_format(asking->arena, "%.*s/add-checkpoint", STR_ARGS(url)).data,
        .text = proof_request(old_size, &path, asking->checkpoint->note, asking->arena),
        .bytes_max = ANSWER_BYTES_MAX};
    return http_ask(&question, asking->arena, ret_status, ret_answer, err);
}

/* The size that a 409 names. More than we have: the log was put back, or the witness lies. */
static FALLIBLE read_conflict(const struct asking *asking, bytes answer, uint64_t *old_size,
                              struct error *err)
{
    str text = STR("");
    uint64_t size = 0;
    if (!str_from_bytes(answer, &text) || !str_to_uint64(str_trim(text), &size)) {
        return bad_answer(asking, STATUS_CONFLICT, "no size", err);
    }
    if (size > asking->checkpoint->checkpoint.size) {
        FAIL(REMOTE, MESSAGE_WITNESS_AHEAD, ARG_STR("witness", asking->witness->key.name),
             ARG_INT("seen", size), ARG_INT("signed", asking->checkpoint->checkpoint.size));
    }
    if (size == *old_size) {
        return bad_answer(asking, STATUS_CONFLICT, "it saw another tree", err);
    }
    *old_size = size;
    return OK;
}

/* Verifies the cosignature in an answer over our own text of the checkpoint; any text before it in
 * the answer is ignored. */
static FALLIBLE read_cosignature(const struct asking *asking, bytes answer, str *ret,
                                 struct error *err)
{
    str lines = STR("");
    if (!str_from_bytes(answer, &lines)) {
        return bad_answer(asking, STATUS_GOOD, "not UTF-8", err);
    }
    str line = line_among(asking->checkpoint->text, lines, &asking->witness->key, asking->arena);
    if (line.data == NULL) {
        return bad_answer(asking, STATUS_GOOD, "no cosignature that verifies", err);
    }
    *ret = line;
    return OK;
}

static FALLIBLE ask_witness(const struct asking *asking, uint64_t old_size, str *ret_line,
                            struct error *err)
{
    int status = 0;
    bytes answer = {0};
    TRY(post(asking, old_size, &status, &answer, err));
    for (int tries = 1; status == STATUS_CONFLICT; tries++) {
        TRY(read_conflict(asking, answer, &old_size, err));
        if (tries == TRIES_MAX) {
            return bad_answer(asking, status, "another size each time", err);
        }
        TRY(post(asking, old_size, &status, &answer, err));
    }
    switch (status) {
    case STATUS_GOOD: return read_cosignature(asking, answer, ret_line, err);
    case 400: return bad_answer(asking, status, "it did not understand the request", err);
    case 403: return bad_answer(asking, status, "it does not know the log's key", err);
    case 404: return bad_answer(asking, status, "it does not know the log", err);
    case 422: return bad_answer(asking, status, "it saw another tree", err);
    default: return bad_answer(asking, status, "unexpected", err);
    }
}

/* The largest earlier checkpoint that the witness cosigned, as far as we kept it; else 0. */
static uint64_t known_size(const struct asking *asking)
{
    const char *folder =
        arena_format(asking->arena, "%s/checkpoints", asking->session->store_dir).data;
    const char **names = NULL;
    uint64_t known = 0;
    size_t count = folder_names(folder, STR(".cosigned"), asking->arena, &names);
    for (size_t i = 0; i < count; i++) {
        struct error ignored;
        uint64_t size = 0;
        bytes note = {0};
        str text = STR("");
        str stem = str_first(str_of(names[i]), strlen(names[i]) - STR(".cosigned").size);
        const char *path = arena_format(asking->arena, "%s/%s", folder, names[i]).data;
        if (str_to_uint64(stem, &size) && size > known &&
            size <= asking->checkpoint->checkpoint.size &&
            file_read(path, asking->arena, CHECKPOINT_BYTES_MAX, &note, &ignored).ok &&
            str_from_bytes(note, &text) &&
            line_of(text, &asking->witness->key, asking->arena).data != NULL) {
            known = size;
        }
    }
    return known;
}

static void put_result(struct session *session, struct json *results, const struct witness *witness,
                       const struct error *wrong)
{
    struct json *record = json_add_record(results);
    json_put_text(record, "witness", witness->key.name);
    json_put_bool(record, "cosigned", wrong == NULL);
    if (wrong != NULL) {
        report_put_error(session, json_put_record(record, "error"), wrong, &session->run_arena);
        report_error(session, wrong);
        session_status(session, error_exit_status(ERROR_REFUSED));
    }
}

FALLIBLE cosigning_ask(struct session *session, const struct witnesses *witnesses,
                       const struct signed_checkpoint *checkpoint, struct json *results,
                       struct error *err)
{
    for (size_t i = 0; i < witnesses->witnesses_count; i++) {
        struct error wrong;
        str line = STR("");
        const struct witness *witness = &witnesses->witnesses[i];
        const struct asking asking = {session, witness, checkpoint, &session->item_arena};
        if (str_empty(witness->url)) {
            continue;
        }
        bool cosigned = ask_witness(&asking, known_size(&asking), &line, &wrong).ok;
        if (cosigned) {
            TRY(keep(session, checkpoint, &witness->key, line, err));
        }
        put_result(session, results, witness, cosigned ? NULL : &wrong);
        arena_reset(&session->item_arena);
    }
    return OK;
}

/* --- by files -------------------------------------------------------------------------------- */

FALLIBLE cosigning_take(struct session *session, const struct witnesses *witnesses,
                        const char *path, struct json *results, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct note_verifier log;
    struct signed_checkpoint given;
    struct signed_checkpoint ours;
    size_t count = 0;
    TRY(checkpoints_verifier(session->store_dir, arena, &log, err));
    TRY(checkpoint_read(path, &log, arena, &given, err));
    TRY(checkpoint_fits(&given, engine_log_txn(session->engine), err));
    const char *own = arena_format(arena, "%s/checkpoints/%" PRIu64 ".txt", session->store_dir,
                                   given.checkpoint.size)
                          .data;
    ours = given; /* signed by the log and of its tree: good also where the own file is gone */
    if (file_exists(own)) {
        TRY(checkpoint_read(own, &log, arena, &ours, err));
    }
    for (size_t i = 0; i < witnesses->witnesses_count; i++) {
        const struct witness *witness = &witnesses->witnesses[i];
        str line = str_equal(given.text, ours.text) ? line_of(given.note, &witness->key, arena)
                                                    : (str){NULL, 0};
        if (line.data != NULL) {
            TRY(keep(session, &ours, &witness->key, line, err));
            put_result(session, results, witness, NULL);
            count++;
        }
    }
    if (count == 0) {
        FAIL(REFUSED(NULL), MESSAGE_PROOF_QUORUM, ARG_INT("cosigned", 0),
             ARG_INT("witnesses", witnesses->witnesses_count), ARG_TEXT("without", path));
    }
    return OK;
}
