/* golden_store - the store of the golden log, made ready to be damaged. */
#pragma once

#include "core/base/arena.h"

/* Unpacks it below a folder. */
void golden_store_unpack(const char *dir);
/* Opens and closes it: its views follow its log. */
void golden_store_catch_up(const char *dir);
/* The golden log is of a program that wrote ids without a check: they are written again. `dir` is
 * the log's. */
void golden_store_renew_ids(const char *dir, struct arena *arena);
