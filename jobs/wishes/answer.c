/* answer - see answer.h. */
#include "jobs/wishes/answer.h"

#include <string.h>

#include "events/decide.h"
#include "events/limits.h"

/* A success may carry texts beside data: what the manual says at that point. */
static void put_details(struct json *record, const struct decision *decision)
{
    struct json *detail = json_put_record(record, "detail");
    for (int i = 0; i < decision->details_count; i++) {
        const struct error_arg *arg = &decision->details[i];
        uint64_t number = 0;
        if (arg->is_number && str_to_uint64(str_of(arg->text), &number) && number <= INT64_MAX) {
            json_put_number(detail, arg->name, (int64_t)number);
        } else {
            json_put_text(detail, arg->name, str_of(arg->text));
        }
    }
}

/* What the manual says at that point (R-DP-06), in its own language; else the plain word. */
static str success_message(const struct session *session, const struct act_result *result)
{
    if (result->verdict == VERDICT_DUPLICATE) {
        return message_text(MESSAGE_ANSWER_DUPLICATE, session->language);
    }
    for (int i = 0; i < result->decision.details_count; i++) {
        if (strcmp(result->decision.details[i].name, "notice") == 0) {
            return str_of(result->decision.details[i].text);
        }
    }
    return message_text(MESSAGE_ANSWER_ACCEPTED, session->language);
}

static void put_success(struct session *session, struct json *record,
                        const struct act_result *result)
{
    json_put_null(record, "code");
    json_put_null(record, "rule");
    json_put_text(record, "message", success_message(session, result));
    put_details(record, &result->decision);
}

struct json *answer_record(struct session *session, const struct answer *answer,
                           struct arena *arena)
{
    const struct act_result *result = answer->result;
    struct json *record = json_new_record();
    bool success = result->verdict != VERDICT_REFUSED && result->verdict != VERDICT_INVALID;
    json_put_number(record, "line", (int64_t)answer->line);
    json_put_text(record, "id", answer->id);
    json_put_text(record, "action", answer->action);
    json_put_text(record, "outcome", str_of(verdict_text(result->verdict)));
    if (success) {
        put_success(session, record, result);
    } else {
        report_put_error(session, record, &result->error, arena);
    }
    struct json *certificates = json_put_list(record, "certificates");
    for (size_t i = 0; i < result->decision.certificates_count && i < LIMIT_ANSWER_NUMBERS; i++) {
        json_add_text(certificates, str_of(result->decision.certificates[i]));
    }
    if (result->decision.record != NULL) {
        json_put_text(record, "record", str_of(result->decision.record));
    }
    if (result->decision.application != NULL) {
        json_put_text(record, "application", str_of(result->decision.application));
    }
    if (result->decision.is_wave) {
        json_put_number(record, "count", (int64_t)result->decision.wave_count);
    }
    if (success && result->first_event > 0) {
        json_put_number(record, "first_event", (int64_t)result->first_event);
        json_put_number(record, "last_event", (int64_t)result->last_event);
    } else {
        json_put_null(record, "first_event");
        json_put_null(record, "last_event");
    }
    return record;
}
