/* replay_cells - turns a JSON object into the cells of one row of a replay's CSV table. */
#pragma once

#include "core/base/arena.h"
#include "core/io/json.h"

/* The columns of a table, and what was learned from the rows before: objects of one kind have the
 * same values in the same order. Belongs to one thread. */
struct replay_columns;

/* Of paths as "person.name"; NULL ends them. In the arena, as is all that it learns. */
struct replay_columns *replay_columns(const char *const *paths, struct arena *arena);
size_t replay_columns_count(const struct replay_columns *columns);

/* ret[i] is the value at the i-th path: a text as it is, numbers and truths as text, a list with
 * blanks between; empty for what is not there. Texts are the object's or lie in the arena. */
void replay_cells(struct replay_columns *columns, const struct json *object, struct arena *arena,
                  str *ret);
