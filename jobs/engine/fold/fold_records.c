/* fold_records - the second half of a pass: a bucket's entries to records; see fold_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/fold/fold_parts.h"

enum {
    OUTPUT_FIRST = 256,
    DIGIT_BITS = 8,
    DIGIT_VALUES = 1 << DIGIT_BITS,
    DIGITS_FROM = 48, /* the bits of the hash that are sorted by; the rest is compared */
    FEW = 32,         /* entries that are sorted by moving them one by one */
    AHEAD = 6,        /* entries whose events are prefetched */
    BATCH = 16,       /* of them at once */
    CACHE_LINE = 64,
    LINES_ASKED = 6,
    LIVE_BYTES = 64 * 1024, /* of events that a record may hold on to before it is copied */
};

/* --- outputs -----------------------------------------------------------------------------------
 */

void fold_output_add(struct fold_output *output, enum view_id view, bytes key, bytes value)
{
    if (output->count == output->capacity) {
        output->capacity = output->capacity > 0 ? output->capacity * 2 : OUTPUT_FIRST;
        output->items = realloc(output->items, output->capacity * sizeof *output->items);
        MEMORY_UNLESS(output->items != NULL);
    }
    size_t head = sizeof(bytes);
    uint8_t *block = arena_new_raw(&output->arena, head + value.size + 1 + key.size);
    bytes kept = {block + head, value.size};
    memcpy(block, &kept, head);
    if (value.size > 0) {
        memcpy(block + head, value.data, value.size);
    }
    block[head + value.size] = (uint8_t)view;
    memcpy(block + head + value.size + 1, key.data, key.size);
    output->items[output->count++] =
        (struct sort_item){.key = bytes_of(block + head + value.size, 1 + key.size), .item = block};
}

void fold_output_sort(struct fold_output *output)
{
    struct sort_item *spare = malloc((output->count + 1) * sizeof *spare);
    MEMORY_UNLESS(spare != NULL);
    sort_by_key(output->items, spare, output->count);
    free(spare);
}

void fold_output_release(struct fold_output *output)
{
    free(output->items);
    arena_release(&output->arena);
    output->items = NULL;
    output->count = 0;
    output->capacity = 0;
}

/* --- entries by record -------------------------------------------------------------------------
 */

static size_t copy_bucket(const struct fold_bucket *bucket, uint64_t end, bool copies,
                          struct fold_entry *out)
{
    size_t count = 0;
    for (const struct fold_slab *slab = bucket->first; slab != NULL; slab = slab->next) {
        for (size_t at = 0; at < slab->used;) {
            struct fold_entry entry;
            memcpy(&entry, slab->data + at, sizeof entry);
            at += sizeof entry + (copies ? (fold_payload(&entry).size + 7) / 8 * 8 : 0);
            if (fold_sequence(&entry) < end) {
                out[count++] = entry;
            }
        }
    }
    return count;
}

/* All threads' entries of the bucket; returns how many. */
static size_t gather(struct fold_worker *worker, unsigned number)
{
    struct fold *fold = worker->fold;
    size_t count = 0;
    for (unsigned i = 0; i < fold->workers_count; i++) {
        count += fold->workers[i].buckets[number].count;
    }
    if (count > worker->entries_capacity) {
        free(worker->entries);
        free(worker->spare);
        worker->entries = malloc(count * sizeof *worker->entries);
        worker->spare = malloc(count * sizeof *worker->spare);
        MEMORY_UNLESS(worker->entries != NULL && worker->spare != NULL);
        worker->entries_capacity = count;
    }
    count = 0;
    for (unsigned i = 0; i < fold->workers_count; i++) {
        count += copy_bucket(&fold->workers[i].buckets[number], fold->end, fold->copies,
                             worker->entries + count);
    }
    return count;
}

static void sort_digit(const struct fold_entry *from, struct fold_entry *to, size_t count,
                       unsigned shift)
{
    size_t starts[DIGIT_VALUES] = {0};
    for (size_t i = 0; i < count; i++) {
        starts[from[i].hash >> shift & (DIGIT_VALUES - 1)]++;
    }
    for (size_t value = 0, sum = 0; value < DIGIT_VALUES; value++) {
        size_t many = starts[value];
        starts[value] = sum;
        sum += many;
    }
    for (size_t i = 0; i < count; i++) {
        to[starts[from[i].hash >> shift & (DIGIT_VALUES - 1)]++] = from[i];
    }
}

static inline int compare_entries(const void *a, const void *b)
{
    const struct fold_entry *left = a;
    const struct fold_entry *right = b;
    if (left->hash != right->hash) {
        return left->hash < right->hash ? -1 : 1;
    }
    return left->place < right->place ? -1 : left->place > right->place;
}

/* A record has a few events, and they lie nearly in order. */
static void sort_few(struct fold_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct fold_entry entry = entries[i];
        size_t at = i;
        for (; at > 0 && compare_entries(&entries[at - 1], &entry) > 0; at--) {
            entries[at] = entries[at - 1];
        }
        entries[at] = entry;
    }
}

/* By hash, those of one hash by event. */
static void sort_entries(struct fold_worker *worker, size_t count)
{
    for (unsigned shift = DIGITS_FROM; shift < 64; shift += DIGIT_BITS) {
        sort_digit(worker->entries, worker->spare, count, shift);
        struct fold_entry *swap = worker->entries;
        worker->entries = worker->spare;
        worker->spare = swap;
    }
    const struct fold_entry *entries = worker->entries;
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && entries[to].hash >> DIGITS_FROM == entries[from].hash >> DIGITS_FROM) {
            to++;
        }
        if (to - from > FEW) {
            qsort(worker->entries + from, to - from, sizeof *entries, compare_entries);
        } else {
            sort_few(worker->entries + from, to - from);
        }
    }
}

/* --- records -----------------------------------------------------------------------------------
 */

/* A record on its way. */
struct making {
    struct fold_worker *worker;
    struct fold_output *output;
    struct view_touch touch;
    ProtobufCMessage *record; /* NULL before its first event */
    struct arena *live;
    struct arena *other;
    size_t room; /* bytes that may be live before it is copied */
};

static void add_index_key(void *state, const struct view_key *key)
{
    struct fold_worker *worker = state;
    const char *unread = worker->fold->source->options->without_index;
    if (unread == NULL || strchr(unread, key->data[0]) == NULL) {
        fold_keys_add(&worker->keys, bytes_of(key->data, key->size));
    }
}

/* Copies the record to the other arena and frees what it replaced, and its events. */
static void copy_over(struct making *making)
{
    making->record = record_copy(making->record, making->other);
    arena_reset(making->live);
    struct arena *swap = making->live;
    making->live = making->other;
    making->other = swap;
    size_t size = making->live->used_bytes;
    making->room = size * 4 > LIVE_BYTES ? size * 4 : LIVE_BYTES;
}

/* False: the event is of another record whose key has the same hash. */
static bool is_of_record(struct making *making, const Event *event)
{
    struct view_key key;
    if (making->record == NULL) {
        view_key_of(making->touch.view, event, &making->touch.key);
        making->record = record_new(view_kinds[making->touch.view].message, making->live);
        return true;
    }
    view_key_of(making->touch.view, event, &key);
    return key.size == making->touch.key.size &&
           memcmp(key.data, making->touch.key.data, key.size) == 0;
}

static outcome apply_event(struct making *making, Event *event, struct error *err)
{
    struct view_trail trail;
    TRY(people_reader_reveal(making->worker->reader, event, making->live, err));
    TRY(view_apply(&making->touch, making->record, event, making->live, &trail, err));
    if (trail.key.size > 0 && making->worker->fold->gives_records) {
        fold_output_add(&making->worker->trails, VIEW_TRAIL,
                        bytes_of(trail.key.data, trail.key.size), trail.value);
    }
    if (making->live->used_bytes > making->room) {
        copy_over(making);
    }
    return OK;
}

static uint64_t failed_at(const struct fold *fold)
{
    return __atomic_load_n(&fold->failed, __ATOMIC_RELAXED);
}

static void give(struct making *making)
{
    const struct index_sink sink = {making->worker, add_index_key};
    bytes value = record_pack(making->record, making->live);
    if (value.size == 0) {
        return; /* a record that stays empty is none */
    }
    view_index(making->touch.view, making->record, making->live, &sink);
    if (making->worker->fold->gives_records) {
        fold_output_add(making->output, making->touch.view,
                        bytes_of(making->touch.key.data, making->touch.key.size), value);
    }
}

/* Makes the record of the first of the entries, which have one hash; those of other records are
 * moved to the front, and their number is returned. */
static size_t make_record(struct fold_worker *worker, struct fold_output *output,
                          struct fold_entry *entries, size_t count)
{
    struct making making;
    making.worker = worker;
    making.output = output;
    making.touch.view = fold_view(&entries[0]);
    making.record = NULL; /* the first event says which it is */
    making.live = &worker->live[0];
    making.other = &worker->live[1];
    making.room = LIVE_BYTES;
    size_t others = 0;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        struct error error; /* is set by whoever fails: it is too large to be cleared each time */
        uint64_t sequence = fold_sequence(&entries[i]);
        Event *event = (Event *)(void *)record_unpack_again(&event__descriptor,
                                                            fold_payload(&entries[i]), making.live);
        if (!is_of_record(&making, event)) {
            entries[others++] = entries[i];
        } else if (good && sequence < failed_at(worker->fold) &&
                   !apply_event(&making, event, &error).ok) {
            fold_fail(worker->fold, sequence, &error);
            good = false;
        }
    }
    if (good) {
        give(&making);
    }
    arena_reset(&worker->live[0]);
    arena_reset(&worker->live[1]);
    return others;
}

/* Events lie on different pages anywhere in the log, and the processor must first translate each
 * address. It does so for several at a time when they are prefetched together. */
static size_t ask_for(const struct fold_entry *entries, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        __builtin_prefetch(entries[i].payload);
    }
    for (size_t i = from; i < to; i++) {
        bytes payload = fold_payload(&entries[i]);
        for (size_t at = CACHE_LINE; at < payload.size && at < LINES_ASKED * CACHE_LINE;
             at += CACHE_LINE) {
            __builtin_prefetch(payload.data + at);
        }
    }
    return to > from ? to : from;
}

void fold_make(struct fold_worker *worker, unsigned bucket)
{
    struct fold_output *output = &worker->fold->outputs[bucket];
    size_t count = gather(worker, bucket);
    arena_init(&output->arena, SIZE_MAX);
    sort_entries(worker, count);
    struct fold_entry *entries = worker->entries;
    size_t ahead = 0; /* prefetched up to here */
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && entries[to].hash == entries[from].hash) {
            to++;
        }
        if (ahead < to + AHEAD) {
            ahead =
                ask_for(entries, ahead, to + AHEAD + BATCH < count ? to + AHEAD + BATCH : count);
        }
        for (size_t left = to - from; left > 0;) {
            left = make_record(worker, output, entries + from, left);
        }
    }
    fold_output_sort(output);
}
