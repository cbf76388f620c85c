/* names - when two spellings are the same name, and when a name is damaged.
 *
 * Persons: blanks at the ends and the variants of the middle dot (U+2022, U+2027, U+30FB, U+FF0E,
 * U+FF65 -> U+00B7) do not count, canonical equivalence (NFC) does not either (RULES D9, D33).
 * Enterprises: the width of brackets and blanks around them do not count either (R-NM-09). */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

/* Keys to compare with; what needs no change is given back as it is, not a copy. */
str person_name_key(str name, struct arena *arena);
str enterprise_name_key(str name, struct arena *arena);
bool person_names_equal(str a, str b, struct arena *arena);
bool enterprise_names_equal(str a, str b, struct arena *arena);

/* Does the name hold '?', U+FF1F, U+FFFD or U+3013: what a converter leaves for a lost character?
 */
bool name_is_damaged(str name);
/* Does the name hold a private-use character? */
bool name_has_private_use(str name);
/* Does the name hold a middle dot other than U+00B7? */
bool name_has_odd_separator(str name);
