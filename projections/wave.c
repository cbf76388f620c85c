/* wave - the view of waves: what each announced, and how many of its items are done or failed
 * (D26).
 *
 * An item names its wave in the envelope's `cause`. Items come in the order of the wave's list, so
 * done + failed is the position where an interrupted wave continues. In logs of the first version
 * items have no cause; those waves were opened and closed in one transaction. */
#include <string.h>

#include "core/base/record.h"
#include "projections/kinds.h"

VIEW_KEY(wave_key)
{
    uint64_t wave = event->cause;
    if (event->body_case == EVENT__BODY_WAVE_OPENED) {
        wave = event->sequence;
    } else if (event->body_case == EVENT__BODY_WAVE_CLOSED) {
        wave = event->wave_closed->wave;
    }
    make_key_wave(ret, wave);
    return wave != 0; /* items of the first version */
}

static void apply_opened(WaveView *wave, const Event *event)
{
    const WaveOpened *opened = event->wave_opened;
    wave->wave = event->sequence;
    wave->kind = opened->kind;
    wave->enterprise = opened->enterprise;
    wave->value = opened->value;
    wave->count = opened->count;
    wave->numbers_sha256 = opened->numbers_sha256;
    wave->opened_on = event->business_date;
    wave->notice = opened->notice;
    wave->category = opened->category;
    wave->valid_until_from = opened->valid_until_from;
    wave->valid_until_to = opened->valid_until_to;
    wave->plan_sha256 = opened->plan_sha256;
}

static void apply_closed(WaveView *wave, const Event *event)
{
    wave->closed = true;
    wave->closed_by = event->sequence;
    wave->done = event->wave_closed->done;
    wave->failed = event->wave_closed->failed;
    wave->codes = event->wave_closed->codes;
    wave->n_codes = event->wave_closed->n_codes;
}

/* One more item that failed for the code; the codes stay sorted. */
static void count_code(WaveView *wave, char *code, struct arena *arena)
{
    size_t at = 0;
    while (at < wave->n_codes && strcmp(wave->codes[at]->code, code) < 0) {
        at++;
    }
    if (at < wave->n_codes && strcmp(wave->codes[at]->code, code) == 0) {
        wave->codes[at]->count++;
        return;
    }
    CodeCount **codes = ARENA_ARRAY(arena, CodeCount *, wave->n_codes + 1);
    for (size_t i = 0; i < wave->n_codes; i++) {
        codes[i < at ? i : i + 1] = wave->codes[i];
    }
    codes[at] = RECORD_NEW(arena, CodeCount, code_count);
    codes[at]->code = code;
    codes[at]->count = 1;
    wave->codes = codes;
    wave->n_codes++;
}

VIEW_APPLY(wave_apply)
{
    WaveView *wave = (WaveView *)view;
    if (event->body_case == EVENT__BODY_WAVE_OPENED) {
        apply_opened(wave, event);
        return OK;
    }
    if (wave->wave == 0 || wave->closed) {
        return log_contradicts(event, "wave", err);
    }
    if (event->body_case == EVENT__BODY_WAVE_CLOSED) {
        apply_closed(wave, event);
    } else if (wave->done + wave->failed == wave->count) {
        return log_contradicts(event, "wave", err); /* more items than were announced */
    } else if (event->body_case == EVENT__BODY_WAVE_ITEM_FAILED) {
        wave->failed++;
        count_code(wave, event->wave_item_failed->code, arena);
    } else {
        wave->done++;
    }
    return OK;
}

VIEW_INDEX_OF(wave_index)
{
    (void)arena; /* every part of the key is there already */
    const WaveView *wave = (const WaveView *)view;
    if (!wave->closed) {
        uint64_t number = __builtin_bswap64(wave->wave);
        struct view_key key = index_open_waves();
        index_add(sink, &key, (str){(const char *)&number, sizeof number});
    }
}
