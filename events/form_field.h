/* form_field - how a field that cannot be used is told, in action_check_form and in the rules that
 * find it out later. */
#pragma once

#include "core/base/error.h"

/* `why` is a word of the messages: jobs/messages.c says it in both languages.
 * fails   INVALID MESSAGE_BAD_FIELD, always */
FALLIBLE form_bad(const char *field, const char *why, struct error *err);
