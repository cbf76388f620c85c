/* config_paths - see config_paths.h. */
#include "jobs/config_paths.h"

#include "core/base/str.h"

static str settled(str path, const char *store_dir, struct arena *arena)
{
    bool as_it_is = str_empty(path) || path.data[0] == '/';
    return as_it_is ? path : arena_format(arena, "%s/%.*s", store_dir, STR_ARGS(path));
}

static char *settled_text(const char *path, const char *store_dir, struct arena *arena)
{
    return arena_c_string(arena, settled(str_of(path), store_dir, arena));
}

/* PATH or PATH#FACE, by commas. */
static char *settled_list(const char *paths, const char *store_dir, struct arena *arena)
{
    str list = STR("");
    str rest = str_of(paths);
    while (!str_empty(rest)) {
        str path = settled(str_trim(str_cut(&rest, ',')), store_dir, arena);
        if (!str_empty(path)) {
            list = arena_format(arena, "%.*s%s%.*s", STR_ARGS(list), str_empty(list) ? "" : ",",
                                STR_ARGS(path));
        }
    }
    return arena_c_string(arena, list);
}

void config_paths_settle(Config *config, const char *store_dir, struct arena *arena)
{
    config->fonts = settled_list(config->fonts, store_dir, arena);
    config->color_profile = settled_text(config->color_profile, store_dir, arena);
    config->witnesses = settled_text(config->witnesses, store_dir, arena);
}
