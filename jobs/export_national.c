/* export_national - the verb: what happened to electronic certificates since an event, as records
 * of the national aggregation, a JSON line each, in the order of events; expiries come last.
 *
 * The records hold personal data in full, so a DataDisclosed event comes first (R-PV-07). Nothing
 * is kept about what was exported: the last event that the summary names is the next --since. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/io/output.h"
#include "core/io/stop.h"
#include "jobs/engine/as_at.h"
#include "jobs/handout.h"
#include "jobs/national_record.h"
#include "jobs/objects.h"
#include "jobs/report.h"
#include "projections/kinds.h"

enum { FILE_MODE = 0600 };

struct export
{
    struct session *session;
    const ExportNationalOptions *options;
    struct national_source source;
    FILE *out;
    uint64_t last; /* event */
    int64_t records;
    int64_t held; /* of persons who are blocked or erased */
};

static FALLIBLE write_record(struct export *export, const CertificateView *certificate,
                             const Event *event, const struct national_codes *codes,
                             struct error *err)
{
    struct json *record = NULL;
    bool held = false;
    TRY(national_record(&export->source, certificate, event, codes, &record, &held, err));
    if (held) {
        export->held++;
        return OK;
    }
    outcome written = json_write_line(record, export->out, err);
    json_release(record);
    export->records += written.ok;
    return written;
}

static FALLIBLE export_event(struct export *export, uint64_t sequence, struct error *err)
{
    struct session *session = export->session;
    struct arena *arena = &session->item_arena;
    const CertificateView *after = NULL;
    struct national_codes codes;
    Event *event = NULL;
    arena_reset(arena);
    TRY(engine_event(session->engine, sequence, arena, &event, err));
    const char *number = event_certificate(event);
    if (number == NULL) {
        return OK;
    }
    TRY(certificate_as_at(session->engine, number, sequence, arena, &after, err));
    if (national_codes_of_event(event, after, &codes)) {
        TRY(write_record(export, after, event, &codes, err));
    }
    return OK;
}

/* --- expiries ------------------------------------------------------------------------------------
 * No event says that a certificate's last day has passed: those whose day lies between the day of
 * the event asked for and today are told. */

static FALLIBLE first_day(struct export *export, int32_t *ret, struct error *err)
{
    struct session *session = export->session;
    Event *event = NULL;
    *ret = INT32_MIN / 2;
    if (export->options->since != 0) {
        TRY(engine_event(session->engine, export->options->since, &session->item_arena, &event,
                         err));
        *ret = event->business_date->days;
    }
    return OK;
}

static FALLIBLE export_expiry(struct export *export, str number, struct error *err)
{
    struct session *session = export->session;
    CertificateView *certificate = NULL;
    struct national_codes codes;
    TRY(certificate_view(session, number, &session->item_arena, &certificate, err));
    if (national_codes_of_expiry(certificate, &codes)) {
        TRY(write_record(export, certificate, NULL, &codes, err));
    }
    return OK;
}

static FALLIBLE walk_expiries(struct export *export, struct views_scan *scan,
                              const struct view_key *prefix, struct error *err)
{
    struct arena *arena = &export->session->item_arena;
    for (bool more = true; more;) {
        uint32_t end = 0;
        TRY(views_scan_next(scan, &more, err));
        bytes rest = more ? key_behind(scan->key, prefix) : (bytes){0};
        if (!more || rest.size <= sizeof end) {
            return OK;
        }
        memcpy(&end, rest.data, sizeof end);
        if ((int32_t)__builtin_bswap32(end) >= export->session->run.moment.today) {
            return OK;
        }
        arena_reset(arena);
        TRY(export_expiry(export, arena_str(arena, key_last_part(scan->key)), err));
    }
    return OK;
}

static FALLIBLE export_expiries(struct export *export, struct error *err)
{
    struct view_key prefix = index_certificates_by_end();
    struct views_scan scan = {0};
    int32_t day = 0;
    TRY(first_day(export, &day, err));
    uint32_t first = __builtin_bswap32((uint32_t)(day > 0 ? day : 0));
    TRY(views_scan_open(engine_views(export->session->engine), VIEW_INDEX, &prefix,
                        bytes_of(&first, sizeof first), &scan, err));
    outcome walked = walk_expiries(export, &scan, &prefix, err);
    views_scan_close(&scan);
    return walked;
}

/* --- the verb ------------------------------------------------------------------------------------
 */

static FALLIBLE export_all(struct export *export, struct error *err)
{
    struct session *session = export->session;
    struct progress progress;
    progress_start(&progress, &session->terminal, STR("export national"),
                   export->last - export->options->since);
    outcome result = OK;
    for (uint64_t i = export->options->since + 1; result.ok && i <= export->last; i++) {
        if (stop_requested()) {
            result = error_set(err, BUSY, HERE, MESSAGE_EXPORT_STOPPED, 0,
                               (const struct error_arg[]){{0}});
            break;
        }
        result = export_event(export, i, err);
        progress_step(&progress, i - export->options->since);
    }
    progress_end(&progress);
    TRY(result);
    TRY(export_expiries(export, err));
    if (fflush(export->out) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE,
             ARG_TEXT("path", export->out == stdout ? "stdout" : export->options->out),
             ARG_ERRNO("why", errno));
    }
    return OK;
}

static void tell(struct export *export)
{
    struct error_arg args[] = {ARG_INT("records", export->records), ARG_INT("last", export->last)};
    report_note(export->session, TERMINAL_NOTICE, MESSAGE_EXPORT_DONE, args, 2);
    if (export->held > 0) {
        struct error_arg held[] = {ARG_INT("records", export->held)};
        report_note(export->session, TERMINAL_WARNING, MESSAGE_EXPORT_HELD, held, 1);
    }
}

static FALLIBLE export_to(struct export *export, struct error *err)
{
    struct session *session = export->session;
    export->out = stdout;
    if (export->options->out[0] != 0) {
        TRY(output_create(export->options->out, FILE_MODE, &export->out, err));
    }
    TRY(engine_begin(session->engine, err));
    outcome result = national_source_open(session, &session->item_arena, &export->source, err);
    if (result.ok) {
        result = export_all(export, err);
    }
    engine_abort(session->engine);
    if (export->out != stdout && fclose(export->out) != 0 && result.ok) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", export->options->out),
             ARG_ERRNO("why", errno));
    }
    return result;
}

outcome job_export_national(struct session *session, struct error *err)
{
    struct export export = {.session = session,
                            .options = SESSION_OPTIONS(session, ExportNationalOptions),
                            .last = engine_last_sequence(session->engine)};
    if (export.options->since > export.last) {
        FAIL(USAGE, MESSAGE_EXPORT_SINCE, ARG_INT("since", export.options->since),
             ARG_INT("last", export.last));
    }
    TRY(engine_begin(session->engine, err));
    outcome logged = handout_log(session, "export national",
                                 arena_format(&session->run_arena, "events %llu-%llu",
                                              (unsigned long long)export.options->since + 1,
                                              (unsigned long long)export.last),
                                 err);
    engine_abort(session->engine);
    TRY(logged);
    TRY(export_to(&export, err));
    tell(&export);
    return OK;
}
