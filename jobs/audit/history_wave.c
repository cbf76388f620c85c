/* history_wave - see history_wave.h. */
#include "jobs/audit/history_wave.h"

#include "jobs/audit/event_numbers.h"
#include "jobs/engine/wave.h"

static outcome add_waves(struct session *session, struct views_scan *scan, str code,
                         struct event_numbers *numbers, struct error *err)
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
            event_numbers_add(numbers, &wave->wave, 1);
        }
        arena_reset(&session->item_arena);
    }
}

FALLIBLE history_with_waves(struct session *session, const EnterpriseView *enterprise,
                            const uint64_t **ret, size_t *ret_count, struct error *err)
{
    struct event_numbers numbers = {.arena = &session->run_arena};
    struct view_key prefix = {.size = 0};
    struct views_scan scan = {0};
    event_numbers_add(&numbers, enterprise->events, enterprise->n_events);
    TRY(views_scan_open(engine_views(session->engine), VIEW_WAVE, &prefix, (bytes){0}, &scan, err));
    outcome added = add_waves(session, &scan, str_of(enterprise->code), &numbers, err);
    views_scan_close(&scan);
    TRY(added);
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
