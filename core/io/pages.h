/* pages - is an LMDB data file sound? Checked with plain reads, before anything maps it.
 *
 * LMDB 0.9.24 trusts its pages and crashes on damaged ones. The quick check (size, both meta pages)
 * belongs to every open (it walks, too, when the file is shorter than its last page: that is sound
 * when only free pages lie behind the end); the full check walks every page the newest meta
 * reaches: number, flags, bounds, node offsets, key order also across pages, overflow runs, pages
 * reached twice or neither in use nor free, what tables say of their size, the meta of the
 * transaction before. No bytes make it crash. Values are not looked into: the log's hashes do that.
 * The file must not be written meanwhile: hold the store's lock for the full check. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"

enum pages_depth { PAGES_QUICK, PAGES_FULL };

struct pages_report {
    uint64_t pages;     /* in the file */
    uint64_t reachable; /* visited, metas not counted; 0 where nothing was walked */
    uint64_t entries;   /* over all tables; likewise */
};

/* path    of data.mdb
 * fails   MISSING FILE_NOT_READABLE; CORRUPT PAGES_DAMAGED (path, page, what) */
FALLIBLE pages_check(const char *path, enum pages_depth depth, struct pages_report *ret,
                     struct error *err);
