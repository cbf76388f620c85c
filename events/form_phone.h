/* form_phone - the form of phone numbers and codes in wishes. */
#pragma once

#include "events/decide.h"

/* True for actions that name none.
 * fails   INVALID MESSAGE_BAD_FIELD (phone, code) */
FALLIBLE form_phone_check(const Action *action, struct error *err);

/* The id of the phone that a wish names, as the engine filled it in; "" where it names none. */
const char *form_phone_id(const Action *action);
