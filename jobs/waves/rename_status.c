/* rename_status - the verb `rename status`: the waves that are open, and the last ones that were
 * closed, notices too. */
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

enum { CLOSED_SHOWN_MAX = 20 };

struct waves {
    struct session *session;
    const WaveView **open;
    size_t open_count;
    size_t open_capacity;
    const WaveView *closed[CLOSED_SHOWN_MAX]; /* a ring: the newest overwrite the oldest */
    size_t closed_count;
};

static void take_wave(struct waves *waves, const WaveView *wave)
{
    struct arena *arena = &waves->session->run_arena;
    if (wave->closed) {
        waves->closed[waves->closed_count++ % CLOSED_SHOWN_MAX] = wave;
        return;
    }
    ARENA_GROW(arena, waves->open, waves->open_count, &waves->open_capacity);
    waves->open[waves->open_count++] = wave;
}

static outcome find_waves(struct waves *waves, struct error *err)
{
    struct views_list list = {0};
    TRY(views_list_records(engine_views(waves->session->engine), VIEW_WAVE, NULL,
                           &waves->session->run_arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        take_wave(waves, list.items[i]);
    }
    return OK;
}

static void put_plan(struct json *record, const WaveView *wave)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    if (wave->plan_sha256.len != sizeof digest.data) {
        json_put_null(record, "plan_sha256");
        return;
    }
    memcpy(digest.data, wave->plan_sha256.data, sizeof digest.data);
    digest_hex(&digest, hex);
    json_put_text(record, "plan_sha256", str_of(hex));
}

static struct json *object_of_wave(const WaveView *wave, struct arena *arena)
{
    struct json *record = json_new_record();
    json_put_number(record, "wave", (int64_t)wave->wave);
    json_put_text(record, "kind",
                  record_enum_text(&wave_kind__code__descriptor, (int)wave->kind, arena));
    json_put_text(record, "enterprise", str_of(wave->enterprise));
    json_put_text(record, "notice", str_of(wave->notice));
    json_put_text(record, "value", str_of(wave->value));
    put_plan(record, wave);
    object_put_date(record, "opened_on", wave->opened_on);
    json_put_text(record, "status", wave->closed ? STR("closed") : STR("open"));
    json_put_number(record, "total", (int64_t)wave->count);
    json_put_number(record, "done", (int64_t)wave->done);
    json_put_number(record, "failed", (int64_t)wave->failed);
    struct json *codes = json_put_record(record, "codes");
    for (size_t i = 0; i < wave->n_codes; i++) {
        json_put_number(codes, wave->codes[i]->code, (int64_t)wave->codes[i]->count);
    }
    return record;
}

/* Open ones first, by number; then closed ones, the newest first. */
static outcome add_rows(struct waves *waves, struct report_rows *rows, struct error *err)
{
    struct arena *arena = &waves->session->run_arena;
    for (size_t i = 0; i < waves->open_count; i++) {
        TRY(report_rows_add(rows, object_of_wave(waves->open[i], arena), err));
    }
    for (size_t i = 0; i < waves->closed_count && i < CLOSED_SHOWN_MAX; i++) {
        size_t at = (waves->closed_count - 1 - i) % CLOSED_SHOWN_MAX;
        TRY(report_rows_add(rows, object_of_wave(waves->closed[at], arena), err));
    }
    return OK;
}

outcome job_rename_status(struct session *session, struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "wave", .right = true},
        {.path = "kind"},
        {.path = "enterprise"},
        {.path = "notice"},
        {.path = "value"},
        {.path = "opened_on"},
        {.path = "status"},
        {.path = "total", .right = true},
        {.path = "done", .right = true},
        {.path = "failed", .right = true},
    };
    struct waves waves = {.session = session};
    struct report_rows rows;
    struct error closing;
    TRY(find_waves(&waves, err));
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns,
                         session->json ? TABLE_JSON : TABLE_PEOPLE, &rows, err));
    outcome added = add_rows(&waves, &rows, err);
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    TRY(closed);
    report_rows_tell_none(&rows);
    return OK;
}
