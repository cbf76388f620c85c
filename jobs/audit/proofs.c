/* proofs - see proofs.h. */
#include "jobs/audit/proofs.h"

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/terms/number.h"
#include "jobs/audit/history_event.h"

enum { MICROSECONDS = 1000000 };

FALLIBLE proof_of_event(struct log_txn *txn, const struct signed_checkpoint *checkpoint,
                        uint64_t event, struct arena *arena, str *ret, struct error *err)
{
    struct log_proof proof = {.index = event - 1, .checkpoint = checkpoint->note};
    struct tree_reader reader = log_tree_reader(txn);
    BUG_UNLESS(event >= 1 && event <= checkpoint->checkpoint.size);
    TRY(log_get(txn, event, &proof.extra, err));
    TRY(tree_inclusion(&reader, proof.index, checkpoint->checkpoint.size, &proof.path, err));
    *ret = proof_format(&proof, arena);
    return OK;
}

/* --- the checkpoint -------------------------------------------------------------------------- */

/* Changes the class of a failure: here an invalid signature means an invalid proof (79), and a text
 * that is no note a bad file (65). */
static outcome fail_here(const struct error *cause, struct error *err)
{
    bool is_form =
        cause->code == MESSAGE_NOTE_MALFORMED || cause->code == MESSAGE_CHECKPOINT_MALFORMED;
    *err = *cause;
    err->class = is_form ? ERROR_MALFORMED : ERROR_CORRUPT;
    return error_trace(err, HERE);
}

/* Which of the logs signed it? Its origin must be that log's name. */
static FALLIBLE verify_log(str note, const struct witnesses *trust, struct proof_verdict *verdict,
                           struct error *err)
{
    struct error cause;
    str text = STR("");
    str lines = STR("");
    if (!note_split(note, &text, &lines, &cause).ok ||
        !checkpoint_parse(text, &verdict->checkpoint, &cause).ok) {
        return fail_here(&cause, err);
    }
    for (size_t i = 0; i < trust->logs_count; i++) {
        const struct note_verifier *log = &trust->logs[i];
        if (note_verify(note, log, &text, &cause).ok) {
            if (!str_equal(log->name, verdict->checkpoint.origin)) {
                FAIL(CORRUPT, MESSAGE_PROOF_OTHER_ORIGIN,
                     ARG_STR("origin", verdict->checkpoint.origin), ARG_STR("name", log->name));
            }
            return OK;
        }
        if (cause.code != MESSAGE_NOTE_NOT_SIGNED) {
            return fail_here(&cause, err);
        }
    }
    FAIL(CORRUPT, MESSAGE_PROOF_UNKNOWN_LOG, ARG_STR("origin", verdict->checkpoint.origin));
}

FALLIBLE proof_check_checkpoint(str note, const struct witnesses *trust, struct arena *arena,
                                struct proof_verdict *ret, struct error *err)
{
    struct proof_verdict verdict = *ret;
    struct error cause;
    int64_t count = 0;
    str missing = STR("");
    TRY(verify_log(note, trust, &verdict, err));
    for (size_t i = 0; i < trust->witnesses_count; i++) {
        const struct note_verifier *witness = &trust->witnesses[i].key;
        verdict.cosigned[i] =
            note_verify_cosignature(note, witness, &verdict.cosigned_at[i], &cause).ok;
        if (!verdict.cosigned[i] && cause.code != MESSAGE_NOTE_NOT_SIGNED) {
            return fail_here(&cause, err);
        }
        count += verdict.cosigned[i] ? 1 : 0;
        if (!verdict.cosigned[i]) {
            missing = arena_format(arena, "%.*s%s%.*s", STR_ARGS(missing),
                                   missing.size > 0 ? ", " : "", STR_ARGS(witness->name));
        }
    }
    if (!witnesses_suffice(trust, verdict.cosigned)) {
        FAIL(CORRUPT, MESSAGE_PROOF_QUORUM, ARG_INT("cosigned", count),
             ARG_INT("witnesses", trust->witnesses_count), ARG_STR("without", missing));
    }
    *ret = verdict;
    return OK;
}

/* --- the entry ------------------------------------------------------------------------------- */

static FALLIBLE decode(struct proof_verdict *verdict, struct arena *arena, struct error *err)
{
    struct error cause;
    ProtobufCMessage *message = NULL;
    uint64_t number = verdict->proof.index + 1;
    if (!record_unpack(&event__descriptor, verdict->proof.extra, arena, &message, &cause).ok) {
        FAIL(MALFORMED, MESSAGE_PROOF_ENTRY_UNREADABLE, ARG_INT("event", number),
             ARG_STR("code", message_code(cause.code, arena)));
    }
    const Event *event = (const Event *)(const void *)message;
    if (event_body(event, NULL) == NULL || event->recorded_at_us < instant_of_date(DATE_DAYS_MIN) ||
        event->recorded_at_us > instant_of_date(DATE_DAYS_MAX)) {
        FAIL(MALFORMED, MESSAGE_PROOF_ENTRY_UNREADABLE, ARG_INT("event", number),
             ARG_STR("code", message_code(MESSAGE_BAD_RECORD, arena)));
    }
    if (event->sequence != number) {
        FAIL(CORRUPT, MESSAGE_PROOF_OTHER_NUMBER, ARG_INT("event", number),
             ARG_INT("says", event->sequence));
    }
    verdict->event = event;
    return OK;
}

FALLIBLE proof_check(str text, const struct witnesses *trust, struct arena *arena,
                     struct proof_verdict *ret, struct error *err)
{
    struct proof_verdict verdict = {.event = NULL};
    TRY(proof_parse(text, arena, &verdict.proof, err));
    TRY(proof_check_checkpoint(verdict.proof.checkpoint, trust, arena, &verdict, err));
    if (verdict.proof.extra.data == NULL) {
        FAIL(MALFORMED, MESSAGE_PROOF_MALFORMED, ARG_INT("line", 2),
             ARG_TEXT("what", "no entry (extra)"));
    }
    uint64_t size = verdict.checkpoint.size;
    if (verdict.proof.index >= size) {
        FAIL(CORRUPT, MESSAGE_PROOF_BEYOND, ARG_INT("event", verdict.proof.index + 1),
             ARG_INT("signed", size));
    }
    verdict.leaf = digest_leaf(verdict.proof.extra);
    if (!tree_verify_inclusion(&verdict.leaf, verdict.proof.index, size, &verdict.proof.path,
                               &verdict.checkpoint.root)) {
        FAIL(CORRUPT, MESSAGE_PROOF_NOT_INCLUDED, ARG_INT("event", verdict.proof.index + 1),
             ARG_INT("signed", size));
    }
    TRY(decode(&verdict, arena, err));
    *ret = verdict;
    return OK;
}

/* --- telling --------------------------------------------------------------------------------- */

/* The text of a body's field, or empty; of a list, its elements joined by a comma. */
static str text_of(const ProtobufCMessage *body, const char *name, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field = record_find(body->descriptor, str_of(name));
    return field != NULL && field->type == PROTOBUF_C_TYPE_STRING ? record_get(body, field, arena)
                                                                  : STR("");
}

str proof_certificates(const Event *event, struct arena *arena)
{
    struct number number;
    const ProtobufCMessage *body = event_body(event, NULL);
    str text = text_of(body, "certificate", arena);
    text = text.size > 0 ? text : text_of(body, "certificates", arena);
    if (text.size == 0) { /* of a document: a certificate's number, or a proof's id */
        str document = text_of(body, "document", arena);
        text = number_parse(document, arena, &number) ? number.canonical : STR("");
    }
    return text;
}

static bool has_sealed_part(const ProtobufCMessage *body)
{
    const ProtobufCFieldDescriptor *field = record_find(body->descriptor, STR("sealed"));
    return field != NULL && field->type == PROTOBUF_C_TYPE_BYTES && record_has(body, field);
}

static void put_cosignatures(const struct proof_verdict *verdict, const struct witnesses *trust,
                             struct json *record)
{
    char instant[INSTANT_SIZE];
    int64_t count = 0;
    struct json *list = json_put_list(record, "cosigned");
    for (size_t i = 0; i < trust->witnesses_count; i++) {
        if (verdict->cosigned[i]) {
            int64_t latest = instant_of_date(DATE_DAYS_MAX) / MICROSECONDS; /* of the calendar */
            int64_t seconds = verdict->cosigned_at[i] < latest ? verdict->cosigned_at[i] : latest;
            instant_format(seconds * MICROSECONDS, instant);
            struct json *one = json_add_record(list);
            json_put_text(one, "witness", trust->witnesses[i].key.name);
            json_put_text(one, "at", str_of(instant));
            count++;
        }
    }
    json_put_number(record, "cosignatures", count);
}

struct json *proof_record(const struct proof_verdict *verdict, const struct witnesses *trust,
                          struct arena *arena)
{
    struct json *record = history_event(verdict->event, arena);
    json_put_text(record, "certificate", proof_certificates(verdict->event, arena));
    json_put_bool(record, "sealed", has_sealed_part(event_body(verdict->event, NULL)));
    json_put_text(record, "origin", verdict->checkpoint.origin);
    json_put_number(record, "size", (int64_t)verdict->checkpoint.size);
    json_put_text(record, "root", base64_encode(digest_bytes(&verdict->checkpoint.root), arena));
    json_put_text(record, "leaf", base64_encode(digest_bytes(&verdict->leaf), arena));
    put_cosignatures(verdict, trust, record);
    return record;
}
