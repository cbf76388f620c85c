/* roles - the 13 roles that a person can have in a project (R-PF-21), as the guide writes them. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

/* The role as it is stored, whatever the width of its signs and the blanks in it; NULL when it is
 * none of them. */
const char *role_from_text(str text, struct arena *arena);
