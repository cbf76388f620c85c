/* rejects - refused rows of a register: the original cells, then 行号, 原因代码, 原因.
 *
 * Mended, the file may be imported as it is: the three columns are left out when they are there
 * already. Made with mode 0600, and only when a row was refused (CONTRACT 1, 3). */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/csv.h"

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
/* Flushes to the disk. */
FALLIBLE rejects_close(struct rejects *rejects, struct error *err);
/* Closes what an early end left open. */
void rejects_release(struct rejects *rejects);
/* Is it a header that this module adds? */
bool rejects_is_own_column(str header);
