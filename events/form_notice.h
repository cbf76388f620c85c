/* form_notice - is a wave's wish well formed? A part of action_check_form.
 *
 * Selected classes are any of FACTS 3; a notice converts to C1, C2 or C3 alone; days are days, and
 * a range of days does not end before it begins. */
#pragma once

#include "events/decide.h"

/* The values of extend_by_notice, convert_category and rename_enterprise; other actions pass.
 * fails   INVALID MESSAGE_BAD_FIELD */
FALLIBLE form_wave_check(const Action *action, struct error *err);
