/* fold_bounds - where the buckets of a fold begin, by a sample of the log; see fold_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/fold/fold_parts.h"

enum {
    SAMPLE = 8192,             /* events at the most */
    BUCKET_ENTRIES = 6 * 1024, /* in a bucket, at the most */
    BUCKETS_IN_BUDGET = 8,     /* at least, where memory is short */
    SAMPLED_IN_A_BUCKET = 4,   /* touches; from fewer its size cannot be estimated */
};

bytes fold_full_key(const struct view_touch *touch, uint8_t out[VIEW_KEY_MAX + 1])
{
    out[0] = (uint8_t)touch->view;
    memcpy(out + 1, touch->key.data, touch->key.size);
    return bytes_of(out, touch->key.size + 1);
}

/* --- the sample --------------------------------------------------------------------------------
 */

struct sample {
    struct arena arena;
    struct sort_item *items;
    size_t count;
    uint64_t events;
    uint64_t payload_bytes; /* of the events, once for each touch */
};

static outcome sample_event(struct fold *fold, struct sample *sample, uint64_t sequence,
                            struct arena *item, struct error *err)
{
    struct view_touch touches[VIEW_COUNT];
    uint8_t full[VIEW_KEY_MAX + 1];
    int32_t day = DAY_UNKNOWN;
    bytes payload;
    ProtobufCMessage *message = NULL;
    TRY(log_get(fold->source->txn, sequence, &payload, err));
    if (!record_unpack(&event__descriptor, payload, item, &message, err).ok) {
        return OK; /* only reading it in its turn shows whether it comes before the end */
    }
    size_t count = views_touched((const Event *)(const void *)message, &day, touches);
    for (size_t i = 0; i < count; i++) {
        bool is_wanted = (fold->source->options->without >> touches[i].view & 1U) == 0;
        if (touches[i].view != VIEW_REGISTRY && is_wanted) {
            bytes key = arena_bytes(&sample->arena, fold_full_key(&touches[i], full));
            sample->items[sample->count++] = (struct sort_item){.key = key};
            sample->payload_bytes += payload.size;
        }
    }
    sample->events++;
    return OK;
}

static outcome take_sample(struct fold *fold, struct sample *sample, struct error *err)
{
    struct arena item;
    outcome result = OK;
    uint64_t wanted = fold->size < SAMPLE ? fold->size : SAMPLE;
    arena_init(&item, 0);
    sample->items = calloc(wanted * VIEW_COUNT + 1, sizeof *sample->items);
    MEMORY_UNLESS(sample->items != NULL);
    for (uint64_t i = 0; result.ok && i < wanted; i++) {
        result = sample_event(fold, sample, 1 + i * (fold->size / wanted), &item, err);
        arena_reset(&item);
    }
    arena_release(&item);
    return result;
}

static void add_bound(struct fold *fold, bytes key)
{
    bytes *last = fold->buckets_count > 0 ? &fold->bounds[fold->buckets_count - 1] : NULL;
    if (last == NULL || bytes_compare(*last, key) < 0) {
        fold->bounds[fold->buckets_count++] = arena_bytes(&fold->arena, key);
    }
}

/* What an entry takes. */
static uint64_t cost_of_entry(const struct fold *fold, const struct sample *sample)
{
    uint64_t copied = sample->count > 0 ? sample->payload_bytes / sample->count + 8 : 0;
    return sizeof(struct fold_entry) + (fold->copies ? copied : 0);
}

static size_t choose_count(const struct fold *fold, const struct sample *sample, uint64_t touches,
                           uint64_t cost)
{
    uint64_t entries = fold->budget / BUCKETS_IN_BUDGET / cost;
    entries = entries < BUCKET_ENTRIES ? entries : BUCKET_ENTRIES;
    uint64_t buckets = touches / (entries > 0 ? entries : 1);
    uint64_t most = sample->count / SAMPLED_IN_A_BUCKET;
    return (size_t)(buckets < most ? buckets : most);
}

/* The first bucket begins with nothing; the store's own record is a bucket, the last one. */
static void choose_bounds(struct fold *fold, struct sample *sample)
{
    static const uint8_t registry = VIEW_REGISTRY;
    uint64_t touches = sample->events > 0 ? fold->size * sample->count / sample->events : 0;
    uint64_t cost = cost_of_entry(fold, sample);
    size_t buckets = choose_count(fold, sample, touches, cost);
    struct sort_item *spare = calloc(sample->count + 1, sizeof *spare);
    MEMORY_UNLESS(spare != NULL);
    sort_by_key(sample->items, spare, sample->count);
    free(spare);
    fold->bounds = ARENA_ARRAY(&fold->arena, bytes, buckets + 2);
    add_bound(fold, bytes_of("", 0));
    for (size_t i = 1; i < buckets; i++) {
        add_bound(fold, sample->items[i * sample->count / buckets].key);
    }
    add_bound(fold, bytes_of(&registry, 1));
    fold->bucket_cost = touches / fold->buckets_count * cost + 1;
}

/* --- finding a bucket --------------------------------------------------------------------------
 */

static size_t common_size(bytes a, bytes b)
{
    size_t size = 0;
    while (size < a.size && size < b.size && a.data[size] == b.data[size]) {
        size++;
    }
    return size;
}

/* Missing bytes count as zeros: keys of equal heads are compared whole. */
static inline uint64_t head_of(bytes key, size_t from)
{
    uint64_t word = 0;
    size_t left = key.size > from ? key.size - from : 0;
    if (left >= sizeof word) {
        memcpy(&word, key.data + from, sizeof word);
    } else if (left > 0) {
        memcpy(&word, key.data + from, left);
    }
    return __builtin_bswap64(word);
}

/* Bounds are sorted, so all of them share what the first and the last one share. */
static void note_range(struct fold *fold, unsigned first, unsigned end)
{
    struct fold_range *range = &fold->ranges[fold->bounds[first].data[0]];
    bytes low = fold->bounds[first];
    *range = (struct fold_range){.first = first, .count = end - first};
    range->common = bytes_of(low.data, common_size(low, fold->bounds[end - 1]));
    uint64_t *heads = ARENA_ARRAY(&fold->arena, uint64_t, range->count);
    for (unsigned i = 0; i < range->count; i++) {
        heads[i] = head_of(fold->bounds[first + i], range->common.size);
    }
    range->heads = heads;
}

static void note_ranges(struct fold *fold)
{
    for (unsigned first = 1, end; first < fold->buckets_count; first = end) {
        uint8_t view = fold->bounds[first].data[0];
        end = first + 1;
        while (end < fold->buckets_count && fold->bounds[end].data[0] == view) {
            end++;
        }
        note_range(fold, first, end);
    }
    /* A view in which no bucket begins belongs to the last bucket before it. */
    unsigned before = 0;
    for (unsigned view = 0; view < VIEW_COUNT; view++) {
        struct fold_range *range = &fold->ranges[view];
        if (range->count == 0) {
            range->first = before + 1;
        } else {
            before = range->first + range->count - 1;
        }
    }
}

unsigned fold_bucket_of(const struct fold *fold, bytes full)
{
    const struct fold_range *range = &fold->ranges[full.data[0]];
    size_t shared = full.size < range->common.size ? full.size : range->common.size;
    int order = shared > 0 ? memcmp(full.data, range->common.data, shared) : 0;
    if (range->count == 0 || order < 0 || (order == 0 && shared < range->common.size)) {
        return range->first - 1;
    }
    if (order > 0) {
        return range->first + range->count - 1;
    }
    uint64_t head = head_of(full, range->common.size);
    const uint64_t *low = range->heads;
    for (unsigned left = range->count; left > 1;) { /* without a branch to guess wrong */
        unsigned half = left / 2;
        low += low[half] <= head ? half : 0;
        left -= half;
    }
    unsigned found = range->first + (unsigned)(low - range->heads);
    while (found >= range->first && range->heads[found - range->first] >= head &&
           bytes_compare(fold->bounds[found], full) > 0) {
        found--;
    }
    return found;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

FALLIBLE fold_sample(struct fold *fold, struct error *err)
{
    struct sample sample = {0};
    arena_init(&sample.arena, SIZE_MAX);
    outcome result = take_sample(fold, &sample, err);
    if (result.ok) {
        choose_bounds(fold, &sample);
        note_ranges(fold);
    }
    free(sample.items);
    arena_release(&sample.arena);
    return result;
}
