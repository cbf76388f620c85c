/* handout - see handout.h. */
#include "jobs/reading/handout.h"

#include "core/io/digest.h"
#include "core/io/file.h"
#include "events/guards.h"
#include "jobs/objects/objects.h"
#include "jobs/objects/redact.h"

enum { DOCUMENT_BYTES_MAX = 64 * 1024 * 1024 };

FALLIBLE handout_check(const struct session *session, const CertificateView *certificate,
                       struct error *err)
{
    TRY(guard_in_force(certificate, err));
    TRY(guard_unexpired(certificate, session->run.moment.today, "R-QD-05", err));
    return guard_not_suspended(certificate, session->run.moment.today, err);
}

FALLIBLE handout_check_person(struct session *session, const CertificateView *certificate,
                              struct arena *arena, struct error *err)
{
    PersonView *person = NULL;
    TRY(person_view(session, str_of(certificate->person_id), arena, &person, err));
    return person_refuse_blocked(person, err);
}

FALLIBLE handout_read(struct session *session, const DocumentView *document, struct arena *arena,
                      bytes *ret, struct error *err)
{
    const char *path = engine_path(session->engine, arena, document_file(document, arena).data);
    bytes content = {0};
    if (!file_exists(path) && !file_is_hidden(path)) { /* the log says that it was made */
        FAIL(CORRUPT, MESSAGE_DOCUMENT_LOST, ARG_TEXT("file", path));
    }
    TRY(file_read(path, arena, DOCUMENT_BYTES_MAX, &content, err));
    struct digest digest = digest_sha256(content);
    if (!bytes_equal(digest_bytes(&digest),
                     bytes_of(document->pdf_sha256.data, document->pdf_sha256.len))) {
        FAIL(CORRUPT, MESSAGE_DOCUMENT_ALTERED, ARG_TEXT("file", path));
    }
    *ret = content;
    return OK;
}
