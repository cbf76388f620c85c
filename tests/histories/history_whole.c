/* history_whole - what holds at the end of a history: the tree verifies, the views are what a
 * replay makes of the log, the model agrees with them, and documents are wanted where they must be.
 */
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/project.h"
#include "tests/histories/history.h"
#include "tests/support/memory_views.h"
#include "tests/support/test.h"

/* --- digests over views
 * ---------------------------------------------------------------------------- */

static void digest_part(struct digester *digester, bytes part)
{
    uint64_t size = part.size;
    digester_update(digester, bytes_of(&size, sizeof size));
    digester_update(digester, part);
}

struct digest history_views_digest(struct history *history)
{
    struct error err;
    struct digester digester;
    digester_init(&digester);
    stage_begin(&history->stage);
    for (int view = 0; view <= VIEW_INDEX; view++) {
        struct view_key prefix = {0};
        struct views_scan scan = {0};
        bool more = false;
        stage_need(views_scan_open(engine_views(history->stage.engine), (enum view_id)view, &prefix,
                                   (bytes){0}, &scan, &err),
                   &err, "scan");
        for (;;) {
            stage_need(views_scan_next(&scan, &more, &err), &err, "scan");
            if (!more) {
                break;
            }
            digest_part(&digester, scan.key);
            digest_part(&digester, scan.value);
        }
        views_scan_close(&scan);
    }
    stage_end(&history->stage);
    return digester_final(&digester);
}

static outcome digest_record(void *state, enum view_id view, bytes key, bytes value,
                             struct error *err)
{
    (void)view; /* they come in the order of the views */
    (void)err;  /* nothing fails */
    digest_part(state, key);
    digest_part(state, value);
    return OK;
}

/* So little that there are several passes, and rounds for the index. */
enum { SCARCE_BYTES_AN_EVENT = 50 };

/* The views as they were in between are what the log folds to up to there. */
static void check_point(struct history *history, uint64_t memory_bytes)
{
    struct error err;
    struct digester digester;
    const struct fold_options options = {
        .until = history->point, .as_of = INT32_MAX, .memory_bytes = memory_bytes};
    const struct fold_sink sink = {&digester, digest_record};
    uint64_t last = 0;
    digester_init(&digester);
    stage_begin(&history->stage);
    stage_need(project_each(history->stage.engine, &options, &sink, &last, &err), &err, "fold");
    stage_end(&history->stage);
    struct digest digest = digester_final(&digester);
    HOLDS(history, digest_equal(&digest, &history->point_views),
          "replayed until event %llu the views are not what they were",
          (unsigned long long)history->point);
}

/* --- replay against live
 * ---------------------------------------------------------------------------- */

/* What `rebuild --verify` does. */
static void check_rebuild(struct history *history, uint64_t memory_bytes, uint64_t cache_bytes)
{
    struct error err;
    struct project_difference difference = {0};
    uint64_t passes = 0;
    const struct fold_options options = {.as_of = INT32_MAX,
                                         .memory_bytes = memory_bytes,
                                         .cache_bytes = cache_bytes,
                                         .ret_passes = &passes};
    uint64_t last = 0;
    stage_begin(&history->stage);
    stage_need(project_compare(history->stage.engine, &options, &difference, &last, &err), &err,
               "compare");
    stage_end(&history->stage);
    HOLDS(history, difference.missing + difference.extra + difference.altered == 0,
          "a rebuild differs: %llu missing, %llu extra, %llu altered, first %s %s",
          (unsigned long long)difference.missing, (unsigned long long)difference.extra,
          (unsigned long long)difference.altered, difference.first_view, difference.first_key);
    HOLDS(history, (passes > 1) == (memory_bytes > 0), "the log was read %llu times",
          (unsigned long long)passes);
}

static void compare_view(struct history *history, const struct memory_views *memory,
                         enum view_id view)
{
    struct error err;
    struct view_key prefix = {0};
    struct views_scan scan = {0};
    bool more = false;
    size_t count = 0;
    size_t wanted = memory_views_count(memory, view, &prefix);
    stage_need(views_scan_open(engine_views(history->stage.engine), view, &prefix, (bytes){0},
                               &scan, &err),
               &err, "scan");
    for (;;) {
        stage_need(views_scan_next(&scan, &more, &err), &err, "scan");
        if (!more) {
            break;
        }
        struct map_entry *entry = map_find(&memory->tables[view], scan.key);
        HOLDS(history,
              entry != NULL && entry->value != NULL &&
                  bytes_equal(*(const bytes *)entry->value, scan.value),
              "a record of view %d is not what event by event makes of it", (int)view);
        count++;
    }
    views_scan_close(&scan);
    HOLDS(history, count == wanted, "view %d has %zu records, event by event %zu", (int)view, count,
          wanted);
}

/* Every event alone, into views of another kind of storage. */
static void check_event_by_event(struct history *history)
{
    struct error err;
    struct arena arena;
    struct memory_views memory;
    arena_init(&arena, 0);
    memory_views_init(&memory, &arena);
    struct view_store store = memory_views_store(&memory);
    stage_begin(&history->stage);
    for (uint64_t n = 1; n <= engine_last_sequence(history->stage.engine); n++) {
        const Event *event = stage_event(&history->stage, n, &history->item);
        stage_need(views_apply(&store, event, &history->item, &err), &err, "apply");
        arena_reset(&history->item);
    }
    for (int view = 0; view <= VIEW_INDEX; view++) {
        compare_view(history, &memory, (enum view_id)view);
    }
    stage_end(&history->stage);
    arena_release(&arena);
}

static void check_tree(struct history *history)
{
    struct error err;
    struct log_report report = {0};
    struct digest root = stage_root(&history->stage);
    stage_begin(&history->stage);
    stage_need(
        log_verify(engine_log_txn(history->stage.engine), (struct log_progress){0}, &report, &err),
        &err, "verify");
    stage_end(&history->stage);
    HOLDS(history, digest_equal(&root, &report.root) && report.events == history->checked,
          "the tree verifies to another root or size");
}

/* --- the model against the views
 * --------------------------------------------------------------------- */

static void check_document(struct history *history, const struct model_certificate *one)
{
    struct error err;
    const DocumentView *document = NULL;
    stage_need(views_get(engine_views(history->stage.engine), VIEW_DOCUMENT,
                         key_document(str_of(one->number)), &history->item, &document, &err),
               &err, "document");
    bool lives = one->electronic && !model_is_ended(one) && one->status != STATUS__CODE__RELEASED;
    bool waits = document->status == DOCUMENT_STATUS__CODE__PENDING ||
                 document->status == DOCUMENT_STATUS__CODE__FAILED;
    if (lives) {
        HOLDS(history,
              waits || (document->status == DOCUMENT_STATUS__CODE__READY &&
                        document->rendered_event == document->wanted_event),
              "%s lives and has no document that shows it (status %d)", one->number,
              (int)document->status);
    } else if (one->electronic && model_is_ended(one)) {
        HOLDS(history, !waits, "%s has ended and waits for a document", one->number);
    } else if (!one->electronic) {
        HOLDS(history, document->status == DOCUMENT_STATUS__CODE__NONE,
              "%s is paper and has a document", one->number);
    }
}

static void check_certificate(struct history *history, const struct model_certificate *one)
{
    struct error err;
    const CertificateView *view = NULL;
    stage_need(views_get(engine_views(history->stage.engine), VIEW_CERTIFICATE,
                         key_certificate(str_of(one->number)), &history->item, &view, &err),
               &err, "certificate");
    HOLDS(history,
          view->status == one->status && strcmp(view->enterprise, one->enterprise) == 0 &&
              strcmp(view->person_id, one->person) == 0 &&
              strcmp(view->enterprise_name, one->enterprise_name) == 0 &&
              (view->medium == MEDIUM__CODE__ELECTRONIC) == one->electronic &&
              view->category == one->category && (bool)view->legal_representative == one->legal &&
              view->valid_until->days == one->valid_until && view->issued->days == one->issued &&
              view->affiliated_since->days == one->since,
          "%s: the view is not what the events say", one->number);
}

/* Levels are what the events say (RULES 2.4), and so is what holds a record. */
static void check_record(struct history *history, const struct model_record *record)
{
    struct error err;
    const FileRecordView *view = NULL;
    stage_need(views_get(engine_views(history->stage.engine), VIEW_FILE_RECORD,
                         key_file_record(str_of(record->person), str_of(record->id)),
                         &history->item, &view, &err),
               &err, "record");
    HOLDS(history,
          view->level == record->level && view->kind == record->kind &&
              (bool)view->deleted == record->deleted && view->n_open_applications == record->uses &&
              (record->level != LEVEL__CODE__C ||
               strcmp(view->verified_by, record->department) == 0) &&
              (view->application[0] != 0) == (record->level == LEVEL__CODE__B),
          "%s: the record is not what the events say", record->id);
}

static void check_application(struct history *history, const struct model_application *one)
{
    struct error err;
    const ApplicationView *view = NULL;
    stage_need(views_get(engine_views(history->stage.engine), VIEW_APPLICATION,
                         key_application(str_of(one->id)), &history->item, &view, &err),
               &err, "application");
    HOLDS(history, view->status == one->status && strcmp(view->enterprise, one->enterprise) == 0,
          "%s: the application is not what the events say", one->id);
}

static void check_files(struct history *history)
{
    for (size_t i = 0; i < history->model.records_count; i++) {
        check_record(history, &history->model.records[i]);
        arena_reset(&history->item);
    }
    for (size_t i = 0; i < history->model.applications_count; i++) {
        check_application(history, &history->model.applications[i]);
        arena_reset(&history->item);
    }
}

/* One enterprise and one person a certificate, over the indexes as well. */
static void check_indexes(struct history *history)
{
    struct error err;
    size_t count = 0;
    for (int i = 0; i < WORLD_ENTERPRISES; i++) {
        const char *code = history->world.enterprises[i].code;
        struct view_key prefix = index_certificates_of_enterprise(str_of(code));
        struct views_scan scan = {0};
        bool more = false;
        stage_need(views_scan_open(engine_views(history->stage.engine), VIEW_INDEX, &prefix,
                                   (bytes){0}, &scan, &err),
                   &err, "scan");
        for (;;) {
            stage_need(views_scan_next(&scan, &more, &err), &err, "scan");
            if (!more) {
                break;
            }
            bytes rest = key_behind(scan.key, &prefix);
            const struct model_certificate *one =
                model_find(&history->model, (str){(const char *)rest.data, rest.size});
            HOLDS(history, one != NULL && strcmp(one->enterprise, code) == 0,
                  "a certificate is listed in an enterprise that has it not");
            count++;
        }
        views_scan_close(&scan);
    }
    HOLDS(history, count == history->model.count, "%zu certificates, listed in enterprises %zu",
          history->model.count, count);
}

static void check_model(struct history *history)
{
    stage_begin(&history->stage);
    for (size_t i = 0; i < history->model.count; i++) {
        check_certificate(history, &history->model.certificates[i]);
        check_document(history, &history->model.certificates[i]);
        arena_reset(&history->item);
    }
    check_files(history);
    check_indexes(history);
    stage_end(&history->stage);
}

/* --- everything that was accepted, once more
 * --------------------------------------------------------- */

static void check_all_again(struct history *history)
{
    struct line *lines = ARENA_ARRAY(&history->arena, struct line, history->wishes_count + 1);
    struct answers again = {.arena = &history->arena};
    struct submission_report report = {0};
    struct digest root = stage_root(&history->stage);
    size_t count = 0;
    for (size_t i = 0; i < history->wishes_count; i++) {
        if (history->wishes[i]->accepted) {
            str line = wish_line(&history->world, &history->wishes[i]->wish, &history->item);
            lines[count++].text = arena_str(&history->arena, line);
            arena_reset(&history->item);
        }
    }
    const char *path = history_file(history, "everything.jsonl");
    history->where = path;
    history_write_file(path, lines, count);
    stage_submit(&history->stage, path, history->world.today, false, &again, &report);
    struct digest root_after = stage_root(&history->stage);
    for (size_t i = 0; i < again.count; i++) {
        HOLDS(history, again.lines[i].verdict == VERDICT_DUPLICATE,
              "line %llu, accepted before, is %s, code %d, when submitted again",
              (unsigned long long)again.lines[i].line, verdict_text(again.lines[i].verdict),
              again.lines[i].code);
    }
    HOLDS(history, report.tally.unchanged == count,
          "of %zu accepted wishes, all submitted again, %llu are duplicates", count,
          (unsigned long long)report.tally.unchanged);
    HOLDS(history, digest_equal(&root, &root_after), "all submitted again, the log has changed");
}

/* Closed and opened again, everything is there. */
static void reopen(struct history *history)
{
    struct error err;
    const struct engine_options options = {
        .dir = history->stage.dir, .mode = STORE_WRITE, .verb = "histories", .wait_seconds = 0};
    struct digest root = stage_root(&history->stage);
    stage_close(&history->stage);
    stage_need(engine_open(&options, &history->stage.engine, &err), &err, "open");
    struct digest root_after = stage_root(&history->stage);
    HOLDS(history, digest_equal(&root, &root_after), "opened again, the log is another");
}

void history_check_whole(struct history *history)
{
    history->where = "the whole";
    check_tree(history);
    check_event_by_event(history);
    check_rebuild(history, 0, 0);
    check_rebuild(history, history->checked * SCARCE_BYTES_AN_EVENT, 0);
    check_rebuild(history, history->checked * SCARCE_BYTES_AN_EVENT, 1);
    check_point(history, 0);
    check_point(history, history->checked * SCARCE_BYTES_AN_EVENT);
    check_model(history);
    check_all_again(history);
    history->where = "the whole, opened again";
    reopen(history);
    check_tree(history);
    check_model(history);
}
