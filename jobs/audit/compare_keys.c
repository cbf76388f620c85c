/* compare_keys - compares keys with the log (comparing.h): every person with a sealed event and
 * every submission that was kept must have a key, except those that an erasure in the log took. A
 * key that was lost without such an event reads as if the person had been erased, and after a
 * rebuild the views say so too. */
#include "jobs/audit/comparing.h"

static void note(struct comparing *comparing, str id, uint64_t event)
{
    struct arena *arena = &comparing->session->run_arena;
    bool made = false;
    if (map_find(&comparing->unopened, str_bytes(id)) != NULL) {
        return; /* the first event is told */
    }
    uint64_t *first = ARENA_NEW(arena, uint64_t);
    *first = event;
    map_put(&comparing->unopened, str_bytes(arena_str(arena, id)), &made)->value = first;
}

/* A submission is sealed with a key of its own. */
static FALLIBLE gather_submission(struct comparing *comparing, const Event *event,
                                  struct error *err)
{
    struct people *people = engine_people(comparing->session->engine);
    const FileProcessed *file = event->file_processed;
    bool has_key = true;
    if (file->file_blob.len == 0) {
        return OK;
    }
    const char *id =
        people_id_of_file(people, bytes_of(file->file_sha256.data, file->file_sha256.len),
                          &comparing->session->item_arena);
    TRY(people_has_key(people, str_of(id), &has_key, err));
    if (!has_key) {
        note(comparing, str_of(id), event->sequence);
    }
    return OK;
}

FALLIBLE compare_keys_gather(struct comparing *comparing, Event *event, struct error *err)
{
    struct personal_slot slot = event_personal(event);
    if (event->body_case == EVENT__BODY_FILE_PROCESSED) {
        return gather_submission(comparing, event, err);
    }
    if (slot.personal != NULL && slot.sealed->len > 0 && *slot.personal == NULL) {
        note(comparing, str_of(*slot.person_id), event->sequence);
    }
    return OK;
}

FALLIBLE compare_keys_missing(struct comparing *comparing, struct error *err)
{
    struct erasure_extent erased;
    if (comparing->unopened.count == 0) {
        return OK;
    }
    TRY(compare_erasures(comparing, &erased, err));
    struct map_entry **entries = map_sorted(&comparing->unopened, &comparing->session->run_arena);
    for (size_t i = 0; i < comparing->unopened.count; i++) {
        const uint64_t *event = entries[i]->value;
        if (map_find(&erased.ids, entries[i]->key) == NULL) {
            str id = {(const char *)entries[i]->key.data, entries[i]->key.size};
            TRY(comparing_add(comparing, "key", DIFFERENCE_MISSING, *event, id, err));
        }
    }
    return OK;
}
