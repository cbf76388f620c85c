/* rejects - writes the rejects file, the refused rows of a register: the original cells, then 行号,
 * 原因代码, 原因.
 *
 * The file suits spreadsheets: it has a byte order mark, and no cell runs as a formula (csv.h).
 * Surplus cells come after the reason, so that every column keeps its place. A corrected rejects
 * file can be imported as it is; if its rows are refused again, the three columns are not added
 * twice. The file has mode 0600 and is made only when a row was refused (CONTRACT 1, 3). */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/csv.h"
#include "jobs/messages.h"

#define REJECTS_ROW    "行号"
#define REJECTS_CODE   "原因代码"
#define REJECTS_REASON "原因"
enum { REJECTS_OWN_COLUMNS = 3 };

struct rejects {
    const char *path; /* NULL: nothing is written, only counted */
    const str *header;
    size_t header_count;
    uint64_t count;
    struct csv_writer writer;
    bool open;
};

/* `header` lives in the arena. */
void rejects_init(struct rejects *rejects, const char *path, const str *header, size_t count,
                  struct arena *arena);
FALLIBLE rejects_add(struct rejects *rejects, const str *cells, size_t count, uint64_t row,
                     str code, str reason, struct error *err);
/* The reason with a row's bytes in hexadecimal behind it, for a row that did not decode; of a long
 * row the first REJECTS_BYTES_SHOWN, which a cell of a spreadsheet holds. */
enum { REJECTS_BYTES_SHOWN = 15000 };
str rejects_reason_with_bytes(str reason, bytes raw, enum language language, struct arena *arena);
/* Flushes to the disk. */
FALLIBLE rejects_close(struct rejects *rejects, struct error *err);
/* Closes what an early end left open. */
void rejects_release(struct rejects *rejects);
/* Is it a header that this module adds? */
bool rejects_is_own_column(str header);
