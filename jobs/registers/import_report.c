/* import_report - see import_report.h. */
#include "jobs/registers/import_report.h"

#include "core/io/http.h"
#include "core/io/json.h"
#include "jobs/report.h"

FALLIBLE import_summary(struct session *session, const char *kind, const char *source,
                        const struct intake_report *report, struct error *err)
{
    char digest[DIGEST_HEX_SIZE];
    const struct tally *tally = &report->tally;
    struct json *summary = json_new_record();
    str file = http_is_url(str_of(source)) ? http_url_shown(source, &session->run_arena)
                                           : str_of(source); /* a URL may hold a password */
    digest_hex(&report->file_sha256, digest);
    json_put_text(summary, "kind", str_of(kind));
    json_put_text(summary, "file", file);
    json_put_text(summary, "sha256", str_of(digest));
    json_put_number(summary, "rows", (int64_t)tally->rows);
    json_put_number(summary, "accepted", (int64_t)tally->accepted);
    json_put_number(summary, "unchanged", (int64_t)tally->unchanged);
    json_put_number(summary, "rejected", (int64_t)tally->rejected);
    json_put_number(summary, "warnings", (int64_t)tally->warnings);
    json_put_number(summary, "first_event", (int64_t)tally->first_event);
    json_put_number(summary, "last_event", (int64_t)tally->last_event);
    return report_result(session, summary, err);
}

void import_reading(struct session *session, const struct intake_report *report)
{
    const struct tally *tally = &report->tally;
    bool done = tally->rejected == 0 && !report->stopped;
    struct error_arg args[] = {ARG_INT("read", tally->rows),
                               ARG_INT("saved", tally->rows - tally->rejected),
                               ARG_INT("failed", tally->rejected)};
    report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_READING, args, 3);
    report_note(session, TERMINAL_NOTICE,
                done ? MESSAGE_IMPORT_READING_DONE : MESSAGE_IMPORT_READING_OPEN, NULL, 0);
}

/* A row that is refused is told of in the rejects file; a warning only here. */
static void tell_code(struct session *session, const struct counted_code *code, struct arena *arena)
{
    struct error_arg args[4] = {ARG_STR("code", message_code(code->code, arena)),
                                ARG_INT("count", code->count), ARG_INT("row", code->first_row)};
    if (code->first_column == NULL) {
        report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_CODE_COUNT, args, 3);
        return;
    }
    struct error_arg column = ARG_TEXT("column", code->first_column);
    str warning = message_text_with(code->code, session->language, &column, 1, arena);
    args[3] = ARG_STR("warning", warning);
    report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_WARNING_COUNT, args, 4);
}

void import_codes(struct session *session, const struct intake_report *report, const char *rejects,
                  bool has_photos)
{
    struct arena *arena = &session->item_arena;
    for (size_t i = 0; i < report->tally.codes_count; i++) {
        tell_code(session, &report->tally.codes[i], arena);
    }
    if (report->has_rejects && rejects != NULL) {
        struct error_arg args[] = {ARG_INT("rows", report->tally.rejected),
                                   ARG_TEXT("path", rejects)};
        report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_REJECTS, args, 2);
        if (has_photos && *SESSION_OPTIONS(session, ImportOptions)->rejects == 0) {
            report_note(session, TERMINAL_NOTICE, MESSAGE_IMPORT_REJECTS_PHOTOS, NULL, 0);
        }
    }
    if (report->stopped && !SESSION_OPTIONS(session, ImportOptions)->dry_run) {
        struct error_arg args[] = {ARG_INT("row", report->stopped_at)};
        report_note(session, TERMINAL_WARNING, MESSAGE_IMPORT_STOPPED, args, 1);
        session_status(session, error_exit_status(ERROR_BUSY));
    }
    if (report->tally.rejected > 0) {
        session_status(session, error_exit_status(ERROR_INVALID));
    }
    arena_reset(arena);
}
