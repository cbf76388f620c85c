/* form_application - the form of wishes about verifications and applications, as far as it is more
 * than texts. */
#pragma once

#include <action.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

/* What is not there: persons and their parts.
 * fails   INVALID MESSAGE_MISSING_FIELD (`persons[2].person.name`) */
FALLIBLE form_application_missing(const Action *action, struct arena *arena, struct error *err);

/* Names, documents, records, months, paths; who came to the counter.
 * fails   INVALID MESSAGE_BAD_FIELD */
FALLIBLE form_application_bad(const Action *action, struct arena *arena, struct error *err);

/* Persons and records beyond the limits. fails INVALID MESSAGE_TOO_LARGE */
FALLIBLE form_application_large(const Action *action, struct arena *arena, struct error *err);

/* A month in any spelling of a day without its day: year * 12 + month - 1. */
bool form_month_parse(str text, struct arena *arena, int32_t *ret);
/* "2025-05", in the arena. */
char *form_month_text(int32_t month, struct arena *arena);
