/* encoding_tables - the tables of the encodings for fuzz targets: made once, kept until the end. */
#pragma once

#include "core/base/arena.h"
#include "core/io/encoding.h"

static inline const struct encoding_tables *shared_tables(void)
{
    static struct arena arena;
    static const struct encoding_tables *tables;
    struct error err;
    if (tables == NULL) {
        arena_init(&arena, 0);
        BUG_UNLESS(encoding_tables_new(&arena, &tables, &err).ok);
    }
    return tables;
}
