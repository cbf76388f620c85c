/* returned - recognises and reads a rejects file that is imported again, corrected or not.
 *
 * It is recognised by the three columns that rejects.h adds. The guard before formula cells is
 * removed. A row that could not be decoded and still holds a replacement character is refused again
 * with its first reason, which names the bytes of the original file. */
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
