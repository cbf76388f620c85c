/* erasure - see erasure.h. The report of an erasure is in erasure_report.c, what it is about in
 * erasure_extent.c. */
#include "jobs/engine/erasure.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/wipe.h"
#include "events/person_number.h"
#include "jobs/engine/as_other.h"
#include "jobs/engine/erasure_extent.h"
#include "jobs/engine/erasure_report.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/engine/project.h"
#include "jobs/engine/views_switch.h"

/* --- what the rule cannot know ------------------------------------------------------------------
 */

static outcome get_person(struct engine *engine, str id, struct arena *arena,
                          const PersonView **ret, struct error *err)
{
    return views_get(engine_views(engine), VIEW_PERSON, key_person(id), arena, ret, err);
}

static void add_id(PersonErased *erased, const char *id, struct arena *arena)
{
    char **longer = ARENA_ARRAY(arena, char *, erased->n_further_ids + 1);
    for (size_t i = 0; i < erased->n_further_ids; i++) {
        longer[i] = erased->further_ids[i];
    }
    longer[erased->n_further_ids++] = arena_c_string(arena, str_of(id));
    erased->further_ids = longer;
}

static bool is_own(const CertificateView *certificate, uint64_t event)
{
    for (size_t i = 0; i < certificate->n_events; i++) {
        if (certificate->events[i] == event) {
            return true;
        }
    }
    return false;
}

/* A row of another province with a masked number has a key of its own. Only an entry that used the
 * row shows that it is this person's. */
static outcome add_masked(struct engine *engine, PersonErased *erased,
                          const CertificateView *certificate, struct arena *arena,
                          struct error *err)
{
    struct view_key prefix = prefix_nationals_of_number(str_of(certificate->original_certificate));
    struct views_list list = {0};
    if (certificate->original_certificate[0] == 0) {
        return OK;
    }
    TRY(views_list_records(engine_views(engine), VIEW_NATIONAL, &prefix, arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        const NationalView *national = list.items[i];
        bool own = strcmp(national->person_id, erased->person_id) == 0;
        if (!own && national->record != NULL && national->record->masked &&
            is_own(certificate, national->used_by_event)) {
            add_id(erased, national->person_id, arena);
        }
    }
    return OK;
}

static outcome add_all_masked(struct engine *engine, PersonErased *erased, struct arena *arena,
                              struct error *err)
{
    struct view_key prefix = index_certificates_of_person(str_of(erased->person_id));
    struct views_list numbers = {0};
    TRY(views_list_index(engine_views(engine), &prefix, arena, &numbers, err));
    for (size_t i = 0; i < numbers.count; i++) {
        const CertificateView *certificate = NULL;
        TRY(views_get(engine_views(engine), VIEW_CERTIFICATE,
                      key_certificate(str_of(numbers.items[i])), arena, &certificate, err));
        TRY(add_masked(engine, erased, certificate, arena, err));
    }
    return OK;
}

/* The platform calls most documents 其他, so its rows about the person have the key of that kind.
 */
static outcome add_as_other(struct engine *engine, PersonErased *erased, const PersonView *person,
                            struct arena *arena, struct error *err)
{
    struct person_id_list ids;
    TRY(as_other_ids(engine, person, arena, &ids, err));
    for (size_t i = 0; i < ids.count; i++) {
        bool own = false;
        TRY(as_other_is_persons(engine_views(engine), ids.items[i], person, arena, &own, err));
        if (own && !person_has_id(person, ids.items[i])) { /* corrected to it: it is an alias */
            add_id(erased, ids.items[i], arena);
        }
    }
    return OK;
}

FALLIBLE erasure_complete(struct engine *engine, PersonErased *erased, struct arena *arena,
                          struct error *err)
{
    const PersonView *person = NULL;
    struct erasure_extent extent;
    TRY(get_person(engine, str_of(erased->person_id), arena, &person, err));
    BUG_UNLESS(person != NULL); /* a record that is absent is an empty view */
    for (size_t i = 0; i < person->n_aliases; i++) {
        add_id(erased, person->aliases[i], arena);
    }
    TRY(add_all_masked(engine, erased, arena, err));
    TRY(add_as_other(engine, erased, person, arena, err));
    erasure_extent_init(&extent, arena);
    erasure_extent_add(&extent, erased);
    TRY(engine_log_ready(engine, err));
    TRY(erasure_extent_measure(engine_log_txn(engine), &extent, err));
    erased->sealed = extent.sealed;
    erased->blobs = extent.blobs;
    erased->documents = extent.documents;
    erased->submissions = extent.submissions;
    erased->n_submissions = extent.submissions_count;
    return OK;
}

/* --- carrying out -------------------------------------------------------------------------------
 */

static outcome destroy_keys(struct engine *engine, const struct erasure_extent *extent,
                            struct error *err)
{
    for (size_t i = 0; i < extent->erasures_count; i++) {
        const PersonErased *erased = extent->erasures[i];
        TRY(people_destroy(engine_people(engine), str_of(erased->person_id), err));
        for (size_t k = 0; k < erased->n_further_ids; k++) {
            TRY(people_destroy(engine_people(engine), str_of(erased->further_ids[k]), err));
        }
    }
    return OK;
}

static outcome wipe_files(struct engine *engine, const struct erasure_extent *extent,
                          struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < extent->files_count; i++) {
        TRY(file_wipe(engine_path(engine, arena, extent->files[i]), err));
    }
    return OK;
}

/* Makes the views anew like a rebuild, so that none keeps anything that was sealed. */
static outcome fold_anew(struct engine *engine, struct error *err)
{
    const struct fold_options options = {.as_of = INT32_MAX};
    uint64_t last = 0;
    TRY(engine_begin(engine, err));
    TRY(views_switch(engine, &options, &last, err));
    return engine_reopen_views(engine, err);
}

static outcome measure(struct engine *engine, uint64_t applied, struct erasure_extent *extent,
                       struct error *err)
{
    TRY(engine_begin(engine, err));
    outcome result = engine_log_ready(engine, err);
    if (result.ok) {
        result = erasure_extent_read(engine_log_txn(engine), applied, extent, err);
    }
    engine_abort(engine);
    return result;
}

FALLIBLE erasure_carry_out(struct engine *engine, uint64_t applied, struct error *err)
{
    struct erasure_extent extent;
    struct arena arena;
    arena_init(&arena, 0);
    erasure_extent_init(&extent, &arena);
    outcome result = measure(engine, applied, &extent, err);
    if (result.ok) {
        result = destroy_keys(engine, &extent, err);
    }
    if (result.ok) {
        result = wipe_files(engine, &extent, &arena, err);
    }
    for (size_t i = 0; result.ok && i < extent.erasures_count; i++) {
        result = erasure_report_write(engine, extent.erasures[i], &arena, err);
    }
    if (result.ok) { /* last: views that have applied the whole log mean that all of this is done */
        result = fold_anew(engine, err);
    }
    arena_release(&arena);
    return result;
}

/* --- an older keyring ---------------------------------------------------------------------------
 */

FALLIBLE erasure_forget(struct engine *engine, bool *ret_found, struct error *err)
{
    struct view_key prefix = index_erased_persons();
    struct views_scan scan = {0};
    bool more = false;
    *ret_found = false;
    TRY(views_scan_open(engine_views(engine), VIEW_INDEX, &prefix, (bytes){0}, &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        bool found = false;
        result = people_forget(engine_people(engine), key_last_part(scan.key), &found, err);
        if (!result.ok) {
            break;
        }
        *ret_found |= found;
    }
    views_scan_close(&scan);
    return result;
}
