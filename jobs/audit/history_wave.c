/* history_wave - see history_wave.h. */
#include "jobs/audit/history_wave.h"

#include <stdlib.h>

#include "jobs/engine/wave.h"

struct numbers {
    struct arena *arena;
    uint64_t *items;
    size_t count;
    size_t capacity;
};

static void add_number(struct numbers *numbers, uint64_t number)
{
    ARENA_GROW(numbers->arena, numbers->items, numbers->count, &numbers->capacity);
    numbers->items[numbers->count++] = number;
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a;
    uint64_t second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

static outcome add_waves(struct session *session, struct views_scan *scan, str code,
                         struct numbers *numbers, struct error *err)
{
    for (;;) {
        bool more = false;
        ProtobufCMessage *message = NULL;
        TRY(views_scan_next(scan, &more, err));
        if (!more) {
            return OK;
        }
        TRY(views_scan_record(scan, &session->item_arena, &message, err));
        const WaveView *wave = (const WaveView *)(const void *)message;
        if (str_equal(code, str_of(wave->enterprise))) {
            add_number(numbers, wave->wave);
        }
        arena_reset(&session->item_arena);
    }
}

FALLIBLE history_with_waves(struct session *session, const EnterpriseView *enterprise,
                            const uint64_t **ret, size_t *ret_count, struct error *err)
{
    struct numbers numbers = {.arena = &session->run_arena};
    struct view_key prefix = {.size = 0};
    struct views_scan scan = {0};
    for (size_t i = 0; i < enterprise->n_events; i++) {
        add_number(&numbers, enterprise->events[i]);
    }
    TRY(views_scan_open(engine_views(session->engine), VIEW_WAVE, &prefix, (bytes){0}, &scan, err));
    outcome added = add_waves(session, &scan, str_of(enterprise->code), &numbers, err);
    views_scan_close(&scan);
    TRY(added);
    if (numbers.count > 1) {
        qsort(numbers.items, numbers.count, sizeof *numbers.items, compare_numbers);
    }
    *ret = numbers.items;
    *ret_count = numbers.count;
    return OK;
}

FALLIBLE history_put_wave(struct session *session, const Event *event, struct json *record,
                          struct error *err)
{
    WaveView *wave = NULL;
    if (event->body_case != EVENT__BODY_WAVE_OPENED) {
        return OK;
    }
    TRY(wave_view(session->engine, event->sequence, &session->item_arena, &wave, err));
    struct json *object = json_put_record(record, "wave");
    json_put_text(object, "status", wave->closed ? STR("closed") : STR("open"));
    json_put_number(object, "total", (int64_t)wave->count);
    json_put_number(object, "done", (int64_t)wave->done);
    json_put_number(object, "failed", (int64_t)wave->failed);
    return OK;
}
