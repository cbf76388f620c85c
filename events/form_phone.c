/* form_phone - checks the form of phone numbers and dynamic passwords in wishes; see form.h. */
#include "events/form.h"

#include "events/terms/phone.h"

enum { CODE_DIGITS = 6 };

static FALLIBLE check_code(const char *code, struct error *err)
{
    str text = str_of(code);
    bool digits = text.size == CODE_DIGITS;
    for (size_t i = 0; i < text.size; i++) {
        digits = digits && text.data[i] >= '0' && text.data[i] <= '9';
    }
    return digits ? OK : form_bad("code", "six digits", err);
}

static FALLIBLE check_phone(const char *phone, struct error *err)
{
    return phone_is_mobile(str_of(phone)) ? OK : form_bad("phone", "mobile number", err);
}

FALLIBLE form_phone_check(const Action *action, struct error *err)
{
    if (action->body_case == ACTION__BODY_REQUEST_CODE) {
        TRY(check_phone(action->request_code->phone, err));
    } else if (action->body_case == ACTION__BODY_REGISTER_PHONE) {
        TRY(check_phone(action->register_phone->phone, err));
        TRY(check_code(action->register_phone->code, err));
    } else if (action->body_case == ACTION__BODY_CHANGE_PHONE) {
        TRY(check_phone(action->change_phone->phone, err));
        TRY(check_code(action->change_phone->code, err));
    }
    return OK;
}

const char *form_phone_id(const Action *action)
{
    if (action->body_case == ACTION__BODY_REQUEST_CODE) {
        return action->request_code->phone_id;
    }
    if (action->body_case == ACTION__BODY_REGISTER_PHONE) {
        return action->register_phone->phone_id;
    }
    if (action->body_case == ACTION__BODY_CHANGE_PHONE) {
        return action->change_phone->phone_id;
    }
    return "";
}
