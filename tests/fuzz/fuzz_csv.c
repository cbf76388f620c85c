/* fuzz_csv - any bytes as a register file: the reader ends, with rows or with an error; in two
 * steps it comes to the same rows and the same errors. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/io/csv.h"
#include "tests/fuzz/encoding_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read so far, as a number. */
struct account {
    uint64_t hash;
    uint64_t rows;
    bool broken; /* the file as a whole */
};

static void count_bytes(struct account *account, const void *data, size_t size)
{
    const uint8_t *at = data;
    for (size_t i = 0; i < size; i++) {
        account->hash = (account->hash ^ at[i]) * UINT64_C(1099511628211);
    }
    account->hash = (account->hash ^ size) * UINT64_C(1099511628211);
}

/* A row that was split, good or not. */
static void count_row(struct account *account, const struct csv *csv, uint64_t row, outcome split,
                      const struct error *err)
{
    size_t count = 0;
    const str *cells = csv_row_lossy(csv, &count);
    uint64_t facts[] = {row, csv_row_private_use(csv), split.ok ? 0 : (uint64_t)err->code};
    count_bytes(account, facts, sizeof facts);
    for (size_t i = 0; i < count; i++) {
        count_bytes(account, cells[i].data, cells[i].size);
    }
    account->rows++;
}

static struct account read_rows(struct csv *csv)
{
    struct account account = {0};
    uint64_t rows = 0;
    struct error err;
    bool whole = csv_check(csv, &rows, &err).ok;
    BUG_UNLESS(whole || csv_rewind(csv, &err).ok); /* else it stands where it is broken */
    for (;;) {
        const str *cells;
        size_t count;
        uint64_t row;
        bool more = true;
        outcome next = csv_next(csv, &cells, &count, &row, &more, &err);
        if (!next.ok && err.class != ERROR_INVALID) {
            BUG_UNLESS(!whole); /* the first pass promised that the file is sound */
            account.broken = true;
            return account;
        }
        if (!more) {
            BUG_UNLESS(account.rows == rows || !whole);
            return account;
        }
        count_row(&account, csv, csv_row_number(csv), next, &err);
    }
}

static struct account cut_rows(struct csv *csv)
{
    struct account account = {0};
    struct csv *splitter = NULL;
    struct error err;
    BUG_UNLESS(csv_rewind(csv, &err).ok && csv_splitter_open(csv, &splitter, &err).ok);
    for (;;) {
        struct csv_record record;
        bool more = false;
        if (!csv_cut(csv, &record, &more, &err).ok) {
            account.broken = true;
            break;
        }
        if (!more) {
            break;
        }
        const str *cells;
        size_t count;
        bool blank = false;
        outcome split = csv_split_row(splitter, &record, &cells, &count, &blank, &err);
        if (!split.ok && err.class != ERROR_INVALID) {
            account.broken = true;
            break;
        }
        if (!blank) {
            count_row(&account, splitter, record.row, split, &err);
        }
    }
    csv_close(splitter);
    return account;
}

static void read_twice(struct csv *csv)
{
    struct account one = read_rows(csv);
    struct account two = cut_rows(csv);
    BUG_UNLESS(one.broken == two.broken && one.rows == two.rows && one.hash == two.hash);
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
            read_twice(csv);
            csv_close(csv);
        }
    }
    (void)close(descriptor);
    return 0;
}
