/* seen - a cache file that remembers the rows of an import: one entry per row, in the order of the
 * rows.
 *
 * An entry was true when its row was read. The file also records which records later rows of the
 * import wrote again, and how long the log was at the end. The user of the file reads the events
 * that the log got since then and reports the records they changed (seen_forget). After that,
 * seen_holds() says whether an entry is still true.
 *
 * The file only saves work and is written without waiting for the disk. Every entry has a check
 * value that no entry of another file passes, and so has the rest: a file that is torn, old or
 * mixed with blocks of an older one costs time and does no harm. Entries are found by the digest of
 * their row, fastest in the order of the file. A file is never changed, only replaced: readers in
 * several threads keep what they opened. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/io/digest.h"

enum {
    SEEN_DIGEST_SIZE = 16,
    SEEN_KEY_MAX = 58,
    SEEN_ENTRIES_MAX = 6000000, /* 480 MB; what comes behind is not remembered */
};

/* As it lies in the file, 80 bytes. All zeros: a row of which nothing is known. */
struct seen_entry {
    uint8_t row[SEEN_DIGEST_SIZE]; /* keyed digest of the row as the file holds it */
    uint32_t check;                /* of all else and of the file; seen_add makes it */
    uint8_t key_size;              /* 0: nothing is known */
    uint8_t masked;                /* it names its person by a masked number */
    uint8_t key[SEEN_KEY_MAX];     /* where the record is */
};

/* How far the log had gone: nothing else has this root. */
struct seen_moment {
    uint64_t size;
    struct digest root;
};

struct seen;

/* NULL when there is no such file, it is not whole, or it was written in another context. */
struct seen *seen_open(const char *path, const struct digest *context);
/* NULL is fine. */
void seen_close(struct seen *seen);
/* When the file was finished, and how many rows it has. */
struct seen_moment seen_moment(const struct seen *seen);
uint64_t seen_count(const struct seen *seen);
/* To be called once before the first is looked up; takes longest of all, and may be done while
 * something else is. */
void seen_prepare(struct seen *seen);
/* The entry of a row, or NULL; it lives as long as `seen`. *place is where it is expected, and then
 * where the row behind it is; each thread has its own, which may begin anywhere. */
const struct seen_entry *seen_find(const struct seen *seen, const uint8_t row[SEEN_DIGEST_SIZE],
                                   uint64_t *place);
/* Records of this mark were written since the file was finished. Not beside other threads. */
void seen_forget(struct seen *seen, uint64_t mark);
/* Was nothing of this mark, that of the entry's record, written since the entry's row was met? */
bool seen_holds(const struct seen *seen, const struct seen_entry *entry, uint64_t mark);

struct seen_writer;

/* NULL when no file can be made there: then nothing is remembered. */
struct seen_writer *seen_writer_open(const char *path, const struct digest *context);
/* `writer` may be NULL; an `entry` of NULL is one of which nothing is known. */
void seen_add(struct seen_writer *writer, const struct seen_entry *entry);
/* The next row to be added writes a record of this mark, of which rows before it may have told.
 * `writer` may be NULL. */
void seen_add_written(struct seen_writer *writer, uint64_t mark);
/* Throws the file away (`moment` NULL), or puts it in its place; in the latter case not one without
 * entries, nor in the place of one, of whatever context, that has more than twice as many. NULL is
 * fine. */
void seen_writer_close(struct seen_writer *writer, const struct seen_moment *moment);
