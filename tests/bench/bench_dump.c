/* bench_dump - a store's events and the records of its views as plain files, for what is held
 * against it (peers/replay).
 *
 *     bench_dump STORE DIR      writes DIR/events.bin and DIR/records.bin
 *
 * events.bin: size (u32, of this machine) and bytes of each event, in order. records.bin: size of
 * the key with a byte of the view before it, size of the value, key, value; in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/log.h"
#include "jobs/engine/parts/views.h"

static void need(bool good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "bench_dump: %s\n", what);
        exit(1);
    }
}

static void put(FILE *file, const void *data, size_t size)
{
    need(size == 0 || fwrite(data, 1, size, file) == size, "a file cannot be written");
}

static void put_size(FILE *file, size_t size)
{
    uint32_t word = (uint32_t)size;
    put(file, &word, sizeof word);
}

static FILE *made(const char *dir, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name); /* a cut name fails to open */
    FILE *file = fopen(path, "wbx");
    need(file != NULL, "a file cannot be made");
    return file;
}

static void dump_events(const char *store, FILE *file)
{
    struct error err;
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct log_cursor *cursor = NULL;
    char path[4096];
    uint64_t sequence = 0;
    bytes payload = {NULL, 0};
    bool found = true;
    (void)snprintf(path, sizeof path, "%s/log", store); /* as above */
    need(log_open(path, STORE_READ, &log, &err).ok, "the log cannot be opened");
    need(log_begin(log, STORE_READ, &txn, &err).ok, "the log cannot be read");
    need(log_cursor_open(txn, 1, &cursor, &err).ok, "the log cannot be read");
    while (log_cursor_next(cursor, &found, &sequence, &payload, &err).ok && found) {
        put_size(file, payload.size);
        put(file, payload.data, payload.size);
    }
    need(sequence == log_size(txn), "the log ends too soon");
    log_cursor_close(cursor);
    log_abort(txn);
    log_close(log);
}

static void dump_view(struct views *views, enum view_id view, FILE *file)
{
    struct error err;
    struct view_key prefix = {0};
    struct views_scan scan = {0};
    bool more = false;
    uint8_t name = (uint8_t)view;
    need(views_scan_open(views, view, &prefix, (bytes){NULL, 0}, &scan, &err).ok, "a view is gone");
    while (views_scan_next(&scan, &more, &err).ok && more) {
        put_size(file, scan.key.size + 1);
        put_size(file, scan.value.size);
        put(file, &name, 1);
        put(file, scan.key.data, scan.key.size);
        put(file, scan.value.data, scan.value.size);
    }
    views_scan_close(&scan);
}

static void dump_records(const char *store, FILE *file)
{
    struct error err;
    struct views *views = NULL;
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/views", store); /* as above */
    need(views_open(path, STORE_READ, &views, &err).ok, "the views cannot be opened");
    need(views_begin(views, &err).ok, "the views cannot be read");
    for (int view = 0; view <= VIEW_INDEX; view++) {
        dump_view(views, (enum view_id)view, file);
    }
    views_abort(views);
    views_close(views);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: bench_dump STORE DIR\n");
        return 64;
    }
    FILE *events = made(argv[2], "events.bin");
    FILE *records = made(argv[2], "records.bin");
    dump_events(argv[1], events);
    dump_records(argv[1], records);
    need(fclose(events) == 0 && fclose(records) == 0, "a file cannot be written");
    return 0;
}
