/* form_record - is a wish about a record of a personnel file well formed? */
#pragma once

#include <action.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

/* What is missing beyond the text fields. fails INVALID MESSAGE_MISSING_FIELD */
FALLIBLE form_record_missing(const Action *action, struct arena *arena, struct error *err);

/* What is bad or too large; of an edit, the rule says it: only the record tells which labels there
 * are. fails INVALID MESSAGE_BAD_FIELD, MESSAGE_TOO_LARGE */
FALLIBLE form_record_bad(const Action *action, struct arena *arena, struct error *err);
