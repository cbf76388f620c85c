/* fold_scan - the first half of a pass: which events touch which records; see fold_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/record.h"
#include "core/io/memory.h"
#include "jobs/engine/fold/fold_parts.h"
#include "jobs/messages.h"

enum {
    CHUNK = 2048,    /* events handed to a thread */
    SLAB = 8 * 1024, /* bytes */
    BLOCK = MEMORY_LARGE,
    YEARS = 4, /* of serials that wait for the end of a chunk */
};
#define SLAB_ROOM     (SLAB - sizeof(struct fold_slab))
#define SLABS_A_BLOCK ((BLOCK - sizeof(struct fold_block)) / SLAB)

/* --- buckets -----------------------------------------------------------------------------------
 */

/* Of the usual size: one that came back, or the next of a block. Buckets take turns, so that nearly
 * each entry goes to another page, unless pages are large. */
static struct fold_slab *take_slab(struct fold_worker *worker)
{
    struct fold_slab *slab = worker->spare_slabs;
    if (slab != NULL) {
        worker->spare_slabs = slab->next;
        return slab;
    }
    struct fold_block *block = worker->blocks;
    if (block == NULL || block->used == SLABS_A_BLOCK) {
        block = memory_large(BLOCK);
        block->next = worker->blocks;
        block->used = 0;
        worker->blocks = block;
    }
    return (struct fold_slab *)(void *)(block->data + SLAB * block->used++);
}

/* Room behind the bucket's last entry. */
static void *place_in(struct fold_worker *worker, struct fold_bucket *bucket, size_t size)
{
    struct fold_slab *slab = bucket->first;
    if (slab == NULL || slab->size - slab->used < size) {
        size_t room = size > SLAB_ROOM ? size : SLAB_ROOM;
        slab = size > SLAB_ROOM ? malloc(sizeof *slab + room) : take_slab(worker);
        MEMORY_UNLESS(slab != NULL);
        *slab = (struct fold_slab){.next = bucket->first, .size = room};
        bucket->first = slab;
        (void)__atomic_add_fetch(&worker->fold->used, room, __ATOMIC_RELAXED); /* only a sum */
    }
    void *place = slab->data + slab->used;
    slab->used += size;
    return place;
}

static void add_entry(struct fold_worker *worker, unsigned number, struct fold_entry entry)
{
    struct fold_bucket *bucket = &worker->buckets[number];
    bytes payload = fold_payload(&entry);
    size_t copied = worker->fold->copies ? (payload.size + 7) / 8 * 8 : 0;
    struct fold_entry *place = place_in(worker, bucket, sizeof *place + copied);
    if (copied > 0) {
        memcpy(place + 1, payload.data, payload.size);
        entry.payload = (const uint8_t *)(place + 1);
    }
    *place = entry;
    bucket->count++;
}

static void release_bucket(struct fold_worker *worker, struct fold_bucket *bucket)
{
    while (bucket->first != NULL) {
        struct fold_slab *slab = bucket->first;
        bucket->first = slab->next;
        (void)__atomic_sub_fetch(&worker->fold->used, slab->size, __ATOMIC_RELAXED); /* a sum */
        if (slab->size > SLAB_ROOM) {
            free(slab);
        } else {
            slab->next = worker->spare_slabs;
            worker->spare_slabs = slab;
        }
    }
    bucket->count = 0;
}

void fold_buckets_release(struct fold_worker *worker, unsigned from)
{
    for (unsigned i = from; i < worker->fold->buckets_count; i++) {
        release_bucket(worker, &worker->buckets[i]);
    }
}

void fold_blocks_release(struct fold_worker *worker)
{
    if (worker->buckets != NULL) {
        fold_buckets_release(worker, 0);
    }
    worker->spare_slabs = NULL;
    while (worker->blocks != NULL) {
        struct fold_block *block = worker->blocks;
        worker->blocks = block->next;
        memory_large_release(block, BLOCK);
    }
}

/* --- the log -----------------------------------------------------------------------------------
 */

static void fail(struct fold *fold, uint64_t sequence, const struct error *error)
{
    fold_lock(fold);
    if (sequence < fold->failed) {
        __atomic_store_n(&fold->failed, sequence, __ATOMIC_RELAXED);
        fold->error = *error;
    }
    fold_unlock(fold);
}

void fold_fail(struct fold *fold, uint64_t sequence, const struct error *error)
{
    struct error named = *error;
    /* An error about a contradiction names its event itself; for other errors only this place knows
     * it. */
    if (named.class == ERROR_CORRUPT && named.code != MESSAGE_LOG_CONTRADICTS &&
        named.args_count < ERROR_ARGS_MAX) {
        named.args[named.args_count++] = ARG_INT("event", sequence);
    }
    fail(fold, sequence, &named);
}

static uint64_t end_of(const struct fold *fold)
{
    return __atomic_load_n(&fold->end, __ATOMIC_RELAXED);
}

static void lower_end(struct fold *fold, uint64_t sequence)
{
    fold_lock(fold);
    if (sequence < fold->end) {
        __atomic_store_n(&fold->end, sequence, __ATOMIC_RELAXED);
    }
    fold_unlock(fold);
}

/* An erased person must not be shown, even when an older keyring was put back. */
static void note_erased(struct fold *fold, const Event *event)
{
    const PersonErased *erased = event->person_erased;
    fold_lock(fold);
    for (size_t i = 0; i <= erased->n_further_ids; i++) {
        struct str_list *one = ARENA_NEW(&fold->arena, struct str_list);
        const char *id = i == 0 ? erased->person_id : erased->further_ids[i - 1];
        *one =
            (struct str_list){fold->erased, arena_str(&fold->arena, str_of(id)), event->sequence};
        fold->erased = one;
    }
    fold_unlock(fold);
}

/* An event on the day of the one before it tells the store's record a serial and nothing else. Of
 * those of a chunk the highest of each year is noted, when the chunk is read. Either all of them
 * come before the end of the fold or none does: the thread that reads a chunk stops at the end. */
struct waiting_serial {
    struct view_serial serial;
    unsigned bucket;
    struct fold_entry entry;
};
struct chunk {
    int32_t day; /* as of views_touched() */
    unsigned serials_count;
    struct waiting_serial serials[YEARS];
};

static void note_entry(struct fold_worker *worker, unsigned bucket, struct fold_entry entry)
{
    const struct fold *fold = worker->fold;
    if (bucket >= fold->low && bucket < __atomic_load_n(&fold->high, __ATOMIC_RELAXED)) {
        add_entry(worker, bucket, entry);
    }
}

/* False: the event itself must be noted. */
static bool wait_with(struct chunk *chunk, struct view_serial serial, unsigned bucket,
                      struct fold_entry entry)
{
    unsigned at = 0;
    while (at < chunk->serials_count && chunk->serials[at].serial.year != serial.year) {
        at++;
    }
    if (at == YEARS) {
        return false;
    }
    if (at == chunk->serials_count || chunk->serials[at].serial.last < serial.last) {
        chunk->serials[at] = (struct waiting_serial){serial, bucket, entry};
        chunk->serials_count += at == chunk->serials_count ? 1 : 0;
    }
    return true;
}

static void note_serials(struct fold_worker *worker, struct chunk *chunk)
{
    for (unsigned i = 0; i < chunk->serials_count; i++) {
        note_entry(worker, chunk->serials[i].bucket, chunk->serials[i].entry);
    }
}

static void add_touches(struct fold_worker *worker, const Event *event, bytes payload,
                        uint64_t sequence, struct chunk *chunk)
{
    struct fold *fold = worker->fold;
    struct view_touch touches[VIEW_COUNT];
    uint8_t full[VIEW_KEY_MAX + 1];
    bool same_day = event->business_date != NULL && event->business_date->days == chunk->day;
    size_t count = views_touched(event, &chunk->day, touches);
    for (size_t i = 0; i < count; i++) {
        bytes key = bytes_of(touches[i].key.data, touches[i].key.size);
        bool is_wanted = (fold->source->options->without >> touches[i].view & 1U) == 0;
        if (!is_wanted || (!fold->gives_records && view_kinds[touches[i].view].index == NULL)) {
            continue; /* later rounds need only index keys */
        }
        unsigned bucket = fold_bucket_of(fold, fold_full_key(&touches[i], full));
        uint64_t view = (uint64_t)touches[i].view;
        uint64_t hash = map_hash(key) >> FOLD_VIEW_BITS << FOLD_VIEW_BITS | view;
        struct fold_entry entry = {hash, payload.data, fold_place(sequence, payload.size)};
        struct view_serial serial;
        if (!same_day || touches[i].view != VIEW_REGISTRY ||
            !view_serial_of(event, &worker->item, &serial) ||
            !wait_with(chunk, serial, bucket, entry)) {
            note_entry(worker, bucket, entry);
        }
    }
}

static bool is_past(const struct fold *fold, const Event *event)
{
    int32_t as_of = fold->source->options->as_of;
    return event->business_date != NULL && event->business_date->days > as_of;
}

/* False: read nothing after it. */
static bool scan_event(struct fold_worker *worker, uint64_t sequence, bytes payload,
                       struct chunk *chunk)
{
    struct fold *fold = worker->fold;
    struct error error; /* set only on failure, because clearing it each time would take too long */
    ProtobufCMessage *message = NULL;
    if (sequence >= end_of(fold)) {
        return false;
    }
    if (!fold->is_first_pass) {
        message = record_unpack_again(&event__descriptor, payload, &worker->item);
    } else if (!record_unpack(&event__descriptor, payload, &worker->item, &message, &error).ok) {
        fold_fail(fold, sequence, &error);
        lower_end(fold, sequence);
        return false;
    }
    const Event *event = (const Event *)(const void *)message;
    if (fold->is_first_pass && is_past(fold, event)) {
        lower_end(fold, sequence);
        return false;
    }
    if (fold->is_first_pass && event->body_case == EVENT__BODY_PERSON_ERASED) {
        note_erased(fold, event);
    }
    add_touches(worker, event, payload, sequence, chunk);
    arena_reset(&worker->item);
    return true;
}

static outcome scan_chunk(struct fold_worker *worker, uint64_t first, struct error *err)
{
    struct log_cursor *cursor = NULL;
    struct chunk chunk;
    uint64_t left = worker->fold->size - first + 1;
    bool more = true;
    chunk.day = DAY_UNKNOWN;
    chunk.serials_count = 0;
    TRY(log_cursor_open(worker->txn, first, &cursor, err));
    outcome result = OK;
    for (uint64_t i = 0; result.ok && more && i < CHUNK && i < left; i++) {
        uint64_t sequence = 0;
        bytes payload = {0};
        bool found = false;
        result = log_cursor_next(cursor, &found, &sequence, &payload, err);
        more = result.ok && found && scan_event(worker, sequence, payload, &chunk);
    }
    log_cursor_close(cursor);
    note_serials(worker, &chunk);
    return result;
}

static bool take_chunk(struct fold *fold, uint64_t *ret_first)
{
    fold_lock(fold);
    bool more = fold->next_chunk < fold->end;
    *ret_first = fold->next_chunk;
    fold->next_chunk += more ? CHUNK : 0;
    fold_unlock(fold);
    return more;
}

/* When memory is used up, leaves the upper half of this pass's buckets to the next pass. */
static void keep_within_budget(struct fold_worker *worker)
{
    struct fold *fold = worker->fold;
    fold_lock(fold);
    uint64_t used = __atomic_load_n(&fold->used, __ATOMIC_RELAXED);
    if (used > fold->budget && fold->high - fold->low > 1 && worker->high == fold->high) {
        __atomic_store_n(&fold->high, fold->low + (fold->high - fold->low) / 2, __ATOMIC_RELAXED);
    }
    unsigned high = fold->high;
    fold_unlock(fold);
    if (high < worker->high) {
        fold_buckets_release(worker, high);
        worker->high = high;
    }
}

static void tell(struct fold_worker *worker)
{
    struct fold *fold = worker->fold;
    const struct fold_progress *progress = fold->source->options->progress;
    if (worker->number == 0 && progress != NULL) {
        fold_lock(fold); /* the other threads take chunks meanwhile */
        uint64_t taken = fold->next_chunk;
        fold_unlock(fold);
        progress->step(progress->state, taken / 2, fold->size);
    }
}

static void scan(void *state, unsigned number)
{
    struct fold *fold = state;
    struct fold_worker *worker = &fold->workers[number];
    uint64_t first = 0;
    worker->high = __atomic_load_n(&fold->high, __ATOMIC_RELAXED); /* others may be at work */
    while (!fold_is_stopped(fold) && take_chunk(fold, &first)) {
        struct error error = {0};
        if (!scan_chunk(worker, first, &error).ok) {
            fail(fold, first, &error); /* the log names the event itself */
            lower_end(fold, first);
        }
        keep_within_budget(worker);
        tell(worker);
    }
}

void fold_scan(struct fold *fold)
{
    fold->next_chunk = 1;
    threads_run(fold->workers_count, scan, fold);
    for (unsigned i = 0; i < fold->workers_count; i++) {
        fold_buckets_release(&fold->workers[i], fold->high);
    }
}
