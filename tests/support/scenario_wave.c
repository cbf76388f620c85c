/* scenario_wave - see scenario_wave.h. */
#include "tests/support/scenario_wave.h"

#include "core/base/record.h"
#include "events/wave.h"

FALLIBLE scenario_wave_list(struct memory_views *views, const Action *action,
                            const EnterpriseView *enterprise, int32_t today, struct arena *arena,
                            struct wave_list *ret, struct error *err)
{
    struct map *map = &views->tables[VIEW_CERTIFICATE];
    *ret = (struct wave_list){.numbers = STR("")};
    if (!action_is_wave(action->body_case)) {
        return OK;
    }
    const WaveOpened *intent = wave_intent(action, enterprise, arena);
    struct map_entry **sorted = map_sorted(map, arena);
    for (size_t i = 0; i < map->count; i++) {
        ProtobufCMessage *message = NULL;
        const bytes *value = sorted[i]->value;
        if (value == NULL) {
            continue;
        }
        TRY(record_unpack(&certificate_view__descriptor, *value, arena, &message, err));
        const CertificateView *certificate = (const CertificateView *)(void *)message;
        if (wave_selects(intent, certificate, today, arena)) {
            ret->numbers =
                arena_format(arena, "%.*s%s\n", STR_ARGS(ret->numbers), certificate->certificate);
            ret->count++;
        }
    }
    return OK;
}

void scenario_wave_keep(struct scenario *s, const struct wave_list *list)
{
    s->wave_opened = s->decision.events[0]->wave_opened;
    s->wave = s->decision.events[0]->sequence;
    s->wave_numbers = list->numbers;
}

static bool happen(struct scenario *s, Event *event)
{
    Event *applied = NULL;
    if (!scenario_apply(s, event, &applied)) {
        return false;
    }
    *decision_add(&s->decision, s->arena) = *applied;
    return true;
}

bool scenario_wave_run(struct scenario *s)
{
    if (s->wave_opened == NULL) {
        return scenario_fail(s, STR("no wave is open"));
    }
    while (s->wave_numbers.size > 0) {
        str number = str_cut(&s->wave_numbers, '\n');
        const CertificateView *certificate = (const CertificateView *)(void *)memory_views_get(
            s->views, VIEW_CERTIFICATE, key_certificate(number), s->arena);
        const PersonView *holder = (const PersonView *)(void *)memory_views_get(
            s->views, VIEW_PERSON, key_person(str_of(certificate->person_id)), s->arena);
        Event *event =
            wave_item(s->wave_opened, s->wave, certificate, holder->blocked, s->today, s->arena);
        if (event->body_case == EVENT__BODY_WAVE_ITEM_FAILED) {
            scenario_count_code(s, event->wave_item_failed->code);
        }
        if (!happen(s, event)) {
            return false;
        }
    }
    const WaveView *view = (const WaveView *)(void *)memory_views_get(s->views, VIEW_WAVE,
                                                                      key_wave(s->wave), s->arena);
    s->wave_opened = NULL;
    return happen(s, wave_closing(view, s->arena));
}
