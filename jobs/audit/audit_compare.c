/* audit_compare - the verb `audit compare`: compares live views with replayed ones, files with the
 * log, and documents with their re-rendering. Each difference is a line with its event and makes
 * the status 79. One kind is listed and counted, but is no damage: a document that today's renderer
 * draws differently, because program or fonts changed. Reads only and takes no lock; needs the
 * keys, because names are in sealed events. */
#include "core/io/stop.h"
#include "events/terms/number.h"
#include "jobs/audit/compare_summary.h"
#include "jobs/engine/parts/soundness.h"
#include "jobs/memory_option.h"
#include "jobs/metrics.h"

static const char *const DIFFERENCE_NAMES[DIFFERENCE_COUNT] = {
    "missing",         "altered",          "not_readable", "extra",
    "content_differs", "renderer_differs", "not_drawn"};

const char *comparing_name(enum difference difference)
{
    return DIFFERENCE_NAMES[difference];
}

FALLIBLE comparing_add(struct comparing *comparing, const char *kind, enum difference difference,
                       uint64_t event, str what, struct error *err)
{
    struct json *record = json_new_record();
    comparing->differences[difference]++;
    json_put_text(record, "kind", str_of(kind));
    json_put_text(record, "difference", str_of(DIFFERENCE_NAMES[difference]));
    if (event != 0) {
        json_put_number(record, "event", (int64_t)event);
    } else {
        json_put_null(record, "event");
    }
    json_put_text(record, "what", what);
    str line = json_dump(record, &comparing->session->item_arena);
    digester_update(&comparing->list, str_bytes(line));
    digester_update(&comparing->list, bytes_of("\n", 1));
    arena_reset(&comparing->session->item_arena);
    return report_rows_add(&comparing->rows, record, err);
}

static outcome open_store(struct comparing *comparing, struct error *err)
{
    struct session *session = comparing->session;
    const struct soundness_options pages = {.dir = session->store_dir,
                                            .verb = "audit-compare",
                                            .wait_seconds = session_wait(session),
                                            .holds_lock = session->holds_lock};
    TRY(session_open_store(session, NEEDS_READ_LOG, err));
    engine_abort(session->engine);
    if (engine_people(session->engine) == NULL) {
        FAIL(CONFIG, MESSAGE_KEYS_NEEDED, ARG_TEXT("verb", "audit compare"));
    }
    TRY(soundness_check(&pages, "views", err));
    TRY(engine_swap_views(session->engine,
                          engine_path(session->engine, &session->run_arena, "views"), err));
    return engine_begin(session->engine, err);
}

static outcome compare_all(struct comparing *comparing, struct error *err)
{
    if (comparing_documents_alone(comparing)) {
        TRY(compare_files_gather(comparing, err));
    } else {
        TRY(compare_views(comparing, err));
        TRY(compare_files(comparing, err));
    }
    return compare_documents(comparing, err);
}

outcome check_audit_compare(const struct session *session, struct error *err)
{
    const AuditCompareOptions *options = SESSION_OPTIONS(session, AuditCompareOptions);
    const struct comparing asked = {.options = options};
    uint64_t memory = 0;
    if (options->until != 0 && options->as_of != NULL) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "until"),
             ARG_TEXT("other", "as-of"));
    }
    if (*options->out != 0 && comparing_documents_alone(&asked)) {
        FAIL(USAGE, MESSAGE_COMPARE_OUT_OF_ALL);
    }
    return memory_option(options->memory, &memory, err);
}

static FALLIBLE read_options(struct comparing *comparing, struct error *err)
{
    const AuditCompareOptions *options = comparing->options;
    struct arena *arena = &comparing->session->run_arena;
    TRY(memory_option(options->memory, &comparing->memory_bytes, err));
    comparing->certificates = ARENA_ARRAY(arena, str, options->n_certificate);
    for (size_t i = 0; i < options->n_certificate; i++) {
        struct number number;
        str text = str_of(options->certificate[i]);
        comparing->certificates[i] = number_parse(text, arena, &number) ? number.canonical : text;
    }
    return OK;
}

/* For whoever answers for it. */
static outcome write_summary(struct comparing *comparing, struct error *err)
{
    const char *path = comparing->options->out;
    bool is_signed = false;
    if (*path == 0) {
        return OK;
    }
    TRY(compare_summary_write(comparing, path, &is_signed, err));
    struct error_arg args[] = {ARG_TEXT("file", path)};
    report_note(comparing->session, TERMINAL_NOTICE,
                is_signed ? MESSAGE_COMPARE_SUMMARY : MESSAGE_COMPARE_SUMMARY_UNSIGNED, args, 1);
    return OK;
}

/* The answer, whatever was found. Only a complete comparison without a difference is a success. */
static outcome sum_up(struct comparing *comparing, struct metrics *metrics, struct error *err)
{
    struct session *session = comparing->session;
    bool stopped = stop_requested(); /* an incomplete comparison has no result */
    uint64_t damage = 0;
    if (!stopped) {
        TRY(write_summary(comparing, err));
    }
    struct json *record = json_new_record();
    json_put_number(record, "events", (int64_t)engine_last_sequence(session->engine));
    if (comparing->last != engine_last_sequence(session->engine)) {
        json_put_number(record, "until", (int64_t)comparing->last);
    }
    json_put_number(record, "files", (int64_t)comparing->files);
    json_put_number(record, "documents", (int64_t)comparing->documents);
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        json_put_number(record, DIFFERENCE_NAMES[i], (int64_t)comparing->differences[i]);
        damage += i != DIFFERENCE_RENDERER ? comparing->differences[i] : 0;
    }
    json_put_bool(record, "ok", damage == 0 && !stopped);
    json_put_decimal(record, "seconds", metrics_seconds(metrics));
    TRY(report_result(session, record, err));
    if (comparing->options->n_certificate > 0 && comparing->documents == 0 && damage == 0) {
        FAIL(REFUSED(NULL), MESSAGE_COMPARE_NOT_READY, ARG_INT("event", comparing->last));
    }
    if (damage > 0) {
        FAIL(CORRUPT, MESSAGE_COMPARE_DIFFERS, ARG_INT("count", damage));
    }
    if (stopped) {
        FAIL(BUSY, MESSAGE_COMPARE_STOPPED);
    }
    if (!comparing_documents_alone(comparing)) {
        metrics->done = comparing->files + comparing->documents;
        metrics_try(session, metrics);
    }
    return OK;
}

outcome job_audit_compare(struct session *session, struct error *err)
{
    static const struct report_column columns[] = {{.path = "kind"},
                                                   {.path = "difference"},
                                                   {.path = "event", .right = true},
                                                   {.path = "what"}};
    struct comparing comparing = {.session = session,
                                  .options = SESSION_OPTIONS(session, AuditCompareOptions)};
    struct metrics metrics = metrics_start("audit-compare");
    struct error closing;
    digester_init(&comparing.list);
    TRY(read_options(&comparing, err));
    TRY(open_store(&comparing, err));
    TRY(compare_past_open(&comparing, err));
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns,
                         session->json ? TABLE_JSON : TABLE_PEOPLE, &comparing.rows, err));
    outcome compared = compare_all(&comparing, err);
    if (!report_rows_close(&comparing.rows, compared.ok ? err : &closing).ok) {
        return error_trace(err, HERE);
    }
    TRY(compared);
    return sum_up(&comparing, &metrics, err);
}
