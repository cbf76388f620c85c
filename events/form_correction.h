/* form_correction - is what the authority corrects well formed? A part of action_check_form. */
#pragma once

#include "events/decide.h"

/* At least one thing is to be corrected.
 * fails   INVALID MESSAGE_MISSING_FIELD */
FALLIBLE form_correction_given(const CorrectCertificate *correct, struct error *err);
/* Every date that is given is one.
 * fails   INVALID MESSAGE_BAD_FIELD */
FALLIBLE form_correction_dates(const CorrectCertificate *correct, struct error *err);
/* The post is a code of FACTS 3.3; whether the certificate may carry it is the rule's to say.
 * fails   INVALID MESSAGE_BAD_FIELD */
FALLIBLE form_post_code(const ChangePost *change, struct error *err);
