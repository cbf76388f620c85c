/* fuzz_csv - any bytes as a register file: the reader ends, with rows or with an error. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/io/csv.h"
#include "tests/fuzz/encoding_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_rows(struct csv *csv)
{
    uint64_t rows = 0;
    struct error err;
    bool whole = csv_check(csv, &rows, &err).ok;
    uint64_t seen = 0;
    for (;;) {
        const str *cells;
        size_t count;
        uint64_t row;
        bool more = true;
        if (!csv_next(csv, &cells, &count, &row, &more, &err).ok) {
            if (err.class != ERROR_INVALID) {
                BUG_UNLESS(!whole); /* the first pass promised that the file is sound */
                return;
            }
        } else if (!more) {
            BUG_UNLESS(seen == rows || !whole);
            return;
        }
        seen++;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv_options options = {.tables = shared_tables()};
    int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    if (descriptor < 0 || write(descriptor, data, size) != (ssize_t)size) {
        abort();
    }
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    for (enum encoding encoding = ENCODING_FIND; encoding <= ENCODING_GB18030; encoding++) {
        struct csv *csv;
        struct error err;
        if (csv_open(path, encoding, &options, &csv, &err).ok) {
            read_rows(csv);
            csv_close(csv);
        }
    }
    (void)close(descriptor);
    return 0;
}
