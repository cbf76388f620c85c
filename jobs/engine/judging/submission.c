/* submission - see submission.h. */
#include "jobs/engine/judging/submission.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/file.h"
#include "core/io/stop.h"
#include "events/actors.h"
#include "events/limits.h"
#include "jobs/engine/judging/attachment.h"
#include "jobs/engine/judging/evidence.h"
#include "jobs/engine/judging/wish.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/messages.h"

enum { SIGNATURE_BYTES_MAX = 1 << 20 };

struct submission {
    struct engine *engine;
    const struct submission_request *request;
    struct submission_report report;
    struct arena run;
    struct arena item;
    bytes content;
    bytes signature;
    bool is_signed;
    struct cms_signer signer;
    const char *signer_sha256; /* hex, or NULL */
    const char *folder;
    /* The answers so far, and how many bytes of them were delivered. */
    FILE *answers;
    char *answers_text;
    size_t answers_size;
    size_t delivered;
    uint64_t in_batch;
    bool sent;    /* a code was sent, so this line and all before it must be durable */
    bool changed; /* some line left events */
};

/* --- lines -------------------------------------------------------------------------------------
 */

static size_t content_begin(bytes content)
{
    return content.size >= 3 && memcmp(content.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* The line that begins at *at, without its end; *at moves behind that. */
static bytes next_line(bytes content, size_t *at)
{
    const uint8_t *end = memchr(content.data + *at, '\n', content.size - *at);
    size_t size = end != NULL ? (size_t)(end - content.data) - *at : content.size - *at;
    const uint8_t *line = content.data + *at;
    *at += size + 1;
    return bytes_of(line, size > 0 && line[size - 1] == '\r' ? size - 1 : size);
}

static bool is_blank(bytes raw)
{
    str line;
    return raw.size <= LIMIT_LINE_BYTES && str_from_bytes(raw, &line) && str_empty(str_trim(line));
}

/* A line with another fault of form also counts as a person's: it has no effect anyway. */
static bool is_persons_line(bytes raw, struct arena *arena)
{
    struct error ignored;
    str line;
    str id = STR("");
    str name = STR("");
    Action *action = RECORD_NEW(arena, Action, action);
    if (raw.size > LIMIT_LINE_BYTES || !str_from_bytes(raw, &line)) {
        return false;
    }
    (void)wish_parse(line, arena, action, &id, &name, &ignored).ok;
    return action_is_persons(action);
}

/* Is every line of the file a person's own wish, and is there one? */
static bool is_persons_file(bytes content)
{
    struct arena arena;
    bool persons = true;
    bool any = false;
    arena_init(&arena, 0);
    for (size_t at = content_begin(content); at < content.size && persons;) {
        bytes line = next_line(content, &at);
        bool blank = is_blank(line);
        persons = blank || is_persons_line(line, &arena);
        any = any || !blank;
        arena_reset(&arena);
    }
    arena_release(&arena);
    return persons && any;
}

/* --- the signature -----------------------------------------------------------------------------
 */

FALLIBLE submission_roots(struct engine *engine, struct arena *arena, struct trust *trust,
                          struct error *err)
{
    struct views_list list = {0};
    TRY(views_list_records(engine_views(engine), VIEW_TRUST, NULL, arena, &list, err));
    bytes *roots = ARENA_ARRAY(arena, bytes, list.count);
    trust->roots = roots;
    for (size_t i = 0; i < list.count; i++) {
        const TrustView *root = list.items[i];
        if (root->certificate_der.len > 0) {
            roots[trust->roots_count++] =
                bytes_of(root->certificate_der.data, root->certificate_der.len);
        }
    }
    return OK;
}

FALLIBLE submission_signer(struct engine *engine, const struct submission_request *request,
                           bytes content, bytes signature, struct arena *arena,
                           struct cms_signer *ret, bool *ret_signed, struct error *err)
{
    struct trust trust = {.revocation_lists = request->revocation_lists,
                          .revocation_lists_count = request->revocation_lists_count};
    RegistryView *registry = NULL;
    *ret_signed = false;
    TRY(engine_registry(engine, arena, &registry, err));
    if (signature.size == 0) {
        if (registry->signatures_required && !is_persons_file(content)) {
            FAIL(SIGNATURE, MESSAGE_SIGNATURE_REQUIRED);
        }
        return OK;
    }
    TRY(submission_roots(engine, arena, &trust, err));
    TRY(cms_verify_detached(signature, content, &trust, request->run->moment.today, arena, ret,
                            err));
    *ret_signed = true;
    return OK;
}

const char *submission_signer_hex(const struct cms_signer *signer, struct arena *arena)
{
    struct digest digest;
    char *hex = arena_new(arena, DIGEST_HEX_SIZE);
    memcpy(digest.data, signer->certificate_sha256, sizeof digest.data);
    digest_hex(&digest, hex);
    return hex;
}

static outcome check_lines(const char *path, bytes content, struct error *err)
{
    uint64_t lines = 0;
    for (size_t at = 0; at < content.size; lines++) {
        (void)next_line(content, &at); /* only where it ends */
    }
    if (lines > LIMIT_SUBMISSION_LINES) {
        FAIL(MALFORMED, MESSAGE_TOO_MANY_LINES, ARG_TEXT("path", path),
             ARG_INT("limit", LIMIT_SUBMISSION_LINES));
    }
    return OK;
}

static outcome read_files(struct submission *submission, struct error *err)
{
    const struct submission_request *request = submission->request;
    struct arena *arena = &submission->run;
    TRY(file_read(request->path, arena, LIMIT_SUBMISSION_BYTES, &submission->content, err));
    TRY(check_lines(request->path, submission->content, err));
    if (request->signature_path != NULL) {
        TRY(file_read(request->signature_path, arena, SIGNATURE_BYTES_MAX, &submission->signature,
                      err));
        if (submission->signature.size == 0) {
            FAIL(SIGNATURE, MESSAGE_SIGNATURE_MISSING);
        }
    }
    submission->report.file_sha256 = digest_sha256(submission->content);
    submission->folder = attachment_folder(request->path, arena);
    return OK;
}

static outcome check_signer(struct submission *submission, struct error *err)
{
    TRY(submission_signer(submission->engine, submission->request, submission->content,
                          submission->signature, &submission->run, &submission->signer,
                          &submission->is_signed, err));
    if (submission->is_signed) {
        submission->signer_sha256 = submission_signer_hex(&submission->signer, &submission->run);
    }
    return OK;
}

/* --- one line -----------------------------------------------------------------------------------
 */

/* The first byte, from 1, that is no UTF-8 text. */
static uint64_t first_bad_byte(bytes raw)
{
    str character;
    size_t at = 0;
    for (size_t size = 1; size <= 4 && at + size <= raw.size; size++) {
        if (str_from_bytes(bytes_of(raw.data + at, size), &character)) {
            at += size;
            size = 0;
        }
    }
    return at + 1;
}

static outcome parse_line(struct submission *submission, bytes raw, Action *action,
                          struct answer *answer, struct error *err)
{
    str line;
    if (raw.size > LIMIT_LINE_BYTES) {
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "line"),
             ARG_INT("limit", LIMIT_LINE_BYTES));
    }
    if (!str_from_bytes(raw, &line)) {
        FAIL(INVALID, MESSAGE_MALFORMED, ARG_INT("column", first_bad_byte(raw)));
    }
    return wish_parse(line, &submission->item, action, &answer->id, &answer->action, err);
}

static outcome judge_line(struct submission *submission, bytes raw, struct answer *answer,
                          struct act_result *result, struct error *err)
{
    struct error reason;
    Action *action = RECORD_NEW(&submission->item, Action, action);
    struct act_context context = {
        .run = submission->request->run,
        .signer = submission->signer_sha256,
        .attachments = submission->folder,
        .signed_by = submission->is_signed ? &submission->signer : NULL,
        .one_transaction = submission->request->dry_run,
    };
    if (!parse_line(submission, raw, action, answer, &reason).ok) {
        result->verdict = VERDICT_INVALID;
        result->error = reason;
        return OK;
    }
    return act(submission->engine, &context, action, &submission->item, result, err);
}

/* Sends the code after its event is durable and before the answer, which tells how it went. */
static outcome send_code(struct submission *submission, struct act_result *result,
                         struct error *err)
{
    const struct submission_request *request = submission->request;
    if (result->outgoing.code == NULL || request->dry_run || request->send == NULL) {
        return OK;
    }
    TRY(engine_next_batch(submission->engine, err));
    submission->sent = true;
    return request->send(request->state, result, err);
}

static outcome take_line(struct submission *submission, uint64_t number, bytes raw,
                         struct error *err)
{
    struct act_result result = {.verdict = VERDICT_INVALID};
    struct answer answer = {.line = number, .id = STR(""), .action = STR(""), .result = &result};
    arena_reset(&submission->item);
    submission->sent = false;
    if (is_blank(raw)) {
        return OK;
    }
    TRY(judge_line(submission, raw, &answer, &result, err));
    submission->changed |= result.changed;
    if (result.stopped) { /* within its wave: the next run answers the line */
        submission->report.stopped = true;
        submission->report.stopped_at = number;
        return OK;
    }
    TRY(send_code(submission, &result, err));
    submission->report.tally.rows++;
    submission->in_batch++;
    tally_result(&submission->report.tally, &result);
    return submission->request->write(submission->request->state, &answer, submission->answers,
                                      err);
}

/* --- batches ------------------------------------------------------------------------------------
 */

/* Only after fflush are text and size of the stream valid. */
static outcome flush_answers(struct submission *submission, struct error *err)
{
    if (fflush(submission->answers) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", "answers"),
             ARG_TEXT("why", "memory"));
    }
    return OK;
}

/* Delivers the answers of durable lines. In a dry run nothing becomes durable, and all answers are
 * delivered at the end. */
static outcome deliver(struct submission *submission, struct error *err)
{
    TRY(flush_answers(submission, err));
    str lines = {submission->answers_text + submission->delivered,
                 submission->answers_size - submission->delivered};
    submission->delivered = submission->answers_size;
    return submission->request->deliver(submission->request->state, lines, err);
}

static outcome end_batch(struct submission *submission, uint64_t line, size_t position,
                         struct error *err)
{
    submission->in_batch = 0;
    if (!submission->request->dry_run) {
        TRY(engine_next_batch(submission->engine, err));
        TRY(deliver(submission, err));
    }
    if (submission->request->progress != NULL) {
        submission->request->progress(submission->request->state, position,
                                      submission->content.size);
    }
    /* the last batch may add some MiB */
    submission->report.full =
        !submission->request->dry_run && submission->answers_size > LIMIT_ANSWERS_BYTES;
    if (stop_requested() || submission->report.full) {
        submission->report.stopped = true;
        submission->report.stopped_at = line;
    }
    return OK;
}

/* Appends the submission's own event, unless every line was known and nothing changed. */
static outcome record_file(struct submission *submission, struct error *err)
{
    const struct tally *tally = &submission->report.tally;
    if (!submission->changed && tally->unchanged == tally->rows) {
        return OK;
    }
    TRY(flush_answers(submission, err));
    struct evidence evidence = {submission->content, submission->signature,
                                bytes_of(submission->answers_text, submission->answers_size)};
    return evidence_keep(submission->engine, submission->request->run, tally, &evidence,
                         submission->signer_sha256, &submission->run, err);
}

/* Nothing but blanks from here on? Then the last batch and the file's own event are one. */
static bool is_end(bytes content, size_t at)
{
    while (at < content.size && memchr(" \t\r\n", content.data[at], 4) != NULL) {
        at++;
    }
    return at >= content.size;
}

static outcome take_lines(struct submission *submission, struct error *err)
{
    bytes content = submission->content;
    size_t at = content_begin(content);
    for (uint64_t line = 1; at < content.size && !submission->report.stopped; line++) {
        TRY(take_line(submission, line, next_line(content, &at), err));
        /* after a signal, end here: else each further code would still be tried once */
        bool is_border = submission->in_batch == SUBMISSION_BATCH_LINES ||
                         (submission->sent && stop_requested());
        if (is_border && !is_end(content, at)) {
            TRY(end_batch(submission, line, at, err));
        }
    }
    if (!submission->request->dry_run) { /* of a stopped run: what it has done so far */
        TRY(record_file(submission, err));
        TRY(engine_commit(submission->engine, err));
    }
    return deliver(submission, err);
}

static outcome run_file(struct submission *submission, struct error *err)
{
    TRY(read_files(submission, err));
    TRY(engine_begin(submission->engine, err));
    TRY(check_signer(submission, err));
    return take_lines(submission, err);
}

FALLIBLE submission_run(struct engine *engine, const struct submission_request *request,
                        struct submission_report *ret, struct error *err)
{
    struct submission submission = {.engine = engine, .request = request};
    arena_init(&submission.run, 0);
    arena_init(&submission.item, 0);
    submission.answers = open_memstream(&submission.answers_text, &submission.answers_size);
    MEMORY_UNLESS(submission.answers != NULL);
    outcome result = run_file(&submission, err);
    engine_abort(engine);
    (void)fclose(submission.answers); /* memory */
    free(submission.answers_text);
    arena_release(&submission.item);
    arena_release(&submission.run);
    TRY(result);
    *ret = submission.report;
    return OK;
}
