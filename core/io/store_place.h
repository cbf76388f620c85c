/* store_place - looks at the place of a store: may LMDB map files there, and how large may the map
 * be?
 *
 * A part of store.c in a file of its own, because it needs nothing of LMDB. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/io/store.h"

#define STORE_MAP_LARGE ((size_t)1 << 40)

/* Local file system, not open in this process yet, size and metas sound; makes the directory when
 * writing. fails as store_open */
FALLIBLE store_place_check(const struct store_options *options, struct error *err);

/* Room for the lock file of an environment that is new, before LMDB opens it; returns 0, or an
 * errno when the disk is full. */
int store_place_reserve(const char *dir);

/* May this account write the lock file, in which LMDB lists readers, too? */
bool store_place_lists_readers(const char *dir);

/* A map for where address space is limited, and the one to take: that, or STORE_MAP_LARGE. */
size_t store_map_small(const char *dir);
size_t store_map_default(const char *dir);
