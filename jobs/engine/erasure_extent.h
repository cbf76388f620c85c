/* erasure_extent - what the log holds about persons who are to be erased: the number of events
 * sealed with their keys, their files and submissions. One walk over the whole log serves all of
 * them. */
#pragma once

#include "core/base/map.h"
#include "jobs/engine/engine.h"

struct erasure_extent {
    struct arena *arena;
    const PersonErased **erasures;
    size_t erasures_count;
    size_t erasures_capacity;
    struct map ids;     /* of the persons: all keys that go */
    struct map drawn;   /* ids of what is drawn for them: certificates, proofs */
    struct map paths;   /* of `files` */
    const char **files; /* below the store: "blobs/aa/<sha256>" */
    size_t files_count;
    size_t files_capacity;
    uint32_t sealed;
    uint32_t blobs;
    uint32_t documents; /* files drawn of them */
    uint64_t *touched;  /* events that are about the persons */
    size_t touched_count;
    size_t touched_capacity;
    uint64_t *submissions; /* the FileProcessed events of files that hold such wishes */
    size_t submissions_count;
    size_t submissions_capacity;
};

void erasure_extent_init(struct erasure_extent *extent, struct arena *arena);
/* The erasure must live as long as the extent. */
void erasure_extent_add(struct erasure_extent *extent, const PersonErased *erased);
/* fails   CORRUPT, RESOURCE (the log) */
FALLIBLE erasure_extent_measure(struct log_txn *txn, struct erasure_extent *extent,
                                struct error *err);
/* Adds the erasures of the events behind `applied`, and measures what all of them took.
 * fails   CORRUPT, RESOURCE (the log) */
FALLIBLE erasure_extent_read(struct log_txn *txn, uint64_t applied, struct erasure_extent *extent,
                             struct error *err);
/* Is this file, "blobs/aa/<sha256>", one of `files`? */
bool erasure_extent_has(const struct erasure_extent *extent, const char *path);
