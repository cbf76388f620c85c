/* audit_history - who did what when, on whose signature, to a certificate, a person or an
 * enterprise: the events that its view names, oldest first. Nothing personal is shown but a
 * person's own names, and numbers masked. Of a submitted file: jobs/audit_file.h. */
#include <string.h>

#include "jobs/audit_file.h"
#include "jobs/history_event.h"
#include "jobs/history_file.h"
#include "jobs/history_person.h"
#include "jobs/history_wave.h"
#include "jobs/report.h"
#include "jobs/subject.h"

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

static FALLIBLE add_events(struct report_rows *rows, const struct subject *subject,
                           struct error *err)
{
    struct session *session = rows->session;
    struct person_story story = {subject->person, &session->run_arena, STR(""), STR("")};
    const uint64_t *events = NULL;
    size_t count = 0;
    events_of(subject, &events, &count);
    if (subject->kind == SUBJECT_ENTERPRISE) {
        TRY(history_with_waves(session, subject->enterprise, &events, &count, err));
    }
    if (subject->kind == SUBJECT_PERSON) {
        TRY(history_with_file(session, subject->person, &events, &count, err));
    }
    for (size_t i = 0; i < count; i++) {
        Event *event = NULL;
        TRY(engine_event(session->engine, events[i], &session->item_arena, &event, err));
        struct json *record = history_event(event, &session->item_arena);
        if (subject->kind == SUBJECT_PERSON) {
            person_story_tell(&story, event, record, &session->item_arena);
        }
        TRY(history_put_wave(session, event, record, err));
        TRY(report_rows_add(rows, record, err));
        arena_reset(&session->item_arena);
    }
    return OK;
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
        {.path = "signer"},
        {.path = "action_id"},
        {.path = "change.before"},
        {.path = "change.after"},
    };
    size_t columns_count = sizeof columns / sizeof *columns;
    const AuditHistoryOptions *options = SESSION_OPTIONS(session, AuditHistoryOptions);
    struct subject subject;
    struct report_rows rows;
    if (strcmp(options->arguments[0], "file") == 0) {
        return audit_file(session, options->arguments[1], options->out, err);
    }
    if (*options->out != 0) {
        FAIL(USAGE, MESSAGE_OUT_OF_FILES, ARG_TEXT("value", options->arguments[0]));
    }
    TRY(subject_find(session, options->arguments[0], options->arguments[1], &session->run_arena,
                     &subject, err));
    columns_count -= subject.kind == SUBJECT_PERSON ? 0 : CHANGE_COLUMNS;
    TRY(report_rows_open(session, columns, columns_count, session->json ? TABLE_JSON : TABLE_PEOPLE,
                         &rows, err));
    outcome added = add_events(&rows, &subject, err);
    struct error closing;
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}
