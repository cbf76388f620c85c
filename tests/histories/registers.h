/* registers - files of registers as a history needs them: rows that make the next wishes possible,
 * rows that change or repeat what is known, and damaged ones. */
#pragma once

#include "importers/registry.h"
#include "tests/histories/world.h"

/* Writes `count` rows of a kind to `path`. *ret_unique: no two rows are about the same thing, so
 * importing the file again at once changes nothing. */
void registers_write(struct world *world, const struct import_kind *kind, const char *path,
                     unsigned count, bool *ret_unique);

/* Is there a writer of rows for the kind? */
bool registers_know(const char *kind);
