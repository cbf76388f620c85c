/* compare_past - the views for an `audit compare` of an earlier state (comparing.h): they are made
 * from the log up to that point, outside the store, and read instead of the store's own. Their
 * files are unlinked as soon as they are open. */
#include "jobs/audit/comparing.h"
#include "jobs/audit/past_views.h"

/* Views that hold nothing that a page shows. */
static const uint32_t unread_views = 1U << VIEW_EXAM | 1U << VIEW_INSURANCE | 1U << VIEW_NATIONAL |
                                     1U << VIEW_FILE_RECORD | 1U << VIEW_VISIT |
                                     1U << VIEW_APPLICATION | 1U << VIEW_CODE | 1U << VIEW_WAVE;

bool comparing_documents_alone(const struct comparing *comparing)
{
    const AuditCompareOptions *options = comparing->options;
    return options->until != 0 || options->as_of != NULL || options->n_certificate > 0;
}

/* Documents of a person erased since cannot be drawn, and are not reported. */
static outcome gather_erased(struct comparing *comparing, struct error *err)
{
    struct session *session = comparing->session;
    map_init(&comparing->erased, &session->run_arena);
    for (uint64_t i = comparing->last + 1; i <= engine_last_sequence(session->engine); i++) {
        Event *event = NULL;
        bool made = false;
        arena_reset(&session->item_arena);
        TRY(engine_event(session->engine, i, &session->item_arena, &event, err));
        if (event->body_case == EVENT__BODY_PERSON_ERASED) {
            str id = arena_str(&session->run_arena, str_of(event->person_erased->person_id));
            (void)map_put(&comparing->erased, str_bytes(id), &made); /* a set */
        }
    }
    return OK;
}

FALLIBLE compare_past_open(struct comparing *comparing, struct error *err)
{
    struct session *session = comparing->session;
    const AuditCompareOptions *options = comparing->options;
    comparing->last = engine_last_sequence(session->engine);
    if (options->until > comparing->last) {
        FAIL(USAGE, MESSAGE_REPLAY_UNTIL_TOO_FAR, ARG_INT("events", comparing->last));
    }
    if (options->until == 0 && options->as_of == NULL) {
        return gather_erased(comparing, err); /* of nobody: the set is made */
    }
    const struct fold_options wanted = {.until = options->until,
                                        .as_of = options->as_of != NULL ? options->as_of->days
                                                                        : INT32_MAX,
                                        .memory_bytes = comparing->memory_bytes,
                                        .without = unread_views,
                                        .stops = true,
                                        .for_once = true};
    TRY(past_views_open(session, &wanted, &comparing->last, err));
    return gather_erased(comparing, err);
}
