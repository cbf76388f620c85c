/* history_wave - see history_wave.h. */
#include "jobs/audit/history_wave.h"

#include "jobs/audit/event_numbers.h"
#include "jobs/engine/judging/wave.h"
#include "jobs/engine/parts/views_walk.h"

FALLIBLE history_with_waves(struct session *session, const EnterpriseView *enterprise,
                            const uint64_t **ret, size_t *ret_count, struct error *err)
{
    struct event_numbers numbers = {.arena = &session->run_arena};
    VIEWS_WALK_AUTO walk = {0};
    event_numbers_add(&numbers, enterprise->events, enterprise->n_events);
    TRY(views_walk_open(engine_views(session->engine), VIEW_WAVE, NULL, &session->item_arena, &walk,
                        err));
    while (walk.record != NULL) {
        const WaveView *wave = walk.record;
        if (str_equal(str_of(enterprise->code), str_of(wave->enterprise))) {
            event_numbers_add(&numbers, &wave->wave, 1);
        }
        TRY(views_walk_next(&walk, err));
    }
    event_numbers_order(&numbers);
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
