/* export_national - the verb `export national`: records for the national platform as JSON lines,
 * one for each version of a document and each change of state behind a given event. */
#include <stdio.h>

#include "core/io/output.h"
#include "jobs/metrics.h"
#include "jobs/platform/national_send.h"
#include "jobs/platform/national_walk.h"
#include "jobs/report.h"

enum { FILE_MODE = 0600 };

struct export_run {
    struct session *session;
    struct output_stream out; /* --out; without a file: none */
    struct report_rows rows;
};

static outcome print_record(void *state, const struct national_item *item, struct error *err)
{
    struct export_run *run = state;
    if (run->out.file == NULL) {
        return report_rows_add(&run->rows, item->record, err);
    }
    JSON_AUTO record = item->record;
    return json_write_line(record, run->out.file, err);
}

static FALLIBLE write_records(struct export_run *run, struct national_walk *walk, struct error *err)
{
    struct error closing;
    const char *out = SESSION_OPTIONS(run->session, ExportNationalOptions)->out;
    if (*out != 0) {
        TRY(output_stream_open(out, FILE_MODE, &run->out, err));
    }
    outcome walked = report_rows_open(run->session, NULL, 0, TABLE_JSON, &run->rows, err);
    bool opened = walked.ok;
    walked = opened ? national_walk(walk, err) : walked;
    if (opened && !report_rows_close(&run->rows, walked.ok ? err : &closing).ok && walked.ok) {
        walked = error_trace(err, HERE);
    }
    return run->out.file != NULL ? output_stream_close(&run->out, walked, err) : walked;
}

outcome check_export_national(const struct session *session, struct error *err)
{
    const ExportNationalOptions *options = SESSION_OPTIONS(session, ExportNationalOptions);
    if (options->send && *options->out != 0) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "send"), ARG_TEXT("other", "out"));
    }
    if (options->send && *session->run.reason == 0) {
        FAIL(USAGE, MESSAGE_NATIONAL_REASON);
    }
    if (!options->send && *options->drop != 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "--drop"),
             ARG_TEXT("option", "send"));
    }
    return OK;
}

outcome job_export_national(struct session *session, struct error *err)
{
    const ExportNationalOptions *options = SESSION_OPTIONS(session, ExportNationalOptions);
    struct export_run run = {.session = session};
    struct national_walk walk = {.take = print_record, .state = &run};
    struct metrics metrics = metrics_start("export-national");
    if (options->send) {
        return national_send(session, err);
    }
    uint64_t last = views_applied(engine_views(session->engine));
    walk.since = options->since;
    if (options->since > last) {
        FAIL(USAGE, MESSAGE_EXPORT_SINCE, ARG_INT("since", options->since), ARG_INT("last", last));
    }
    TRY(national_day_of(session, walk.since, &walk.since_day, err));
    if (options->unmasked) {
        TRY(session_disclose(
            session,
            arena_format(&session->run_arena, "national since %llu", (unsigned long long)walk.since)
                .data,
            err));
    }
    TRY(national_source_open(session, options->unmasked != 0, &session->item_arena, &walk.source,
                             err));
    TRY(write_records(&run, &walk, err));
    national_tell(&walk);
    metrics.done = walk.records;
    if (*session->config->national_url == 0) { /* else its success is that records were sent */
        metrics_try(session, &metrics);
    }
    return OK;
}
