/* bench_files - what the disk allows: files of a document's size, named, flushed and renamed as
 * regenerate does it (as many at a time, the next ones written meanwhile), with nothing drawn.
 * Prints name, value, unit, ratio, against what.
 *
 *     bench_files DIR COUNT SIZE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/io/blob.h"
#include "core/io/file_batch.h"
#include "core/io/flush.h"

enum { BATCH = 256 };

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* always there */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(outcome result, const struct error *error)
{
    if (!result.ok) {
        (void)fprintf(stderr, "bench_files: %d %s\n", error->code, error->args[0].text);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct error error;
    struct file_batch *files = NULL, *written = NULL, *named = NULL;
    struct flush flush = {.begun = false};
    if (argc != 4) {
        (void)fprintf(stderr, "usage: bench_files DIR COUNT SIZE\n");
        return 64;
    }
    int count = atoi(argv[2]);
    size_t size = (size_t)atoi(argv[3]);
    arena_init(&arena, 0);
    uint8_t *content = malloc(size);
    if (content == NULL || size < sizeof count) {
        return 64;
    }
    memset(content, 'a', size);
    must(file_batch_open(&files, &error), &error);
    must(file_batch_open(&written, &error), &error);
    must(file_batch_open(&named, &error), &error);
    double start = seconds();
    for (int i = 0; i < count; i++) {
        memcpy(content, &i, sizeof i);
        struct digest digest = digest_sha256(bytes_of(content, sizeof i)); /* any name will do */
        const char *path = blob_path(argv[1], &digest, ".pdf", &arena);
        must(file_batch_write(path, bytes_of(content, size), 0644, &error), &error);
        file_batch_adopt(files, path);
        if (i % BATCH == BATCH - 1 || i == count - 1) {
            must(flush_wait(&flush, &error), &error);
            struct file_batch *empty = named;
            named = written; /* by the flush that just ended */
            written = files;
            files = empty;
            flush_start(&flush, written, named);
            arena_reset(&arena);
        }
    }
    must(flush_wait(&flush, &error), &error);
    must(file_batch_advance(files, written, &error), &error);
    (void)printf("files of that size alone\t%.0f\tfiles/s\t1.000\titself\n",
                 count / (seconds() - start));
    file_batch_close(files);
    file_batch_close(written);
    file_batch_close(named);
    arena_release(&arena);
    free(content);
    return 0;
}
