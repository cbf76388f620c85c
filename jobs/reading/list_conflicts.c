/* list_conflicts - `list conflicts`: where the national register contradicts a certificate here, a
 * row each, by number. What contradicts is asked of events/conflicts.h; clerks settle it, nothing
 * is changed.
 *
 * A page goes on behind a certificate, so all conflicts of one stand on the same page. */
#include <string.h>

#include "events/conflicts.h"
#include "events/terms/category.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/engine/person_ids.h"
#include "jobs/reading/listing.h"

/* The rows that may say something of one certificate. */
struct contradicting {
    struct listing *listing;
    const CertificateView *certificate;
    const PersonView *holder;
    struct person_id_list ids;
    struct found {
        const NationalView *national;
        enum conflict conflict;
    } * found;
    size_t count;
    size_t capacity;
};

static bool is_own(const struct contradicting *about, const NationalView *national)
{
    for (size_t i = 0; i < about->ids.count; i++) {
        if (strcmp(about->ids.items[i], national->person_id) == 0) {
            return true;
        }
    }
    return false;
}

static void judge(struct contradicting *about, const NationalView *national)
{
    struct listing *listing = about->listing;
    const struct conflict_question question = {
        .certificate = about->certificate,
        .holder = about->holder,
        .national = national,
        .own = is_own(about, national),
        .today = listing->session->run.moment.today,
    };
    unsigned conflicts = conflicts_of(&question, listing->source.arena);
    for (int i = 0; i < CONFLICT_COUNT; i++) {
        enum conflict conflict = (enum conflict)i;
        bool wanted = *listing->options->conflict == 0 ||
                      str_equal_c(conflict_text(conflict), listing->options->conflict);
        if ((conflicts & 1U << i) != 0 && wanted) {
            ARENA_GROW(listing->source.arena, about->found, about->count, &about->capacity);
            about->found[about->count++] = (struct found){national, conflict};
        }
    }
}

/* --- the rows of a certificate ---------------------------------------------------------------- */

/* Those of its number, whoever's they are. */
static outcome judge_number(struct contradicting *about, struct error *err)
{
    struct listing *listing = about->listing;
    struct view_key prefix = prefix_nationals_of_number(str_of(about->certificate->certificate));
    struct views_list list = {0};
    TRY(views_list_records(engine_views(listing->session->engine), VIEW_NATIONAL, &prefix,
                           listing->source.arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        const NationalView *national = list.items[i];
        if (national->record != NULL) {
            judge(about, national);
        }
    }
    return OK;
}

struct persons_rows {
    struct contradicting *about;
    str person_id;
};

/* The holder's others. */
static outcome judge_other(void *state, str number, struct error *err)
{
    const struct persons_rows *rows = state;
    struct listing *listing = rows->about->listing;
    const NationalView *national = NULL;
    if (str_equal_c(number, rows->about->certificate->certificate)) {
        return OK;
    }
    TRY(views_get(engine_views(listing->session->engine), VIEW_NATIONAL,
                  key_national(rows->person_id, number), listing->source.arena, &national, err));
    if (national->record != NULL) {
        judge(rows->about, national);
    }
    return OK;
}

static outcome find_conflicts(struct contradicting *about, struct error *err)
{
    struct listing *listing = about->listing;
    TRY(judge_number(about, err));
    for (size_t i = 0; i < about->ids.count; i++) {
        struct persons_rows rows = {about, str_of(about->ids.items[i])};
        TRY(each_of_index(listing->session, index_nationals_of_person(rows.person_id), judge_other,
                          &rows, err));
    }
    return OK;
}

/* --- rows ------------------------------------------------------------------------------------- */

static outcome add_row(struct contradicting *about, const struct found *found, struct error *err)
{
    struct listing *listing = about->listing;
    const NationalView *national = found->national;
    const NationalRecord *row = national->record;
    struct json *record = NULL;
    TRY(object_of_certificate(&listing->source, about->certificate, &record, err));
    json_put_text(record, "conflict", conflict_text(found->conflict));
    struct json *there = json_put_record(record, "national");
    json_put_text(there, "certificate", str_of(row->certificate));
    json_put_text(there, "name", str_of(national->name));
    json_put_text(there, "id_number", str_of(national->masked_number));
    json_put_text(there, "enterprise_name", str_of(row->enterprise_name));
    json_put_text(there, "issued_by", str_of(row->issuer));
    json_put_text(there, "state", national_state_text(row->state));
    object_put_date(there, "valid_until", row->valid_until);
    object_put_date(there, "recorded_on", national->recorded_on);
    return listing_add(listing, record, err);
}

/* Not one of a certificate's conflicts is left behind at the end of a page, unless it alone has
 * more than fit on one. */
static outcome add_rows(struct contradicting *about, struct error *err)
{
    struct listing *listing = about->listing;
    if (about->count > listing->left && listing->rows.count > 0) {
        listing->left = 0;
        return OK;
    }
    if (about->count > listing->left) {
        listing->left = about->count;
    }
    for (size_t i = 0; i < about->count; i++) {
        TRY(add_row(about, &about->found[i], err));
    }
    return OK;
}

static outcome visit(struct listing *listing, const ProtobufCMessage *message, struct error *err)
{
    const CertificateView *certificate = (const CertificateView *)(const void *)message;
    struct contradicting about = {.listing = listing, .certificate = certificate};
    PersonView *holder = NULL;
    bool takes = false;
    TRY(listing_takes_certificate(listing, certificate, &takes, err));
    if (!takes) {
        return OK;
    }
    TRY(person_view(listing->session, str_of(certificate->person_id), listing->source.arena,
                    &holder, err));
    bool named = str_empty(listing->name_key) || listing_takes_person(listing, holder) ||
                 listing_takes_name(listing, printed_name(certificate, holder));
    if (!named || holder->blocked) { /* R-PV-02 */
        return OK;
    }
    about.holder = holder;
    about.ids = person_ids_all(holder, certificate->person_id, listing->source.arena);
    TRY(find_conflicts(&about, err));
    return add_rows(&about, err);
}

outcome list_conflicts(struct listing *listing, struct error *err)
{
    struct keys numbers = {.arena = &listing->session->run_arena};
    bool gathered = false;
    TRY(listing_gather(listing, &numbers, &gathered, err));
    return gathered ? listing_visit_keys(listing, VIEW_CERTIFICATE, &numbers, visit, err)
                    : listing_walk(listing, VIEW_CERTIFICATE, visit, err);
}
