/* show - one certificate, person or enterprise; of a person the whole file, a scan out of it, and
 * the sheet to sign. */
#include "jobs/objects/objects_file.h"
#include "jobs/objects/redact.h"
#include "jobs/objects/subject.h"
#include "jobs/reading/show_scan.h"
#include "jobs/reading/show_sheet.h"
#include "jobs/report.h"

static FALLIBLE object_of(const struct object_source *source, const struct subject *subject,
                          struct json **ret, struct error *err)
{
    switch (subject->kind) {
    case SUBJECT_CERTIFICATE: return object_of_certificate(source, subject->certificate, ret, err);
    case SUBJECT_PERSON: return object_of_person(source, subject->person, ret, err);
    case SUBJECT_ENTERPRISE: return object_of_enterprise(source, subject->enterprise, ret, err);
    }
    BUG("a subject of no kind");
}

static FALLIBLE show_person(const struct object_source *source, const PersonView *person,
                            struct error *err)
{
    struct json *record = NULL;
    TRY(object_of_person(source, person, &record, err));
    if (person->blocked) { /* his file is nobody's business any more */
        return report_result(source->session, record, err);
    }
    if (!object_put_file(source, record, person, err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    TRY(report_result(source->session, record, err));
    return report_file(source, person, err);
}

outcome job_show(struct session *session, struct error *err)
{
    const ShowOptions *options = SESSION_OPTIONS(session, ShowOptions);
    struct arena *arena = &session->run_arena;
    struct object_source source;
    struct subject subject;
    struct json *record = NULL;
    TRY(show_scan_check(session, options, err));
    TRY(subject_find(session, options->arguments[0], options->arguments[1], arena, &subject, err));
    if (subject.kind == SUBJECT_PERSON && (*options->out != 0 || options->unmasked)) {
        TRY(person_refuse_blocked(subject.person, err));
    }
    if (*options->scan != 0) {
        return show_scan(session, options, subject.person, err);
    }
    if (options->sheet) {
        return show_sheet(session, options, subject.person, err);
    }
    if (options->unmasked) {
        TRY(session_disclose(session, subject.key, err));
    }
    TRY(object_source_open(session, options->unmasked != 0, &session->item_arena, &source, err));
    if (subject.kind == SUBJECT_PERSON) {
        return show_person(&source, subject.person, err);
    }
    TRY(object_of(&source, &subject, &record, err));
    return report_result_about(session, subject.kind == SUBJECT_ENTERPRISE ? "enterprise" : "",
                               record, err);
}
