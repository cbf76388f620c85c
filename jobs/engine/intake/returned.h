/* returned - a rejects file that comes back, mended or not.
 *
 * It is known by the three columns that rejects.h adds. What was put in front of cells to keep
 * spreadsheets from running them is taken off. A row that did not decode when it was refused, and
 * still holds a replacement character, is refused again in the words it was refused with: the
 * bytes that it tells are those of the first file. */
#pragma once

#include "core/base/str.h"

struct returned {
    bool is;       /* a rejects file at all; the rest counts only then */
    size_t code;   /* where 原因代码 stands */
    size_t reason; /* where 原因 stands */
};

struct returned returned_header(const str *header, size_t count);
/* Takes the guards off a row's cells. */
void returned_cells(const struct returned *returned, str *cells, size_t count);
/* *ret_reason: the words of the refusal that still holds. */
bool returned_undecoded(const struct returned *returned, const str *cells, size_t count,
                        str *ret_reason);
