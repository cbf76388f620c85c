/* config_paths - the files that anzheng.conf names for drawing and witnesses: absolute, or below
 * the store, from whatever folder a verb is run. */
#pragma once

#include <options.pb-c.h>

#include "core/base/arena.h"

/* Makes them paths that can be opened: `fonts`, `color_profile`, `witnesses`. Others are settled
 * where they are used (session_file). */
void config_paths_settle(Config *config, const char *store_dir, struct arena *arena);
