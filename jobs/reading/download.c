/* download - the verb `download`: takes a document out of the store (R-QD-05, R-CX-02, R-DP-07).
 * The disclosure is logged before the file is written (R-PV-07). */
#include <string.h>

#include "core/base/record.h"
#include "core/io/output.h"
#include "events/guards.h"
#include "events/terms/credit_code.h"
#include "events/terms/number.h"
#include "jobs/objects/departures.h"
#include "jobs/objects/objects.h"
#include "jobs/reading/handout.h"
#include "jobs/report.h"

/* The newest line about the certificate in a record list of the asking enterprise. */
static FALLIBLE find_record(struct session *session, const CertificateView *certificate,
                            const Action *asking, RecordList__Code list, const RecordView **ret,
                            struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct view_key prefix = prefix_records_of(str_of(asking->enterprise), list);
    struct views_scan scan = {0};
    bool more = false;
    outcome result = OK;
    TRY(views_scan_open(engine_views(session->engine), VIEW_RECORD, &prefix, (bytes){0}, &scan,
                        err));
    while (*ret == NULL && (result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        result = views_scan_record(&scan, arena, &message, err);
        if (!result.ok) {
            break;
        }
        const RecordView *record = (const RecordView *)(const void *)message;
        if (strcmp(record->certificate, certificate->certificate) == 0 && *record->document != 0) {
            *ret = record;
        }
    }
    views_scan_close(&scan);
    return result;
}

/* Released, taken over and cancelled again, a certificate has one document for the proofs of both
 * cancellations, and that shows the last. The earlier one is in the log: the last file that was
 * rendered of its order, before the next order. */
static FALLIBLE find_earlier_file(struct session *session, uint64_t order, DocumentView *document,
                                  struct error *err)
{
    struct arena *arena = &session->item_arena;
    document->status = DOCUMENT_STATUS__CODE__PENDING;
    for (uint64_t sequence = order + 1; sequence < document->wanted_event; sequence++) {
        Event *event = NULL;
        arena_reset(arena);
        TRY(engine_event(session->engine, sequence, arena, &event, err));
        if (event->body_case == EVENT__BODY_DOCUMENT_RENDERED &&
            strcmp(event->document_rendered->document, document->id) == 0 &&
            event->document_rendered->content_event == order) {
            bytes digest = bytes_of(event->document_rendered->pdf_sha256.data,
                                    event->document_rendered->pdf_sha256.len);
            document->pdf_sha256 = record_binary(digest, &session->run_arena);
            document->status = DOCUMENT_STATUS__CODE__READY;
        }
    }
    return OK;
}

/* The proof of the asking enterprise: its own even when another one has taken the certificate over
 * since (R-CX-09, R-DP-07). */
static FALLIBLE find_proof(struct session *session, const CertificateView *certificate,
                           const Action *asking, RecordList__Code list, DocumentView **ret,
                           struct error *err)
{
    bool cancellation = list == RECORD_LIST__CODE__CANCELLATIONS;
    const RecordView *record = NULL;
    TRY(find_record(session, certificate, asking, list, &record, err));
    if (record == NULL) {
        TRY(guard_own(certificate, asking, err));
        FAIL(REFUSED(cancellation ? "R-CX-09" : "R-DP-07"), MESSAGE_PROOF_NOT_FOUND,
             ARG_TEXT("certificate", certificate->certificate));
    }
    TRY(handout_check_person(session, certificate, &session->run_arena, err));
    TRY(document_view(session, str_of(record->document), &session->run_arena, ret, err));
    uint64_t order = record->event + 1; /* the event behind a cancellation orders its proof */
    if (cancellation && (*ret)->wanted_event != order) {
        TRY(find_earlier_file(session, order, *ret, err));
    }
    return OK;
}

static FALLIBLE find_document(struct session *session, const CertificateView *certificate,
                              const Action *asking, DocumentView **ret, struct error *err)
{
    const DownloadOptions *options = SESSION_OPTIONS(session, DownloadOptions);
    struct arena *arena = &session->run_arena;
    if (*options->proof == 0) {
        TRY(guard_own(certificate, asking, err));
        TRY(handout_check_person(session, certificate, &session->run_arena, err));
        TRY(handout_check(session, certificate, err));
        TRY(document_view(session, str_of(certificate->certificate), arena, ret, err));
    } else if (strcmp(options->proof, "cancellation") == 0) {
        TRY(find_proof(session, certificate, asking, RECORD_LIST__CODE__CANCELLATIONS, ret, err));
    } else if (strcmp(options->proof, "departure") == 0) {
        TRY(find_proof(session, certificate, asking, RECORD_LIST__CODE__DEPARTURES, ret, err));
    } else {
        FAIL(USAGE, MESSAGE_UNKNOWN_VALUE, ARG_TEXT("value", options->proof),
             ARG_TEXT("known", "cancellation departure"));
    }
    TRY(departure_proof_holds(session, *ret, arena, err));
    if ((*ret)->status != DOCUMENT_STATUS__CODE__READY) {
        str state =
            record_enum_text(&document_status__code__descriptor, (int)(*ret)->status, arena);
        FAIL(REFUSED("R-QD-05"), MESSAGE_DOCUMENT_NOT_READY,
             ARG_TEXT("certificate", certificate->certificate), ARG_STR("status", state));
    }
    return OK;
}

/* The full number, in any spelling; a part of one finds nothing (R-QD-03). */
static FALLIBLE find_certificate(struct session *session, const char *asked, CertificateView **ret,
                                 struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct number number;
    str text = number_parse(str_of(asked), arena, &number) ? number.canonical : str_of(asked);
    TRY(certificate_view(session, text, arena, ret, err));
    return guard_found(*ret, asked, err);
}

static FALLIBLE check_options(const DownloadOptions *options, struct error *err)
{
    if (*options->enterprise == 0 || *options->out == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "download"),
             ARG_TEXT("option", *options->enterprise == 0 ? "enterprise" : "out"));
    }
    return OK;
}

outcome job_download(struct session *session, struct error *err)
{
    const DownloadOptions *options = SESSION_OPTIONS(session, DownloadOptions);
    struct arena *arena = &session->run_arena;
    Action asking = ACTION__INIT;
    CertificateView *certificate = NULL;
    DocumentView *document = NULL;
    bytes content = {0};
    str enterprise = str_of(options->enterprise);

    TRY(check_options(options, err));
    (void)credit_code_normalise(enterprise, arena, &enterprise); /* else as given: not its own */
    asking.enterprise = arena_c_string(arena, enterprise);
    TRY(engine_begin(session->engine, err));
    TRY(find_certificate(session, options->arguments[0], &certificate, err));
    TRY(find_document(session, certificate, &asking, &document, err));
    TRY(handout_read(session, document, arena, &content, err));
    TRY(session_log_disclosure(session, str_of(document->id), err));
    TRY(output_write(options->out, content,
                     *options->proof != 0 ? HANDOUT_PROOF_MODE : HANDOUT_CERTIFICATE_MODE, err));

    struct json *record = json_new_record();
    json_put_text(record, "certificate", str_of(certificate->certificate));
    json_put_text(record, "file", str_of(options->out));
    json_put_number(record, "bytes", (int64_t)content.size);
    return report_result(session, record, err);
}
