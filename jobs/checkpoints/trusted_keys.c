/* trusted_keys - see trusted_keys.h. */
#include "jobs/checkpoints/trusted_keys.h"

#include "core/io/file.h"
#include "jobs/checkpoints/checkpoints.h"

enum { KEY_BYTES_MAX = 4096, FILE_BYTES_MAX = 256 * 1024 };

static FALLIBLE read_text(const char *path, size_t limit, struct arena *arena, str *ret,
                          struct error *err)
{
    bytes content = {0};
    TRY(file_read(path, arena, limit, &content, err));
    if (!str_from_bytes(content, ret)) {
        FAIL(CONFIG, MESSAGE_WITNESSES_MALFORMED, ARG_INT("line", 1),
             ARG_TEXT("what", "not UTF-8"));
    }
    return OK;
}

FALLIBLE trusted_keys_text(const char *given, struct arena *arena, str *ret, struct error *err)
{
    struct note_verifier verifier;
    struct error ignored;
    str text = str_of(given);
    bool is_key = note_vkey_parse(text, arena, &verifier, &ignored).ok ||
                  note_cosigner_parse(text, arena, &verifier, &ignored).ok;
    if (!is_key && file_exists(given)) {
        TRY(read_text(given, KEY_BYTES_MAX, arena, &text, err));
        text = str_trim(text);
    }
    *ret = text;
    return OK;
}

/* A bad key on the command line is wrong usage; one in a file is a wrong configuration (decision
 * 0097). */
static outcome judge_given(const char *given, outcome added, struct error *err)
{
    if (!added.ok && err->code == MESSAGE_VKEY_INVALID && !file_exists(given)) {
        err->class = ERROR_USAGE;
    }
    return added;
}

FALLIBLE trusted_keys_add_log(struct witnesses *witnesses, const char *given, struct arena *arena,
                              struct error *err)
{
    str key = STR("");
    TRY(trusted_keys_text(given, arena, &key, err));
    return judge_given(given, witnesses_add_log(witnesses, key, arena, err), err);
}

FALLIBLE trusted_keys_add_former(struct session *session, struct witnesses *witnesses,
                                 struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *path = session_file(session, FORMER_KEYS, arena);
    str text = STR("");
    if (!file_exists(path)) {
        return OK;
    }
    TRY(read_text(path, FILE_BYTES_MAX, arena, &text, err));
    while (text.data != NULL) {
        str line = str_trim(str_cut(&text, '\n'));
        if (!str_empty(line) && !witnesses_add_log(witnesses, line, arena, err).ok) {
            FAIL(CONFIG, MESSAGE_KEY_UNUSABLE, ARG_TEXT("path", path));
        }
    }
    return OK;
}

static FALLIBLE add_witness(struct witnesses *witnesses, const char *given, struct arena *arena,
                            struct error *err)
{
    str key = STR("");
    TRY(trusted_keys_text(given, arena, &key, err));
    return judge_given(given, witnesses_add(witnesses, key, arena, err), err);
}

FALLIBLE trusted_keys_file(const char *path, struct arena *arena, struct witnesses *ret,
                           struct error *err)
{
    str text = STR("");
    TRY(read_text(path, FILE_BYTES_MAX, arena, &text, err));
    return witnesses_parse(text, arena, ret, err);
}

static FALLIBLE add_witnesses(const struct trusted_keys_options *options, struct arena *arena,
                              struct witnesses *witnesses, struct error *err)
{
    uint64_t quorum = options->witness_count;
    for (size_t i = 0; i < options->witness_count; i++) {
        TRY(add_witness(witnesses, options->witness[i], arena, err));
    }
    if (*options->quorum != 0 &&
        (!str_to_uint64(str_of(options->quorum), &quorum) || quorum > options->witness_count)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "quorum"),
             ARG_TEXT("value", options->quorum),
             ARG_STR("expected", arena_format(arena, "0..%zu", options->witness_count)));
    }
    return witnesses_ask(witnesses, (unsigned)quorum, err);
}

FALLIBLE trusted_keys_read(const struct trusted_keys_options *options, struct arena *arena,
                           struct witnesses *ret, struct error *err)
{
    bool from_file = *options->witnesses != 0;
    struct witnesses *witnesses = ARENA_NEW(arena, struct witnesses);
    if (from_file && (options->witness_count > 0 || *options->quorum != 0)) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "witnesses"),
             ARG_TEXT("other", options->witness_count > 0 ? "witness" : "quorum"));
    }
    if (from_file) {
        TRY(trusted_keys_file(options->witnesses, arena, witnesses, err));
    } else {
        TRY(add_witnesses(options, arena, witnesses, err));
    }
    if (*options->vkey != 0) {
        witnesses->logs_count = 0;
        TRY(trusted_keys_add_log(witnesses, options->vkey, arena, err));
    }
    if (witnesses->logs_count == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", options->verb),
             ARG_TEXT("option", "vkey"));
    }
    *ret = *witnesses;
    return OK;
}
