/* audit_history - the verb `audit history`: who did what when, on whose signature, to a
 * certificate, a person or an enterprise. It lists the events that the subject's view names, oldest
 * first, and what came to nothing: wishes about it that a rule refused, and waves that left it as
 * it was. Histories of actors, waves, files and days are in history_log.h, that of a submitted file
 * is in audit_file.h. The only personal data shown are a person's own names, and numbers masked. */
#include <string.h>

#include "jobs/audit/audit_file.h"
#include "jobs/audit/history_event.h"
#include "jobs/audit/history_file.h"
#include "jobs/audit/history_log.h"
#include "jobs/audit/history_person.h"
#include "jobs/audit/history_wave.h"
#include "jobs/objects/subject.h"
#include "jobs/report.h"

static void events_of(const struct subject *subject, const uint64_t **ret, size_t *ret_count)
{
    switch (subject->kind) {
    case SUBJECT_CERTIFICATE:
        *ret = subject->certificate->events;
        *ret_count = subject->certificate->n_events;
        break;
    case SUBJECT_PERSON:
        *ret = subject->person->events;
        *ret_count = subject->person->n_events;
        break;
    case SUBJECT_ENTERPRISE:
        *ret = subject->enterprise->events;
        *ret_count = subject->enterprise->n_events;
        break;
    }
}

/* The lines so far; refused wishes wait until the events before them are listed. */
struct telling {
    struct report_rows rows;
    struct json **refused;
    size_t refused_count;
    size_t refused_capacity;
    size_t refused_told;
};

static outcome put_event(void *state, uint64_t sequence, struct error *err)
{
    struct telling *telling = state;
    struct session *session = telling->rows.session;
    Event *event = NULL;
    TRY(engine_event(session->engine, sequence, &session->item_arena, &event, err));
    struct json *record = history_event(event, &session->item_arena);
    TRY(history_put_wave(session, event, record, err));
    TRY(report_rows_add(&telling->rows, record, err));
    arena_reset(&session->item_arena);
    return OK;
}

static outcome put_refused(void *state, struct json *record, struct error *err)
{
    struct telling *telling = state;
    return report_rows_add(&telling->rows, record, err);
}

static outcome keep_refused(void *state, struct json *record, struct error *err)
{
    struct telling *telling = state;
    (void)err; /* memory is never short */
    ARENA_GROW(&telling->rows.session->run_arena, telling->refused, telling->refused_count,
               &telling->refused_capacity);
    telling->refused[telling->refused_count++] = record;
    return OK;
}

/* Refused wishes have the number of their file's FileProcessed event. */
static FALLIBLE tell_refused_before(struct telling *telling, uint64_t sequence, struct error *err)
{
    while (telling->refused_told < telling->refused_count) {
        struct json *record = telling->refused[telling->refused_told];
        if ((uint64_t)json_number(json_member(record, "event")) >= sequence) {
            break;
        }
        telling->refused[telling->refused_told++] = NULL;
        TRY(report_rows_add(&telling->rows, record, err));
    }
    return OK;
}

static FALLIBLE find_events(struct session *session, const struct subject *subject,
                            const uint64_t **ret, size_t *ret_count, struct error *err)
{
    events_of(subject, ret, ret_count);
    if (subject->kind == SUBJECT_ENTERPRISE) {
        TRY(history_with_waves(session, subject->enterprise, ret, ret_count, err));
    }
    if (subject->kind == SUBJECT_PERSON) {
        TRY(history_of_person(session, subject->person, ret, ret_count, err));
    }
    return OK;
}

static FALLIBLE add_events(struct telling *telling, const struct subject *subject,
                           struct error *err)
{
    struct session *session = telling->rows.session;
    struct person_story story = {subject->person, &session->run_arena, STR(""), STR("")};
    struct history_log log = {.session = session, .state = telling, .put_refused = keep_refused};
    const uint64_t *events = NULL;
    size_t count = 0;
    TRY(find_events(session, subject, &events, &count, err));
    TRY(history_log_refused(&log, subject, err));
    for (size_t i = 0; i < count; i++) {
        Event *event = NULL;
        TRY(tell_refused_before(telling, events[i], err));
        TRY(engine_event(session->engine, events[i], &session->item_arena, &event, err));
        struct json *record = history_event(event, &session->item_arena);
        if (subject->kind == SUBJECT_PERSON) {
            person_story_tell(&story, event, record, &session->item_arena);
        }
        TRY(history_put_wave(session, event, record, err));
        TRY(report_rows_add(&telling->rows, record, err));
        arena_reset(&session->item_arena);
    }
    return tell_refused_before(telling, UINT64_MAX, err);
}

static FALLIBLE tell(struct telling *telling, const AuditHistoryOptions *options,
                     const struct subject *subject, struct error *err)
{
    struct session *session = telling->rows.session;
    struct history_log log = {
        .session = session, .state = telling, .put_event = put_event, .put_refused = put_refused};
    if (engine_people(session->engine) == NULL) {
        report_note(session, TERMINAL_WARNING, MESSAGE_HISTORY_WITHOUT_KEYS, NULL, 0);
    }
    if (subject->key != NULL) {
        return add_events(telling, subject, err);
    }
    return history_log_tell(&log, options->arguments[0], options->arguments[1], err);
}

outcome job_audit_history(struct session *session, struct error *err)
{
    enum { CHANGE_COLUMNS = 2 }; /* the last two: a person's */
    static const struct report_column columns[] = {
        {.path = "event", .right = true},
        {.path = "business_date"},
        {.path = "recorded_at"},
        {.path = "type"},
        {.path = "actor.id", .label = "ACTOR"},
        {.path = "operator"},
        {.path = "reason"},
        {.path = "signer"},
        {.path = "action_id"},
        {.path = "details.code", .label = "CODE"},
        {.path = "details.rule", .label = "RULE"},
        {.path = "change.before"},
        {.path = "change.after"},
    };
    size_t columns_count = sizeof columns / sizeof *columns;
    const AuditHistoryOptions *options = SESSION_OPTIONS(session, AuditHistoryOptions);
    struct subject subject = {0};
    struct telling telling = {0};
    if (strcmp(options->arguments[0], "file") == 0) {
        return audit_file(session, options->arguments[1], options->out, err);
    }
    if (*options->out != 0) {
        FAIL(USAGE, MESSAGE_OUT_OF_FILES, ARG_TEXT("value", options->arguments[0]));
    }
    if (!history_log_knows(options->arguments[0])) {
        TRY(subject_find(session, options->arguments[0], options->arguments[1], &session->run_arena,
                         &subject, err));
    }
    columns_count -= subject.person != NULL ? 0 : CHANGE_COLUMNS;
    TRY(report_rows_open(session, columns, columns_count, session->json ? TABLE_JSON : TABLE_PEOPLE,
                         &telling.rows, err));
    outcome told = tell(&telling, options, &subject, err);
    for (size_t i = telling.refused_told; i < telling.refused_count; i++) {
        json_release(telling.refused[i]);
    }
    struct error closing;
    outcome closed = report_rows_close(&telling.rows, told.ok ? err : &closing);
    TRY(told);
    return closed;
}
