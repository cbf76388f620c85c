/* credit_code - unified social credit codes of enterprises and authorities (GB 32100-2015).
 *
 * Trap: the check character is alphabet[(31 - sum mod 31) mod 31]; remainder 0 gives '0'. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

/* Normal form: no blanks, half width, upper case. False unless 18 characters 0-9A-Z. */
bool credit_code_normalise(str text, struct arena *arena, str *ret);
/* Real registers hold non-conforming codes: a wrong check character is a warning, never more. */
bool credit_code_check_is_right(str normal);
/* The code of 17 characters completed with its check character; for samples and tests. */
str credit_code_complete(str first_17, struct arena *arena);
