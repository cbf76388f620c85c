/* wave_report - see wave_report.h. */
#include "jobs/wishes/wave_report.h"

#include <string.h>

#include "core/base/record.h"
#include "events/limits.h"
#include "jobs/report.h"

static void add_code(struct wave_total *total, const CodeCount *code, struct arena *arena)
{
    size_t at = 0;
    while (at < total->codes_count && strcmp(total->codes[at]->code, code->code) < 0) {
        at++;
    }
    bool known = at < total->codes_count && strcmp(total->codes[at]->code, code->code) == 0;
    const CodeCount **codes = ARENA_ARRAY(arena, const CodeCount *, total->codes_count + 1);
    CodeCount *sum = RECORD_NEW(arena, CodeCount, code_count);
    sum->code = arena_c_string(arena, str_of(code->code));
    sum->count = code->count + (known ? total->codes[at]->count : 0);
    for (size_t i = 0; i < total->codes_count; i++) {
        codes[i < at || known ? i : i + 1] = total->codes[i];
    }
    codes[at] = sum;
    total->codes = codes;
    total->codes_count += !known;
}

void wave_total_add(struct wave_total *total, const WaveView *wave, struct arena *arena)
{
    total->total += wave->count;
    total->done += wave->done;
    total->failed += wave->failed;
    for (size_t i = 0; i < wave->n_codes; i++) {
        add_code(total, wave->codes[i], arena);
    }
    total->first_event = total->first_event == 0 ? wave->wave : total->first_event;
    total->last_event = wave->closed ? wave->closed_by : total->last_event;
}

static void put_event(struct json *record, const char *key, uint64_t event)
{
    if (event == 0) {
        json_put_null(record, key);
    } else {
        json_put_number(record, key, (int64_t)event);
    }
}

void wave_total_put(struct session *session, const struct wave_total *total, struct json *record)
{
    json_put_number(record, "total", (int64_t)total->total);
    json_put_number(record, "done", (int64_t)total->done);
    json_put_number(record, "failed", (int64_t)total->failed);
    struct json *codes = json_put_record(record, "codes");
    for (size_t i = 0; i < total->codes_count; i++) {
        json_put_number(codes, total->codes[i]->code, (int64_t)total->codes[i]->count);
    }
    put_event(record, "first_event", total->first_event);
    put_event(record, "last_event", total->last_event);
    if (total->failed > 0) {
        session_status(session, error_exit_status(ERROR_REFUSED));
    }
}

void wave_list_add(const struct wave_list *list, size_t *left, struct json *certificates)
{
    str rest = list->numbers;
    for (; *left > 0 && rest.size > 0; (*left)--) {
        json_add_text(certificates, str_cut(&rest, '\n'));
    }
}

void wave_list_put(const struct wave_list *list, struct json *record)
{
    size_t left = LIMIT_ANSWER_NUMBERS;
    wave_list_add(list, &left, json_put_list(record, "certificates"));
}

void wave_stopped(struct session *session)
{
    report_note(session, TERMINAL_WARNING, MESSAGE_WAVE_STOPPED, NULL, 0);
    session_status(session, error_exit_status(ERROR_BUSY));
}
