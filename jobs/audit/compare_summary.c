/* compare_summary - see compare_summary.h. */
#include "jobs/audit/compare_summary.h"

#include <string.h>

#include "core/base/date.h"
#include "core/io/file.h"
#include "core/io/output.h"
#include "jobs/checkpoints/checkpoints.h"

#define NAME_ENDS "/compare"

enum { SUMMARY_MODE = 0644 };

/* --- writing -----------------------------------------------------------------------------------
 */

static str put_count(str text, const char *name, uint64_t count, struct arena *arena)
{
    return arena_format(arena, "%.*s%s %llu\n", STR_ARGS(text), name, (unsigned long long)count);
}

static str text_of(struct comparing *comparing, str origin)
{
    struct session *session = comparing->session;
    struct arena *arena = &session->run_arena;
    struct log_txn *txn = engine_log_txn(session->engine);
    struct digest root = log_root(txn);
    struct digest list = digester_final(&comparing->list);
    char when[DATE_SIZE];
    char hex[DIGEST_HEX_SIZE];
    date_format(session->run.moment.today, when);
    digest_hex(&list, hex);
    str base64 = base64_encode(digest_bytes(&root), arena);
    str text =
        arena_format(arena, "%.*s" NAME_ENDS "\nevents %llu\nroot %.*s\nday %s\n", STR_ARGS(origin),
                     (unsigned long long)log_size(txn), STR_ARGS(base64), when);
    text = put_count(text, "files", comparing->files, arena);
    text = put_count(text, "documents", comparing->documents, arena);
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        text =
            put_count(text, comparing_name((enum difference)i), comparing->differences[i], arena);
    }
    return arena_format(arena, "%.*sfindings %s\n", STR_ARGS(text), hex);
}

static FALLIBLE sign(struct session *session, str text, const struct note_verifier *verifier,
                     str *ret, bool *ret_signed, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct note_key *key = NULL;
    const char *path = engine_path(session->engine, arena, "keys/log.key");
    *ret = text;
    *ret_signed = false;
    if (!file_exists(path)) {
        return OK;
    }
    TRY(engine_own_file(note_key_load(path, &key, err), err));
    struct note_verifier signer = note_verifier_of(key, verifier->name);
    outcome done = OK;
    if (signer.key_id == verifier->key_id) { /* else nobody could verify it */
        done = note_sign(key, verifier->name, text, arena, ret, err);
        *ret_signed = done.ok;
    }
    note_key_close(key);
    return done;
}

FALLIBLE compare_summary_write(struct comparing *comparing, const char *path, bool *ret_signed,
                               struct error *err)
{
    struct session *session = comparing->session;
    struct note_verifier verifier;
    str note = STR("");
    TRY(checkpoints_verifier(session->store_dir, &session->run_arena, &verifier, err));
    str text = text_of(comparing, verifier.name);
    TRY(sign(session, text, &verifier, &note, ret_signed, err));
    return output_write(path, str_bytes(note), SUMMARY_MODE, err);
}

/* --- reading -----------------------------------------------------------------------------------
 */

bool compare_summary_is(str note)
{
    return str_ends_with(str_first(note, str_find_byte(note, '\n')), STR(NAME_ENDS));
}

/* By whichever key of the log signed it. */
static FALLIBLE verify(str note, const struct witnesses *trusted, str *ret_text,
                       const struct note_verifier **ret_log, struct error *err)
{
    outcome verified = OK;
    BUG_UNLESS(trusted->logs_count > 0);
    for (size_t i = 0; i < trusted->logs_count; i++) {
        *ret_log = &trusted->logs[i];
        verified = note_verify(note, *ret_log, ret_text, err);
        if (verified.ok) {
            return OK;
        }
    }
    return error_trace(err, HERE);
}

static FALLIBLE malformed(int line, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_COMPARE_SUMMARY_MALFORMED, ARG_INT("line", line));
}

static bool read_root(str text, struct arena *arena, struct digest *ret)
{
    bytes root = {0};
    if (!base64_decode(text, arena, &root) || root.size != sizeof ret->data) {
        return false;
    }
    memcpy(ret->data, root.data, sizeof ret->data);
    return true;
}

/* Parses "name value" lines into fields; most values are numbers. */
static bool take_line(str line, struct json *record, struct checkpoint *tree, struct arena *arena)
{
    str value = line;
    str name = str_cut(&value, ' ');
    const char *key = arena_c_string(arena, name);
    uint64_t number = 0;
    if (strcmp(key, "root") == 0) {
        json_put_text(record, key, value);
        return read_root(value, arena, &tree->root);
    }
    if (strcmp(key, "day") == 0 || strcmp(key, "findings") == 0) {
        json_put_text(record, key, value);
        return true;
    }
    if (!str_to_uint64(value, &number) || number > INT64_MAX || json_member(record, key) != NULL) {
        return false;
    }
    json_put_number(record, key, (int64_t)number);
    tree->size = strcmp(key, "events") == 0 ? number : tree->size;
    return true;
}

FALLIBLE compare_summary_check(str note, const struct witnesses *trusted, struct json *record,
                               struct checkpoint *ret_tree, struct arena *arena, struct error *err)
{
    const struct note_verifier *log = NULL;
    str text = STR("");
    int line = 1;
    TRY(verify(note, trusted, &text, &log, err));
    str first = str_cut(&text, '\n');
    str origin = str_first(first, first.size - strlen(NAME_ENDS));
    if (!str_equal(origin, log->name)) {
        return malformed(line, err);
    }
    *ret_tree = (struct checkpoint){.origin = origin};
    json_put_text(record, "origin", origin);
    while (text.size > 0) {
        line++;
        if (!take_line(str_cut(&text, '\n'), record, ret_tree, arena)) {
            return malformed(line, err);
        }
    }
    return ret_tree->size > 0 ? OK : malformed(line, err);
}
