/* code - the view of dynamic passwords (R-PF-11): for each phone the last code sent, how often a
 * wrong one was tried, and how many were sent in a day. Phones (the keys) and codes are keyed
 * hashes. */
#include "projections/kinds.h"

#define DAY_US (INT64_C(24) * 60 * 60 * 1000000)

VIEW_KEY(code_key)
{
    bool requested = event->body_case == EVENT__BODY_CODE_REQUESTED;
    const char *phone_id =
        requested ? event->code_requested->phone_id : event->code_failed->phone_id;
    make_key_of_text(ret, str_of(phone_id));
    return true;
}

/* The newer one replaces the older, with whatever was tried of that. */
static void apply_requested(CodeView *code, const CodeRequested *requested, const Event *event)
{
    bool same_day = code->event != 0 && event->recorded_at_us < code->requests_since_us + DAY_US;
    code->phone_id = requested->phone_id;
    code->code_hash = requested->code_hash;
    code->expires_at_us = requested->expires_at_us;
    code->failures = 0;
    code->event = event->sequence;
    code->person_id = requested->person_id;
    code->requests = same_day ? code->requests + 1 : 1;
    code->requests_since_us = same_day ? code->requests_since_us : event->recorded_at_us;
}

VIEW_APPLY(code_apply)
{
    CodeView *code = (CodeView *)view;
    (void)arena; /* the event's texts last as long */
    if (event->body_case == EVENT__BODY_CODE_REQUESTED) {
        apply_requested(code, event->code_requested, event);
        return OK;
    }
    if (code->event == 0) {
        return log_contradicts(event, "code", err);
    }
    code->failures++;
    return OK;
}
