/* blob - files named by the SHA-256 of their bytes, below DIR/<aa>/<sha256>.
 *
 * Created first, logged after; never changed. Bytes are stored as given: who stores personal data
 * seals it before (seal.h). `dir` is the directory of the blobs. */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/digest.h"

/* The largest: what sealing takes. A submission is one blob, and so is the list of a wave. */
enum { BLOB_LIMIT = INT_MAX - 1 };

/* fails   MISSING BLOB_MISSING; CORRUPT BLOB_ALTERED */
FALLIBLE blob_get(const char *dir, const struct digest *digest, struct arena *arena, bytes *ret,
                  struct error *err);
/* "<dir>/<aa>/<sha256>" and a suffix (".pdf" or ""), in the arena. */
const char *blob_path(const char *dir, const struct digest *digest, const char *suffix,
                      struct arena *arena);

/* Back: the digest of a file's name, "<sha256>" and the suffix; false for any other name. */
bool blob_name_digest(const char *name, const char *suffix, struct digest *ret);

/* After processes that were killed. What they renamed and did not flush is made durable: a batch
 * takes a blob that is there for one that was flushed. What they left half, `<aa>/<sha256>.tmp`, is
 * removed, for no later one writes it again: what is sealed is another each time; what cannot be
 * looked at or removed stays. Only while nobody has a batch open.
 * fails   RESOURCE FILE_NOT_WRITABLE */
FALLIBLE blob_sweep(const char *dir, struct error *err);

/* Put all, flush once, then commit the log. One that is there already is fine. */
struct blob_batch;

FALLIBLE blob_batch_open(const char *dir, struct blob_batch **ret, struct error *err);
/* blob_get does not see it before the flush. */
FALLIBLE blob_batch_put(struct blob_batch *batch, bytes content, struct digest *ret,
                        struct error *err);
/* The same, of whose bytes the digest is known. */
FALLIBLE blob_batch_put_known(struct blob_batch *batch, bytes content, const struct digest *digest,
                              struct error *err);
FALLIBLE blob_batch_flush(struct blob_batch *batch, struct error *err);
/* What was not flushed is dropped; others may be put. */
void blob_batch_drop(struct blob_batch *batch);
/* What was not flushed is dropped. NULL is fine. */
void blob_batch_close(struct blob_batch *batch);
