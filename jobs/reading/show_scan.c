/* show_scan - see show_scan.h. */
#include "jobs/reading/show_scan.h"

#include <string.h>

#include "core/base/record.h"
#include "core/io/digest.h"
#include "core/io/output.h"
#include "events/file_guards.h"
#include "jobs/report.h"

enum { SCAN_MODE = 0600 };

FALLIBLE show_scan_check(struct session *session, const ShowOptions *options, struct error *err)
{
    bool scan = *options->scan != 0 || options->sheet;
    if (*options->scan != 0 && options->sheet) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "scan"),
             ARG_TEXT("other", "sheet"));
    }
    if (scan && strcmp(options->arguments[0], "person") != 0) {
        FAIL(USAGE, MESSAGE_OPTION_FOR_OTHER, ARG_TEXT("option", options->sheet ? "sheet" : "scan"),
             ARG_TEXT("list", options->arguments[0]));
    }
    if (scan && (*options->out == 0 || !options->unmasked)) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", session->verb->name),
             ARG_TEXT("option", *options->out == 0 ? "out" : "unmasked"));
    }
    if (!scan && *options->out != 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", session->verb->name),
             ARG_TEXT("option", "scan"));
    }
    return OK;
}

/* "R128.2": the record and which of its scans; the last one when no number stands there. */
static FALLIBLE find_scan(struct session *session, const ShowOptions *options,
                          const PersonView *person, const ScanView **ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const FileRecordView *record = NULL;
    str rest = str_of(options->scan);
    str record_id = str_cut(&rest, '.');
    uint64_t place = 0;
    TRY(views_get(engine_views(session->engine), VIEW_FILE_RECORD,
                  key_file_record(str_of(person->person_id), record_id), arena, &record, err));
    TRY(file_guard_found(record, arena_c_string(arena, record_id), err));
    if (rest.data == NULL) {
        place = record->n_scans;
    } else if (!str_to_uint64(rest, &place)) {
        place = 0;
    }
    if (place == 0 || place > record->n_scans) {
        FAIL(REFUSED("R-PF-24"), MESSAGE_SCAN_NOT_FOUND, ARG_TEXT("scan", options->scan),
             ARG_INT("count", (int64_t)record->n_scans));
    }
    *ret = record->scans[place - 1];
    return OK;
}

/* The bytes whose digest is in the log, or none. */
static FALLIBLE read_scan(struct session *session, const PersonView *person, const ScanView *scan,
                          bytes *ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct people *people = engine_people(session->engine);
    bytes sealed = {0};
    bytes plain = {NULL, 0};
    TRY(engine_blob_get(session->engine, bytes_of(scan->scan_blob.data, scan->scan_blob.len), arena,
                        &sealed, err));
    if (people != NULL) {
        TRY(people_open_bytes(people, str_of(person->person_id), sealed, arena, &plain, err));
    }
    if (plain.data == NULL) {
        FAIL(REFUSED("R-PV-02"), MESSAGE_SCAN_ERASED);
    }
    struct digest digest = digest_sha256(plain);
    if (!bytes_equal(digest_bytes(&digest),
                     bytes_of(scan->scan_sha256.data, scan->scan_sha256.len))) {
        FAIL(CORRUPT, MESSAGE_SCAN_ALTERED, ARG_INT("event", (int64_t)scan->event));
    }
    *ret = plain;
    return OK;
}

FALLIBLE show_scan(struct session *session, const ShowOptions *options, const PersonView *person,
                   struct error *err)
{
    struct arena *arena = &session->run_arena;
    const ScanView *scan = NULL;
    bytes content = {0};
    str subject = arena_format(arena, "%s scan %s", person->person_id, options->scan);
    TRY(find_scan(session, options, person, &scan, err));
    TRY(session_disclose(session, subject.data, err));
    TRY(read_scan(session, person, scan, &content, err));
    TRY(output_write(options->out, content, SCAN_MODE, err));

    struct json *record = json_new_record();
    str rest = str_of(options->scan);
    json_put_text(record, "record", str_cut(&rest, '.'));
    json_put_text(record, "role",
                  record_enum_text(&scan_role__code__descriptor, (int)scan->role, arena));
    json_put_text(record, "file", str_of(options->out));
    json_put_number(record, "bytes", (int64_t)content.size);
    return report_result(session, record, err);
}
