/* fold - see fold.h. */
#include "jobs/engine/fold/fold.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/memory.h"
#include "core/io/stop.h"
#include "jobs/engine/fold/fold_parts.h"
#include "jobs/messages.h"

enum {
    WINDOW = 16,            /* buckets that may be made before their turn to be handed over */
    EVENTS_A_THREAD = 4096, /* fewer are not worth another thread */
    AHEAD = 8,              /* records that are asked for in time */
    CACHE_LINE = 64,
    KEYS_SHARE = 4,     /* a quarter of the memory is for index keys */
    KEYRING_SHARE = 16, /* besides, at most as much is for the keys of persons */
};

/* --- handing over ------------------------------------------------------------------------------
 */

static outcome give_output(struct fold *fold, struct fold_output *output, struct error *err)
{
    const struct fold_sink *sink = fold->sink;
    for (size_t i = 0; i < output->count; i++) {
        if (i + AHEAD < output->count) { /* they are in another processor's cache */
            const uint8_t *next = output->items[i + AHEAD].item;
            __builtin_prefetch(next);
            __builtin_prefetch(next + CACHE_LINE);
            __builtin_prefetch(next + 2 * CACHE_LINE);
        }
        bytes key = output->items[i].key;
        bytes value;
        memcpy(&value, output->items[i].item, sizeof value);
        TRY(sink->put(sink->state, (enum view_id)key.data[0], bytes_of(key.data + 1, key.size - 1),
                      value, err));
    }
    return OK;
}

/* All trails are there: every bucket but the last has been handed over. */
static outcome give_trails(struct fold *fold, struct error *err)
{
    struct fold_output all = {0};
    arena_init(&all.arena, SIZE_MAX);
    for (unsigned i = 0; i < fold->workers_count; i++) {
        const struct fold_output *trails = &fold->workers[i].trails;
        for (size_t k = 0; k < trails->count; k++) {
            bytes key = trails->items[k].key;
            bytes value;
            memcpy(&value, trails->items[k].item, sizeof value);
            fold_output_add(&all, VIEW_TRAIL, bytes_of(key.data + 1, key.size - 1), value);
        }
    }
    fold_output_sort(&all);
    outcome given = give_output(fold, &all, err);
    fold_output_release(&all);
    return given;
}

/* After a failure nothing is handed over any more; the remaining buckets are only searched for the
 * lowest event that contradicts. */
static void give_bucket(struct fold *fold, unsigned bucket)
{
    struct fold_output *output = &fold->outputs[bucket];
    struct error error = {0};
    fold_lock(fold);
    bool gives = fold->gives_records && !fold->stopped && fold->failed == UINT64_MAX;
    fold_unlock(fold);
    outcome given = OK;
    if (gives && bucket + 1 == fold->buckets_count) {
        given = give_trails(fold, &error);
    }
    if (gives && given.ok) {
        given = give_output(fold, output, &error);
    }
    fold_output_release(output);
    fold_lock(fold);
    if (!given.ok) {
        fold->stopped = true;
        fold->error = error;
    }
    fold->next_write++;
    fold->changes++;
    (void)pthread_cond_broadcast(&fold->changed); /* cannot fail on an initialised condition */
    fold_unlock(fold);
}

bool fold_is_stopped(struct fold *fold)
{
    if (!fold->source->options->stops || !stop_requested()) {
        return false;
    }
    fold_lock(fold);
    if (!fold->stopped && fold->failed == UINT64_MAX) {
        uint64_t done = fold->next_chunk < fold->end ? fold->next_chunk - 1 : fold->end - 1;
        (void)ERROR_SET(&fold->error, BUSY, MESSAGE_LOG_STOPPED, ARG_INT("event", done),
                        ARG_INT("events", fold->end - 1)); /* told when the threads have ended */
    }
    fold->stopped = true;
    fold_unlock(fold);
    return true;
}

bool fold_work_beside(struct fold_worker *worker)
{
    const struct fold_beside *beside = worker->fold->source->options->beside;
    return beside != NULL && beside->some(beside->state, worker->txn);
}

/* --- making ------------------------------------------------------------------------------------
 */

static void tell(struct fold *fold)
{
    const struct fold_progress *progress = fold->source->options->progress;
    unsigned done = fold->next_write - fold->low;
    if (progress != NULL && fold->high > fold->low) {
        uint64_t half = fold->size / 2;
        progress->step(progress->state, half + half * done / (fold->high - fold->low), fold->size);
    }
}

static void make_bucket(struct fold_worker *worker, unsigned bucket)
{
    struct fold *fold = worker->fold;
    if (!fold_is_stopped(fold)) {
        fold_make(worker, bucket);
    }
    fold_lock(fold);
    fold->outputs[bucket].ready = true;
    fold->changes++;
    (void)pthread_cond_broadcast(&fold->changed); /* as above */
    fold_unlock(fold);
}

/* A bucket to make; false when there is none left. */
static bool take_bucket(struct fold *fold, unsigned *ret)
{
    bool more = fold->next_bucket < fold->high;
    *ret = fold->next_bucket;
    fold->next_bucket += more ? 1 : 0;
    return more;
}

/* Called with the lock, which it releases meanwhile: does other work, or waits until more is made
 * or handed over. */
static void wait_usefully(struct fold_worker *worker)
{
    struct fold *fold = worker->fold;
    unsigned before = fold->changes;
    fold_unlock(fold);
    bool worked = fold_work_beside(worker);
    fold_lock(fold);
    if (!worked && fold->changes == before) {
        (void)pthread_cond_wait(&fold->changed, &fold->lock); /* as above */
    }
}

/* The calling thread hands over what is ready and makes buckets in between. */
static void make_and_give(struct fold_worker *worker)
{
    struct fold *fold = worker->fold;
    fold_lock(fold);
    while (fold->next_write < fold->high) {
        unsigned bucket = fold->next_write;
        if (fold->outputs[bucket].ready) {
            fold_unlock(fold);
            give_bucket(fold, bucket);
            tell(fold);
            fold_lock(fold);
        } else if (take_bucket(fold, &bucket)) {
            fold_unlock(fold);
            make_bucket(worker, bucket);
            fold_lock(fold);
        } else {
            wait_usefully(worker);
        }
    }
    fold_unlock(fold);
}

static void make_ahead(struct fold_worker *worker)
{
    struct fold *fold = worker->fold;
    unsigned bucket = 0;
    fold_lock(fold);
    while (take_bucket(fold, &bucket)) {
        while (bucket >= fold->next_write + WINDOW) {
            wait_usefully(worker);
        }
        fold_unlock(fold);
        make_bucket(worker, bucket);
        fold_lock(fold);
    }
    while (fold->next_write < fold->high) {
        wait_usefully(worker);
    }
    fold_unlock(fold);
}

static void make(void *state, unsigned number)
{
    struct fold *fold = state;
    if (number == 0) {
        make_and_give(&fold->workers[0]);
    } else {
        make_ahead(&fold->workers[number]);
    }
}

/* --- passes and rounds -------------------------------------------------------------------------
 */

/* An older keyring may have been put back: forgets the keys of erased persons before anything is
 * unsealed. */
static outcome forget_erased(struct fold *fold, struct error *err)
{
    bool found = false;
    for (const struct str_list *one = fold->erased; one != NULL; one = one->next) {
        if (fold->source->people != NULL && one->sequence < fold->end) {
            TRY(people_forget(fold->source->people, one->text, &found, err));
        }
    }
    return OK;
}

/* Buckets from `low` on, as many as there is memory for. */
static outcome run_pass(struct fold *fold, unsigned low, struct error *err)
{
    uint64_t most = fold->budget / fold->bucket_cost;
    unsigned left = fold->buckets_count - low;
    fold->low = low;
    fold->high = low + (most < 1 ? 1 : most < left ? (unsigned)most : left);
    fold_scan(fold);
    fold->passes++;
    if (fold->is_first_pass) {
        TRY(forget_erased(fold, err));
    }
    fold->is_first_pass = false;
    fold->next_bucket = fold->low;
    fold->next_write = fold->low;
    if (!fold->stopped) {
        threads_run(fold->workers_count, make, fold);
    }
    for (unsigned i = 0; i < fold->workers_count; i++) {
        fold_buckets_release(&fold->workers[i], 0);
    }
    if (fold->stopped) {
        *err = fold->error;
        return error_trace(err, HERE);
    }
    return OK;
}

/* Index keys from `from` on, and in the first round all records; *ret_cut as fold_keys_give. */
static outcome run_round(struct fold *fold, bytes from, bytes *ret_cut, struct error *err)
{
    const struct fold_options *options = fold->source->options;
    size_t limit = (size_t)(options->memory_bytes / KEYS_SHARE / fold->workers_count);
    for (unsigned i = 0; i < fold->workers_count; i++) {
        fold_keys_init(&fold->workers[i].keys, limit, from);
    }
    outcome result = OK;
    for (unsigned low = 0; result.ok && low < fold->buckets_count; low = fold->high) {
        result = run_pass(fold, low, err);
    }
    if (result.ok && fold->failed != UINT64_MAX) {
        *err = fold->error;
        result = error_trace(err, HERE);
    }
    for (unsigned i = 0; i < fold->workers_count; i++) {
        fold_blocks_release(&fold->workers[i]); /* keys want room to be sorted */
    }
    if (result.ok) {
        result = fold_keys_give(fold, ret_cut, err);
    }
    for (unsigned i = 0; i < fold->workers_count; i++) {
        fold_keys_release(&fold->workers[i].keys);
    }
    return result;
}

static outcome run_rounds(struct fold *fold, struct error *err)
{
    bytes from = {0};
    TRY(fold_sample(fold, err));
    for (unsigned i = 0; i < fold->workers_count; i++) {
        struct fold_worker *worker = &fold->workers[i];
        worker->buckets = calloc(fold->buckets_count, sizeof *worker->buckets);
        MEMORY_UNLESS(worker->buckets != NULL);
    }
    fold->outputs = calloc(fold->buckets_count, sizeof *fold->outputs);
    MEMORY_UNLESS(fold->outputs != NULL);
    fold->is_first_pass = true;
    fold->gives_records = true;
    do {
        for (unsigned i = 0; i < fold->buckets_count; i++) {
            fold->outputs[i].ready = false;
        }
        TRY(run_round(fold, from, &from, err));
        fold->gives_records = false;
    } while (from.data != NULL);
    return OK;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* When another thread cannot be had, goes on with fewer. */
static outcome open_workers(struct fold *fold, unsigned wanted, struct error *err)
{
    for (unsigned i = 0; i < wanted; i++) {
        struct fold_worker *worker = &fold->workers[i];
        struct error ignored;
        worker->fold = fold;
        worker->number = i;
        worker->txn = fold->source->txn;
        if (i > 0 && !log_begin_beside(fold->source->txn, &worker->txn, &ignored).ok) {
            return OK;
        }
        fold->workers_count++;
        arena_init(&worker->item, 0);
        arena_init(&worker->live[0], SIZE_MAX);
        arena_init(&worker->live[1], SIZE_MAX);
        arena_init(&worker->trails.arena, SIZE_MAX);
        TRY(people_reader_open(fold->source->people, &worker->reader, err));
    }
    return OK;
}

static void close_workers(struct fold *fold)
{
    for (unsigned i = 0; i < fold->workers_count; i++) {
        struct fold_worker *worker = &fold->workers[i];
        fold_blocks_release(worker);
        if (i > 0) {
            log_abort(worker->txn);
        }
        people_reader_close(worker->reader);
        fold_output_release(&worker->trails);
        free(worker->buckets);
        free(worker->entries);
        free(worker->spare);
        arena_release(&worker->item);
        arena_release(&worker->live[0]);
        arena_release(&worker->live[1]);
    }
}

static void open_fold(struct fold *fold, const struct fold_source *source,
                      const struct fold_sink *sink)
{
    const struct fold_options *wanted = source->options;
    uint64_t size = log_size(source->txn);
    *fold = (struct fold){.source = source,
                          .sink = sink,
                          .size = size,
                          .end = size + 1,
                          .failed = UINT64_MAX,
                          .budget = wanted->memory_bytes - wanted->memory_bytes / KEYS_SHARE};
    if (wanted->until != 0 && wanted->until < size) {
        fold->end = wanted->until + 1;
    }
    fold->copies = log_bytes(source->txn) > wanted->cache_bytes;
    arena_init(&fold->arena, SIZE_MAX);
    (void)pthread_mutex_init(&fold->lock, NULL);   /* default attributes: cannot fail */
    (void)pthread_cond_init(&fold->changed, NULL); /* as above */
}

FALLIBLE fold_run(const struct fold_source *source, const struct fold_sink *sink,
                  uint64_t *ret_last, struct error *err)
{
    struct fold_options wanted = *source->options;
    struct fold_source all = {source->txn, source->people, &wanted};
    struct fold *fold = malloc(sizeof *fold);
    MEMORY_UNLESS(fold != NULL);
    if (wanted.memory_bytes == 0) {
        wanted.memory_bytes = memory_of_machine() / 2;
    }
    if (wanted.cache_bytes == 0) {
        wanted.cache_bytes = memory_of_machine() / 2;
    }
    open_fold(fold, &all, sink);
    uint64_t worth = fold->size / EVENTS_A_THREAD + 1;
    unsigned threads = threads_available();
    people_look_often(all.people, wanted.memory_bytes / KEYRING_SHARE);
    outcome result = open_workers(fold, worth < threads ? (unsigned)worth : threads, err);
    if (result.ok) {
        result = run_rounds(fold, err);
    }
    uint64_t last = fold->end - 1;
    if (wanted.ret_passes != NULL) {
        *wanted.ret_passes = fold->passes;
    }
    close_workers(fold);
    people_look_seldom(all.people);
    free(fold->outputs);
    (void)pthread_mutex_destroy(&fold->lock);   /* no thread is left */
    (void)pthread_cond_destroy(&fold->changed); /* as above */
    arena_release(&fold->arena);
    free(fold);
    TRY(result);
    *ret_last = last;
    return OK;
}
