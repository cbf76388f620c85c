/* file_scan - attaches scans of documents and the signature sheet (R-PF-04, R-PF-23, R-PF-24,
 * R-DL-12). The record must exist and not be verified, and the scan must be a JPEG as the guide
 * demands. The action carries what the JPEG's header says; a refusal names what was found there. */
#include "core/base/record.h"
#include "events/file_guards.h"
#include "events/form.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/rules.h"

/* Dots per inch, inclusive. */
struct density {
    uint32_t least;
    uint32_t most;
};
static const struct density of_documents = {72, 100};   /* R-PF-04 */
static const struct density of_signatures = {100, 200}; /* R-PF-23 */

static FALLIBLE check_resolution(const Scan *scan, struct density wanted, const char *rule,
                                 struct arena *arena, struct error *err)
{
    bool even = scan->dpi_x == scan->dpi_y; /* 比例1:1: neither axis is stretched */
    if (even && scan->dpi_x >= wanted.least && scan->dpi_x <= wanted.most) {
        return OK;
    }
    str found = scan->dpi_x == 0 || scan->dpi_y == 0 ? STR("none")
                : even                               ? arena_format(arena, "%u", scan->dpi_x)
                       : arena_format(arena, "%u x %u", scan->dpi_x, scan->dpi_y);
    FAIL(REFUSED(rule), MESSAGE_SCAN_RESOLUTION, ARG_STR("found_dpi", found),
         ARG_INT("least", wanted.least), ARG_INT("most", wanted.most),
         ARG_TEXT("density", scan->density[0] != 0 ? scan->density : "none"),
         ARG_INT("width", scan->width), ARG_INT("height", scan->height));
}

/* `promised`: the digest that the line carries, or "". */
static FALLIBLE check_scan(const Scan *scan, const char *promised, struct density wanted,
                           const char *rule, struct arena *arena, struct error *err)
{
    const Scan absent = SCAN__INIT;
    scan = scan != NULL ? scan : &absent;
    if (!scan->found) {
        FAIL(REFUSED(rule), MESSAGE_SCAN_MISSING);
    }
    if (!scan->is_jpeg) {
        FAIL(REFUSED(rule), MESSAGE_SCAN_NOT_JPEG,
             ARG_TEXT("fault", scan->wrong[0] != 0 ? scan->wrong : "not_jpeg"));
    }
    if (scan->size > LIMIT_SCAN_BYTES) {
        FAIL(REFUSED(rule), MESSAGE_SCAN_TOO_LARGE, ARG_INT("size", (int64_t)scan->size),
             ARG_INT("limit", LIMIT_SCAN_BYTES));
    }
    TRY(check_resolution(scan, wanted, rule, arena, err));
    if (form_digest_differs(promised, scan->sha256)) {
        FAIL(REFUSED("R-PF-04"), MESSAGE_SCAN_DIFFERS);
    }
    return OK;
}

/* R-DL-21: a letter stands for a lost diploma; R-DL-23: the review form shows a title's specialty.
 */
static FALLIBLE role_of(const AttachScan *attach, FileKind__Code kind, ScanRole__Code *ret,
                        struct error *err)
{
    int value = attach->role[0] == 0
                    ? (int)SCAN_ROLE__CODE__ORIGINAL
                    : record_enum_value(&scan_role__code__descriptor, str_of(attach->role));
    bool diploma = kind == FILE_KIND__CODE__EDUCATION || kind == FILE_KIND__CODE__DEGREE;
    if (value == SCAN_ROLE__CODE__LETTER && !diploma) {
        FAIL(REFUSED("R-DL-21"), MESSAGE_SCAN_ROLE_NOT_ALLOWED, ARG_TEXT("role", attach->role));
    }
    if (value == SCAN_ROLE__CODE__REVIEW && kind != FILE_KIND__CODE__TITLE) {
        FAIL(REFUSED("R-DL-23"), MESSAGE_SCAN_ROLE_NOT_ALLOWED, ARG_TEXT("role", attach->role));
    }
    *ret = (ScanRole__Code)value;
    return OK;
}

static bool has_scan(const FileRecordView *record, const Scan *scan)
{
    for (size_t i = 0; i < record->n_scans; i++) {
        const ProtobufCBinaryData *kept = &record->scans[i]->scan_sha256;
        if (bytes_equal(bytes_of(kept->data, kept->len),
                        bytes_of(scan->sha256.data, scan->sha256.len))) {
            return true;
        }
    }
    return false;
}

static FALLIBLE check_new(const FileRecordView *record, const Scan *scan, struct error *err)
{
    if (has_scan(record, scan)) {
        FAIL(REFUSED("R-PF-24"), MESSAGE_SCAN_ATTACHED_ALREADY, ARG_TEXT("record", record->record));
    }
    return OK;
}

static void attach(struct decision *decision, const FileRecordView *record, ScanRole__Code role,
                   const Scan *scan, struct arena *arena)
{
    ScanAttached *attached = decision_event(decision, EVENT__BODY_SCAN_ATTACHED, arena);
    attached->record = record->record;
    attached->person_id = record->person_id;
    attached->role = role;
    attached->scan_sha256 = scan->sha256;
    attached->scan_blob = scan->blob;
    attached->size = (uint32_t)scan->size;
    attached->width = scan->width;
    attached->height = scan->height;
    attached->dpi = scan->dpi_x;
    decision->record = record->record;
}

outcome decide_attach_scan(const struct dossier *dossier, const Action *action,
                           struct moment moment, struct arena *arena, struct decision *decision,
                           struct error *err)
{
    (void)moment;
    const AttachScan *wish = action->attach_scan;
    const FileRecordView *record = dossier->file_record;
    ScanRole__Code role = SCAN_ROLE__CODE__NONE;
    TRY(file_guard_subject(dossier, action, wish->person, arena, err));
    TRY(file_guard_found(record, wish->record, err));
    TRY(file_guard_own(record, action, err));
    TRY(file_guard_changeable(record, "scan", err));
    if (!file_kind_of(record->kind)->takes_scans || record->kind == FILE_KIND__CODE__SIGNATURE) {
        const char *rule = record->kind == FILE_KIND__CODE__SIGNATURE ? "R-PF-23" : "R-PF-19";
        FAIL(REFUSED(rule), MESSAGE_RECORD_TAKES_NO_SCAN,
             ARG_TEXT("kind", file_kind_of(record->kind)->name));
    }
    TRY(role_of(wish, record->kind, &role, err));
    TRY(check_scan(wish->scan, wish->file_sha256, of_documents, "R-PF-04", arena, err));
    TRY(check_new(record, wish->scan, err));
    if (record->n_scans >= LIMIT_RECORD_SCANS) {
        FAIL(REFUSED("R-PF-24"), MESSAGE_SCAN_TOO_MANY, ARG_TEXT("record", record->record),
             ARG_INT("count", LIMIT_RECORD_SCANS));
    }
    attach(decision, record, role, wish->scan, arena);
    return OK;
}

/* The person's signature, or NULL. */
static const FileRecordView *signature_of(const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->file_records.count; i++) {
        const FileRecordView *record = dossier->file_records.items[i];
        if (record->kind == FILE_KIND__CODE__SIGNATURE && !record->deleted) {
            return record;
        }
    }
    return NULL;
}

static FileRecordView *new_signature(const struct dossier *dossier, struct decision *decision,
                                     struct arena *arena)
{
    RecordAdded *added = decision_event(decision, EVENT__BODY_RECORD_ADDED, arena);
    FileRecordView *record = RECORD_NEW(arena, FileRecordView, file_record_view);
    added->record = arena_c_string(
        arena, arena_format(arena, "R%llu", (unsigned long long)dossier->next_sequence));
    added->person_id = dossier->person->person_id;
    added->kind = FILE_KIND__CODE__SIGNATURE;
    record->record = added->record;
    record->person_id = added->person_id;
    return record;
}

/* The first one makes the record; a later one replaces the sheet while it is level D (RULES 2.4).
 */
outcome decide_upload_signature(const struct dossier *dossier, const Action *action,
                                struct moment moment, struct arena *arena,
                                struct decision *decision, struct error *err)
{
    (void)moment;
    const UploadSignature *wish = action->upload_signature;
    const FileRecordView *record = signature_of(dossier);
    TRY(file_guard_subject(dossier, action, wish->person, arena, err));
    if (record != NULL) {
        TRY(file_guard_changeable(record, "scan", err));
    }
    TRY(check_scan(wish->scan, wish->file_sha256, of_signatures, "R-PF-23", arena, err));
    if (record != NULL) {
        TRY(check_new(record, wish->scan, err));
    } else {
        record = new_signature(dossier, decision, arena);
    }
    attach(decision, record, SCAN_ROLE__CODE__ORIGINAL, wish->scan, arena);
    return OK;
}
