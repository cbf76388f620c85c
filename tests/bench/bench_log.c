/* bench_log - figures of the log: append and verify, beside a plain file and a raw cursor scan.
 *
 *     bench_log DIR [EVENTS]    makes a log in DIR
 *     bench_log scan DIR        only walks over the log that is there
 *
 * Prints name, value, unit, ratio, against what, with tabs between.
 * Ratios are of the same run, so that they travel between machines; the plain file is measured
 * before and after, because disks change their mind. Fails with status 1 and a reason. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/io/log.h"
#include "core/io/pages.h"
#include "core/io/seal.h"

enum { PAYLOAD_SIZE = 291, BATCH = 1000 };

static double seconds(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) {
        exit(1);
    }
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void need(outcome result, const struct error *err)
{
    if (!result.ok) {
        (void)fprintf(stderr, "bench_log: error %d at %s: %s\n", err->code,
                      err->trace_count > 0 ? err->trace[0] : "?",
                      err->args_count > 0 ? err->args[0].text : "");
        exit(1);
    }
}

static void row(const char *name, double value, const char *unit, double ratio, const char *against)
{
    (void)printf("%s\t%.0f\t%s\t%.3f\t%s\n", name, value, unit, ratio, against);
}

static void fill(uint8_t payload[PAYLOAD_SIZE], uint64_t n)
{
    for (size_t i = 0; i < PAYLOAD_SIZE; i += 8) {
        uint64_t mixed = (n + i) * 0x9e3779b97f4a7c15U;
        memcpy(payload + i, &mixed, i + 8 <= PAYLOAD_SIZE ? 8 : PAYLOAD_SIZE - i);
    }
}

/* Events per second of write and fdatasync, a batch at a time. */
static double plain_file(const char *dir, uint64_t events, uint64_t batch)
{
    static uint8_t block[BATCH * PAYLOAD_SIZE];
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/plain", dir); /* a cut name fails to open */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    double start = seconds(CLOCK_MONOTONIC);
    for (uint64_t done = 0; done < events; done += batch) {
        for (size_t i = 0; i < batch; i++) {
            fill(block + i * PAYLOAD_SIZE, done + i);
        }
        size_t size = batch * PAYLOAD_SIZE;
        if (write(fd, block, size) != (ssize_t)size || fdatasync(fd) != 0) {
            (void)fprintf(stderr, "bench_log: cannot write to %s\n", path);
            exit(1);
        }
    }
    double took = seconds(CLOCK_MONOTONIC) - start;
    (void)close(fd);    /* flushed */
    (void)unlink(path); /* a leftover does no harm */
    return (double)events / took;
}

static void append_batch(struct log *log, uint64_t from, uint64_t count)
{
    struct error err = {0};
    struct log_txn *txn = NULL;
    uint8_t payload[PAYLOAD_SIZE];
    uint64_t sequence = 0;
    need(log_begin(log, STORE_WRITE, &txn, &err), &err);
    for (uint64_t i = 0; i < count; i++) {
        fill(payload, from + i);
        need(log_append(txn, bytes_of(payload, sizeof payload), &sequence, &err), &err);
    }
    need(log_commit(txn, &err), &err);
}

static double append_all(struct log *log, uint64_t events, uint64_t batch)
{
    double start = seconds(CLOCK_MONOTONIC);
    for (uint64_t done = 0; done < events; done += batch) {
        append_batch(log, done, batch);
    }
    return (double)events / (seconds(CLOCK_MONOTONIC) - start);
}

static double scan_all(struct log *log)
{
    struct error err = {0};
    struct log_txn *txn = NULL;
    struct log_cursor *cursor = NULL;
    bool found = true;
    uint64_t sequence = 0;
    uint64_t sum = 0;
    bytes payload;
    need(log_begin(log, STORE_READ, &txn, &err), &err);
    need(log_cursor_open(txn, 1, &cursor, &err), &err);
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (;;) {
        need(log_cursor_next(cursor, &found, &sequence, &payload, &err), &err);
        if (!found) {
            break;
        }
        sum += payload.data[0];
    }
    double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    double rate = (double)log_size(txn) / took;
    log_cursor_close(cursor);
    log_abort(txn);
    return sum == UINT64_MAX ? 0 : rate;
}

static double verify_all(struct log *log)
{
    struct error err = {0};
    struct log_txn *txn = NULL;
    struct log_report report;
    need(log_begin(log, STORE_READ, &txn, &err), &err);
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    need(log_verify(txn, (struct log_progress){NULL, NULL}, &report, &err), &err);
    double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    log_abort(txn);
    return (double)report.events / took;
}

static void keyring_rows(const char *dir)
{
    enum { PERSONS = 300000 };
    struct error err = {0};
    struct keyring *ring = NULL;
    uint8_t key[SEAL_KEY_SIZE] = {0};
    char id[PERSON_ID_SIZE];
    char text[32];
    need(keyring_open(dir, STORE_WRITE, &ring, &err), &err);
    struct hmac_key hash_key;
    hmac_key_init(&hash_key, bytes_of(key, sizeof key));
    double start = seconds(CLOCK_MONOTONIC);
    for (int i = 0; i < PERSONS; i++) {
        int size = snprintf(text, sizeof text, "person %d", i);
        person_id_make(&hash_key, (str){text, (size_t)size}, id);
        need(keyring_make(ring, str_of(id), key, &err), &err);
    }
    need(keyring_flush(ring, &err), &err);
    row("keyring new keys", PERSONS / (seconds(CLOCK_MONOTONIC) - start), "keys/s", 1, "itself");
    keyring_close(ring);
    start = seconds(CLOCK_MONOTONIC);
    need(keyring_open(dir, STORE_READ, &ring, &err), &err);
    row("keyring open", (seconds(CLOCK_MONOTONIC) - start) * 1e6, "us", 1, "itself");
    keyring_close(ring);
}

static int only_scan(const char *dir)
{
    struct error err = {0};
    struct log *log = NULL;
    need(log_open(dir, STORE_READ, &log, &err), &err);
    (void)scan_all(log); /* faults the pages in */
    row("raw cursor scan of the store", scan_all(log), "events/s CPU", 1, "itself");
    log_close(log);
    return 0;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct log *log = NULL;
    struct pages_report pages;
    struct stat status;
    if (argc == 3 && strcmp(argv[1], "scan") == 0) {
        return only_scan(argv[2]);
    }
    uint64_t events = argc > 2 ? (uint64_t)atoll(argv[2]) / BATCH * BATCH : 200000;
    if (argc < 2 || events == 0) {
        (void)fprintf(stderr, "usage: bench_log DIR [EVENTS]; DIR is an empty directory\n");
        return 64;
    }
    need(log_open(argv[1], STORE_WRITE, &log, &err), &err);
    double file = plain_file(argv[1], events, BATCH);
    double append = append_all(log, events, BATCH);
    file = (file + plain_file(argv[1], events, BATCH)) / 2;
    double single = append_all(log, 500, 1);
    double file_single = plain_file(argv[1], 500, 1);
    row("append, batches of 1000", append, "events/s", append / file,
        "plain file, fdatasync a batch");
    row("append, one at a time", single, "events/s", single / file_single,
        "plain file, fdatasync each");
    double scan = scan_all(log);
    scan = scan_all(log); /* the first one faulted the pages in */
    double verify = verify_all(log);
    row("raw cursor scan", scan, "events/s CPU", 1, "itself");
    row("verify", verify, "events/s CPU", verify / scan, "raw cursor scan");
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    need(pages_check(log_data_path(log), PAGES_FULL, &pages, &err), &err);
    double check = (double)events / (seconds(CLOCK_PROCESS_CPUTIME_ID) - start);
    row("page check", check, "events/s CPU", check / scan, "raw cursor scan");
    if (stat(log_data_path(log), &status) == 0) {
        double size = (double)status.st_size / (double)(events + 500);
        row("log size", size, "bytes/event", size / PAYLOAD_SIZE, "payload of 291 bytes");
    }
    log_close(log);
    keyring_rows(argv[1]);
    return 0;
}
