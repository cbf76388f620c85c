/* wave - see wave.h. */
#include "jobs/engine/judging/wave.h"

#include <string.h>

#include "core/base/record.h"
#include "core/io/stop.h"
#include "jobs/engine/parts/blocked.h"
#include "jobs/messages.h"

/* --- the list --------------------------------------------------------------------------------- */

enum { LIST_FIRST_BYTES = 1 << 12 };

struct lister {
    struct engine *engine;
    const WaveOpened *intent;
    int32_t today;
    struct arena *arena; /* the list */
    struct arena item;   /* one certificate */
    char *text;
    size_t size;
    size_t capacity;
    uint64_t count;
};

static void add_line(struct lister *lister, str number)
{
    if (lister->size + number.size + 1 > lister->capacity) {
        size_t capacity = lister->capacity == 0 ? LIST_FIRST_BYTES : lister->capacity * 2;
        char *larger = arena_new_raw(lister->arena, capacity);
        if (lister->size > 0) {
            memcpy(larger, lister->text, lister->size);
        }
        lister->text = larger;
        lister->capacity = capacity;
    }
    memcpy(lister->text + lister->size, number.data, number.size);
    lister->size += number.size;
    lister->text[lister->size++] = '\n';
    lister->count++;
}

static void look_at(struct lister *lister, const ProtobufCMessage *message)
{
    const CertificateView *certificate = (const CertificateView *)(const void *)message;
    if (wave_selects(lister->intent, certificate, lister->today, &lister->item)) {
        add_line(lister, str_of(certificate->certificate));
    }
}

/* The next certificate: the record itself, or the one that an index entry names. */
static outcome read_scanned(struct lister *lister, const struct views_scan *scan,
                            ProtobufCMessage **ret, struct error *err)
{
    if (scan->view == VIEW_INDEX) {
        bytes rest = key_behind(scan->key, &scan->prefix);
        str number = {(const char *)rest.data, rest.size};
        return views_get(engine_views(lister->engine), VIEW_CERTIFICATE, key_certificate(number),
                         &lister->item, ret, err);
    }
    return views_scan_record(scan, &lister->item, ret, err);
}

/* Both scans give certificates in the order of the numbers' bytes. */
static outcome list_all(struct lister *lister, struct error *err)
{
    str enterprise = str_first(str_of(lister->intent->enterprise), VIEW_KEY_MAX / 2);
    bool by_index = !str_empty(enterprise);
    struct view_key prefix = {.size = 0};
    struct views_scan scan = {0};
    bool more = false;
    if (by_index) {
        prefix = index_certificates_of_enterprise(enterprise);
    }
    TRY(views_scan_open(engine_views(lister->engine), by_index ? VIEW_INDEX : VIEW_CERTIFICATE,
                        &prefix, (bytes){0}, &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        result = read_scanned(lister, &scan, &message, err);
        if (!result.ok) {
            break;
        }
        look_at(lister, message);
        arena_reset(&lister->item);
    }
    views_scan_close(&scan);
    return result;
}

FALLIBLE wave_list_make(struct engine *engine, const WaveOpened *intent, int32_t today,
                        struct arena *arena, struct wave_list *ret, struct error *err)
{
    struct lister lister = {.engine = engine, .intent = intent, .today = today, .arena = arena};
    bool unknown_enterprise =
        intent->kind == WAVE_KIND__CODE__ENTERPRISE_NAME && str_empty(str_of(intent->enterprise));
    arena_init(&lister.item, 0);
    outcome listed = unknown_enterprise ? OK : list_all(&lister, err);
    arena_release(&lister.item);
    TRY(listed);
    struct digest digest = digest_sha256(bytes_of(lister.text, lister.size));
    *ret = (struct wave_list){
        .count = lister.count,
        .numbers = {lister.text, lister.size},
        .numbers_sha256 = arena_bytes(arena, digest_bytes(&digest)),
    };
    return OK;
}

/* --- open waves ------------------------------------------------------------------------------- */

FALLIBLE wave_view(struct engine *engine, uint64_t wave, struct arena *arena, WaveView **ret,
                   struct error *err)
{
    return views_get(engine_views(engine), VIEW_WAVE, key_wave(wave), arena, ret, err);
}

static void add_number(struct wave_numbers *numbers, uint64_t number, struct arena *arena)
{
    ARENA_GROW(arena, numbers->items, numbers->count, &numbers->capacity);
    numbers->items[numbers->count++] = number;
}

static outcome all_open_ones(struct engine *engine, struct arena *arena, struct wave_numbers *ret,
                             struct error *err)
{
    struct view_key prefix = index_open_waves();
    struct views_scan scan = {0};
    bool more = false;
    TRY(views_scan_open(engine_views(engine), VIEW_INDEX, &prefix, (bytes){0}, &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        uint64_t number = 0;
        bytes rest = key_behind(scan.key, &prefix);
        BUG_UNLESS(rest.size == sizeof number);
        memcpy(&number, rest.data, sizeof number);
        add_number(ret, __builtin_bswap64(number), arena);
    }
    views_scan_close(&scan);
    return result;
}

FALLIBLE wave_open_ones(struct engine *engine, WaveKind__Code kind, str enterprise,
                        struct arena *arena, struct wave_numbers *ret, struct error *err)
{
    struct wave_numbers all = {0};
    struct wave_numbers numbers = {0};
    TRY(all_open_ones(engine, arena, &all, err));
    for (size_t i = 0; i < all.count; i++) {
        WaveView *wave = NULL;
        TRY(wave_view(engine, all.items[i], arena, &wave, err));
        bool named = wave->kind == WAVE_KIND__CODE__ENTERPRISE_NAME;
        if (wave->kind == kind && (!named || str_equal(enterprise, str_of(wave->enterprise)))) {
            add_number(&numbers, wave->wave, arena);
        }
    }
    *ret = numbers;
    return OK;
}

/* --- items ------------------------------------------------------------------------------------ */

struct work {
    struct engine *engine;
    const struct wave_run *run;
    const Event *opened;
    struct arena item;
    str rest;       /* of the list */
    uint64_t items; /* done or failed */
    bool stopped;
};

/* Actor, id and signer of an item are those of the wave's wish; the operator is that of the run. */
static outcome append(struct work *work, Event *event, struct error *err)
{
    event->actor = work->opened->actor;
    event->action_id = work->opened->action_id;
    event->signer = work->opened->signer;
    return engine_append(work->engine, work->run->run, event, &work->item, NULL, err);
}

static outcome run_item(struct work *work, struct error *err)
{
    const CertificateView *certificate = NULL;
    bool blocked = false;
    str number = str_cut(&work->rest, '\n');
    arena_reset(&work->item);
    TRY(views_get(engine_views(work->engine), VIEW_CERTIFICATE, key_certificate(number),
                  &work->item, &certificate, err));
    TRY(person_is_blocked(engine_views(work->engine), str_of(certificate->person_id), &blocked,
                          err));
    Event *event = wave_item(work->opened->wave_opened, work->opened->sequence, certificate,
                             blocked, work->run->run->moment.today, &work->item);
    TRY(append(work, event, err));
    work->items++;
    return OK;
}

/* A dry run is one batch: count items there, so that the borders are the same. */
static bool is_border(const struct work *work)
{
    return work->run->one_transaction ? work->items % WAVE_BATCH_EVENTS == 0
                                      : engine_in_batch(work->engine) >= WAVE_BATCH_EVENTS;
}

static outcome end_batch(struct work *work, struct error *err)
{
    if (!is_border(work)) {
        return OK;
    }
    if (!work->run->one_transaction) {
        TRY(engine_next_batch(work->engine, err));
    }
    if (work->run->progress != NULL) {
        work->run->progress(work->run->state, work->items, work->opened->wave_opened->count);
    }
    work->stopped = stop_requested();
    return OK;
}

static outcome run_items(struct work *work, struct error *err)
{
    while (work->rest.size > 0 && !work->stopped) {
        TRY(run_item(work, err));
        TRY(end_batch(work, err));
    }
    if (work->stopped) {
        return OK;
    }
    WaveView *wave = NULL;
    arena_reset(&work->item);
    TRY(wave_view(work->engine, work->opened->sequence, &work->item, &wave, err));
    if (wave->done + wave->failed != wave->count) {
        FAIL(CORRUPT, MESSAGE_WAVE_LIST_LOST, ARG_INT("wave", wave->wave), ARG_TEXT("path", ""));
    }
    return append(work, wave_closing(wave, &work->item), err);
}

/* The kept list must be the announced one, or the wave cannot go on. */
static outcome read_list(struct engine *engine, const WaveView *wave, struct arena *arena, str *ret,
                         struct error *err)
{
    struct error reason;
    struct digest digest = {{0}};
    bytes content = {0};
    bytes sha256 = bytes_of(wave->numbers_sha256.data, wave->numbers_sha256.len);
    if (sha256.size == sizeof digest.data) { /* else none is named so */
        memcpy(digest.data, sha256.data, sizeof digest.data);
    }
    outcome read = engine_blob_get(engine, digest_bytes(&digest), arena, &content, &reason);
    if (!read.ok && (reason.class == ERROR_MISSING || reason.class == ERROR_CORRUPT)) {
        const char *path = blob_path(engine_path(engine, arena, "blobs"), &digest, "", arena);
        FAIL(CORRUPT, MESSAGE_WAVE_LIST_LOST, ARG_INT("wave", wave->wave), ARG_TEXT("path", path));
    }
    if (!read.ok) {
        *err = reason;
        return error_trace(err, HERE);
    }
    *ret = (str){(const char *)content.data, content.size};
    return OK;
}

static outcome read_start(struct engine *engine, const WaveView *wave, struct arena *arena,
                          struct wave_start *ret, struct error *err)
{
    Event *opened = NULL;
    TRY(engine_event(engine, wave->wave, arena, &opened, err));
    TRY(read_list(engine, wave, arena, &ret->numbers, err));
    ret->opened = opened;
    return OK;
}

FALLIBLE wave_finish(struct engine *engine, const struct wave_run *run, uint64_t wave,
                     const struct wave_start *start, struct arena *arena, WaveView **ret,
                     struct error *err)
{
    WaveView *view = NULL;
    TRY(wave_view(engine, wave, arena, &view, err));
    if (!view->closed) {
        struct wave_start read = {.opened = NULL};
        if (start == NULL) {
            TRY(read_start(engine, view, arena, &read, err));
            start = &read;
        }
        struct work work = {
            .engine = engine, .run = run, .opened = start->opened, .rest = start->numbers};
        work.items = view->done + view->failed;
        for (uint64_t i = 0; i < work.items; i++) {
            (void)str_cut(&work.rest, '\n'); /* done before */
        }
        arena_init(&work.item, 0);
        outcome finished = run_items(&work, err);
        arena_release(&work.item);
        TRY(finished);
        TRY(wave_view(engine, wave, arena, &view, err));
    }
    *ret = view;
    return OK;
}
