/* config_paths - resolves the paths in anzheng.conf (fonts, colour profile, witnesses): a relative
 * path is below the store, whatever folder the program runs in. */
#pragma once

#include <options.pb-c.h>

#include "core/base/arena.h"

/* Makes them paths that can be opened: `fonts`, `color_profile`, `witnesses`. Others are settled
 * where they are used (session_file). */
void config_paths_settle(Config *config, const char *store_dir, struct arena *arena);
