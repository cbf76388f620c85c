/* scribe - see scribe.h. */
#include "jobs/engine/scribe.h"

#include <stdlib.h>

#include "core/io/behind.h"

/* A sheet is handed over when it is full: often enough for both threads to have something to do,
 * and seldom enough for waking them to cost nothing. */
enum { SHEETS = 6, SHEET_EVENTS = 128, SHEET_BYTES = 1 << 18 };

struct sheet {
    struct arena arena;
    struct packed_event events[SHEET_EVENTS];
    size_t count;
    size_t bytes;
};

struct scribe {
    struct people *people;
    struct sealer *sealer;
    struct log_txn *txn;
    struct behind *behind;
    struct sheet sheets[SHEETS];
    struct sheet *open; /* is being filled; or NULL */
    bool failed;        /* these are the thread's until it is waited for */
    struct error failure;
};

static outcome write_sheet(struct scribe *scribe, const struct sheet *sheet, struct error *err)
{
    for (size_t i = 0; i < sheet->count; i++) {
        uint64_t sequence = 0;
        TRY(people_seal_packed(scribe->people, scribe->sealer, &sheet->events[i], err));
        TRY(log_append(scribe->txn, sheet->events[i].data, &sequence, err));
        BUG_UNLESS(sequence == sheet->events[i].sequence);
    }
    return OK;
}

static void work(void *state, unsigned slot)
{
    struct scribe *scribe = state;
    if (!scribe->failed) {
        scribe->failed = !write_sheet(scribe, &scribe->sheets[slot], &scribe->failure).ok;
    }
}

FALLIBLE scribe_start(struct people *people, struct scribe **ret, struct error *err)
{
    struct scribe *scribe = calloc(1, sizeof *scribe);
    BUG_UNLESS(scribe != NULL);
    scribe->people = people;
    if (!sealer_open(&scribe->sealer, err).ok) {
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
    behind_stop(scribe->behind);
    sealer_close(scribe->sealer);
    for (int i = 0; i < SHEETS; i++) {
        arena_release(&scribe->sheets[i].arena);
    }
    free(scribe);
}

void scribe_begin(struct scribe *scribe, struct log_txn *txn)
{
    scribe_settle(scribe);
    scribe->txn = txn;
    scribe->failed = false;
}

static void hand_over(struct scribe *scribe)
{
    scribe->open = NULL;
    behind_put(scribe->behind);
}

void scribe_add(struct scribe *scribe, Event *event)
{
    if (scribe->open == NULL) {
        scribe->open = &scribe->sheets[behind_free(scribe->behind)];
        scribe->open->count = scribe->open->bytes = 0;
        arena_reset(&scribe->open->arena);
    }
    struct sheet *sheet = scribe->open;
    struct packed_event *packed = &sheet->events[sheet->count++];
    *packed = people_pack_event(event, &sheet->arena);
    sheet->bytes += packed->data.size + packed->personal.size;
    if (sheet->count == SHEET_EVENTS || sheet->bytes >= SHEET_BYTES) {
        hand_over(scribe);
    }
}

void scribe_settle(struct scribe *scribe)
{
    if (scribe->open != NULL) {
        hand_over(scribe);
    }
    behind_wait(scribe->behind);
}

FALLIBLE scribe_finish(struct scribe *scribe, struct error *err)
{
    scribe_settle(scribe);
    if (scribe->failed) {
        *err = scribe->failure;
        return error_trace(err, HERE);
    }
    return OK;
}
