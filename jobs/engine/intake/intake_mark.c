/* intake_mark - see intake_mark.h. */
#include "jobs/engine/intake/intake_mark.h"

#include <stdio.h>
#include <string.h>

#include "jobs/messages.h"

/* One mark per kind ("import.paper"), followed by its pieces. Older programs had one for all. */
#define OLDER_MARK "import"

enum { MARK_NAME_SIZE = 96, NUMBER_SIZE = 8, COUNTS = 8, CODE_NUMBERS = 3, TEXT_SIZE_MAX = 255 };

void intake_mark_init(struct intake_mark *mark, const struct digest *file, const char *kind,
                      const struct intake_run *run)
{
    *mark = (struct intake_mark){.file = *file, .kind = kind, .run = run};
    arena_init(&mark->arena, 0);
}

void intake_mark_release(struct intake_mark *mark)
{
    arena_release(&mark->arena);
}

static const char *mark_name(const struct intake_mark *mark, char out[MARK_NAME_SIZE])
{
    int size = mark->kept ? snprintf(out, MARK_NAME_SIZE, "import.%s.run.%llu", mark->kind,
                                     (unsigned long long)mark->run->number)
                          : snprintf(out, MARK_NAME_SIZE, "import.%s", mark->kind);
    BUG_UNLESS(size > 0 && size < MARK_NAME_SIZE);
    return out;
}

static const char *piece_name(const struct intake_mark *mark, uint64_t piece,
                              char out[MARK_NAME_SIZE])
{
    char own[MARK_NAME_SIZE];
    int size = snprintf(out, MARK_NAME_SIZE, "%s.refused.%llu", mark_name(mark, own),
                        (unsigned long long)piece);
    BUG_UNLESS(size > 0 && size < MARK_NAME_SIZE);
    return out;
}

/* --- bytes ------------------------------------------------------------------------------------ */

static uint8_t *put_number(uint8_t *out, uint64_t value)
{
    for (int i = NUMBER_SIZE - 1; i >= 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
    return out + NUMBER_SIZE;
}

/* Takes the next number from the rest; false when there is none. */
static bool take_number(bytes *rest, uint64_t *ret)
{
    uint64_t value = 0;
    if (rest->size < NUMBER_SIZE) {
        return false;
    }
    for (int i = 0; i < NUMBER_SIZE; i++) {
        value = value << 8 | rest->data[i];
    }
    *rest = bytes_of(rest->data + NUMBER_SIZE, rest->size - NUMBER_SIZE);
    *ret = value;
    return true;
}

static uint8_t *put_text(uint8_t *out, const char *text)
{
    size_t size = strlen(text);
    size = size < TEXT_SIZE_MAX ? size : TEXT_SIZE_MAX;
    out[0] = (uint8_t)size;
    memcpy(out + 1, text, size);
    return out + 1 + size;
}

static bool take_text(bytes *rest, str *ret)
{
    size_t size = rest->size > 0 ? rest->data[0] : 0;
    if (rest->size < 1 + size) {
        return false;
    }
    *ret = (str){(const char *)rest->data + 1, size};
    *rest = bytes_of(rest->data + 1 + size, rest->size - 1 - size);
    return true;
}

static outcome damaged(const struct intake_mark *mark, struct error *err)
{
    FAIL(CORRUPT, MESSAGE_IMPORT_MARK_DAMAGED, ARG_TEXT("kind", mark->kind));
}

/* --- counts ----------------------------------------------------------------------------------- */

/* Digest, kind and a NUL, then numbers: recorded or not, the pieces, the counts, each code with its
 * own. */
static bytes pack(const struct intake_mark *mark, const struct tally *tally, struct arena *arena)
{
    size_t kind = strlen(mark->kind) + 1;
    size_t numbers = 2 + COUNTS + CODE_NUMBERS * tally->codes_count;
    uint8_t *out = arena_new_raw(arena, DIGEST_SIZE + kind + numbers * NUMBER_SIZE);
    memcpy(out, mark->file.data, DIGEST_SIZE);
    memcpy(out + DIGEST_SIZE, mark->kind, kind);
    uint8_t *at = put_number(out + DIGEST_SIZE + kind, mark->recorded ? 1 : 0);
    at = put_number(at, mark->pieces);
    at = put_number(at, tally->rows);
    at = put_number(at, tally->accepted);
    at = put_number(at, tally->unchanged);
    at = put_number(at, tally->rejected);
    at = put_number(at, tally->invalid);
    at = put_number(at, tally->warnings);
    at = put_number(at, tally->first_event);
    at = put_number(at, tally->last_event);
    for (size_t i = 0; i < tally->codes_count; i++) {
        at = put_number(at, (uint64_t)tally->codes[i].code);
        at = put_number(at, tally->codes[i].count);
        at = put_number(at, tally->codes[i].first_row);
    }
    return bytes_of(out, (size_t)(at - out));
}

static bool take_counts(bytes rest, struct tally *ret)
{
    struct tally tally = {0};
    uint64_t code = 0;
    bool good = take_number(&rest, &tally.rows) && take_number(&rest, &tally.accepted) &&
                take_number(&rest, &tally.unchanged) && take_number(&rest, &tally.rejected) &&
                take_number(&rest, &tally.invalid) && take_number(&rest, &tally.warnings) &&
                take_number(&rest, &tally.first_event) && take_number(&rest, &tally.last_event);
    for (size_t i = 0; good && rest.size > 0; i++) {
        good = i < TALLY_CODES_MAX && take_number(&rest, &code) &&
               take_number(&rest, &tally.codes[i].count) &&
               take_number(&rest, &tally.codes[i].first_row);
        if (good) {
            tally.codes[i].code = (int)code;
            tally.codes_count = i + 1;
        }
    }
    if (good) {
        *ret = tally;
    }
    return good;
}

/* Takes digest and kind off a mark: is it this file's? Older marks end there, without a NUL. */
static bool is_own(const struct intake_mark *mark, bytes *rest)
{
    if (rest->size < DIGEST_SIZE) {
        *rest = (bytes){0};
        return false;
    }
    const uint8_t *name = rest->data + DIGEST_SIZE;
    bool same = memcmp(rest->data, mark->file.data, DIGEST_SIZE) == 0;
    const uint8_t *end = memchr(name, 0, rest->size - DIGEST_SIZE);
    size_t size = end != NULL ? (size_t)(end - name) : rest->size - DIGEST_SIZE;
    same = same && str_equal_c((str){(const char *)name, size}, mark->kind);
    size_t used = DIGEST_SIZE + size + (end != NULL ? 1 : 0);
    *rest = bytes_of(rest->data + used, rest->size - used);
    return same;
}

static outcome remove_pieces(const struct intake_mark *mark, struct log_txn *txn, uint64_t pieces,
                             struct error *err)
{
    char name[MARK_NAME_SIZE];
    for (uint64_t i = 1; i <= pieces; i++) {
        bytes piece = {0};
        TRY(log_meta_get(txn, piece_name(mark, i, name), &piece, err));
        if (piece.data == NULL) {
            return OK; /* a loop up to a damaged number might not end */
        }
        TRY(log_meta_delete(txn, name, err));
    }
    return OK;
}

static outcome load_older(const struct intake_mark *mark, struct log_txn *txn, bool *ret_begun,
                          struct error *err)
{
    bytes stored = {0};
    TRY(log_meta_get(txn, OLDER_MARK, &stored, err));
    *ret_begun = is_own(mark, &stored);
    return OK;
}

/* The mark under its present name; *ret_own: it is there, and this file's. */
static outcome load_named(struct intake_mark *mark, struct log_txn *txn, struct tally *tally,
                          bool *ret_own, struct error *err)
{
    char name[MARK_NAME_SIZE];
    bytes stored = {0};
    uint64_t recorded = 0;
    TRY(log_meta_get(txn, mark_name(mark, name), &stored, err));
    *ret_own = is_own(mark, &stored);
    if (!*ret_own) {
        return OK;
    }
    if (!take_number(&stored, &recorded) || !take_number(&stored, &mark->pieces) ||
        !take_counts(stored, tally)) {
        return damaged(mark, err);
    }
    if (mark->pieces > 0) {
        TRY(log_meta_get(txn, piece_name(mark, mark->pieces, name), &stored, err));
    }
    if (mark->pieces > 0 && stored.data == NULL) { /* else refused rows would count as accepted */
        return damaged(mark, err);
    }
    mark->recorded = recorded != 0;
    return OK;
}

FALLIBLE intake_mark_load(struct intake_mark *mark, struct log_txn *txn, struct tally *tally,
                          bool *ret_begun, struct error *err)
{
    if (mark->run != NULL) {
        mark->kept = true;
        TRY(load_named(mark, txn, tally, &mark->kept, err));
        *ret_begun = mark->kept;
    }
    if (!mark->kept) {
        TRY(load_named(mark, txn, tally, ret_begun, err));
    }
    return *ret_begun ? OK : load_older(mark, txn, ret_begun, err);
}

/* Removes what another file of the kind left, its refused rows too. */
static outcome replace_other(const struct intake_mark *mark, struct log_txn *txn, struct error *err)
{
    char name[MARK_NAME_SIZE];
    bytes stored = {0};
    uint64_t recorded = 0;
    uint64_t pieces = 0;
    TRY(log_meta_get(txn, mark_name(mark, name), &stored, err));
    if (!is_own(mark, &stored) && take_number(&stored, &recorded) &&
        take_number(&stored, &pieces)) {
        TRY(remove_pieces(mark, txn, pieces, err));
    }
    return OK;
}

FALLIBLE intake_mark_store(struct intake_mark *mark, struct engine *engine,
                           const struct tally *tally, struct error *err)
{
    char name[MARK_NAME_SIZE];
    if (!mark->is_ours) { /* reading the marks must wait for the log's transaction */
        TRY(engine_log_ready(engine, err));
        TRY(replace_other(mark, engine_log_txn(engine), err));
        mark->is_ours = true;
    }
    if (mark->refused_size > 0) {
        mark->pieces++;
        TRY(engine_meta_put(engine, piece_name(mark, mark->pieces, name),
                            bytes_of(mark->refused, mark->refused_size), err));
    }
    TRY(engine_meta_put(engine, mark_name(mark, name), pack(mark, tally, &mark->arena), err));
    arena_reset(&mark->arena);
    mark->refused = NULL;
    mark->refused_size = mark->refused_capacity = 0;
    return OK;
}

FALLIBLE intake_mark_clear(struct intake_mark *mark, struct log_txn *txn, struct error *err)
{
    char name[MARK_NAME_SIZE];
    bool older = false;
    TRY(replace_other(mark, txn, err));
    TRY(remove_pieces(mark, txn, mark->pieces, err));
    mark->pieces = 0;
    TRY(log_meta_delete(txn, mark_name(mark, name), err));
    TRY(load_older(mark, txn, &older, err));
    if (older) {
        TRY(log_meta_delete(txn, OLDER_MARK, err));
    }
    return OK;
}

/* --- several files -----------------------------------------------------------------------------
 */

/* "import.KIND.run": which run, and the highest number of its files that are done. */
static const char *run_name(const char *kind, char out[MARK_NAME_SIZE])
{
    int size = snprintf(out, MARK_NAME_SIZE, "import.%s.run", kind);
    BUG_UNLESS(size > 0 && size < MARK_NAME_SIZE);
    return out;
}

static outcome load_run(const char *kind, struct log_txn *txn, struct intake_run *ret,
                        struct error *err)
{
    char name[MARK_NAME_SIZE];
    bytes stored = {0};
    *ret = (struct intake_run){0};
    TRY(log_meta_get(txn, run_name(kind, name), &stored, err));
    if (stored.size >= DIGEST_SIZE) {
        memcpy(ret->id.data, stored.data, DIGEST_SIZE);
        stored = bytes_of(stored.data + DIGEST_SIZE, stored.size - DIGEST_SIZE);
        (void)take_number(&stored, &ret->number); /* 0 when it is cut short */
    }
    return OK;
}

static outcome remove_kept(const char *kind, uint64_t number, struct log_txn *txn,
                           struct error *err)
{
    char name[MARK_NAME_SIZE];
    bytes stored = {0};
    uint64_t recorded = 0;
    uint64_t pieces = 0;
    const struct intake_run run = {.number = number};
    const struct intake_mark mark = {.kind = kind, .run = &run, .kept = true};
    TRY(log_meta_get(txn, mark_name(&mark, name), &stored, err));
    (void)is_own(&mark, &stored); /* past what it is about */
    if (take_number(&stored, &recorded) && take_number(&stored, &pieces)) {
        TRY(remove_pieces(&mark, txn, pieces, err));
    }
    return log_meta_delete(txn, name, err);
}

static outcome remove_run(const char *kind, struct log_txn *txn, struct error *err)
{
    char name[MARK_NAME_SIZE];
    struct intake_run run;
    TRY(load_run(kind, txn, &run, err));
    for (uint64_t i = 1; i <= run.number; i++) {
        TRY(remove_kept(kind, i, txn, err));
    }
    return log_meta_delete(txn, run_name(kind, name), err);
}

/* Copies the stored pieces to their new name. */
static outcome copy_pieces(const struct intake_mark *from, const struct intake_mark *to,
                           struct log_txn *txn, struct error *err)
{
    char name[MARK_NAME_SIZE];
    struct arena arena;
    outcome copied = OK;
    arena_init(&arena, 0);
    for (uint64_t i = 1; copied.ok && i <= from->pieces; i++) {
        bytes piece = {0};
        copied = log_meta_get(txn, piece_name(from, i, name), &piece, err);
        piece = arena_bytes(&arena, piece); /* a copy, because writing may move values in the log */
        copied = copied.ok ? log_meta_put(txn, piece_name(to, i, name), piece, err) : copied;
        arena_reset(&arena);
    }
    arena_release(&arena);
    return copied;
}

FALLIBLE intake_mark_keep(struct intake_mark *mark, struct log_txn *txn, const struct tally *tally,
                          struct error *err)
{
    char name[MARK_NAME_SIZE];
    uint8_t run[DIGEST_SIZE + NUMBER_SIZE];
    struct intake_mark kept = *mark;
    if (mark->kept) {
        return OK;
    }
    kept.kept = kept.recorded = true;
    TRY(remove_kept(mark->kind, mark->run->number, txn, err));
    TRY(copy_pieces(mark, &kept, txn, err));
    TRY(log_meta_put(txn, mark_name(&kept, name), pack(&kept, tally, &mark->arena), err));
    memcpy(run, mark->run->id.data, DIGEST_SIZE);
    (void)put_number(run + DIGEST_SIZE, mark->run->number); /* fits */
    TRY(log_meta_put(txn, run_name(mark->kind, name), bytes_of(run, sizeof run), err));
    return mark->recorded ? intake_mark_clear(mark, txn, err) : OK; /* else it left none */
}

FALLIBLE intake_run_forget(struct log *log, const char *kind, const struct digest *but,
                           struct error *err)
{
    struct log_txn *txn = NULL;
    struct intake_run run;
    TRY(log_begin(log, STORE_READ, &txn, err));
    outcome loaded = load_run(kind, txn, &run, err);
    log_abort(txn);
    TRY(loaded);
    if (run.number == 0 || (but != NULL && digest_equal(but, &run.id))) {
        return OK;
    }
    TRY(log_begin(log, STORE_WRITE, &txn, err));
    if (!remove_run(kind, txn, err).ok) {
        log_abort(txn);
        return error_trace(err, HERE);
    }
    return log_commit(txn, err);
}

FALLIBLE intake_runs_forget(struct log *log, const char *const *kinds, size_t count,
                            struct error *err)
{
    struct log_txn *txn = NULL;
    outcome removed = OK;
    TRY(log_begin(log, STORE_WRITE, &txn, err));
    for (size_t i = 0; i < count && removed.ok; i++) {
        removed = remove_run(kinds[i], txn, err);
    }
    if (!removed.ok) {
        log_abort(txn);
        return error_trace(err, HERE);
    }
    return log_commit(txn, err);
}

/* --- refused rows: row, code, how many arguments, name and text of each ------------------------
 */

static uint8_t *make_room(struct intake_mark *mark, size_t size)
{
    enum { FIRST = 4096 };
    if (mark->refused_size + size > mark->refused_capacity) {
        size_t capacity = 2 * mark->refused_capacity + size + FIRST;
        uint8_t *grown = arena_new_raw(&mark->arena, capacity);
        if (mark->refused_size > 0) {
            memcpy(grown, mark->refused, mark->refused_size);
        }
        mark->refused = grown;
        mark->refused_capacity = capacity;
    }
    return mark->refused + mark->refused_size;
}

void intake_mark_refuse(struct intake_mark *mark, uint64_t row, const struct error *reason)
{
    size_t most = 2 * NUMBER_SIZE + 1 + (size_t)reason->args_count * 2 * (TEXT_SIZE_MAX + 1);
    uint8_t *at = put_number(make_room(mark, most), row);
    at = put_number(at, (uint64_t)reason->code);
    *at++ = (uint8_t)reason->args_count;
    for (int i = 0; i < reason->args_count; i++) {
        at = put_text(at, reason->args[i].name != NULL ? reason->args[i].name : "");
        at = put_text(at, reason->args[i].text);
    }
    mark->refused_size = (size_t)(at - mark->refused);
}

static bool take_reason(bytes *rest, struct arena *arena, struct error *ret)
{
    uint64_t code = 0;
    if (!take_number(rest, &code) || rest->size < 1 || rest->data[0] > ERROR_ARGS_MAX) {
        return false;
    }
    *ret = (struct error){.class = ERROR_INVALID, .code = (int)code, .args_count = rest->data[0]};
    *rest = bytes_of(rest->data + 1, rest->size - 1);
    for (int i = 0; i < ret->args_count; i++) {
        str name = STR("");
        str text = STR("");
        if (!take_text(rest, &name) || !take_text(rest, &text)) {
            return false;
        }
        ret->args[i] = error_arg_str(arena_c_string(arena, name), text);
    }
    return true;
}

FALLIBLE intake_mark_refused(struct intake_mark *mark, struct log_txn *txn, uint64_t row,
                             struct arena *arena, struct error *ret, bool *ret_refused,
                             struct error *err)
{
    char name[MARK_NAME_SIZE];
    uint64_t next = 0;
    while (mark->rest.size == 0 && mark->piece < mark->pieces) {
        TRY(log_meta_get(txn, piece_name(mark, ++mark->piece, name), &mark->rest, err));
    }
    bytes rest = mark->rest;
    *ret_refused = rest.size > 0 && take_number(&rest, &next) && next == row;
    if (!*ret_refused) {
        return OK;
    }
    if (!take_reason(&rest, arena, ret) || message_find(ret->code) == NULL) {
        return damaged(mark, err);
    }
    mark->rest = rest;
    return OK;
}
