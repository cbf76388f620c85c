/* intake - imports a register file: every row becomes an action and gets a verdict (CONTRACT 3).
 *
 * A first pass checks header and quoting of the whole file. Then rows are applied in order, in
 * batches; the rules compare them with the register. Committed batches stay: after a stop or a
 * kill, importing the same file again continues behind the rows that are done, with their counts
 * (intake_mark.h), and the log is then the same as after one undisturbed run. At the end comes one
 * FileProcessed event, unless every row was unchanged. */
#pragma once

#include "core/io/encoding.h"
#include "core/io/file_state.h"
#include "importers/registry.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/intake/intake_mark.h"
#include "jobs/engine/judging/tally.h"

/* Rows land all over the views: a batch of few would write nearly every page for a handful of
 * records, and of the keyring a page a new person (3 000 000 persons on a disk: 50 000 rows a batch
 * 49 s and 12.5 GB written, 250 000 39 s and 8.2 GB). A signal ends a batch early. */
enum {
    INTAKE_BATCH_ROWS = 250000,
    INTAKE_PHOTO_WEIGHT = 50, /* a photo makes a batch as full as so many rows */
};

/* A value of the log's meta table that says a file was taken in. */
struct intake_note {
    const char *name;
    bytes value;
};

struct intake_request {
    const struct import_kind *kind;
    const char *path;
    const struct file_state *before;  /* what the caller saw of it; NULL: nothing */
    enum encoding encoding;           /* ENCODING_FIND: find out */
    const char *rejects_path;         /* refused rows go here; made only when there is one */
    bool dry_run;                     /* judge everything, change nothing */
    uint64_t batch_rows;              /* 0: INTAKE_BATCH_ROWS */
    bool chinese;                     /* language of the reasons in the rejects file */
    const struct intake_run *several; /* the file is one of several (intake_mark.h); NULL: alone */
    struct intake_note notes[2];      /* written with the file's end, in one step */
    size_t notes_count;
    struct seen_memory *memory; /* rows seen before (seen_rows.h); NULL: all are read */
    const struct run *run;
    void *state; /* of the calls below, which may be NULL */
    void (*progress)(void *state, uint64_t position, uint64_t size);
    void (*warn)(void *state, const struct error *warning);
    void (*goes_on)(void *state, uint64_t row); /* behind this row of an earlier run; may be NULL */
};

struct intake_report {
    struct tally tally; /* of the whole file, earlier runs of it included */
    struct digest file_sha256;
    bool stopped;        /* by a signal, at a batch border */
    uint64_t stopped_at; /* row number */
    bool has_rejects;
};

/* fails   MISSING, MALFORMED: nothing was written; RESOURCE, CORRUPT, MISSING MESSAGE_FILE_CHANGED
 *         (others write to it while it is read): what was committed stays, nothing says of it that
 * the file was taken in */
FALLIBLE intake_file(struct engine *engine, const struct intake_request *request,
                     struct intake_report *ret, struct error *err);
