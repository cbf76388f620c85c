/* policy - the verbs `policy list` and `policy set`. Setting a business policy is an event, so that
 * a regulator sees what was valid on a day (CONTRACT 2). */
#include <string.h>

#include "jobs/report.h"

/* Names and defaults of CONTRACT 2; policies_set (events/) judges the values. */
static const struct {
    const char *key, *value;
} defaults[] = {
    {"affiliation.require_release", "yes"}, {"entry.states", "注销,失效"},
    {"insurance.months_required", "1"},     {"b.require_registration", "no"},
    {"identity.require_certificate", "no"}, {"identity.photo_required", "yes"},
};

static FALLIBLE get_policy(struct session *session, const char *key, struct arena *arena,
                           const PolicyView **ret, struct error *err)
{
    return views_get(engine_views(session->engine), VIEW_POLICY, key_policy(str_of(key)), arena,
                     ret, err);
}

static FALLIBLE add_policy(struct report_rows *rows, size_t index, struct error *err)
{
    struct session *session = rows->session;
    const PolicyView *policy = NULL;
    TRY(get_policy(session, defaults[index].key, &session->run_arena, &policy, err));
    bool is_set = *policy->key != 0;
    struct json *record = json_new_record();
    json_put_text(record, "key", str_of(defaults[index].key));
    json_put_text(record, "value", str_of(is_set ? policy->value : defaults[index].value));
    json_put_text(record, "default", str_of(defaults[index].value));
    if (is_set) {
        json_put_text(record, "decision", str_of(policy->decision));
        json_put_number(record, "event", (int64_t)policy->event);
    } else {
        json_put_null(record, "decision");
        json_put_null(record, "event");
    }
    return report_rows_add(rows, record, err);
}

outcome job_policy_list(struct session *session, struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "key"},
        {.path = "value"},
        {.path = "default"},
        {.path = "decision"},
        {.path = "event", .right = true},
    };
    struct report_rows rows;
    outcome added = OK;
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns,
                         session->json ? TABLE_JSON : TABLE_PEOPLE, &rows, err));
    for (size_t i = 0; added.ok && i < sizeof defaults / sizeof *defaults; i++) {
        added = add_policy(&rows, i, err);
    }
    struct error closing;
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}

/* The value that holds now: set, or the default. */
static str current_value(const PolicyView *policy, const char *key)
{
    str value = str_of(policy->value);
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults && *policy->key == 0; i++) {
        if (strcmp(defaults[i].key, key) == 0) {
            value = str_of(defaults[i].value);
        }
    }
    return value;
}

/* By which decision and event the value holds: none of either for a default. */
static FALLIBLE tell(struct session *session, const char *key, str value, const char *decision,
                     uint64_t sequence, struct error *err)
{
    struct json *record = json_new_record();
    json_put_text(record, "key", str_of(key));
    json_put_text(record, "value", value);
    if (sequence > 0) {
        json_put_text(record, "decision", str_of(decision));
        json_put_number(record, "event", (int64_t)sequence);
    } else {
        json_put_null(record, "decision");
        json_put_null(record, "event");
    }
    return report_result(session, record, err);
}

outcome job_policy_set(struct session *session, struct error *err)
{
    const PolicySetOptions *options = SESSION_OPTIONS(session, PolicySetOptions);
    struct arena *arena = &session->batch_arena;
    const char *key = options->arguments[0];
    str given = str_of(options->arguments[1]);
    str value = policies_spelling(str_of(key), given, &session->run_arena);
    struct policies checked = policies_default();
    const PolicyView *policy = NULL;
    uint64_t sequence = 0;
    TRY(policies_set(&checked, str_of(key), given, err));
    if (*options->decision == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "policy set"),
             ARG_TEXT("option", "decision"));
    }
    TRY(engine_begin(session->engine, err));
    TRY(get_policy(session, key, &session->run_arena, &policy, err));
    if (str_equal(current_value(policy, key), value)) {
        struct error_arg args[] = {ARG_TEXT("key", key), ARG_STR("value", value)};
        engine_abort(session->engine);
        report_note(session, TERMINAL_NOTICE, MESSAGE_POLICY_SAME, args, 2);
        return tell(session, key, value, policy->decision, policy->event, err);
    }
    Event *event = event_new(EVENT__BODY_POLICY_SET, arena);
    event->policy_set->key = arena_c_string(arena, str_of(key));
    event->policy_set->value = arena_c_string(arena, value);
    event->policy_set->decision = options->decision;
    TRY(engine_append(session->engine, &session->run, event, arena, &sequence, err));
    TRY(engine_commit(session->engine, err));
    return tell(session, key, value, options->decision, sequence, err);
}
