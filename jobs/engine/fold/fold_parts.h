/* fold_parts - what fold.c, fold_scan.c, fold_records.c and fold_keys.c share; see fold.h. */
#pragma once

#include <pthread.h>

#include "core/base/sort.h"
#include "core/io/threads.h"
#include "jobs/engine/fold/fold.h"
#include "projections/registry.h"

/* One event that touches one record. */
struct fold_entry {
    uint64_t hash;          /* of the key; its lowest bits are the view */
    const uint8_t *payload; /* in the log's map, or behind this entry */
    uint64_t place;         /* event number and size: see fold_place() */
};

enum { FOLD_SIZE_BITS = 16, FOLD_VIEW_BITS = 5 };
_Static_assert(LOG_PAYLOAD_MAX < 1 << FOLD_SIZE_BITS, "a size fits");
_Static_assert(VIEW_COUNT < 1 << FOLD_VIEW_BITS, "a view fits");

static inline uint64_t fold_place(uint64_t sequence, size_t size)
{
    return sequence << FOLD_SIZE_BITS | size;
}
static inline uint64_t fold_sequence(const struct fold_entry *entry)
{
    return entry->place >> FOLD_SIZE_BITS;
}
static inline bytes fold_payload(const struct fold_entry *entry)
{
    return bytes_of(entry->payload, entry->place & ((1U << FOLD_SIZE_BITS) - 1));
}
static inline enum view_id fold_view(const struct fold_entry *entry)
{
    return (enum view_id)(entry->hash & ((1U << FOLD_VIEW_BITS) - 1));
}

/* The buckets that begin in one view, so that one is found without looking at most bounds. */
struct fold_range {
    unsigned first;        /* bucket; the one before it has what comes before its bound */
    unsigned count;        /* 0: none begins there */
    bytes common;          /* all their bounds begin with this, the view's byte among it */
    const uint64_t *heads; /* by bucket: the eight bytes behind that */
};

/* What a thread's slabs are cut from and come back to: asked for one by one, each had the kernel
 * make the heap longer by two pages, with all threads' memory locked (decision 0106). */
struct fold_block {
    struct fold_block *next;
    size_t used;
    uint8_t data[] __attribute__((aligned(16)));
};
/* Entries of one bucket, one after the other, each with its payload behind it when it is copied. */
struct fold_slab {
    struct fold_slab *next;
    size_t size;
    size_t used;
    uint8_t data[] __attribute__((aligned(16)));
};
struct fold_bucket {
    struct fold_slab *first; /* the newest */
    uint64_t count;
};

/* Index keys, sorted and cut where they grow too many: the lower ones are kept. */
struct fold_keys {
    struct arena arenas[2]; /* the keys are in the one at `current` */
    unsigned current;
    struct sort_item *items;
    size_t count;
    size_t capacity;
    size_t limit; /* bytes */
    bytes from;   /* lower ones were handed over in an earlier round */
    bytes cut;    /* data NULL: none; else this one and higher ones are for a later round */
};

/* Records of one bucket (or trails) in the order of view and key. */
struct fold_output {
    struct arena arena;
    struct sort_item *items; /* key: one byte of view and the key; item: a struct bytes */
    size_t count;
    size_t capacity;
    bool ready;
};

struct fold;

/* What belongs to one thread. */
struct fold_worker {
    unsigned number;
    struct fold *fold;
    struct log_txn *txn;
    struct people_reader *reader;
    struct fold_bucket *buckets; /* by number */
    unsigned high;               /* buckets from here on were let go */
    struct fold_block *blocks;   /* the newest first */
    struct fold_slab *spare_slabs;
    struct arena item;          /* one event while scanning */
    struct arena live[2];       /* the record that is being made, and the next copy of it */
    struct fold_entry *entries; /* of the bucket that is being made, and room to sort them */
    struct fold_entry *spare;
    size_t entries_capacity;
    struct fold_keys keys;
    struct fold_output trails;
};

struct fold {
    const struct fold_source *source;
    const struct fold_sink *sink;
    uint64_t size; /* events of the log */
    struct arena arena;
    bytes *bounds; /* full keys at which buckets begin */
    unsigned buckets_count;
    struct fold_range ranges[VIEW_COUNT]; /* by view */
    uint64_t budget;                      /* bytes for entries */
    uint64_t bucket_cost;                 /* bytes of entries in a bucket, as the sample has it */
    bool copies;                          /* payloads are copied: the log is not kept in memory */
    bool is_first_pass;
    bool gives_records; /* the first round */
    unsigned workers_count;
    struct fold_worker workers[THREADS_MAX];
    struct fold_output *outputs; /* by bucket */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t passes;
    unsigned low; /* buckets of this pass: low..high-1 */
    unsigned high;
    uint64_t end;        /* the first event that is not folded */
    uint64_t next_chunk; /* event */
    uint64_t used;       /* bytes of slabs */
    struct str_list *erased;
    unsigned next_bucket;
    unsigned next_write;
    unsigned changes; /* buckets made and buckets handed over: what threads wait for */
    bool keys_given;
    bool stopped;    /* the sink failed, or a signal came */
    uint64_t failed; /* event, UINT64_MAX for none */
    struct error error;
};

struct str_list {
    struct str_list *next;
    str text;
    uint64_t sequence;
};

static inline void fold_lock(struct fold *fold)
{
    (void)pthread_mutex_lock(&fold->lock); /* cannot fail on an initialised mutex */
}
static inline void fold_unlock(struct fold *fold)
{
    (void)pthread_mutex_unlock(&fold->lock); /* as above */
}

/* Notes that an event contradicts the log before it; the lowest one counts. */
void fold_fail(struct fold *fold, uint64_t sequence, const struct error *error);

/* Has a signal come, and may it stop this? Then nothing is given to the sink any more, and what is
 * not read or made yet never is: part of the events contradicts itself. */
bool fold_is_stopped(struct fold *fold);

/* What the options have beside: one piece of it. False when there is none left. */
bool fold_work_beside(struct fold_worker *worker);

/* --- fold_bounds.c: where buckets begin */

/* Chooses the bounds and what a bucket costs, by a sample of the log. */
FALLIBLE fold_sample(struct fold *fold, struct error *err);
/* The bucket of a key with its view's byte before it. */
unsigned fold_bucket_of(const struct fold *fold, bytes full);
/* View and key as one: the order of everything that is handed over. */
bytes fold_full_key(const struct view_touch *touch, uint8_t out[VIEW_KEY_MAX + 1]);

/* --- fold_scan.c: events to buckets */

/* Reads the log and fills the buckets low..high-1; lowers high where memory does not take them. */
void fold_scan(struct fold *fold);
void fold_buckets_release(struct fold_worker *worker, unsigned from);
/* All of them, and what they are made of. */
void fold_blocks_release(struct fold_worker *worker);

/* --- fold_records.c: buckets to records */

void fold_make(struct fold_worker *worker, unsigned bucket);
void fold_output_add(struct fold_output *output, enum view_id view, bytes key, bytes value);
void fold_output_sort(struct fold_output *output);
void fold_output_release(struct fold_output *output);

/* --- fold_keys.c: index keys */

void fold_keys_init(struct fold_keys *keys, size_t limit, bytes from);
void fold_keys_add(struct fold_keys *keys, bytes key);
/* Sorts those of all workers and hands them over, each once; *ret_cut is where the next round
 * begins, data NULL when there is none; in the fold's arena. */
FALLIBLE fold_keys_give(struct fold *fold, bytes *ret_cut, struct error *err);
void fold_keys_release(struct fold_keys *keys);
