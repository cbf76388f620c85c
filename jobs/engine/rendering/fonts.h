/* fonts - the font chain that the configuration names: "PATH#FACE,PATH,...". */
#pragma once

#include "core/io/font.h"

/* An empty text gives *ret_choices NULL: the default chain. At most FONT_CHAIN_MAX count. */
void fonts_of_config(str text, struct arena *arena, const struct font_choice **ret_choices,
                     size_t *ret_count);
