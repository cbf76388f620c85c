/* intake_mark - the progress of a register file: a mark in the meta table of the log.
 *
 * The mark is written in the transaction of the rows that it counts. So an interrupted run leaves
 * no doubt which rows are done and with which counts, and the next run of the same file continues
 * behind them. Each batch also stores its refused rows with their reasons (never a cell), so that
 * the next run can write the whole rejects file without judging a row twice.
 *
 * With the file's FileProcessed event the mark becomes `recorded`; it is deleted when the answer
 * has been written. There is one mark per kind: importing another file of the kind discards an
 * unfinished one. If a run imports several files, finished files keep their marks until all are
 * finished (intake_run): repeating an interrupted run answers for them without judging them again.
 * Formats: docs/log-format.md. */
#pragma once

#include "core/io/digest.h"
#include "core/io/log.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/judging/tally.h"

/* The number-th file, from 1, of a run of several; `id` tells one run from another. */
struct intake_run {
    struct digest id;
    uint64_t number;
};

struct intake_mark {
    struct digest file;
    const char *kind;
    const struct intake_run *run; /* NULL: a file alone */
    bool kept;                    /* it is among those of the run's files that are done */
    bool recorded;                /* the file has its event, but nobody may have been told */
    bool is_ours;                 /* what is stored under its name is this file's */
    uint64_t pieces;              /* of refused rows that are stored */
    struct arena arena;           /* what follows */
    uint8_t *refused;             /* of the batch that is not stored yet */
    size_t refused_size;          /* bytes */
    size_t refused_capacity;
    uint64_t piece; /* reading back: which one, 0 before the first */
    bytes rest;     /* of it */
};

/* `kind` and `run` must outlive the mark. */
void intake_mark_init(struct intake_mark *mark, const struct digest *file, const char *kind,
                      const struct intake_run *run);
void intake_mark_release(struct intake_mark *mark);

/* What an earlier run of this file left: *ret_begun, mark->recorded, and its counts in *tally,
 * which is untouched when there are none (a mark of an older program names only the file). What
 * another file left is kept until this one stores or clears something. fails   RESOURCE, CORRUPT */
FALLIBLE intake_mark_load(struct intake_mark *mark, struct log_txn *txn, struct tally *tally,
                          bool *ret_begun, struct error *err);

/* The row-th row of the file was refused, or cannot be read; stored with the batch. */
void intake_mark_refuse(struct intake_mark *mark, uint64_t row, const struct error *reason);

/* Was the row-th row refused by the earlier run, and why? To be asked of each row that is done, in
 * order; *ret lives in the arena and has code and arguments. */
FALLIBLE intake_mark_refused(struct intake_mark *mark, struct log_txn *txn, uint64_t row,
                             struct arena *arena, struct error *ret, bool *ret_refused,
                             struct error *err);

/* The rows up to here are done. Part of the batch that the engine's transaction commits. */
FALLIBLE intake_mark_store(struct intake_mark *mark, struct engine *engine,
                           const struct tally *tally, struct error *err);
/* The file is done and its answer stands. */
FALLIBLE intake_mark_clear(struct intake_mark *mark, struct log_txn *txn, struct error *err);
/* The same of a file of several: its mark stays until intake_run_forget. */
FALLIBLE intake_mark_keep(struct intake_mark *mark, struct log_txn *txn, const struct tally *tally,
                          struct error *err);

/* What runs of several files of a kind left goes, but that of the run `but` (NULL: all). Outside a
 * transaction; writes only when there is something. */
FALLIBLE intake_run_forget(struct log *log, const char *kind, const struct digest *but,
                           struct error *err);
/* What runs of each of these kinds left goes, in one step. Outside a transaction. */
FALLIBLE intake_runs_forget(struct log *log, const char *const *kinds, size_t count,
                            struct error *err);
