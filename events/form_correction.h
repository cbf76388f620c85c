/* form_correction - is what the authority corrects well formed? A part of action_check_form. */
#pragma once

#include "events/decide.h"

/* Is anything given that is to be corrected? */
bool form_correction_is_given(const CorrectCertificate *correct);
/* How a refusal names what could have been given. */
#define FORM_CORRECTIONS                                                                           \
    "first_issued | issued | valid_from | valid_until | affiliated_since | identity"
/* Every date that is given is one.
 * fails   INVALID MESSAGE_BAD_FIELD */
FALLIBLE form_correction_dates(const CorrectCertificate *correct, struct error *err);
/* The post is a code of FACTS 3.3; whether the certificate may carry it is the rule's to say.
 * fails   INVALID MESSAGE_BAD_FIELD */
FALLIBLE form_post_code(const ChangePost *change, struct error *err);
