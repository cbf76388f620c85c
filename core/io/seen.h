/* seen - a file that remembers rows: one entry each, in the order in which they were met.
 *
 * A help, never a source: it is written without waiting for the disk, and whoever uses an entry
 * checks what it says, so a file that is torn, old or gone costs time and nothing else. Entries are
 * found by the digest of their row, fastest in the order of the file. A file is never changed, only
 * replaced: readers in several threads keep what they opened. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/io/digest.h"

enum {
    SEEN_DIGEST_SIZE = 16,
    SEEN_KEY_MAX = 60,
    SEEN_ENTRIES_MAX = 6000000, /* 576 MB; what comes behind is not remembered */
};

/* As it lies in the file, 96 bytes. All zeros: a row of which nothing is known. */
struct seen_entry {
    uint8_t row[SEEN_DIGEST_SIZE];    /* keyed digest of the row as the file holds it */
    uint8_t record[SEEN_DIGEST_SIZE]; /* keyed digest of what it says, packed */
    uint16_t record_size;             /* bytes of that */
    uint8_t key_size;                 /* 0: nothing is known */
    uint8_t masked;                   /* it names its person by a masked number */
    uint8_t key[SEEN_KEY_MAX];        /* where the record is */
};

struct seen;

/* NULL when there is no such file, or it was written in another context. */
struct seen *seen_open(const char *path, const struct digest *context);
/* NULL is fine. */
void seen_close(struct seen *seen);
/* The entry of a row, or NULL; it lives as long as `seen`. *place is where it is expected, and then
 * where the row behind it is; each thread has its own, which may begin anywhere. */
const struct seen_entry *seen_find(const struct seen *seen, const uint8_t row[SEEN_DIGEST_SIZE],
                                   uint64_t *place);

struct seen_writer;

/* NULL when no file can be made there: then nothing is remembered. */
struct seen_writer *seen_writer_open(const char *path, const struct digest *context);
/* `writer` may be NULL; an `entry` of NULL is one of which nothing is known. */
void seen_add(struct seen_writer *writer, const struct seen_entry *entry);
/* Throws the file away, or puts it in its place; in the latter case not one without entries, nor in
 * the place of one, of whatever context, that has more than twice as many. NULL is fine. */
void seen_writer_close(struct seen_writer *writer, bool keep);
