/* list_work - the work lists of the manual: what can be exchanged, renamed, extended, taken over,
 * cancelled, departed. The rules themselves say which certificates belong on a list
 * (events/eligible.h, decide); nothing is decided here, and nothing is written.
 *
 * In JSON each item of these lists is the object of `show certificate`. extendable and transferable
 * add what else they know at its end: `obstacle`, `first_allowed`. */
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/eligible.h"
#include "events/guards.h"
#include "events/messages.h"
#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "events/terms/validity.h"
#include "jobs/engine/judging/dossier.h"
#include "jobs/reading/listing.h"

static int32_t today_of(const struct listing *listing)
{
    return listing->session->run.moment.today;
}

/* Columns that repeat what the object says in another place are for tables and CSV alone. */
static bool is_for_columns(const struct listing *listing)
{
    return listing->rows.format != TABLE_JSON;
}

/* A rule's no, or a failure to ask it. */
static FALLIBLE asked(outcome judged, const struct error *answer, bool *ret, struct error *err)
{
    *ret = judged.ok;
    if (!judged.ok && answer->class != ERROR_REFUSED) {
        *err = *answer;
        return error_trace(err, HERE);
    }
    return OK;
}

static str date_text(int32_t days, struct arena *arena)
{
    char text[DATE_SIZE];
    date_format(days, text);
    return arena_str(arena, str_of(text));
}

/* --- exchangeable --------------------------------------------------------------------------------
 */

static outcome takes_exchangeable(struct listing *listing, const struct listed *listed, bool *ret,
                                  struct error *err)
{
    struct error answer;
    outcome judged = exchange_check_certificate(listed->certificate, today_of(listing), &answer);
    return asked(judged, &answer, ret, err);
}

/* R-EX-03: 未换取. */
static outcome add_exchangeable(struct listing *listing, const struct listed *listed,
                                struct json *record, struct error *err)
{
    (void)listed;
    (void)err; /* every one of them is not exchanged yet */
    if (is_for_columns(listing)) {
        json_put_text(record, "exchange_status", STR("not_exchanged"));
    }
    return OK;
}

const struct work_list work_exchangeable = {.takes = takes_exchangeable, .add = add_exchangeable};

/* --- renamable -----------------------------------------------------------------------------------
 */

static outcome takes_renamable(struct listing *listing, const struct listed *listed, bool *ret,
                               struct error *err)
{
    (void)err; /* nothing is read */
    *ret = *listed->enterprise->code != 0 &&
           rename_takes_certificate(listed->certificate, str_of(listed->enterprise->name),
                                    today_of(listing), listing->source.arena);
    return OK;
}

static outcome add_renamable(struct listing *listing, const struct listed *listed,
                             struct json *record, struct error *err)
{
    (void)err; /* nothing is read */
    if (is_for_columns(listing)) {
        json_put_text(record, "register_name", str_of(listed->enterprise->name));
    }
    return OK;
}

const struct work_list work_renamable = {.takes = takes_renamable, .add = add_renamable};

/* --- extendable ----------------------------------------------------------------------------------
 */

/* The window ends with the certificate: those that end from today on, until one ends so late that
 * its window is not open yet. */
static outcome gather_extendable(struct listing *listing, struct keys *numbers, struct error *err)
{
    struct view_key prefix = index_certificates_by_end();
    uint32_t first = __builtin_bswap32((uint32_t)today_of(listing));
    struct views_scan scan = {0};
    bool more = false;
    outcome result;
    TRY(views_scan_open(engine_views(listing->session->engine), VIEW_INDEX, &prefix,
                        bytes_of(&first, sizeof first), &scan, err));
    while ((result = listing_go_on(err)).ok && (result = views_scan_next(&scan, &more, err)).ok &&
           more) {
        uint32_t end = 0;
        bytes rest = key_behind(scan.key, &prefix);
        BUG_UNLESS(rest.size > sizeof end);
        memcpy(&end, rest.data, sizeof end);
        if (validity_extension_opens((int32_t)__builtin_bswap32(end)) > today_of(listing)) {
            break;
        }
        keys_add(numbers, key_last_part(scan.key));
    }
    views_scan_close(&scan);
    return result;
}

static outcome takes_extendable(struct listing *listing, const struct listed *listed, bool *ret,
                                struct error *err)
{
    struct error answer;
    outcome judged = extend_check_certificate(listed->certificate, today_of(listing), &answer);
    return asked(judged, &answer, ret, err);
}

/* Judged as if the holder's enterprise asked today, confirmed; nothing is kept. */
static FALLIBLE judge(struct listing *listing, Action *action, struct dossier *dossier,
                      struct error *answer, bool *ret, struct error *err)
{
    struct session *session = listing->session;
    struct moment moment = session->run.moment;
    struct arena *arena = listing->source.arena;
    struct decision decision;
    TRY(dossier_load(session->engine, action, moment, arena, dossier, err));
    return asked(decide(dossier, action, moment, arena, &decision, answer), answer, ret, err);
}

/* What is still missing: exam, insurance or identity. */
static outcome add_extendable(struct listing *listing, const struct listed *listed,
                              struct json *record, struct error *err)
{
    struct arena *arena = listing->source.arena;
    Action *action = RECORD_NEW(arena, Action, action);
    struct dossier dossier;
    struct error answer;
    bool accepted = false;
    action->enterprise = listed->certificate->enterprise;
    action->body_case = ACTION__BODY_EXTEND;
    action->extend = RECORD_NEW(arena, Extend, extend);
    action->extend->certificate = listed->certificate->certificate;
    action->extend->confirmed = true;
    TRY(judge(listing, action, &dossier, &answer, &accepted, err));
    if (accepted) {
        json_put_null(record, "obstacle");
    } else {
        json_put_text(record, "obstacle", message_code(answer.code, arena));
    }
    return OK;
}

const struct work_list work_extendable = {
    .gather = gather_extendable, .takes = takes_extendable, .add = add_extendable};

/* --- transferable --------------------------------------------------------------------------------
 */

/* May the acting enterprise take these over in one wish? Asked of the rule. */
static FALLIBLE may_take(struct listing *listing, const PersonView *person, const struct keys *some,
                         struct error *answer, bool *ret, struct error *err)
{
    struct arena *arena = listing->source.arena;
    Action *action = RECORD_NEW(arena, Action, action);
    ChangeAffiliation *change = RECORD_NEW(arena, ChangeAffiliation, change_affiliation);
    struct dossier dossier;
    change->person = RECORD_NEW(arena, PersonName, person_name);
    change->person->person_id = arena_c_string(arena, listing->person_id);
    change->person->name = arena_c_string(arena, person_current_name(person));
    change->n_certificates = some->count;
    change->certificates = ARENA_ARRAY(arena, char *, some->count);
    for (size_t i = 0; i < some->count; i++) {
        change->certificates[i] = arena_c_string(arena, some->items[i]);
    }
    change->confirmed = true;
    action->enterprise = arena_c_string(arena, listing->acting);
    action->body_case = ACTION__BODY_CHANGE_AFFILIATION;
    action->change_affiliation = change;
    TRY(judge(listing, action, &dossier, answer, ret, err));
    return *ret ? OK : guard_enterprise(&dossier, action, err); /* D20: then nothing can be had */
}

/* Each alone; and those that cannot leave the others behind (R-AF-13), all together. */
static outcome prepare_transferable(struct listing *listing, struct error *err)
{
    struct arena *arena = &listing->session->run_arena;
    struct keys numbers = {.arena = arena};
    struct keys together = {.arena = arena};
    PersonView *person = NULL;
    struct error answer;
    bool gathered = false;
    bool may = false;
    bool some_left = false;
    if (str_empty(listing->acting) || str_empty(listing->person_id)) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "list transferable"),
             ARG_TEXT("option", str_empty(listing->acting) ? "enterprise" : "person"));
    }
    listing->eligible = (struct keys){.arena = arena};
    TRY(listing_gather(listing, &numbers, &gathered, err));
    TRY(person_view(listing->session, listing->person_id, arena, &person, err));
    for (size_t i = 0; i < numbers.count; i++) {
        struct keys one = {.items = &numbers.items[i], .count = 1};
        arena_reset(listing->source.arena);
        TRY(may_take(listing, person, &one, &answer, &may, err));
        if (may) {
            keys_add(&listing->eligible, numbers.items[i]);
        }
        bool with_others = !may && answer.code == MESSAGE_OTHER_ENTERPRISE_CERTIFICATE;
        some_left = some_left || with_others;
        if (may || with_others) {
            keys_add(&together, numbers.items[i]);
        }
    }
    if (some_left) {
        arena_reset(listing->source.arena);
        TRY(may_take(listing, person, &together, &answer, &may, err));
        listing->eligible = may ? together : listing->eligible;
    }
    return OK;
}

static outcome takes_transferable(struct listing *listing, const struct listed *listed, bool *ret,
                                  struct error *err)
{
    (void)err; /* judged before */
    *ret = keys_have(&listing->eligible, str_of(listed->certificate->certificate));
    return OK;
}

/* The manual's block of the person, and its words for class and validity. */
static FALLIBLE add_block(struct listing *listing, const CertificateView *certificate,
                          struct json *record, struct error *err)
{
    struct arena *arena = listing->source.arena;
    bool chinese = listing->session->language == LANGUAGE_CHINESE;
    PersonView *person = NULL;
    TRY(person_view(listing->session, str_of(certificate->person_id), arena, &person, err));
    const IdentityVersion *identity = identity_collected(person);
    json_put_text(record, "sex", identity != NULL ? sex_text(identity->sex) : STR(""));
    object_put_date(record, "birth_date", identity != NULL ? identity->birth_date : NULL);
    json_put_text(record, "class_name",
                  chinese ? category_class_name(certificate->category)
                          : category_text(certificate->category));
    const Date *from =
        certificate->valid_from != NULL ? certificate->valid_from : certificate->issued;
    json_put_text(record, "validity",
                  arena_format(arena, "%.*s - %.*s", STR_ARGS(date_text(day_of(from), arena)),
                               STR_ARGS(date_text(day_of(certificate->valid_until), arena))));
    return OK;
}

/* D1: since when it may be had. */
static outcome add_transferable(struct listing *listing, const struct listed *listed,
                                struct json *record, struct error *err)
{
    const CertificateView *certificate = listed->certificate;
    struct arena *arena = listing->source.arena;
    int32_t first = validity_takeover_opens(day_of(certificate->affiliated_since));
    json_put_text(record, "first_allowed", date_text(first, arena));
    if (is_for_columns(listing)) {
        TRY(add_block(listing, certificate, record, err));
    }
    return OK;
}

const struct work_list work_transferable = {
    .prepare = prepare_transferable, .takes = takes_transferable, .add = add_transferable};

/* --- cancellable, departable ---------------------------------------------------------------------
 */

static outcome takes_cancellable(struct listing *listing, const struct listed *listed, bool *ret,
                                 struct error *err)
{
    struct error answer;
    (void)listing; /* the day does not count: R-CX-15 */
    return asked(cancel_check_certificate(listed->certificate, &answer), &answer, ret, err);
}

const struct work_list work_cancellable = {.takes = takes_cancellable};

static outcome takes_departable(struct listing *listing, const struct listed *listed, bool *ret,
                                struct error *err)
{
    struct error answer;
    outcome judged = depart_check_certificate(listed->certificate, today_of(listing), &answer);
    return asked(judged, &answer, ret, err);
}

const struct work_list work_departable = {.takes = takes_departable};
