/* scribe - see scribe.h. */
#include "jobs/engine/parts/scribe.h"

#include <stdlib.h>

#include "core/io/behind.h"
#include "core/io/blob.h"

/* A sheet is handed over when it is full: often enough that both threads have work, and seldom
 * enough that waking them costs nothing. There are enough sheets to go on deciding while a batch is
 * flushed. */
enum { SHEETS = 64, SHEET_EVENTS = 1024, SHEET_BYTES = 1 << 19 };

/* A key is prefetched this many events ahead: sealing an event takes longer than fetching from
 * memory. */
enum { EXPECTED = 4 };

/* What to do with the log's transaction after the events of a sheet. The scribe's thread does all
 * of it, because LMDB's writer lock belongs to the thread that took it. */
enum then { THEN_NOTHING, THEN_BEGIN, THEN_TURN, THEN_COMMIT, THEN_ABORT };

struct sheet_blob {
    struct digest digest;
    bytes content;
};

struct sheet_meta {
    const char *name;
    bytes value;
};

struct sheet {
    struct arena arena; /* of all that it lists */
    struct packed_event *events;
    size_t count;
    struct sheet_blob *blobs;
    size_t blobs_count;
    size_t blobs_capacity;
    struct sheet_meta *metas;
    size_t metas_count;
    size_t metas_capacity;
    size_t bytes; /* of events and blobs */
    enum then then;
};

struct scribe {
    struct people *people;
    struct log *log;
    struct sealer *sealer;
    struct blob_batch *blobs;
    struct behind *behind;
    struct sheet sheets[SHEETS];
    struct sheet *open; /* is being filled; or NULL */
    bool begun;         /* a transaction is open, or opening it failed */
    bool failed;        /* read by both; the rest belongs to the thread until it is waited for */
    struct error failure;
    struct log_txn *txn; /* NULL: none, or its commit failed */
};

/* --- in the other thread ------------------------------------------------------------------------
 */

static outcome write_sheet(struct scribe *scribe, const struct sheet *sheet, struct error *err)
{
    for (size_t i = 0; i < sheet->blobs_count; i++) {
        const struct sheet_blob *blob = &sheet->blobs[i];
        TRY(blob_batch_put_known(scribe->blobs, blob->content, &blob->digest, err));
    }
    for (size_t i = 0; i < sheet->count; i++) {
        uint64_t sequence = 0;
        if (i + EXPECTED < sheet->count) {
            people_expect_packed(scribe->people, &sheet->events[i + EXPECTED]);
        }
        TRY(people_seal_packed(scribe->people, scribe->sealer, &sheet->events[i], err));
        TRY(log_append(scribe->txn, sheet->events[i].data, &sequence, err));
        BUG_UNLESS(sequence == sheet->events[i].sequence);
    }
    for (size_t i = 0; i < sheet->metas_count; i++) {
        TRY(log_meta_put(scribe->txn, sheet->metas[i].name, sheet->metas[i].value, err));
    }
    return OK;
}

/* Blobs and keys are durable before an event names them. */
static outcome commit(struct scribe *scribe, struct error *err)
{
    struct log_txn *txn = scribe->txn;
    TRY(blob_batch_flush(scribe->blobs, err));
    TRY(people_flush(scribe->people, err));
    scribe->txn = NULL;
    return log_commit(txn, err);
}

static outcome carry_out(struct scribe *scribe, const struct sheet *sheet, struct error *err)
{
    TRY(write_sheet(scribe, sheet, err));
    if (sheet->then == THEN_TURN || sheet->then == THEN_COMMIT) {
        TRY(commit(scribe, err));
    }
    if (sheet->then == THEN_TURN || sheet->then == THEN_BEGIN) {
        TRY(log_begin(scribe->log, STORE_WRITE, &scribe->txn, err));
    }
    return OK;
}

static bool has_failed(const struct scribe *scribe)
{
    return __atomic_load_n(&scribe->failed, __ATOMIC_ACQUIRE);
}

static void work(void *state, unsigned slot)
{
    struct scribe *scribe = state;
    const struct sheet *sheet = &scribe->sheets[slot];
    if (sheet->then == THEN_ABORT) {
        blob_batch_drop(scribe->blobs); /* no event names them */
        if (scribe->txn != NULL) {
            log_abort(scribe->txn);
            scribe->txn = NULL;
        }
    } else if (!has_failed(scribe) && !carry_out(scribe, sheet, &scribe->failure).ok) {
        __atomic_store_n(&scribe->failed, true, __ATOMIC_RELEASE);
    }
}

/* --- in the engine's ----------------------------------------------------------------------------
 */

FALLIBLE scribe_start(struct people *people, struct log *log, const char *blobs_dir,
                      struct scribe **ret, struct error *err)
{
    struct scribe *scribe = calloc(1, sizeof *scribe);
    MEMORY_UNLESS(scribe != NULL);
    scribe->people = people;
    scribe->log = log;
    if (!sealer_open(&scribe->sealer, err).ok ||
        !blob_batch_open(blobs_dir, &scribe->blobs, err).ok) {
        sealer_close(scribe->sealer);
        free(scribe);
        return error_trace(err, HERE);
    }
    for (int i = 0; i < SHEETS; i++) {
        arena_init(&scribe->sheets[i].arena, 0);
    }
    scribe->behind = behind_start(SHEETS, work, scribe);
    *ret = scribe;
    return OK;
}

void scribe_stop(struct scribe *scribe)
{
    if (scribe == NULL) {
        return;
    }
    BUG_UNLESS(!scribe->begun);
    behind_stop(scribe->behind);
    sealer_close(scribe->sealer);
    blob_batch_close(scribe->blobs);
    for (int i = 0; i < SHEETS; i++) {
        arena_release(&scribe->sheets[i].arena);
    }
    free(scribe);
}

static struct sheet *open_sheet(struct scribe *scribe)
{
    if (scribe->open == NULL) {
        struct sheet *sheet = &scribe->sheets[behind_free(scribe->behind)];
        arena_reset(&sheet->arena);
        sheet->events = ARENA_ARRAY(&sheet->arena, struct packed_event, SHEET_EVENTS);
        sheet->blobs = NULL;
        sheet->metas = NULL;
        sheet->count = sheet->bytes = 0;
        sheet->blobs_count = sheet->blobs_capacity = 0;
        sheet->metas_count = sheet->metas_capacity = 0;
        scribe->open = sheet;
    }
    return scribe->open;
}

static void hand_over(struct scribe *scribe, enum then then)
{
    open_sheet(scribe)->then = then;
    scribe->open = NULL;
    behind_put(scribe->behind);
}

static outcome tell_failure(const struct scribe *scribe, struct error *err)
{
    if (scribe->failed) {
        *err = scribe->failure;
        return error_trace(err, HERE);
    }
    return OK;
}

FALLIBLE scribe_settle(struct scribe *scribe, struct error *err)
{
    if (scribe->open != NULL) {
        hand_over(scribe, THEN_NOTHING);
    }
    behind_wait(scribe->behind);
    return tell_failure(scribe, err);
}

struct log_txn *scribe_txn(const struct scribe *scribe)
{
    return scribe->txn;
}

bool scribe_has_begun(const struct scribe *scribe)
{
    return scribe->begun;
}

FALLIBLE scribe_begin(struct scribe *scribe, struct error *err)
{
    BUG_UNLESS(!scribe->begun);
    scribe->failed = false;
    hand_over(scribe, THEN_BEGIN);
    TRY(scribe_settle(scribe, err));
    scribe->begun = true;
    return OK;
}

void scribe_add(struct scribe *scribe, Event *event)
{
    struct sheet *sheet = open_sheet(scribe);
    struct packed_event *packed = &sheet->events[sheet->count++];
    *packed = people_pack_event(event, &sheet->arena);
    sheet->bytes += packed->data.size + packed->personal.size;
    if (sheet->count == SHEET_EVENTS || sheet->bytes >= SHEET_BYTES) {
        hand_over(scribe, THEN_NOTHING);
    }
}

struct digest scribe_put_blob(struct scribe *scribe, bytes content)
{
    if (scribe->open != NULL && scribe->open->bytes + content.size > SHEET_BYTES) {
        hand_over(scribe, THEN_NOTHING);
    }
    struct sheet *sheet = open_sheet(scribe);
    ARENA_GROW(&sheet->arena, sheet->blobs, sheet->blobs_count, &sheet->blobs_capacity);
    struct sheet_blob *blob = &sheet->blobs[sheet->blobs_count++];
    *blob = (struct sheet_blob){digest_sha256(content), arena_bytes(&sheet->arena, content)};
    sheet->bytes += content.size;
    return blob->digest;
}

void scribe_put_meta(struct scribe *scribe, const char *name, bytes value)
{
    struct sheet *sheet = open_sheet(scribe);
    ARENA_GROW(&sheet->arena, sheet->metas, sheet->metas_count, &sheet->metas_capacity);
    sheet->metas[sheet->metas_count++] = (struct sheet_meta){
        arena_c_string(&sheet->arena, str_of(name)), arena_bytes(&sheet->arena, value)};
}

FALLIBLE scribe_turn(struct scribe *scribe, struct error *err)
{
    if (has_failed(scribe)) {
        return scribe_settle(scribe, err);
    }
    hand_over(scribe, THEN_TURN);
    return OK;
}

void scribe_commit_begin(struct scribe *scribe)
{
    hand_over(scribe, THEN_COMMIT);
}

FALLIBLE scribe_commit_end(struct scribe *scribe, struct error *err)
{
    TRY(scribe_settle(scribe, err));
    scribe->begun = false;
    return OK;
}

void scribe_abort(struct scribe *scribe)
{
    scribe->open = NULL; /* its events are discarded */
    hand_over(scribe, THEN_ABORT);
    behind_wait(scribe->behind);
    scribe->begun = false;
}
