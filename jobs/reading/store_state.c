/* store_state - see store_state.h. */
#include "jobs/reading/store_state.h"

#include <sys/statvfs.h>

#include "core/base/date.h"
#include "core/io/cms.h"
#include "core/io/file.h"
#include "events/terms/validity.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/documents/document_signer.h"
#include "jobs/engine/judging/submission.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/objects/objects.h"

/* An authority needs weeks for a new certificate. */
enum { DISK_FREE_MIN_MIB = 1024, SIGNER_WARNING_DAYS = 30, CERTIFICATES_BYTES_MAX = 1024 * 1024 };

/* Events behind the last checkpoint are the work of the next night, unless that did not come: a
 * day, and an hour for a night that begins late or lasts longer. */
static const int64_t UNSIGNED_MAX_US = INT64_C(25) * 3600 * 1000000;

static void count_status(struct store_state *state, str status)
{
    for (size_t i = 0; i < state->certificates_count; i++) {
        if (str_equal_c(status, state->certificates[i].name)) {
            state->certificates[i].count++;
            return;
        }
    }
    BUG_UNLESS(state->certificates_count < STORE_STATUSES_MAX);
    state->certificates[state->certificates_count++] =
        (struct store_counter){arena_c_string(&state->session->run_arena, status), 1};
}

static FALLIBLE count_certificates(struct store_state *state, struct error *err)
{
    struct session *session = state->session;
    VIEWS_WALK_AUTO walk = {0};
    TRY(views_walk_open(engine_views(session->engine), VIEW_CERTIFICATE, NULL, &session->item_arena,
                        &walk, err));
    while (walk.record != NULL) {
        count_status(state, certificate_status_text(walk.record, session->run.moment.today));
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

struct document_count {
    uint64_t *count;
    const struct blocked_persons *but; /* theirs are not counted */
};

static outcome count_document(void *context, str id, struct error *err)
{
    const struct document_count *counting = context;
    bool theirs = false;
    TRY(blocked_persons_have(counting->but, id, &theirs, err));
    *counting->count += !theirs;
    return OK;
}

/* What is ready is a file; what is not, work that is yet to be done. */
static FALLIBLE count_documents(struct store_state *state, struct error *err)
{
    struct session *session = state->session;
    struct arena *arena = &session->run_arena;
    struct blocked_persons erased;
    TRY(blocked_persons_load(session, index_blocked_persons(), arena, &state->blocked, err));
    TRY(blocked_persons_load(session, index_erased_persons(), arena, &erased, err));
    for (int i = DOCUMENT_STATUS__CODE__PENDING; i <= DOCUMENT_STATUS__CODE__FAILED; i++) {
        struct document_count count = {
            &state->documents[i], i == DOCUMENT_STATUS__CODE__READY ? &erased : &state->blocked};
        TRY(each_of_index(session, index_documents((DocumentStatus__Code)i), count_document, &count,
                          err));
    }
    return OK;
}

static outcome count_wave(void *context, str part, struct error *err)
{
    struct store_state *state = context;
    (void)part; /* counted only */
    (void)err;  /* cannot fail */
    state->open_waves++;
    return OK;
}

static FALLIBLE look_at_checkpoints(struct store_state *state, struct error *err)
{
    struct session *session = state->session;
    Event *next = NULL;
    state->last_checkpoint = checkpoints_last_size(session->store_dir, &session->run_arena);
    if (state->last_checkpoint < state->events) {
        TRY(engine_event(session->engine, state->last_checkpoint + 1, &session->item_arena, &next,
                         err));
        state->unsigned_since_us = next->recorded_at_us;
        arena_reset(&session->item_arena);
    }
    return OK;
}

/* After a run with a clock that was ahead. */
static FALLIBLE look_at_clock(struct store_state *state, struct error *err)
{
    struct session *session = state->session;
    RegistryView *registry = NULL;
    TRY(engine_registry(session->engine, &session->item_arena, &registry, err));
    const Date *last = registry->last_business_date;
    state->last_day = last != NULL ? last->days : 0;
    state->is_day_ahead = last != NULL && !registry->clock_free && session->clock_day < last->days;
    arena_reset(&session->item_arena);
    return OK;
}

/* A file that is not there or not legible is told by `regenerate`: whoever only looks at a copy may
 * have none. */
static void look_at_signer(struct store_state *state)
{
    struct session *session = state->session;
    struct document_keys keys = document_keys_of_config(session);
    struct error ignored;
    bytes pem = {0};
    state->has_signer_end =
        file_read(keys.certificate, &session->item_arena, CERTIFICATES_BYTES_MAX, &pem, &ignored)
            .ok &&
        certificates_valid_until(pem, &state->signer_end);
    arena_reset(&session->item_arena);
}

/* All of them, not only the next: an older root stays, for what was signed under it. */
static FALLIBLE look_at_roots(struct store_state *state, struct error *err)
{
    struct session *session = state->session;
    struct arena *arena = &session->run_arena;
    struct trust trust = {0};
    TRY(submission_roots(session->engine, arena, &trust, err));
    for (size_t i = 0; i < trust.roots_count && state->roots_count < STORE_ROOTS_MAX; i++) {
        struct cms_signer facts;
        struct error ignored; /* it was read when it was added */
        if (!cms_certificate_read(STR("root"), trust.roots[i], arena, &facts, &ignored).ok) {
            continue;
        }
        int64_t days = (int64_t)facts.valid_until - session->run.moment.today;
        if (days >= -SIGNER_WARNING_DAYS && days <= SIGNER_WARNING_DAYS) {
            state->roots[state->roots_count++] =
                (struct store_root){facts.subject, facts.valid_until};
        }
    }
    return OK;
}

FALLIBLE store_state_look(struct session *session, struct store_state *state, struct error *err)
{
    struct log_txn *txn = engine_log_txn(session->engine);
    struct statvfs disk;
    *state = (struct store_state){.session = session};
    state->events = log_size(txn);
    state->root = log_root(txn);
    state->views_at = views_applied(engine_views(session->engine));
    TRY(count_certificates(state, err));
    TRY(count_documents(state, err));
    TRY(owed_proofs_look(session, &state->owed, err));
    TRY(each_of_index(session, index_open_waves(), count_wave, state, err));
    TRY(look_at_checkpoints(state, err));
    TRY(look_at_clock(state, err));
    look_at_signer(state);
    TRY(look_at_roots(state, err));
    outbox_look(session, &state->national);
    if (statvfs(session->store_dir, &disk) == 0) {
        state->disk_free = (uint64_t)disk.f_bavail * disk.f_frsize;
    }
    return OK;
}

/* --- what needs a hand ---------------------------------------------------------------------------
 */

/* A log that nobody ever signed, or that no night signed in time. */
static bool checkpoint_missing(const struct store_state *state)
{
    int64_t now_us = state->session->run.moment.now_us;
    return state->last_checkpoint < state->events &&
           (state->last_checkpoint == 0 || now_us - state->unsigned_since_us > UNSIGNED_MAX_US);
}

static struct store_finding root_finding(const struct store_root *root, int32_t today)
{
    struct store_finding ended = {
        MESSAGE_CHECK_ROOT_ENDED, {ARG_STR("root", root->name), ARG_DATE("until", root->end)}, 2};
    struct store_finding ends = {MESSAGE_CHECK_ROOT_ENDS,
                                 {ARG_STR("root", root->name), ARG_DATE("until", root->end),
                                  ARG_INT("days", (int64_t)root->end - today)},
                                 3};
    return root->end < today ? ended : ends;
}

size_t store_state_findings(const struct store_state *state,
                            struct store_finding findings[STORE_FINDINGS_MAX])
{
    size_t count = 0;
    uint64_t failed = state->documents[DOCUMENT_STATUS__CODE__FAILED];
    uint64_t disk_mib = state->disk_free >> 20;
    char since[INSTANT_SIZE] = "";
    char unsigned_since[INSTANT_SIZE] = "";
    instant_format(state->owed.oldest_us, since);
    instant_format(state->unsigned_since_us, unsigned_since);
    int64_t signer_days = (int64_t)state->signer_end - state->session->run.moment.today;
    const struct {
        bool holds;
        struct store_finding finding;
    } all[] = {
        {state->views_at < state->events,
         {MESSAGE_CHECK_VIEWS_BEHIND, {ARG_INT("events", state->events - state->views_at)}, 1}},
        {failed > 0, {MESSAGE_CHECK_DOCUMENTS_FAILED, {ARG_INT("documents", failed)}, 1}},
        {state->owed.overdue > 0,
         {MESSAGE_CHECK_PROOFS_OVERDUE,
          {ARG_INT("proofs", state->owed.overdue), ARG_TEXT("since", since),
           ARG_INT("minutes", state->owed.oldest_age_us / 60000000)},
          3}},
        {state->open_waves > 0,
         {MESSAGE_CHECK_WAVES_OPEN, {ARG_INT("waves", state->open_waves)}, 1}},
        {state->national.refused > 0,
         {MESSAGE_CHECK_NATIONAL_REFUSED,
          {ARG_INT("refused", state->national.refused),
           ARG_INT("waiting", state->national.waiting)},
          2}},
        {checkpoint_missing(state),
         {MESSAGE_CHECK_NO_CHECKPOINT,
          {ARG_INT("size", state->last_checkpoint), ARG_INT("events", state->events),
           ARG_TEXT("since", unsigned_since)},
          3}},
        {disk_mib < DISK_FREE_MIN_MIB, {MESSAGE_CHECK_DISK, {ARG_INT("mib", disk_mib)}, 1}},
        {state->is_day_ahead,
         {MESSAGE_CHECK_CLOCK,
          {ARG_DATE("last", state->last_day), ARG_DATE("clock", state->session->clock_day)},
          2}},
        {state->has_signer_end && signer_days >= 0 && signer_days <= SIGNER_WARNING_DAYS,
         {MESSAGE_CHECK_SIGNER_ENDS,
          {ARG_DATE("until", state->signer_end), ARG_INT("days", signer_days)},
          2}},
        {state->has_signer_end && signer_days < 0,
         {MESSAGE_CHECK_SIGNER_ENDED, {ARG_DATE("until", state->signer_end)}, 1}},
    };
    _Static_assert(sizeof all / sizeof *all + STORE_ROOTS_MAX <= STORE_FINDINGS_MAX,
                   "room for all");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].holds) {
            findings[count++] = all[i].finding;
        }
    }
    for (size_t i = 0; i < state->roots_count; i++) {
        findings[count++] = root_finding(&state->roots[i], state->session->run.moment.today);
    }
    return count;
}
