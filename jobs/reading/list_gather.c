/* list_gather - selects the records that a list looks at: by its filters, through the indexes. */
#include <stdlib.h>

#include "core/io/stop.h"
#include "events/terms/names.h"
#include "events/terms/validity.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/reading/listing.h"

/* --- keys ----------------------------------------------------------------------------------------
 */

void keys_add(struct keys *keys, str key)
{
    ARENA_GROW(keys->arena, keys->items, keys->count, &keys->capacity);
    keys->items[keys->count++] = arena_str(keys->arena, key);
}

outcome keys_take(void *state, str key, struct error *err)
{
    keys_add(state, key);
    return listing_go_on(err);
}

static int compare_keys(const void *a, const void *b)
{
    return str_compare(*(const str *)a, *(const str *)b);
}

void keys_sort(struct keys *keys)
{
    size_t kept = 0;
    if (keys->count > 1) {
        qsort(keys->items, keys->count, sizeof *keys->items, compare_keys);
    }
    for (size_t i = 0; i < keys->count; i++) {
        if (kept == 0 || !str_equal(keys->items[i], keys->items[kept - 1])) {
            keys->items[kept++] = keys->items[i];
        }
    }
    keys->count = kept;
}

bool keys_have(const struct keys *keys, str key)
{
    return keys->count > 0 &&
           bsearch(&key, keys->items, keys->count, sizeof *keys->items, compare_keys) != NULL;
}

/* --- filters -------------------------------------------------------------------------------------
 */

static bool passes(const struct listing *listing, str key, str wanted)
{
    return listing->name_prefix ? str_starts_with(key, wanted) : str_equal(key, wanted);
}

bool listing_takes_name(struct listing *listing, str name)
{
    return str_empty(listing->name_key) ||
           passes(listing, person_name_key(name, listing->source.arena), listing->name_key);
}

bool listing_takes_enterprise_name(struct listing *listing, str name)
{
    return str_empty(listing->enterprise_key) ||
           passes(listing, enterprise_name_key(name, listing->source.arena),
                  listing->enterprise_key);
}

bool listing_takes_person(struct listing *listing, const PersonView *person)
{
    bool takes = listing_takes_name(listing, str_of(person->name));
    for (size_t i = 0; i < person->n_former_names && !takes; i++) {
        takes = listing_takes_name(listing, str_of(person->former_names[i]));
    }
    return takes;
}

static DocumentStatus__Code document_status(str text)
{
    if (str_equal_c(text, "pending")) {
        return DOCUMENT_STATUS__CODE__PENDING;
    }
    return str_equal_c(text, "ready") ? DOCUMENT_STATUS__CODE__READY
                                      : DOCUMENT_STATUS__CODE__FAILED;
}

FALLIBLE listing_takes_document(struct listing *listing, const char *id, const char *person_id,
                                bool *ret, struct error *err)
{
    struct arena *arena = listing->source.arena;
    DocumentView *document = NULL;
    PersonView *person = NULL;
    *ret = true;
    if (!str_empty(listing->document)) {
        TRY(document_view(listing->session, str_of(id), arena, &document, err));
        TRY(person_view(listing->session, str_of(person_id), arena, &person, err));
        bool hidden =
            document->status == DOCUMENT_STATUS__CODE__READY ? person->erased : person->blocked;
        *ret = !hidden && document->status == document_status(listing->document);
    }
    return OK;
}

FALLIBLE listing_takes_certificate(struct listing *listing, const CertificateView *certificate,
                                   bool *ret, struct error *err)
{
    const char *wanted = listing->options->status;
    str status = certificate_status_text(certificate, listing->session->run.moment.today);
    *ret = *certificate->certificate != 0 &&
           (str_empty(listing->enterprise) ||
            str_equal_c(listing->enterprise, certificate->enterprise)) &&
           (str_empty(listing->certificate) ||
            str_equal_c(listing->certificate, certificate->certificate)) &&
           (str_empty(listing->person_id) ||
            str_equal_c(listing->person_id, certificate->person_id)) &&
           (*wanted == 0 || str_equal_c(status, wanted));
    if (*ret) {
        TRY(listing_takes_document(listing, certificate->certificate, certificate->person_id, ret,
                                   err));
    }
    return OK;
}

/* --- indexes -------------------------------------------------------------------------------------
 */

struct gathering {
    struct session *session;
    struct keys *numbers;
};

static outcome add_numbers_of_person(void *state, str person_id, struct error *err)
{
    struct gathering *gathering = state;
    return each_of_index(gathering->session, index_certificates_of_person(person_id), keys_take,
                         gathering->numbers, err);
}

/* Proofs are documents too; their ids have a colon. */
static outcome add_document(void *state, str id, struct error *err)
{
    return str_find_byte(id, ':') < id.size ? OK : keys_take(state, id, err);
}

/* The index that the filters name, the narrowest first; false when they name none. */
static FALLIBLE gather(struct listing *listing, struct gathering *gathering, bool *ret_gathered,
                       struct error *err)
{
    struct session *session = listing->session;
    bool has_name = !str_empty(listing->name_key);
    bool has_enterprise = !str_empty(listing->enterprise);
    *ret_gathered = true;
    if (!str_empty(listing->certificate)) {
        keys_add(gathering->numbers, listing->certificate);
    } else if (!str_empty(listing->person_id)) {
        TRY(add_numbers_of_person(gathering, listing->person_id, err));
    } else if (has_name && !(listing->name_prefix && has_enterprise)) {
        TRY(each_of_index(session, index_persons_of_name(listing->name_key, listing->name_prefix),
                          add_numbers_of_person, gathering, err));
    } else if (has_enterprise) {
        TRY(each_of_index(session, index_certificates_of_enterprise(listing->enterprise), keys_take,
                          gathering->numbers, err));
    } else if (!str_empty(listing->document)) {
        TRY(each_of_index(session, index_documents(document_status(listing->document)),
                          add_document, gathering->numbers, err));
    } else {
        *ret_gathered = false;
    }
    return OK;
}

FALLIBLE listing_gather(struct listing *listing, struct keys *numbers, bool *ret_gathered,
                        struct error *err)
{
    struct gathering gathering = {listing->session, numbers};
    TRY(gather(listing, &gathering, ret_gathered, err));
    if (!*ret_gathered && listing->kind->work != NULL && listing->kind->work->gather != NULL) {
        TRY(listing->kind->work->gather(listing, numbers, err));
        *ret_gathered = true;
    }
    keys_sort(numbers);
    return OK;
}

FALLIBLE listing_go_on(struct error *err)
{
    if (stop_requested()) {
        FAIL(BUSY, MESSAGE_EXPORT_STOPPED);
    }
    return OK;
}

/* --- rows ----------------------------------------------------------------------------------------
 */

FALLIBLE listing_walk(struct listing *listing, enum view_id view,
                      outcome (*visit)(struct listing *listing, const ProtobufCMessage *message,
                                       struct error *err),
                      struct error *err)
{
    VIEWS_WALK_AUTO walk = {0};
    TRY(views_walk_behind(engine_views(listing->session->engine), view, NULL,
                          str_bytes(listing->after), listing->source.arena, &walk, err));
    while (walk.record != NULL && listing->left > 0) {
        TRY(listing_go_on(err));
        TRY(visit(listing, walk.record, err));
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

/* The views of these lists are keyed by their text alone. */
static struct view_key key_of(enum view_id view, str text)
{
    if (view == VIEW_CERTIFICATE) {
        return key_certificate(text);
    }
    BUG_UNLESS(view == VIEW_PERSON || view == VIEW_ENTERPRISE);
    return view == VIEW_PERSON ? key_person(text) : key_enterprise(text);
}

FALLIBLE listing_visit_keys(struct listing *listing, enum view_id view, const struct keys *keys,
                            outcome (*visit)(struct listing *listing,
                                             const ProtobufCMessage *message, struct error *err),
                            struct error *err)
{
    for (size_t i = 0; i < keys->count && listing->left > 0; i++) {
        ProtobufCMessage *message = NULL;
        if (str_compare(keys->items[i], listing->after) <= 0) {
            continue;
        }
        TRY(listing_go_on(err));
        arena_reset(listing->source.arena);
        TRY(views_get(engine_views(listing->session->engine), view, key_of(view, keys->items[i]),
                      listing->source.arena, &message, err));
        TRY(visit(listing, message, err));
    }
    return OK;
}

FALLIBLE listing_add(struct listing *listing, struct json *record, struct error *err)
{
    listing->left--;
    return report_rows_add(&listing->rows, record, err);
}
