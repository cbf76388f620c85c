/* stage - see stage.h. */
#include "tests/histories/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/file.h"
#include "jobs/messages.h"
#include "tests/support/test.h"

enum { HOUR = 3600, KEY_FILE_MAX = 1 << 24, NUMBERS_TEXT_MAX = 1 << 15 };

void stage_need(outcome result, const struct error *err, const char *what)
{
    if (!result.ok) {
        struct arena arena;
        arena_init(&arena, 0);
        str text = message_of_error(err, LANGUAGE_ENGLISH, &arena);
        fail_msg("%s: %.*s (%s)", what, STR_ARGS(text), err->trace_count > 0 ? err->trace[0] : "?");
    }
}

static void copy_key(const char *from, const char *to, const char *name, struct arena *arena)
{
    struct error err;
    bytes content = {NULL, 0};
    stage_need(file_read(arena_format(arena, "%s/keys/%s", from, name).data, arena, KEY_FILE_MAX,
                         &content, &err),
               &err, "keys");
    FILE *file = fopen(arena_format(arena, "%s/keys/%s", to, name).data, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
}

static void make_folders(const char *dir, struct arena *arena)
{
    static const char *const folders[] = {"",     "/keys",  "/trust",   "/blobs",
                                          "/log", "/views", "/reports", "/checkpoints"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        assert_int_equal(mkdir(arena_format(arena, "%s%s", dir, folders[i]).data, 0700), 0);
    }
    FILE *file = fopen(arena_format(arena, "%s/anzheng.conf", dir).data, "wb");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static struct run run_of(struct stage *stage, int32_t today)
{
    int64_t second = (int64_t)(++stage->runs % HOUR);
    return (struct run){.operator= "histories",
                        .reason = "",
                        .moment = {today, instant_of_date(today) + second * 1000000}};
}

void stage_open(struct stage *stage, const char *dir, const char *keys_of, int32_t today,
                struct arena *arena)
{
    struct error err;
    const struct engine_options options = {
        .dir = dir, .mode = STORE_WRITE, .verb = "histories", .makes_log = true};
    *stage = (struct stage){.dir = dir};
    make_folders(dir, arena);
    stage_need(people_make(arena_format(arena, "%s/keys", dir).data, &err), &err, "people");
    if (keys_of != NULL) { /* the same ids; the keys of persons are its own */
        copy_key(keys_of, dir, "hash.key", arena);
    }
    stage_need(engine_open(&options, &stage->engine, &err), &err, "open");
    Event *created = event_new(EVENT__BODY_STORE_CREATED, arena);
    created->store_created->authority_name = arena_c_string(arena, STR("示例市住建委"));
    created->store_created->authority_code = arena_c_string(arena, STR("11310000TEX000010W"));
    created->store_created->origin = arena_c_string(arena, STR("histories.example/log"));
    created->store_created->clock_free = true;
    struct run run = run_of(stage, today);
    stage_need(engine_begin(stage->engine, &err), &err, "begin");
    stage_need(engine_append(stage->engine, &run, created, arena, NULL, &err), &err, "created");
    stage_need(engine_commit(stage->engine, &err), &err, "commit");
}

void stage_close(struct stage *stage)
{
    engine_close(stage->engine);
    stage->engine = NULL;
}

/* --- submissions --------------------------------------------------------------------------------
 */

static str joined(const struct decision *decision, struct arena *arena)
{
    char *text = arena_new_raw(arena, NUMBERS_TEXT_MAX);
    size_t size = 0;
    for (size_t i = 0; i < decision->certificates_count; i++) {
        size_t more = strlen(decision->certificates[i]);
        if (size + more + 1 >= NUMBERS_TEXT_MAX) {
            break; /* enough to compare */
        }
        memcpy(text + size, decision->certificates[i], more);
        size += more;
        text[size++] = ',';
    }
    return (str){text, size};
}

static void keep(struct answers *answers, const struct answer *answer, struct arena *item)
{
    if (answers->count == answers->capacity) {
        size_t capacity = answers->capacity * 2 + 64;
        struct line_answer *lines = ARENA_ARRAY(answers->arena, struct line_answer, capacity);
        if (answers->count > 0) {
            memcpy(lines, answers->lines, answers->count * sizeof *lines);
        }
        answers->lines = lines;
        answers->capacity = capacity;
    }
    const struct act_result *result = answer->result;
    bool no = result->verdict == VERDICT_REFUSED || result->verdict == VERDICT_INVALID;
    answers->lines[answers->count++] = (struct line_answer){
        .line = answer->line,
        .id = arena_str(answers->arena, answer->id),
        .action = arena_str(answers->arena, answer->action),
        .verdict = result->verdict,
        .code = no ? result->error.code : 0,
        .first_event = result->first_event,
        .last_event = result->last_event,
        .certificates = arena_str(answers->arena, joined(&result->decision, item)),
    };
}

static outcome write_answer(void *state, const struct answer *answer, FILE *file, struct error *err)
{
    struct answers *answers = state;
    struct arena item;
    (void)err; /* memory does not fail */
    arena_init(&item, 0);
    keep(answers, answer, &item);
    arena_release(&item);
    (void)fprintf(file, "%llu %s\n", (unsigned long long)answer->line,
                  verdict_text(answer->result->verdict)); /* memory */
    return OK;
}

static outcome deliver(void *state, str lines, struct error *err)
{
    (void)err; /* nothing is written */
    ((struct answers *)state)->delivered_bytes += lines.size;
    return OK;
}

void stage_submit(struct stage *stage, const char *path, int32_t today, bool dry_run,
                  struct answers *ret, struct submission_report *ret_report)
{
    struct error err;
    struct run run = run_of(stage, today);
    stage->runs -= dry_run; /* it leaves nothing, not even this */
    const struct submission_request request = {.path = path,
                                               .dry_run = dry_run,
                                               .run = &run,
                                               .state = ret,
                                               .write = write_answer,
                                               .deliver = deliver};
    stage_need(submission_run(stage->engine, &request, ret_report, &err), &err, path);
}

/* --- everything else ----------------------------------------------------------------------------
 */

void stage_import(struct stage *stage, const struct import_kind *kind, const char *path,
                  int32_t today, bool dry_run, struct intake_report *ret_report)
{
    struct error err;
    struct run run = run_of(stage, today);
    stage->runs -= dry_run;
    const struct intake_request request = {
        .kind = kind, .path = path, .encoding = ENCODING_UTF8, .dry_run = dry_run, .run = &run};
    stage_need(intake_file(stage->engine, &request, ret_report, &err), &err, path);
}

void stage_policy(struct stage *stage, const char *key, const char *value, int32_t today)
{
    struct error err;
    struct arena arena;
    struct run run = run_of(stage, today);
    arena_init(&arena, 0);
    Event *event = event_new(EVENT__BODY_POLICY_SET, &arena);
    event->policy_set->key = arena_c_string(&arena, str_of(key));
    event->policy_set->value = arena_c_string(&arena, str_of(value));
    event->policy_set->decision = arena_c_string(&arena, STR("D-1"));
    stage_begin(stage);
    stage_need(engine_append(stage->engine, &run, event, &arena, NULL, &err), &err, key);
    stage_need(engine_commit(stage->engine, &err), &err, "commit");
    arena_release(&arena);
}

/* By kind, by length, by text: event numbers in their order, however long. */
static int by_id(const void *a, const void *b)
{
    const char *x = *(const char *const *)a;
    const char *y = *(const char *const *)b;
    str kind_x = {x, strcspn(x, ":")};
    str kind_y = {y, strcspn(y, ":")};
    if (!str_equal(kind_x, kind_y)) {
        return str_compare(kind_x, kind_y);
    }
    return strlen(x) != strlen(y) ? (strlen(x) < strlen(y) ? -1 : 1) : strcmp(x, y);
}

/* The ids of pending documents, copied: what follows writes. Those of proofs end with an event
 * number, so the order of the index depends on how many files there were; this one does not. */
static size_t pending(struct stage *stage, const char ***ret, struct arena *arena)
{
    struct error err;
    struct views_scan scan = {0};
    struct view_key prefix = index_documents(DOCUMENT_STATUS__CODE__PENDING);
    bool more = false;
    size_t count = 0;
    size_t capacity = 0;
    const char **ids = NULL;
    stage_need(
        views_scan_open(engine_views(stage->engine), VIEW_INDEX, &prefix, (bytes){0}, &scan, &err),
        &err, "scan");
    for (;;) {
        stage_need(views_scan_next(&scan, &more, &err), &err, "scan");
        if (!more) {
            break;
        }
        if (count == capacity) {
            const char **grown = ARENA_ARRAY(arena, const char *, capacity * 2 + 64);
            memcpy(grown, ids != NULL ? ids : grown, count * sizeof *grown);
            ids = grown;
            capacity = capacity * 2 + 64;
        }
        ids[count++] = arena_c_string(arena, key_last_part(scan.key));
    }
    views_scan_close(&scan);
    if (count > 1) {
        qsort(ids, count, sizeof *ids, by_id);
    }
    *ret = ids;
    return count;
}

static Event *rendered_event(const DocumentView *document, bool fails, struct arena *arena)
{
    struct digest digest = digest_sha256(str_bytes(STR("a page")));
    if (fails) {
        Event *event = event_new(EVENT__BODY_DOCUMENT_FAILED, arena);
        event->document_failed->document = document->id;
        event->document_failed->content_event = document->wanted_event;
        event->document_failed->code = arena_c_string(arena, STR("glyph_missing"));
        return event;
    }
    Event *event = event_new(EVENT__BODY_DOCUMENT_RENDERED, arena);
    event->document_rendered->document = document->id;
    event->document_rendered->content_event = document->wanted_event;
    event->document_rendered->page_sha256 = record_binary(digest_bytes(&digest), arena);
    event->document_rendered->pdf_sha256 = record_binary(digest_bytes(&digest), arena);
    event->document_rendered->template_id = arena_c_string(arena, STR("none"));
    event->document_rendered->size = 1;
    return event;
}

void stage_render(struct stage *stage, unsigned failing, int32_t today)
{
    struct error err;
    struct arena arena;
    const char **ids = NULL;
    struct run run = run_of(stage, today);
    arena_init(&arena, 0);
    stage_begin(stage);
    size_t count = pending(stage, &ids, &arena);
    for (size_t i = 0; i < count; i++) {
        const DocumentView *document = NULL;
        stage_need(views_get(engine_views(stage->engine), VIEW_DOCUMENT,
                             key_document(str_of(ids[i])), &arena, &document, &err),
                   &err, "document");
        bool fails = failing != 0 && i % failing == 0;
        Event *event = rendered_event(document, fails, &arena);
        stage_need(engine_append(stage->engine, &run, event, &arena, NULL, &err), &err, ids[i]);
    }
    stage_need(engine_commit(stage->engine, &err), &err, "commit");
    arena_release(&arena);
}

void stage_begin(struct stage *stage)
{
    struct error err;
    stage_need(engine_begin(stage->engine, &err), &err, "begin");
}

void stage_end(struct stage *stage)
{
    engine_abort(stage->engine);
}

uint64_t stage_size(struct stage *stage)
{
    stage_begin(stage);
    uint64_t size = log_size(engine_log_txn(stage->engine));
    stage_end(stage);
    return size;
}

struct digest stage_root(struct stage *stage)
{
    stage_begin(stage);
    struct digest root = log_root(engine_log_txn(stage->engine));
    stage_end(stage);
    return root;
}

Event *stage_event(struct stage *stage, uint64_t sequence, struct arena *arena)
{
    struct error err;
    Event *event = NULL;
    stage_need(engine_event(stage->engine, sequence, arena, &event, &err), &err, "event");
    return event;
}
