/* tally - see tally.h. */
#include "jobs/engine/judging/tally.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/messages.h"

void tally_code(struct tally *tally, int message_code, const char *column)
{
    for (size_t i = 0; i < tally->codes_count; i++) {
        if (tally->codes[i].code == message_code) {
            tally->codes[i].count++;
            return;
        }
    }
    if (tally->codes_count < TALLY_CODES_MAX) {
        tally->codes[tally->codes_count].code = message_code;
        tally->codes[tally->codes_count].first_row = tally->row;
        tally->codes[tally->codes_count].first_column = column;
        tally->codes[tally->codes_count++].count = 1;
    }
}

void tally_result(struct tally *tally, const struct act_result *result)
{
    switch (result->verdict) {
    case VERDICT_ACCEPTED: tally->accepted++; break;
    case VERDICT_DUPLICATE:
    case VERDICT_UNCHANGED: tally->unchanged++; break;
    case VERDICT_REFUSED: tally->rejected++; break;
    case VERDICT_INVALID: tally->invalid++; break;
    }
    if (result->verdict == VERDICT_REFUSED || result->verdict == VERDICT_INVALID) {
        tally_code(tally, result->error.code, NULL);
    }
    if (result->verdict == VERDICT_ACCEPTED) {
        tally->first_event = tally->first_event == 0 ? result->first_event : tally->first_event;
        tally->last_event = result->last_event;
    }
    for (int i = 0; i < result->decision.warnings_count; i++) {
        tally->warnings++;
        tally_code(tally, result->decision.warnings[i], NULL);
    }
}

static int by_code(const void *a, const void *b)
{
    const CodeCount *const *x = a;
    const CodeCount *const *y = b;
    return strcmp((*x)->code, (*y)->code);
}

Event *tally_event(const struct tally *tally, const char *kind, bytes file_sha256,
                   struct arena *arena)
{
    Event *event = event_new(EVENT__BODY_FILE_PROCESSED, arena);
    FileProcessed *file = event->file_processed;
    file->kind = arena_c_string(arena, str_of(kind));
    file->file_sha256 = record_binary(file_sha256, arena);
    file->rows = tally->rows;
    file->accepted = tally->accepted;
    file->unchanged = tally->unchanged;
    file->rejected = tally->rejected;
    file->invalid = tally->invalid;
    file->warnings = tally->warnings;
    file->first_event = tally->first_event;
    file->last_event = tally->last_event;
    file->n_codes = tally->codes_count;
    file->codes = ARENA_ARRAY(arena, CodeCount *, tally->codes_count);
    for (size_t i = 0; i < tally->codes_count; i++) {
        CodeCount *count = RECORD_NEW(arena, CodeCount, code_count);
        count->code = arena_c_string(arena, message_code(tally->codes[i].code, arena));
        count->count = tally->codes[i].count;
        file->codes[i] = count;
    }
    if (file->n_codes > 1) {
        qsort(file->codes, file->n_codes, sizeof file->codes[0], by_code);
    }
    return event;
}
