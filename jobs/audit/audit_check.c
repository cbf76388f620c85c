/* audit_check - the verb `audit check`: verifies proofs and documents. It needs no store, only the
 * files and the keys to trust. If there is a store of the same log, it must hold what the proofs
 * prove, and it tells more about documents (check_store.h). A folder is the history of one
 * certificate: its proofs must ascend and be of one log, and all that its manifest lists must be
 * there. No proof can show that no event was left out; the verb says so. */
#include <string.h>
#include <sys/stat.h>

#include "core/io/cms.h"
#include "core/io/file.h"
#include "core/io/pdf_reader.h"
#include "jobs/audit/check_store.h"
#include "jobs/audit/compare_summary.h"
#include "jobs/audit/document_check.h"
#include "jobs/audit/proof_manifest.h"
#include "jobs/audit/proofs.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/checkpoints/trusted_keys.h"
#include "jobs/folder.h"
#include "jobs/report.h"

enum { ROOT_BYTES_MAX = 64 * 1024 };

/* The trees seen so far, to find a fork: two trees of one log and size that differ. */
struct seen_tree {
    str origin;
    uint64_t size;
    struct digest root;
    const char *file;
};

struct checking {
    struct session *session;
    struct witnesses trust;
    struct check_store store;
    const char *path; /* of what is checked */
    struct report_rows rows;
    struct seen_tree *trees;
    size_t trees_count;
    size_t trees_capacity;
    int64_t checked;
    int64_t failed;
    int64_t included;    /* events that are proven to stand in the log */
    int64_t summaries;   /* of comparisons, that hold */
    uint64_t last_event; /* of the folder, 0: none yet */
    str origin;          /* of the folder */
    const char **certificates;
    size_t certificates_count;
    size_t certificates_capacity;
    struct document_judge judge;
};

static FALLIBLE read_proof(const char *path, struct arena *arena, str *ret, struct error *err)
{
    bytes content = {0};
    TRY(file_read(path, arena, PROOF_BYTES_MAX, &content, err));
    if (!str_from_bytes(content, ret)) {
        FAIL(MALFORMED, MESSAGE_PROOF_MALFORMED, ARG_INT("line", 1), ARG_TEXT("what", "not UTF-8"));
    }
    return OK;
}

/* --- among each other ------------------------------------------------------------------------ */

static FALLIBLE check_fork(struct checking *checking, const char *path,
                           const struct checkpoint *checkpoint, struct error *err)
{
    struct arena *arena = &checking->session->run_arena;
    for (size_t i = 0; i < checking->trees_count; i++) {
        const struct seen_tree *tree = &checking->trees[i];
        if (tree->size == checkpoint->size && str_equal(tree->origin, checkpoint->origin)) {
            if (!digest_equal(&tree->root, &checkpoint->root)) {
                FAIL(CORRUPT, MESSAGE_CHECKPOINT_FORK, ARG_TEXT("file", tree->file),
                     ARG_TEXT("other", path), ARG_INT("signed", checkpoint->size));
            }
            return OK;
        }
    }
    ARENA_GROW(arena, checking->trees, checking->trees_count, &checking->trees_capacity);
    checking->trees[checking->trees_count++] =
        (struct seen_tree){arena_str(arena, checkpoint->origin), checkpoint->size, checkpoint->root,
                           arena_c_string(arena, str_of(path))};
    return OK;
}

static FALLIBLE check_history(struct checking *checking, const struct proof_verdict *verdict,
                              struct error *err)
{
    uint64_t event = verdict->event->sequence;
    str origin = verdict->checkpoint.origin;
    if (checking->last_event > 0 && !str_equal(origin, checking->origin)) {
        FAIL(CORRUPT, MESSAGE_PROOFS_OTHER_ORIGIN, ARG_STR("origin", origin),
             ARG_STR("first", checking->origin));
    }
    if (event <= checking->last_event) {
        FAIL(MALFORMED, MESSAGE_PROOFS_NOT_ASCENDING, ARG_INT("event", event),
             ARG_INT("before", checking->last_event));
    }
    checking->last_event = event;
    checking->origin = arena_str(&checking->session->run_arena, origin);
    return OK;
}

static void note_certificates(struct checking *checking, str certificates)
{
    struct arena *arena = &checking->session->run_arena;
    while (certificates.data != NULL && certificates.size > 0) {
        str one = str_trim(str_cut(&certificates, ','));
        bool known = false;
        for (size_t i = 0; i < checking->certificates_count; i++) {
            known = known || str_equal_c(one, checking->certificates[i]);
        }
        if (!known) {
            ARENA_GROW(arena, checking->certificates, checking->certificates_count,
                       &checking->certificates_capacity);
            checking->certificates[checking->certificates_count++] = arena_c_string(arena, one);
        }
    }
}

/* --- one proof ------------------------------------------------------------------------------- */

/* Checks the tree of a proof, in a file of its own or in a document: is it of the store's log, and
 * no fork of one seen in this run? */
static FALLIBLE agrees(void *context, const struct checkpoint *tree, struct error *err)
{
    struct checking *checking = context;
    TRY(check_store_tree(&checking->store, checking->path, tree, err));
    return check_fork(checking, checking->path, tree, err);
}

static FALLIBLE check_proof(struct checking *checking, const char *path, bool in_folder,
                            struct json **ret, struct error *err)
{
    struct arena *arena = &checking->session->item_arena;
    struct proof_verdict verdict;
    str text = STR("");
    TRY(read_proof(path, arena, &text, err));
    TRY(proof_check(text, &checking->trust, arena, &verdict, err));
    TRY(check_store_kept(&checking->store, &verdict, err));
    TRY(agrees(checking, &verdict.checkpoint, err));
    if (in_folder) {
        TRY(check_history(checking, &verdict, err));
    }
    note_certificates(checking, proof_certificates(verdict.event, arena));
    checking->included++;
    *ret = proof_record(&verdict, &checking->trust, arena);
    return OK;
}

/* Checks a summary of `audit compare`: it names a tree, too, and the log signed it. */
static FALLIBLE check_summary(struct checking *checking, const char *path, struct json **ret,
                              struct error *err)
{
    struct arena *arena = &checking->session->item_arena;
    struct checkpoint tree;
    str text = STR("");
    struct json *record = json_new_record();
    outcome checked = read_proof(path, arena, &text, err);
    checked = checked.ok ? compare_summary_check(text, &checking->trust, record, &tree, arena, err)
                         : checked;
    checked = checked.ok ? agrees(checking, &tree, err) : checked;
    if (!checked.ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    if (!checking->session->json) {
        static const char *const damage[] = {"missing", "altered",         "not_readable",
                                             "extra",   "content_differs", "not_drawn"};
        int64_t count = 0;
        for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
            count += json_number(json_member(record, damage[i]));
        }
        const struct error_arg args[] = {ARG_TEXT("file", path), ARG_INT("events", tree.size),
                                         ARG_INT("count", count),
                                         ARG_STR("day", json_text(json_member(record, "day")))};
        report_note(checking->session, TERMINAL_NOTICE, MESSAGE_COMPARE_SUMMARY_HOLDS, args, 4);
    }
    checking->summaries++;
    *ret = record;
    return OK;
}

static bool is_summary(const struct checking *checking, const char *path)
{
    struct error ignored;
    str text = STR("");
    return read_proof(path, &checking->session->item_arena, &text, &ignored).ok &&
           compare_summary_is(text);
}

/* Reports what is wrong and goes on with the other files. */
static struct json *told(struct checking *checking, const char *path, const struct error *wrong)
{
    struct session *session = checking->session;
    struct json *record = json_new_record();
    json_put_text(record, "file", str_of(path));
    json_put_bool(record, "ok", false);
    report_put_error(session, json_put_record(record, "error"), wrong, &session->item_arena);
    const struct error_arg args[] = {
        ARG_TEXT("file", path),
        ARG_STR("why", message_of_error(wrong, session->language, &session->item_arena))};
    if (!session->json && wrong->code == MESSAGE_FILE_NOT_READABLE) {
        report_error(session, wrong); /* its sentence begins with the path */
    } else if (!session->json) {
        report_note(session, TERMINAL_ERROR, MESSAGE_PROOF_REFUSED, args, 2);
    }
    session_status(session, error_exit_status(wrong->class));
    checking->failed++;
    return record;
}

/* --- one document ---------------------------------------------------------------------------- */

/* By its name or its first bytes: a file saved from a mail may have any name. */
static bool is_document(struct checking *checking, const char *path)
{
    struct error ignored;
    bytes content = {0};
    return str_ends_with(str_of(path), STR(".pdf")) || str_ends_with(str_of(path), STR(".PDF")) ||
           (file_read(path, &checking->session->item_arena, PDF_BYTES_MAX, &content, &ignored).ok &&
            content.size > 5 && memcmp(content.data, "%PDF-", 5) == 0);
}

static FALLIBLE check_document(struct checking *checking, const char *path, struct json **ret,
                               struct error *err)
{
    struct session *session = checking->session;
    struct document_finding finding;
    bytes content = {0};
    TRY(file_read(path, &session->item_arena, PDF_BYTES_MAX, &content, err));
    TRY(document_judge(&checking->judge, content, &session->item_arena, &finding, err));
    bool many = SESSION_OPTIONS(session, AuditCheckOptions)->n_arguments > 1;
    bool holds = document_tell(session, path, many, &finding);
    checking->failed += holds ? 0 : 1;
    checking->included += holds && finding.verdicts[CHECK_PROOF] == VERDICT_GOOD ? 1 : 0;
    note_certificates(checking, json_text(json_member(finding.record, "certificate")));
    *ret = finding.record;
    return OK;
}

/* --- one file -------------------------------------------------------------------------------- */

static FALLIBLE check_file(struct checking *checking, const char *path, bool in_folder,
                           struct error *err)
{
    struct error wrong;
    struct json *record = NULL;
    checking->path = path;
    checking->checked++;
    if (is_document(checking, path)) {
        if (!check_document(checking, path, &record, &wrong).ok) {
            record = told(checking, path, &wrong);
        }
    } else if (!in_folder && is_summary(checking, path)
                   ? check_summary(checking, path, &record, &wrong).ok
                   : check_proof(checking, path, in_folder, &record, &wrong).ok) {
        json_put_text(record, "file", str_of(path));
        json_put_bool(record, "ok", true);
    } else {
        record = told(checking, path, &wrong);
    }
    TRY(report_rows_add(&checking->rows, record, err));
    arena_reset(&checking->session->item_arena);
    return OK;
}

/* --- a folder -------------------------------------------------------------------------------- */

static FALLIBLE check_folder(struct checking *checking, const char *folder, struct error *err)
{
    struct session *session = checking->session;
    struct arena *arena = &session->run_arena;
    struct error wrong;
    struct folder_list list;
    const char *manifest = arena_format(arena, "%s/manifest.json", folder).data;
    TRY(folder_list(folder, STR(".tlog-proof"), arena, &list, err));
    checking->last_event = 0;
    if (list.count == 0) {
        FAIL(MISSING, MESSAGE_PROOFS_NONE, ARG_TEXT("folder", folder));
    }
    for (size_t i = 0; i < list.count; i++) {
        const char *path = arena_format(arena, "%s/%s", folder, list.names[i]).data;
        TRY(check_file(checking, path, true, err));
    }
    if (file_exists(manifest) &&
        !proof_manifest_check(manifest, list.names, list.count, arena, &wrong).ok) {
        checking->checked++; /* else it would count as a valid proof */
        TRY(report_rows_add(&checking->rows, told(checking, manifest, &wrong), err));
    }
    return OK;
}

/* --- what is there beside the files ----------------------------------------------------------- */

static FALLIBLE read_roots(struct checking *checking, struct error *err)
{
    const AuditCheckOptions *options = SESSION_OPTIONS(checking->session, AuditCheckOptions);
    struct arena *arena = &checking->session->run_arena;
    bytes *roots = ARENA_ARRAY(arena, bytes, options->n_root + options->n_proof + 1);
    size_t count = 0;
    for (size_t i = 0; i < options->n_root; i++) {
        struct cms_signer facts;
        bytes content = {0};
        TRY(file_read(options->root[i], arena, ROOT_BYTES_MAX, &content, err));
        TRY(trust_root_read(str_of(options->root[i]), content, arena, &roots[count++], &facts,
                            err));
    }
    for (size_t i = 0; i < checking->judge.proofs_count; i++) { /* the log trusted them */
        const Event *event = checking->judge.proofs[i].event;
        if (event->body_case == EVENT__BODY_ROOT_TRUSTED) {
            ProtobufCBinaryData der = event->root_trusted->certificate_der;
            roots[count++] = bytes_of(der.data, der.len);
        }
    }
    checking->judge.roots = roots;
    checking->judge.roots_count = count;
    return OK;
}

/* Proofs given beside documents must be valid themselves. */
static FALLIBLE read_proofs(struct checking *checking, struct error *err)
{
    const AuditCheckOptions *options = SESSION_OPTIONS(checking->session, AuditCheckOptions);
    struct arena *arena = &checking->session->run_arena;
    struct proof_verdict *proofs = ARENA_ARRAY(arena, struct proof_verdict, options->n_proof + 1);
    for (size_t i = 0; i < options->n_proof; i++) {
        str text = STR("");
        TRY(read_proof(options->proof[i], arena, &text, err));
        TRY(proof_check(text, &checking->trust, arena, &proofs[i], err));
        checking->path = options->proof[i];
        TRY(check_store_kept(&checking->store, &proofs[i], err));
        TRY(agrees(checking, &proofs[i].checkpoint, err));
    }
    checking->judge.proofs = proofs;
    checking->judge.proofs_count = options->n_proof;
    return OK;
}

static FALLIBLE open_store(struct checking *checking, struct error *err)
{
    const AuditCheckOptions *options = SESSION_OPTIONS(checking->session, AuditCheckOptions);
    struct check_store *store = &checking->store;
    bool documents = false;
    for (size_t i = 0; i < options->n_arguments; i++) {
        documents = documents || is_document(checking, options->arguments[i]);
    }
    TRY(check_store_open(checking->session, &checking->trust, documents, store, err));
    checking->judge.has_store = documents && store->txn != NULL;
    return OK;
}

/* The time-stamping authorities to trust: those of the options, else those of the store. */
static FALLIBLE read_timestamp_roots(struct checking *checking, struct error *err)
{
    struct session *session = checking->session;
    const AuditCheckOptions *options = SESSION_OPTIONS(session, AuditCheckOptions);
    const char *own = checking->judge.has_store ? session->config->timestamp_roots : "";
    bool named = options->n_timestamp_root > 0;
    own = session_file(session, own, &session->run_arena);
    bool has_own = !named && own != NULL && file_exists(own);
    checking->judge.timestamp_roots_named = named;
    return timestamp_judge_open(named ? (const char *const *)options->timestamp_root : &own,
                                named ? options->n_timestamp_root : has_own,
                                &checking->judge.timestamps, err);
}

/* The logs to trust: the option's key, else the store's present and former keys. */
static FALLIBLE read_trust(struct checking *checking, struct error *err)
{
    struct session *session = checking->session;
    const AuditCheckOptions *options = SESSION_OPTIONS(session, AuditCheckOptions);
    const char *own =
        arena_format(&session->run_arena, "%s/trust/log.vkey", session->store_dir).data;
    bool is_own = *options->vkey == 0 && *options->witnesses == 0 && file_exists(own);
    const struct trusted_keys_options trusted = {.verb = "audit check",
                                                 .vkey = is_own ? own : options->vkey,
                                                 .witness = options->witness,
                                                 .witness_count = options->n_witness,
                                                 .quorum = options->quorum,
                                                 .witnesses = options->witnesses};
    TRY(trusted_keys_read(&trusted, &session->run_arena, &checking->trust, err));
    if (is_own) {
        TRY(trusted_keys_add_former(session, &checking->trust, err));
    }
    checking->store.began_anew = is_own && checking->trust.logs_count > 1;
    return OK;
}

/* --- the verb -------------------------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static FALLIBLE check_all(struct checking *checking, struct error *err)
{
    const AuditCheckOptions *options = SESSION_OPTIONS(checking->session, AuditCheckOptions);
    for (size_t i = 0; i < options->n_arguments; i++) {
        const char *path = options->arguments[i];
        if (is_folder(path)) {
            TRY(check_folder(checking, path, err));
        } else {
            TRY(check_file(checking, path, false, err));
        }
    }
    return OK;
}

/* What was proven and what was not: a last line for machines, a sentence for people. */
static FALLIBLE conclude(struct checking *checking, struct error *err)
{
    struct session *session = checking->session;
    int64_t held = checking->checked - checking->failed;
    bool included = checking->included > 0 && checking->included + checking->summaries == held;
    if (!session->json && checking->summaries == checking->checked) {
        return OK; /* each has told what it says */
    }
    if (!session->json) {
        const struct error_arg args[] = {ARG_INT("proven", held),
                                         ARG_INT("checked", checking->checked),
                                         ARG_INT("included", checking->included)};
        int scope = included ? MESSAGE_PROOFS_SCOPE : MESSAGE_PROOFS_NOT_JUDGED;
        report_note(session, TERMINAL_NOTICE, held > 0 ? scope : MESSAGE_PROOFS_NONE_HOLD, args, 3);
        return OK;
    }
    struct json *record = json_new_record();
    json_put_number(record, "checked", checking->checked);
    json_put_number(record, "failed", checking->failed);
    struct json *certificates = json_put_list(record, "certificates");
    for (size_t i = 0; i < checking->certificates_count; i++) {
        json_add_text(certificates, str_of(checking->certificates[i]));
    }
    struct json *proven = json_put_list(record, "proven");
    struct json *not_proven = json_put_list(record, "not_proven");
    json_add_text(included ? proven : not_proven, STR("inclusion"));
    json_add_text(not_proven, STR("completeness"));
    json_add_text(not_proven, STR("present_state"));
    return report_result(session, record, err);
}

static FALLIBLE check(struct checking *checking, struct error *err)
{
    struct session *session = checking->session;
    static const struct report_column columns[] = {
        {.path = "file"},
        {.path = "ok"},
        {.path = "event", .right = true},
        {.path = "business_date"},
        {.path = "type"},
        {.path = "certificate"},
        {.path = "origin"},
        {.path = "cosignatures", .right = true},
    };
    TRY(read_proofs(checking, err));
    TRY(read_roots(checking, err));
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns,
                         session->json ? TABLE_JSON : TABLE_PEOPLE, &checking->rows, err));
    outcome checked = read_timestamp_roots(checking, err);
    checked = checked.ok ? check_all(checking, err) : checked;
    struct error closing;
    timestamp_judge_close(checking->judge.timestamps);
    outcome closed = report_rows_close(&checking->rows, checked.ok ? err : &closing);
    TRY(checked);
    TRY(closed);
    return conclude(checking, err);
}

outcome job_audit_check(struct session *session, struct error *err)
{
    struct checking *checking = ARENA_NEW(&session->run_arena, struct checking);
    checking->session = session;
    TRY(read_trust(checking, err));
    checking->judge.session = session;
    checking->judge.keys = &checking->trust;
    checking->judge.agrees = agrees;
    checking->judge.context = checking;
    outcome done = open_store(checking, err);
    done = done.ok ? check(checking, err) : done;
    check_store_close(&checking->store);
    return done;
}
