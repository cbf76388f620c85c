/* comparing - the findings of `audit compare`: one line per difference, and their number by kind.
 *
 * Shared by audit_compare.c, compare_past.c, compare_views.c, compare_summary.c, compare_files.c,
 * compare_blobs.c (files against the log), compare_keys.c (keys against the log), compare_trees.c
 * (checkpoints in documents) and compare_documents.c (documents against their re-rendering).
 * Nothing is mended here. */
#pragma once

#include "core/base/map.h"
#include "core/io/digest.h"
#include "jobs/engine/erasure_extent.h"
#include "jobs/engine/parts/event_order.h"
#include "jobs/report.h"

/* In the order of DIFFERENCE_NAMES of audit_compare.c. */
enum difference {
    DIFFERENCE_MISSING,    /* the log names a file that is not there */
    DIFFERENCE_ALTERED,    /* other bytes than were logged */
    DIFFERENCE_UNREADABLE, /* it is there and cannot be read: nothing is known of its bytes */
    DIFFERENCE_EXTRA,      /* a file that no event names */
    DIFFERENCE_CONTENT,    /* the page that is to be shown is another one */
    DIFFERENCE_RENDERER,   /* the same page, drawn by other code or fonts */
    DIFFERENCE_UNDRAWN,    /* it cannot be drawn any more */
    DIFFERENCE_COUNT
};

struct comparing {
    struct session *session;
    const AuditCompareOptions *options;
    uint64_t memory_bytes; /* of the option */
    struct report_rows rows;
    uint64_t differences[DIFFERENCE_COUNT];
    uint64_t files;           /* looked at */
    uint64_t documents;       /* drawn again */
    struct digester list;     /* of the findings, a line each as --json prints them */
    struct map rendered;      /* digest of a logged document file -> rendered_file */
    struct map blobs;         /* digest of a blob that an event names -> named_blob */
    struct map trees;         /* digests of checkpoints that documents carry: they were looked at */
    struct map unopened;      /* id of a key that is gone -> uint64_t: the first event with it */
    struct event_order order; /* of the events that were read */
    uint64_t last;            /* event: the state that is looked at */
    struct map erased;        /* persons who were erased behind it */
    str *certificates;        /* of --certificate, in their canonical form; none: all documents */
};

/* The last DocumentRendered that named a file. */
struct rendered_file {
    uint64_t event;
    const char *document;
    bool seen;
    uint64_t proof_size; /* events under the checkpoint that its proof names; 0: none */
    uint8_t unsigned_sha256[32];
};

/* The last event that names a blob. */
struct named_blob {
    uint64_t event;
    bool seen;
};

/* "missing", "altered" ... */
const char *comparing_name(enum difference difference);

/* `kind` is "view", "document", "blob", "key", "checkpoint", "log_key"; event 0: none is known. A
 * file is named as seen from the store, so that who compares a copy elsewhere has the same
 * findings. fails as report_rows_add */
FALLIBLE comparing_add(struct comparing *comparing, const char *kind, enum difference difference,
                       uint64_t event, str what, struct error *err);

/* --until, --as-of and --certificate ask for documents only. */
bool comparing_documents_alone(const struct comparing *comparing);

/* What a file is that file_read() did not read, for `cause`: MISSING, UNREADABLE, or ALTERED, for
 * none that was logged is larger than BLOB_LIMIT. */
enum difference comparing_unread(const char *path, const struct error *cause);

/* The state that --until or --as-of names takes the place of the store's views.
 * fails   USAGE; CORRUPT (the log); CREATE, RESOURCE (the folder for it) */
FALLIBLE compare_past_open(struct comparing *comparing, struct error *err);

/* Live views against replayed ones; each record that differs with the last event that touched it.
 * fails   CORRUPT (the log); RESOURCE */
FALLIBLE compare_views(struct comparing *comparing, struct error *err);

/* Documents and blobs on disk against their names and the log.
 * fails   CORRUPT (the log); RESOURCE */
FALLIBLE compare_files(struct comparing *comparing, struct error *err);
/* Only which documents the log names up to comparing->last; compare_files() does it too. */
FALLIBLE compare_files_gather(struct comparing *comparing, struct error *err);

/* Takes the blobs that an event names. fails   CORRUPT (a name that is no digest) */
FALLIBLE compare_blobs_gather(struct comparing *comparing, const Event *event, struct error *err);
/* NULL: no event names it. */
struct named_blob *compare_blobs_find(const struct comparing *comparing,
                                      const struct digest *digest);
/* Those that were not seen, but for what an erasure took. fails   CORRUPT (the log); RESOURCE */
FALLIBLE compare_blobs_missing(struct comparing *comparing, struct error *err);

/* What was erased by now, in the run's memory: what went while this run looked went by an event
 * behind those that are compared. fails   CORRUPT (the log); RESOURCE */
FALLIBLE compare_erasures(struct comparing *comparing, struct erasure_extent *ret,
                          struct error *err);

/* Takes an event whose sealed part no key opens. fails   CORRUPT, RESOURCE (the keyring) */
FALLIBLE compare_keys_gather(struct comparing *comparing, Event *event, struct error *err);
/* Those that no erasure took. fails   CORRUPT (the log); RESOURCE */
FALLIBLE compare_keys_missing(struct comparing *comparing, struct error *err);

/* Is the checkpoint in a document that was logged one of the log's tree? `path`: the file,
 * which is as it was logged. fails   CONFIG (the log's public key); RESOURCE */
FALLIBLE compare_trees_look(struct comparing *comparing, const char *path, uint64_t event,
                            str place, struct error *err);

/* Every ready document drawn again and its digests compared; --documents=N: the first N.
 * fails   CONFIG when fonts cannot be opened; RESOURCE */
FALLIBLE compare_documents(struct comparing *comparing, struct error *err);
