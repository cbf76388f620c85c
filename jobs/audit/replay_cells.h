/* replay_cells - an object as the cells of one row of a replay's table. */
#pragma once

#include "core/base/arena.h"
#include "core/io/json.h"

/* ret[i] is the value at paths[i] ("person.name"; NULL ends them): a text as it is, numbers and
 * truths as text, a list with blanks between; empty for what is not there. Texts are the object's
 * or lie in the arena. Quickest when the paths come in the order in which the object has them. */
void replay_cells(const struct json *object, const char *const *paths, struct arena *arena,
                  str *ret);
