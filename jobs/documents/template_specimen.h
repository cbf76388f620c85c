/* template_specimen - specimen pages of a page description, filled with invented values: to look
 * at, and to find out what does not fit. */
#pragma once

#include "projections/template.h"

/* The page; `longest` with names as long as they may be. A photo is a box.
 * fails   INVALID MESSAGE_TEMPLATE_TEXT_LONG */
FALLIBLE template_specimen(const struct template *template, bool longest, struct arena *arena,
                           struct page *ret, struct error *err);
