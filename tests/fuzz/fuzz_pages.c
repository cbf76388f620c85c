/* fuzz_pages - any bytes as an LMDB data file: damaged at a named page, or sound, and then LMDB
 * itself reads it to the end. */
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "core/io/pages.h"
#include "core/io/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All entries of the table in the corpus; any error will do, a crash will not. */
static void read_table(struct store_txn *txn)
{
    struct error err;
    struct store_cursor *cursor = NULL;
    unsigned table = 0;
    bool found = false;
    bytes key = {0};
    bytes value = {0};
    uint8_t sum = 0;
    if (!store_table(txn, "a", &table, &err).ok || table == STORE_NO_TABLE ||
        !store_cursor_open(txn, table, &cursor, &err).ok) {
        return;
    }
    bool read = store_cursor_seek(cursor, key, &found, &key, &value, &err).ok;
    while (read && found) {
        for (size_t i = 0; i < value.size; i++) {
            sum ^= value.data[i];
        }
        read = store_cursor_next(cursor, &found, &key, &value, &err).ok;
    }
    BUG_UNLESS(sum == 0 || value.size > 0);
    store_cursor_close(cursor);
}

static void open_with_lmdb(const uint8_t *data, size_t size)
{
    struct error err;
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    char folder[PATH_MAX];
    char path[PATH_MAX + 16];
    const char *scratch = getenv("TMPDIR"); /* removed by tests/fuzz/run, also after a crash */
    (void)snprintf(folder, sizeof folder, "%s/anzheng-fuzz-pages-XXXXXX",
                   scratch != NULL ? scratch : "/tmp"); /* one too long is not made */
    if (mkdtemp(folder) == NULL) {
        abort();
    }
    (void)snprintf(path, sizeof path, "%s/data.mdb", folder); /* fits */
    int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0 || write(descriptor, data, size) != (ssize_t)size) {
        abort();
    }
    (void)close(descriptor); /* a scratch file */
    struct store_options options = {
        .path = folder, .mode = STORE_READ, .map_bytes = (size_t)16 << 20};
    if (store_open(&options, &store, &err).ok) {
        if (store_begin(store, STORE_READ, &txn, &err).ok) {
            read_table(txn);
            store_abort(txn);
        }
        store_close(store);
    }
    (void)unlink(path); /* scratch, this and the next two */
    (void)snprintf(path, sizeof path, "%s/lock.mdb", folder);
    (void)unlink(path);
    (void)rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    if (descriptor < 0 || write(descriptor, data, size) != (ssize_t)size) {
        abort();
    }
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor); /* a short name */
    struct error err;
    struct pages_report quick = {0};
    struct pages_report full = {0};
    bool opens = pages_check(path, PAGES_QUICK, &quick, &err).ok;
    bool sound = pages_check(path, PAGES_FULL, &full, &err).ok;
    BUG_UNLESS(opens || !sound);
    BUG_UNLESS(sound || err.class == ERROR_CORRUPT);
    BUG_UNLESS(!sound || full.reachable <= full.pages);
    (void)close(descriptor); /* in memory */
    if (sound) {
        open_with_lmdb(data, size);
    }
    return 0;
}
