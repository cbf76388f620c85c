/* pages - is an LMDB data file sound? Checked with plain reads, before anything maps it.
 *
 * LMDB 0.9.24 trusts its pages and crashes on damaged ones.
 *
 * The quick check looks at the file's size and both meta pages; every open runs it. When the file
 * is shorter than its last page it walks the pages as well: such a file is sound if only free pages
 * lie behind its end.
 *
 * The full check walks every page that the newest meta reaches: number, flags, bounds, node
 * offsets, key order (also across pages), overflow runs, pages reached twice, pages neither in use
 * nor free, the sizes that tables state, and the meta of the transaction before. No input makes it
 * crash. It does not check values: the log's hashes do. Nobody may write the file meanwhile: hold
 * the store's lock for the full check. */
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
