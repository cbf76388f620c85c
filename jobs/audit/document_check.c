/* document_check - see document_check.h. */
#include "jobs/audit/document_check.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/messages.h"
#include "core/io/pdf_reader.h"
#include "events/terms/credit_code.h"
#include "events/terms/number.h"
#include "jobs/audit/document_check_store.h"
#include "jobs/audit/history_event.h"

enum { MICROSECONDS = 1000000 };

static const char *const NAMES[CHECKS_COUNT] = {"form",    "signature", "signer", "proof",
                                                "content", "code",      "logged", "timestamp"};

struct judging {
    const struct document_judge *judge;
    struct arena *arena;
    struct pdf_reading reading;
    struct cms_signer signer;
    str stamped; /* the instant of its time-stamp, and the authority; empty: none */
    str stamped_by;
    const Event *entry;    /* the event that the document shows, once it is proven or read */
    uint64_t proven_under; /* events under the checkpoint of its proof; 0: none */
    struct document_rendering rendering;
    struct document_finding *finding;
};

static void good(struct judging *judging, enum document_check check, str detail)
{
    judging->finding->verdicts[check] = VERDICT_GOOD;
    judging->finding->details[check] = detail;
}

/* A failed check is a fault of the document, whatever the error's own class: 79. */
static void bad(struct judging *judging, enum document_check check, const struct error *cause)
{
    struct error *error = &judging->finding->errors[check];
    judging->finding->verdicts[check] = VERDICT_BAD;
    *error = *cause;
    error->class = check == CHECK_FORM ? error->class : ERROR_CORRUPT;
}

/* --- the signature --------------------------------------------------------------------------- */

/* The day on which the signer's certificate must be valid: of the rendering where the log tells it,
 * else of the entry, or the first of the certificate for a page that was drawn later. */
static int32_t day_of(const struct judging *judging)
{
    int32_t day = date_of_instant(judging->reading.facts.created_us);
    if (judging->rendering.event != NULL) {
        return judging->rendering.event->business_date->days;
    }
    return day < judging->signer.valid_from ? judging->signer.valid_from : day;
}

/* The credit code in the name of the log (`anzheng.local/CODE`), or empty. The name comes from the
 * trusted key, not from the document. */
static str authority_of(const struct note_verifier *log, struct arena *arena)
{
    str rest = log->name;
    str code = STR("");
    while (rest.data != NULL && rest.size > 0) {
        if (credit_code_normalise(str_cut(&rest, '/'), arena, &code)) {
            return code;
        }
    }
    return STR("");
}

/* Under the authority's root there are others: a proof copied into a document of their own must not
 * pass. Where the log says who signed, that counts (compare_rendering); else the signer has to be
 * named as the authority that one of the logs is called after. *ret_code: that authority. */
static bool may_sign(const struct judging *judging, const struct cms_signer *signer, str *ret_code)
{
    const struct witnesses *keys = judging->judge->keys;
    bool any = false;
    for (size_t i = 0; i < keys->logs_count; i++) {
        str code = authority_of(&keys->logs[i], judging->arena);
        if (cms_signer_names(signer, code)) {
            return true;
        }
        *ret_code = any ? *ret_code : code;
        any = any || code.size > 0;
    }
    return !any || judging->rendering.event != NULL;
}

static void judge_signature(struct judging *judging)
{
    const struct pdf_reading *reading = &judging->reading;
    struct trust trust = {.roots = judging->judge->roots,
                          .roots_count = judging->judge->roots_count};
    struct cms_signer signer;
    struct error cause;
    if (trust.roots_count == 0) {
        trust.roots = judging->rendering.roots;
        trust.roots_count = judging->rendering.roots_count;
    }
    bool trusted = cms_verify_detached(reading->cms, reading->signed_bytes, &trust, day_of(judging),
                                       judging->arena, &signer, &cause)
                       .ok;
    bool about_signer =
        !trusted &&
        (cause.code == MESSAGE_SIGNER_UNTRUSTED || cause.code == MESSAGE_SIGNER_EXPIRED ||
         cause.code == MESSAGE_SIGNER_NOT_YET_VALID || cause.code == MESSAGE_SIGNER_REVOKED);
    if (!trusted && !about_signer) {
        bad(judging, CHECK_SIGNATURE, &cause);
        return;
    }
    good(judging, CHECK_SIGNATURE, judging->signer.subject);
    str authority = STR("");
    if (trusted && !may_sign(judging, &signer, &authority)) {
        judging->finding->details[CHECK_SIGNER] = authority; /* and nothing is known of him */
    } else if (trusted) {
        good(judging, CHECK_SIGNER, judging->signer.subject);
    } else if (trust.roots_count > 0) {
        bad(judging, CHECK_SIGNER, &cause);
    }
}

/* The signer that the document names; the signature itself is checked later. */
static FALLIBLE read_signer(struct judging *judging, struct error *err)
{
    str pem = STR("");
    return cms_signer_certificate(judging->reading.cms, judging->arena, &judging->signer, &pem,
                                  err);
}

/* A time-stamp of an authority that is unknown here stays unjudged, and its time is shown: the
 * store may have changed to another authority since. */
static void judge_timestamp(struct judging *judging)
{
    struct timestamp_finding found;
    struct error cause;
    timestamp_judge_signature(judging->judge->timestamps, judging->reading.cms, judging->arena,
                              &found);
    if (found.state == TIMESTAMP_NONE) {
        return;
    }
    char at[INSTANT_SIZE];
    instant_format(found.at_us, at);
    bool tells = found.state != TIMESTAMP_BROKEN;
    judging->stamped = tells ? arena_str(judging->arena, str_of(at)) : STR("");
    judging->stamped_by = tells ? found.authority : STR("");
    if (found.state == TIMESTAMP_GOOD && found.was_valid) {
        good(judging, CHECK_TIMESTAMP, judging->stamped);
    } else if (found.state == TIMESTAMP_GOOD) {
        (void)ERROR_SET(&cause, CORRUPT, MESSAGE_DOCUMENT_SIGNER_NOT_THEN,
                        ARG_STR("stamped", judging->stamped),
                        ARG_STR("subject", judging->signer.subject)); /* told */
        bad(judging, CHECK_TIMESTAMP, &cause);
    } else if (found.state == TIMESTAMP_FOREIGN && !judging->judge->timestamp_roots_named) {
        judging->finding->details[CHECK_TIMESTAMP] = judging->stamped;
    } else {
        (void)ERROR_SET(&cause, CORRUPT, MESSAGE_DOCUMENT_TIMESTAMP_WRONG,
                        ARG_TEXT("why", found.why)); /* told */
        bad(judging, CHECK_TIMESTAMP, &cause);
    }
}

/* --- the proof ------------------------------------------------------------------------------- */

static FALLIBLE fits_entry(const struct judging *judging, const struct proof_verdict *verdict,
                           struct error *err)
{
    const struct pdf_facts *facts = &judging->reading.facts;
    if (verdict->event->sequence != facts->event || !digest_equal(&verdict->leaf, &facts->leaf) ||
        !str_equal(verdict->checkpoint.origin, facts->origin)) {
        FAIL(CORRUPT, MESSAGE_DOCUMENT_OTHER_ENTRY, ARG_INT("event", facts->event),
             ARG_STR("origin", facts->origin), ARG_INT("proven", verdict->event->sequence),
             ARG_STR("by", verdict->checkpoint.origin));
    }
    return OK;
}

static void accept_proof(struct judging *judging, const struct proof_verdict *verdict)
{
    const struct document_judge *judge = judging->judge;
    struct error cause;
    if (!fits_entry(judging, verdict, &cause).ok ||
        !judge->agrees(judge->context, &verdict->checkpoint, &cause).ok) {
        bad(judging, CHECK_PROOF, &cause);
        return;
    }
    judging->entry = verdict->event;
    judging->proven_under = verdict->checkpoint.size;
    good(judging, CHECK_PROOF,
         arena_format(judging->arena, "%.*s, %" PRIu64 " / %" PRIu64,
                      STR_ARGS(judging->reading.facts.origin), verdict->event->sequence,
                      verdict->checkpoint.size));
}

/* Takes the proof in the document, else a proof given beside it, else the store's log. */
static void judge_proof(struct judging *judging)
{
    const struct pdf_facts *facts = &judging->reading.facts;
    const struct document_judge *judge = judging->judge;
    struct proof_verdict *verdict = ARENA_NEW(judging->arena, struct proof_verdict);
    struct error cause;
    if (facts->proof.size > 0) {
        if (proof_check(facts->proof, judge->keys, judging->arena, verdict, &cause).ok) {
            accept_proof(judging, verdict);
        } else {
            bad(judging, CHECK_PROOF, &cause);
        }
        return;
    }
    for (size_t i = 0; i < judge->proofs_count; i++) {
        if (judge->proofs[i].event->sequence == facts->event) {
            accept_proof(judging, &judge->proofs[i]);
            return;
        }
    }
}

/* --- what the entry says --------------------------------------------------------------------- */

/* Is the entry about this document? A certificate is identified by its number, a proof by its id.
 */
static bool names(const Event *entry, str number, struct arena *arena)
{
    const ProtobufCMessage *body = event_body(entry, NULL);
    const ProtobufCFieldDescriptor *field = record_find(body->descriptor, STR("document"));
    str certificates = proof_certificates(entry, arena);
    if (field != NULL && field->type == PROTOBUF_C_TYPE_STRING &&
        str_equal(record_get(body, field, arena), number)) {
        return true;
    }
    while (certificates.data != NULL && certificates.size > 0) {
        if (str_equal(str_trim(str_cut(&certificates, ',')), number)) {
            return true;
        }
    }
    return false;
}

static FALLIBLE compare_entry(const struct judging *judging, struct error *err)
{
    const struct pdf_facts *facts = &judging->reading.facts;
    const Event *entry = judging->entry;
    if (!names(entry, facts->number, judging->arena)) {
        FAIL(CORRUPT, MESSAGE_DOCUMENT_OTHER_SUBJECT, ARG_STR("document", facts->number),
             ARG_INT("event", entry->sequence),
             ARG_STR("certificates", proof_certificates(entry, judging->arena)));
    }
    if (facts->created_us != entry->recorded_at_us / MICROSECONDS * MICROSECONDS) {
        char made[INSTANT_SIZE], logged[INSTANT_SIZE];
        instant_format(facts->created_us, made);
        instant_format(entry->recorded_at_us, logged);
        FAIL(CORRUPT, MESSAGE_DOCUMENT_OTHER_TIME, ARG_TEXT("created", made),
             ARG_INT("event", entry->sequence), ARG_TEXT("recorded", logged));
    }
    return OK;
}

static void judge_content(struct judging *judging)
{
    struct error cause;
    if (judging->entry == NULL) {
        return;
    }
    if (compare_entry(judging, &cause).ok) {
        good(judging, CHECK_CONTENT, judging->reading.facts.number);
    } else {
        bad(judging, CHECK_CONTENT, &cause);
    }
}

static FALLIBLE compare_code(struct judging *judging, struct error *err)
{
    const struct pdf_facts *facts = &judging->reading.facts;
    const struct document_rendering *rendering = &judging->rendering;
    struct digest code = digest_sha256(str_bytes(facts->code));
    if (!judging->reading.shows_code) {
        FAIL(CORRUPT, MESSAGE_DOCUMENT_CODE_NOT_SHOWN, ARG_STR("code", facts->code));
    }
    if (rendering->token.size > 0 && !str_ends_with(facts->code, rendering->token)) {
        FAIL(CORRUPT, MESSAGE_DOCUMENT_OTHER_TOKEN, ARG_STR("document", facts->number));
    }
    if (rendering->event != NULL) {
        ProtobufCBinaryData logged = rendering->event->document_rendered->code_sha256;
        if (logged.len > 0 &&
            !bytes_equal(bytes_of(logged.data, logged.len), digest_bytes(&code))) {
            FAIL(CORRUPT, MESSAGE_DOCUMENT_OTHER_TOKEN, ARG_STR("document", facts->number));
        }
    }
    return OK;
}

static void judge_code(struct judging *judging)
{
    struct error cause;
    if (judging->reading.facts.code.size == 0) {
        return; /* proofs have none */
    }
    if (compare_code(judging, &cause).ok) {
        good(judging, CHECK_CODE, judging->reading.facts.code);
    } else {
        bad(judging, CHECK_CODE, &cause);
    }
}

/* --- what the log says of these bytes -------------------------------------------------------- */

static FALLIBLE compare_rendering(const struct judging *judging, struct error *err)
{
    const struct pdf_reading *reading = &judging->reading;
    const DocumentRendered *said = judging->rendering.event->document_rendered;
    bytes unsigned_sha256 = bytes_of(said->unsigned_sha256.data, said->unsigned_sha256.len);
    bytes signer = bytes_of(said->signer_sha256.data, said->signer_sha256.len);
    if (!str_equal_c(reading->facts.number, said->document) ||
        said->content_event != reading->facts.event ||
        !bytes_equal(unsigned_sha256, digest_bytes(&reading->unsigned_sha256)) ||
        !bytes_equal(signer, bytes_of(judging->signer.certificate_sha256, DIGEST_SIZE))) {
        FAIL(CORRUPT, MESSAGE_DOCUMENT_OTHER_RENDERING,
             ARG_INT("event", judging->rendering.event->sequence));
    }
    return OK;
}

static void judge_logged(struct judging *judging)
{
    struct error cause;
    const struct document_judge *judge = judging->judge;
    if (judging->rendering.event == NULL) {
        if (judge->has_store) {
            (void)ERROR_SET(&cause, CORRUPT,
                            MESSAGE_DOCUMENT_NOT_LOGGED); /* the document's failure */
            bad(judging, CHECK_LOGGED, &cause);
        }
        return;
    }
    if (compare_rendering(judging, &cause).ok) {
        good(judging, CHECK_LOGGED,
             arena_format(judging->arena, "%" PRIu64, judging->rendering.event->sequence));
    } else {
        bad(judging, CHECK_LOGGED, &cause);
    }
}

/* Judges by a rendering that a given proof shows, without a store. */
static const Event *proven_rendering(const struct judging *judging)
{
    const struct document_judge *judge = judging->judge;
    for (size_t i = 0; i < judge->proofs_count; i++) {
        const Event *event = judge->proofs[i].event;
        if (event->body_case == EVENT__BODY_DOCUMENT_RENDERED &&
            bytes_equal(bytes_of(event->document_rendered->pdf_sha256.data,
                                 event->document_rendered->pdf_sha256.len),
                        digest_bytes(&judging->reading.pdf_sha256))) {
            return event;
        }
    }
    return NULL;
}

/* --- all of it ------------------------------------------------------------------------------- */

static void put_record(const struct judging *judging)
{
    const struct document_finding *finding = judging->finding;
    const struct pdf_facts *facts = &judging->reading.facts;
    struct number number;
    char hex[DIGEST_HEX_SIZE];
    struct json *record =
        judging->entry != NULL ? history_event(judging->entry, judging->arena) : json_new_record();
    bool is_certificate = number_parse(facts->number, judging->arena, &number);
    digest_hex(&judging->reading.pdf_sha256, hex);
    if (judging->entry == NULL && facts->event > 0) {
        json_put_number(record, "event", (int64_t)facts->event);
    }
    if (facts->event > 0) {
        json_put_text(record, "leaf", base64_encode(digest_bytes(&facts->leaf), judging->arena));
    }
    json_put_text(record, "document", facts->number);
    json_put_text(record, "certificate", is_certificate ? facts->number : STR(""));
    json_put_text(record, "identifier", facts->identifier);
    json_put_text(record, "origin", facts->origin);
    json_put_number(record, "size", (int64_t)judging->proven_under);
    json_put_text(record, "sha256", str_of(hex));
    json_put_text(record, "document_signer", judging->signer.subject);
    json_put_text(record, "code", facts->code);
    if (judging->stamped.size > 0) {
        json_put_text(record, "stamped", judging->stamped);
        json_put_text(record, "stamped_by", judging->stamped_by);
    }
    if (judging->rendering.event != NULL) {
        json_put_number(record, "rendered", (int64_t)judging->rendering.event->sequence);
    }
    if (judging->judge->has_store) {
        json_put_bool(record, "current", judging->rendering.is_current);
    }
    struct json *checks = json_put_record(record, "checks");
    for (int i = 0; i < CHECKS_COUNT; i++) {
        static const char *const words[] = {"unknown", "ok", "failed"};
        json_put_text(checks, NAMES[i], str_of(words[finding->verdicts[i]]));
    }
    judging->finding->record = record;
}

static FALLIBLE judge_read(struct judging *judging, struct error *err)
{
    const struct document_judge *judge = judging->judge;
    struct error cause;
    good(judging, CHECK_FORM, STR(""));
    if (!read_signer(judging, &cause).ok) {
        bad(judging, CHECK_SIGNATURE, &cause);
        put_record(judging);
        return OK;
    }
    judge_proof(judging);
    judging->rendering.event = proven_rendering(judging);
    if (judge->has_store) {
        struct document_store_answer answer = {.verdict = VERDICT_UNKNOWN};
        TRY(document_look_up(judge->session, &judging->reading, judging->arena, &judging->rendering,
                             &answer, err));
        if (judging->finding->verdicts[CHECK_PROOF] == VERDICT_UNKNOWN) {
            judging->entry = answer.entry;
        }
        if (answer.verdict == VERDICT_BAD) {
            bad(judging, CHECK_PROOF, &answer.error);
        } else if (answer.verdict == VERDICT_GOOD &&
                   judging->finding->verdicts[CHECK_PROOF] == VERDICT_UNKNOWN) {
            good(judging, CHECK_PROOF, judging->reading.facts.origin);
        }
    }
    judge_signature(judging);
    judge_timestamp(judging);
    judge_content(judging);
    judge_code(judging);
    judge_logged(judging);
    put_record(judging);
    return OK;
}

FALLIBLE document_judge(const struct document_judge *judge, bytes file, struct arena *arena,
                        struct document_finding *ret, struct error *err)
{
    struct judging judging = {.judge = judge, .arena = arena, .finding = ret};
    struct error cause;
    *ret = (struct document_finding){.record = NULL};
    if (!pdf_read(file, arena, &judging.reading, &cause).ok) {
        bad(&judging, CHECK_FORM, &cause);
        ret->record = json_new_record();
        return OK;
    }
    return judge_read(&judging, err);
}
