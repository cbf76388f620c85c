/* log_days - see log_days.h. */
#include "jobs/engine/log_days.h"

#include "core/base/record.h"

static FALLIBLE day_of(struct engine *engine, uint64_t sequence, struct arena *arena, int32_t *ret,
                       struct error *err)
{
    ProtobufCMessage *message = NULL;
    bytes stored = {0};
    TRY(log_get(engine_log_txn(engine), sequence, &stored, err));
    TRY(record_unpack(&event__descriptor, stored, arena, &message, err));
    const Event *event = (const Event *)(const void *)message;
    *ret = event->business_date != NULL ? event->business_date->days : INT32_MIN;
    arena_reset(arena);
    return OK;
}

static FALLIBLE halve(struct engine *engine, int32_t day, struct arena *arena, uint64_t *ret,
                      struct error *err)
{
    uint64_t low = 1;
    uint64_t high = log_size(engine_log_txn(engine)) + 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int32_t found = 0;
        TRY(day_of(engine, middle, arena, &found, err));
        if (found < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret = low;
    return OK;
}

FALLIBLE log_day_first(struct engine *engine, int32_t day, uint64_t *ret, struct error *err)
{
    struct arena arena;
    TRY(engine_log_ready(engine, err));
    arena_init(&arena, 0);
    outcome found = halve(engine, day, &arena, ret, err);
    arena_release(&arena);
    return found.ok ? found : error_trace(err, HERE);
}
