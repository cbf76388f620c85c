/* policies - the business policies: their names, defaults and values (CONTRACT 2). */
#include "events/decide.h"

#include "events/messages.h"
#include "events/terms/category.h"

enum { OTHER_STATE_BIT = 31 /* 其他 is 99 on the platform and fits no mask */ };

uint32_t policies_state_bit(NationalState__Code state)
{
    return state == NATIONAL_STATE__CODE__OTHER ? UINT32_C(1) << OTHER_STATE_BIT
                                                : UINT32_C(1) << (unsigned)state;
}

struct policies policies_default(void)
{
    return (struct policies){
        .require_release = true,
        .entry_states = policies_state_bit(NATIONAL_STATE__CODE__CANCELLED) |
                        policies_state_bit(NATIONAL_STATE__CODE__LAPSED),
        .insurance_months_required = 1,
        .b_require_registration = false,
        .identity_require_certificate = false,
        .identity_photo_required = true,
    };
}

static FALLIBLE set_yes_no(str key, str value, bool *ret, struct error *err)
{
    if (str_equal(value, STR("yes")) || str_equal(value, STR("true"))) {
        *ret = true;
    } else if (str_equal(value, STR("no")) || str_equal(value, STR("false"))) {
        *ret = false;
    } else {
        FAIL(USAGE, MESSAGE_POLICY_VALUE, ARG_STR("key", key), ARG_STR("value", value),
             ARG_TEXT("expected", "yes | no"));
    }
    return OK;
}

static FALLIBLE set_months(str key, str value, int *ret, struct error *err)
{
    uint64_t months;
    if (!str_to_uint64(value, &months) || months > 3) { /* R-DL-28: the window has 3 months */
        FAIL(USAGE, MESSAGE_POLICY_VALUE, ARG_STR("key", key), ARG_STR("value", value),
             ARG_TEXT("expected", "0-3"));
    }
    *ret = (int)months;
    return OK;
}

static FALLIBLE set_states(str key, str value, uint32_t *ret, struct error *err)
{
    uint32_t states = 0;
    str rest = value;
    while (rest.data != NULL) {
        NationalState__Code state;
        if (!national_state_from_text(str_cut_item(&rest), &state)) {
            FAIL(USAGE, MESSAGE_POLICY_VALUE, ARG_STR("key", key), ARG_STR("value", value),
                 ARG_TEXT("expected", "注销,失效,办理转出..."));
        }
        states |= policies_state_bit(state);
    }
    *ret = states;
    return OK;
}

/* Programs of before 0132 read no other mark in the log than the comma. */
str policies_spelling(str key, str value, struct arena *arena)
{
    str text = str_trim(value);
    str list = STR("");
    if (!str_equal(key, STR("entry.states"))) {
        return text;
    }
    while (text.data != NULL) {
        str item = str_cut_item(&text);
        list = arena_format(arena, "%.*s%s%.*s", STR_ARGS(list), str_empty(list) ? "" : ",",
                            STR_ARGS(item));
    }
    return list;
}

FALLIBLE policies_set(struct policies *policies, str key, str value, struct error *err)
{
    str text = str_trim(value);
    if (str_equal(key, STR("affiliation.require_release"))) {
        return set_yes_no(key, text, &policies->require_release, err);
    }
    if (str_equal(key, STR("entry.states"))) {
        return set_states(key, text, &policies->entry_states, err);
    }
    if (str_equal(key, STR("insurance.months_required"))) {
        return set_months(key, text, &policies->insurance_months_required, err);
    }
    if (str_equal(key, STR("b.require_registration"))) {
        return set_yes_no(key, text, &policies->b_require_registration, err);
    }
    if (str_equal(key, STR("identity.require_certificate"))) {
        return set_yes_no(key, text, &policies->identity_require_certificate, err);
    }
    if (str_equal(key, STR("identity.photo_required"))) {
        return set_yes_no(key, text, &policies->identity_photo_required, err);
    }
    FAIL(USAGE, MESSAGE_POLICY_UNKNOWN, ARG_STR("key", key));
}
