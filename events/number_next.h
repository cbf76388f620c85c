/* number_next - the number of a new certificate (RULES D16): the next free serial of the year. */
#pragma once

#include "events/decide.h"

/* fails   REFUSED serials_exhausted: 9 999 999 a year is the last one */
FALLIBLE number_next(const struct dossier *dossier, Category__Code category, int32_t today,
                     struct arena *arena, const char **ret, struct error *err);
