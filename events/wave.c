/* wave - see wave.h. */
#include "events/wave.h"

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/base/unicode.h"
#include "events/guards.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/category.h"
#include "events/terms/names.h"
#include "events/terms/validity.h"

WaveKind__Code wave_kind_of(Action__BodyCase body)
{
    if (body == ACTION__BODY_RENAME_ENTERPRISE) {
        return WAVE_KIND__CODE__ENTERPRISE_NAME;
    }
    if (body == ACTION__BODY_EXTEND_BY_NOTICE) {
        return WAVE_KIND__CODE__VALIDITY;
    }
    return body == ACTION__BODY_CONVERT_CATEGORY ? WAVE_KIND__CODE__CATEGORY
                                                 : WAVE_KIND__CODE__NONE;
}

bool action_is_wave(Action__BodyCase body)
{
    return wave_kind_of(body) != WAVE_KIND__CODE__NONE;
}

char **wave_expected(Action *action)
{
    if (action->body_case == ACTION__BODY_RENAME_ENTERPRISE) {
        return &action->rename_enterprise->expected_count;
    }
    if (action->body_case == ACTION__BODY_EXTEND_BY_NOTICE) {
        return &action->extend_by_notice->expected_count;
    }
    return action->body_case == ACTION__BODY_CONVERT_CATEGORY
               ? &action->convert_category->expected_count
               : NULL;
}

/* --- what is intended ------------------------------------------------------------------------ */

static Date *date_of(const char *text, struct arena *arena)
{
    int32_t days;
    return date_parse(str_of(text), &days) ? date_new(days, arena) : NULL;
}

static void take_selection(WaveOpened *wave, const Selection *selection, struct arena *arena)
{
    if (selection == NULL) {
        return;
    }
    wave->enterprise = arena_c_string(arena, str_of(selection->enterprise));
    /* action_check_form lets no other class through; none stays NONE. */
    (void)category_from_text(str_of(selection->category), &wave->category);
    if (selection->valid_until != NULL) {
        wave->valid_until_from = date_of(selection->valid_until->from, arena);
        wave->valid_until_to = date_of(selection->valid_until->to, arena);
    }
}

WaveOpened *wave_intent(const Action *action, const EnterpriseView *enterprise, struct arena *arena)
{
    WaveOpened *wave = RECORD_NEW(arena, WaveOpened, wave_opened);
    BUG_UNLESS(action_is_wave(action->body_case));
    if (action->body_case == ACTION__BODY_RENAME_ENTERPRISE) {
        wave->kind = WAVE_KIND__CODE__ENTERPRISE_NAME;
        wave->enterprise = arena_c_string(arena, str_of(enterprise->code));
        wave->value = arena_c_string(arena, str_of(enterprise->name));
    } else if (action->body_case == ACTION__BODY_EXTEND_BY_NOTICE) {
        const ExtendByNotice *extend = action->extend_by_notice;
        char day[DATE_SIZE] = "";
        const Date *end = date_of(extend->value, arena);
        BUG_UNLESS(end != NULL); /* action_check_form lets nothing else through */
        date_format(end->days, day);
        wave->kind = WAVE_KIND__CODE__VALIDITY;
        wave->value = arena_c_string(arena, str_of(day));
        wave->notice = arena_c_string(arena, str_trim(str_of(extend->notice)));
        take_selection(wave, extend->selection, arena);
    } else {
        const ConvertCategory *convert = action->convert_category;
        Category__Code category = CATEGORY__CODE__NONE;
        BUG_UNLESS(category_from_text(str_of(convert->value), &category)); /* likewise */
        wave->kind = WAVE_KIND__CODE__CATEGORY;
        wave->value = arena_c_string(arena, category_text(category));
        wave->notice = arena_c_string(arena, str_trim(str_of(convert->notice)));
        take_selection(wave, convert->selection, arena);
    }
    return wave;
}

/* --- one certificate ------------------------------------------------------------------------- */

static int32_t end_of(const WaveOpened *wave)
{
    int32_t days = 0;
    BUG_UNLESS(date_parse_strict(str_of(wave->value), &days)); /* wave_intent wrote it */
    return days;
}

static Category__Code category_of(const WaveOpened *wave)
{
    Category__Code category = CATEGORY__CODE__NONE;
    BUG_UNLESS(category_from_text(str_of(wave->value), &category)); /* wave_intent wrote it */
    return category;
}

/* R-NAT-24: the class and the end that the notice is about. */
static bool is_in_selection(const WaveOpened *wave, const CertificateView *certificate)
{
    int32_t end = day_of(certificate->valid_until);
    return (wave->category == CATEGORY__CODE__NONE || wave->category == certificate->category) &&
           (wave->valid_until_from == NULL || end >= wave->valid_until_from->days) &&
           (wave->valid_until_to == NULL || end <= wave->valid_until_to->days);
}

/* The code of the reason why the new value cannot be applied; 0 when it can. */
static int obstacle_of_value(const WaveOpened *wave, const CertificateView *certificate,
                             struct arena *arena)
{
    switch (wave->kind) {
    case WAVE_KIND__CODE__ENTERPRISE_NAME: /* R-NM-02, R-NM-09 */
        return enterprise_names_equal(str_of(certificate->enterprise_name), str_of(wave->value),
                                      arena)
                   ? MESSAGE_NAME_NOT_CHANGED
                   : 0;
    case WAVE_KIND__CODE__VALIDITY:
        if (!is_in_selection(wave, certificate)) {
            return MESSAGE_NOT_SELECTED;
        }
        return day_of(certificate->valid_until) >= end_of(wave) ? MESSAGE_ALREADY_SO : 0;
    case WAVE_KIND__CODE__CATEGORY:
        if (!category_is_c(certificate->category) || !is_in_selection(wave, certificate)) {
            return MESSAGE_NOT_SELECTED;
        }
        return certificate->category == category_of(wave) ? MESSAGE_ALREADY_SO : 0;
    case WAVE_KIND__CODE__NONE:
    case _WAVE_KIND__CODE_IS_INT_SIZE: break;
    }
    BUG("a wave of no kind");
}

int wave_obstacle(const WaveOpened *wave, const CertificateView *certificate, int32_t today,
                  struct arena *arena)
{
    bool named = wave->kind == WAVE_KIND__CODE__ENTERPRISE_NAME;
    bool released = certificate->status == STATUS__CODE__RELEASED;
    if (certificate->status == STATUS__CODE__NONE) {
        return MESSAGE_CERTIFICATE_NOT_FOUND;
    }
    if ((named || !str_empty(str_of(wave->enterprise))) &&
        !str_equal(str_of(wave->enterprise), str_of(certificate->enterprise))) {
        return MESSAGE_NOT_OWN_CERTIFICATE;
    }
    if (status_is_ended(certificate->status) || (named && released)) { /* D5 */
        return MESSAGE_CERTIFICATE_NOT_IN_FORCE;
    }
    if (certificate_is_expired(certificate, today)) {
        return MESSAGE_CERTIFICATE_EXPIRED;
    }
    return obstacle_of_value(wave, certificate, arena);
}

bool wave_selects(const WaveOpened *wave, const CertificateView *certificate, int32_t today,
                  struct arena *arena)
{
    return wave_obstacle(wave, certificate, today, arena) == 0;
}

/* The code that machines see: the message's name in lower case. */
static char *code_text(int code, struct arena *arena)
{
    static const struct {
        int code;
        const char *name;
    } names[] = {
#define MESSAGE(number, name, english, chinese) {(number), #name},
#include "events/messages.def"
#undef MESSAGE
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].code == code) {
            return arena_c_string(arena, unicode_lower_ascii(str_of(names[i].name), arena));
        }
    }
    BUG("a code without a message");
}

static void fill_item(Event *event, const WaveOpened *wave, const CertificateView *certificate,
                      struct arena *arena)
{
    switch (wave->kind) {
    case WAVE_KIND__CODE__ENTERPRISE_NAME: {
        EnterpriseNameChanged *changed =
            RECORD_NEW(arena, EnterpriseNameChanged, enterprise_name_changed);
        changed->certificate = certificate->certificate;
        changed->enterprise_name = wave->value;
        changed->enterprise = certificate->enterprise;
        changed->person_id = certificate->person_id;
        changed->valid_until = certificate->valid_until;
        event->body_case = EVENT__BODY_ENTERPRISE_NAME_CHANGED;
        event->enterprise_name_changed = changed;
        return;
    }
    case WAVE_KIND__CODE__VALIDITY: {
        ValidityExtended *extended = RECORD_NEW(arena, ValidityExtended, validity_extended);
        extended->certificate = certificate->certificate;
        extended->valid_until = date_new(end_of(wave), arena);
        event->body_case = EVENT__BODY_VALIDITY_EXTENDED;
        event->validity_extended = extended;
        return;
    }
    case WAVE_KIND__CODE__CATEGORY: {
        CategoryConverted *converted = RECORD_NEW(arena, CategoryConverted, category_converted);
        converted->certificate = certificate->certificate;
        converted->category = category_of(wave);
        event->body_case = EVENT__BODY_CATEGORY_CONVERTED;
        event->category_converted = converted;
        return;
    }
    case WAVE_KIND__CODE__NONE:
    case _WAVE_KIND__CODE_IS_INT_SIZE: break;
    }
    BUG("a wave of no kind");
}

Event *wave_item(const WaveOpened *wave, uint64_t number, const CertificateView *certificate,
                 bool blocked, int32_t today, struct arena *arena)
{
    Event *event = RECORD_NEW(arena, Event, event);
    int code = blocked ? MESSAGE_PERSON_BLOCKED /* R-PV-02: listed all the same, the count stays */
                       : wave_obstacle(wave, certificate, today, arena);
    event->cause = number;
    if (code == 0) {
        fill_item(event, wave, certificate, arena);
        return event;
    }
    WaveItemFailed *failed = RECORD_NEW(arena, WaveItemFailed, wave_item_failed);
    failed->certificate = certificate->certificate;
    failed->code = code_text(code, arena);
    event->body_case = EVENT__BODY_WAVE_ITEM_FAILED;
    event->wave_item_failed = failed;
    return event;
}

Event *wave_closing(const WaveView *wave, struct arena *arena)
{
    Event *event = RECORD_NEW(arena, Event, event);
    WaveClosed *closed = RECORD_NEW(arena, WaveClosed, wave_closed);
    closed->wave = wave->wave;
    closed->done = wave->done; /* R-NM-06: done + failed is the announced count */
    closed->failed = wave->failed;
    closed->codes = wave->codes;
    closed->n_codes = wave->n_codes;
    event->cause = wave->wave;
    event->body_case = EVENT__BODY_WAVE_CLOSED;
    event->wave_closed = closed;
    return event;
}

/* --- the opening ----------------------------------------------------------------------------- */

/* R-NM-03: the count that was confirmed is the count that is there. */
static FALLIBLE check_count(const struct wave_opening *opening, uint64_t count, struct error *err)
{
    uint64_t expected = count;
    bool given = !str_empty(str_of(opening->expected_count));
    if (given && !str_to_uint64(str_of(opening->expected_count), &expected)) {
        BUG("action_check_form lets no such count through");
    }
    if (expected != count) {
        FAIL(REFUSED(opening->rule), MESSAGE_COUNT_DIFFERS, ARG_INT("expected_count", expected),
             ARG_INT("count", count));
    }
    return OK;
}

FALLIBLE wave_open(const struct dossier *dossier, const Action *action,
                   const struct wave_opening *opening, struct arena *arena,
                   struct decision *decision, struct error *err)
{
    const struct wave_list *list = &dossier->wave;
    str rest = list->numbers;
    if (list->count == 0) {
        FAIL(REFUSED(opening->none_rule), opening->none, ARG_INT("count", 0));
    }
    TRY(check_count(opening, list->count, err));
    Event *event = decision_add(decision, arena);
    event->body_case = EVENT__BODY_WAVE_OPENED;
    event->wave_opened = wave_intent(action, dossier->enterprise, arena);
    event->wave_opened->count = list->count;
    event->wave_opened->numbers_sha256 = record_binary(list->numbers_sha256, arena);
    for (size_t i = 0; i < LIMIT_ANSWER_NUMBERS && rest.size > 0; i++) {
        decision_name_certificate(decision, arena_c_string(arena, str_cut(&rest, '\n')), arena);
    }
    decision->is_wave = true;
    decision->wave_count = list->count;
    decision_detail(decision, pointer_to_download());
    return OK;
}
