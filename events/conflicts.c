/* conflicts - see conflicts.h. */
#include "events/conflicts.h"

#include <string.h>

#include "events/holder.h"
#include "events/terms/category.h"
#include "events/terms/validity.h"

static const char *const texts[CONFLICT_COUNT] = {
    [CONFLICT_ENDED_NATIONALLY] = "ended_nationally",
    [CONFLICT_IN_FORCE_NATIONALLY] = "in_force_nationally",
    [CONFLICT_STATE_DIFFERS] = "state_differs",
    [CONFLICT_HOLDER_DIFFERS] = "holder_differs",
    [CONFLICT_NAME_DIFFERS] = "name_differs",
    [CONFLICT_VALID_ELSEWHERE] = "valid_elsewhere",
};

str conflict_text(enum conflict conflict)
{
    return str_of(texts[conflict]);
}

bool conflict_from_text(str text, enum conflict *ret)
{
    for (int i = 0; i < CONFLICT_COUNT; i++) {
        if (str_equal_c(text, texts[i])) {
            *ret = (enum conflict)i;
            return true;
        }
    }
    return false;
}

/* --- the person ------------------------------------------------------------------------------- */

/* Do two masks of numbers agree where both show something? Of other lengths nothing can be said. */
static bool masks_agree(str one, str other)
{
    for (size_t i = 0; one.size == other.size && i < one.size; i++) {
        if (one.data[i] != other.data[i] && one.data[i] != '*' && other.data[i] != '*') {
            return false;
        }
    }
    return true;
}

/* The platform calls every document 其他 but 身份证: of such a row the kind says nothing. */
static bool is_as_other(const NationalView *national, IdType__Code kind)
{
    return national->id_type == ID_TYPE__CODE__OTHER && kind != ID_TYPE__CODE__RESIDENT;
}

/* A number of another kind of document is another number, however alike the masks are. */
static bool number_fits(const NationalView *national, IdType__Code kind, const char *masked)
{
    return (national->id_type == kind || is_as_other(national, kind)) &&
           masks_agree(str_of(national->masked_number), str_of(masked));
}

/* Under any number the holder had: the platform may not know yet that it was corrected (D24). */
static bool is_confirmed(const struct conflict_question *question, struct arena *arena)
{
    const NationalView *national = question->national;
    const PersonView *holder = question->holder;
    bool fits = number_fits(national, holder->id_type, holder->masked_number);
    for (size_t i = 0; !fits && i < holder->n_numbers; i++) {
        fits =
            number_fits(national, holder->numbers[i]->id_type, holder->numbers[i]->masked_number);
    }
    return fits && holder_is_known_as(holder, str_of(national->name), arena);
}

/* --- the state -------------------------------------------------------------------------------- */

static unsigned bit(NationalState__Code state)
{
    return 1U << (unsigned)state;
}

enum {
    IN_FORCE_THERE = 1U << NATIONAL_STATE__CODE__VALID | 1U << NATIONAL_STATE__CODE__SUSPENDED,
    ENDED_THERE = 1U << NATIONAL_STATE__CODE__CANCELLED | 1U << NATIONAL_STATE__CODE__LAPSED,
};

/* The platform's words for a status here. That an expired one is valid or over there is the same:
 * the day says it. */
static unsigned states_of(const CertificateView *certificate, int32_t today)
{
    switch (certificate->status) {
    case STATUS__CODE__VALID:
        return certificate_is_expired(certificate, today)
                   ? ENDED_THERE | bit(NATIONAL_STATE__CODE__VALID)
                   : bit(NATIONAL_STATE__CODE__VALID);
    case STATUS__CODE__SUSPENDED:
        return certificate_is_expired(certificate, today)
                   ? ENDED_THERE | bit(NATIONAL_STATE__CODE__SUSPENDED)
                   : bit(NATIONAL_STATE__CODE__SUSPENDED);
    case STATUS__CODE__RELEASED:
    case STATUS__CODE__CANCELLED:
    case STATUS__CODE__SUPERSEDED: return ENDED_THERE;
    case STATUS__CODE__DEPARTED: return ENDED_THERE | bit(NATIONAL_STATE__CODE__TRANSFERRED);
    case STATUS__CODE__REVOKED: return bit(NATIONAL_STATE__CODE__REVOKED);
    case STATUS__CODE__WITHDRAWN: return bit(NATIONAL_STATE__CODE__WITHDRAWN);
    case STATUS__CODE__NONE:
    case _STATUS__CODE_IS_INT_SIZE: break;
    }
    return 0;
}

/* 其他 is what the platform shows between two states (R-NAT-19): it contradicts nothing. */
static unsigned conflict_of_state(const struct conflict_question *question)
{
    const CertificateView *certificate = question->certificate;
    NationalState__Code state = question->national->record->state;
    bool said = state != NATIONAL_STATE__CODE__NONE && state != NATIONAL_STATE__CODE__OTHER;
    if (!said || (states_of(certificate, question->today) & bit(state)) != 0) {
        return 0;
    }
    bool in_force_there = (bit(state) & IN_FORCE_THERE) != 0;
    bool ended_here =
        status_is_ended(certificate->status) || certificate->status == STATUS__CODE__RELEASED;
    if (!ended_here && !in_force_there) {
        return 1U << CONFLICT_ENDED_NATIONALLY;
    }
    return ended_here && in_force_there ? 1U << CONFLICT_IN_FORCE_NATIONALLY
                                        : 1U << CONFLICT_STATE_DIFFERS;
}

/* --- elsewhere -------------------------------------------------------------------------------- */

/* R-NAT-13, 15, 17, 18: only one of a class; legal-representative A's stand outside. */
static bool is_valid_elsewhere(const struct conflict_question *question)
{
    const CertificateView *certificate = question->certificate;
    const NationalRecord *record = question->national->record;
    return !str_starts_with(str_of(record->certificate), STR("沪")) && !record->masked &&
           record->state == NATIONAL_STATE__CODE__VALID && record->valid_until != NULL &&
           record->valid_until->days >= question->today && !certificate->legal_representative &&
           certificate_in_force(certificate, question->today) &&
           category_is_same_kind(record->category, certificate->category);
}

unsigned conflicts_of(const struct conflict_question *question, struct arena *arena)
{
    const NationalView *national = question->national;
    bool same_number =
        strcmp(national->record->certificate, question->certificate->certificate) == 0;
    bool confirms = national->record->masked || is_as_other(national, question->holder->id_type);
    unsigned found = 0;
    if (same_number && !question->own && !(confirms && is_confirmed(question, arena))) {
        return 1U << CONFLICT_HOLDER_DIFFERS;
    }
    if (question->own && !holder_is_known_as(question->holder, str_of(national->name), arena)) {
        found |= 1U << CONFLICT_NAME_DIFFERS;
    }
    if (same_number) {
        found |= conflict_of_state(question);
    } else if (question->own && is_valid_elsewhere(question)) {
        found |= 1U << CONFLICT_VALID_ELSEWHERE;
    }
    return found;
}
