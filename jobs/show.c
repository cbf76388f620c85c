/* show - one certificate, person or enterprise. */
#include "jobs/report.h"
#include "jobs/subject.h"

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

outcome job_show(struct session *session, struct error *err)
{
    const ShowOptions *options = SESSION_OPTIONS(session, ShowOptions);
    struct arena *arena = &session->run_arena;
    struct object_source source;
    struct subject subject;
    struct json *record = NULL;
    TRY(subject_find(session, options->arguments[0], options->arguments[1], arena, &subject, err));
    if (options->unmasked) {
        TRY(session_disclose(session, subject.key, err));
    }
    TRY(object_source_open(session, options->unmasked != 0, &session->item_arena, &source, err));
    TRY(object_of(&source, &subject, &record, err));
    return report_result(session, record, err);
}
