/* wave - carries out mass changes (D26): opens a wave, works through its items, closes it.
 *
 * The list of a wave holds its sorted certificate numbers, each followed by a line feed. It is a
 * blob that is durable before the WaveOpened event, which announces its SHA-256. The wave's view
 * counts the items that are done or failed; each batch is durable as a whole. So an interrupted
 * wave continues at exactly the next line of its list, no certificate is changed twice, and in the
 * end done + failed equals the announced count. The rules for an item are in events/wave.h.
 *
 * Items carry the actor, action id and signer of their wave, and the operator of the run. */
#pragma once

#include "events/wave.h"
#include "jobs/engine/engine.h"

/* Events between two commits: what a kill undoes at most, and how long a signal waits. */
enum { WAVE_BATCH_EVENTS = 5000 };

struct wave_run {
    const struct run *run;
    bool one_transaction; /* a dry run: nothing is committed on the way */
    void *state;          /* of the call below, which may be NULL */
    /* Items of the wave that are done or failed, and all of them; once a batch. */
    void (*progress)(void *state, uint64_t done, uint64_t total);
};

/* What the intent would take on that day, in the arena. Reads one certificate at a time.
 * fails   RESOURCE, CORRUPT */
FALLIBLE wave_list_make(struct engine *engine, const WaveOpened *intent, int32_t today,
                        struct arena *arena, struct wave_list *ret, struct error *err);

/* A wave that was opened just now: its event as it was appended, and its list. */
struct wave_start {
    const Event *opened;
    str numbers;
};

/* Goes on with an open wave, to its end unless a signal stops it at a batch border. `start` is NULL
 * where it was opened before: its event and its list are read. *ret is the wave as it is then, in
 * the arena; not closed: stopped. In a transaction, which the caller commits.
 * fails   CORRUPT MESSAGE_WAVE_LIST_LOST (path, wave) when the list is missing or altered;
 *         RESOURCE, CORRUPT */
FALLIBLE wave_finish(struct engine *engine, const struct wave_run *run, uint64_t wave,
                     const struct wave_start *start, struct arena *arena, WaveView **ret,
                     struct error *err);

/* The open waves of a kind, by number: of an enterprise's name those of that enterprise. */
struct wave_numbers {
    uint64_t *items;
    size_t count;
    size_t capacity;
};
FALLIBLE wave_open_ones(struct engine *engine, WaveKind__Code kind, str enterprise,
                        struct arena *arena, struct wave_numbers *ret, struct error *err);

FALLIBLE wave_view(struct engine *engine, uint64_t wave, struct arena *arena, WaveView **ret,
                   struct error *err);
