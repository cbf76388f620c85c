/* project - views from the log: catch up, rebuild, compare, replay to a point.
 *
 * Catching up applies events in place, one by one; a rebuild makes record after record (fold.h) and
 * writes a new environment in key order, which then takes the live one's place. Both apply events
 * by the same functions, so they give the same bytes. */
#pragma once

#include "jobs/engine/engine.h"

/* Called now and then with events done and to do. */
struct project_progress {
    void *state;
    void (*step)(void *state, uint64_t done, uint64_t total);
};

/* Applies what the log has and the views have not. */
FALLIBLE project_catch_up(struct engine *engine, struct error *err);

/* Other work on the same log: threads that would wait do a piece of it. */
struct project_beside {
    void *state;
    /* In the calling thread and by its transaction; false when there is none left. */
    bool (*some)(void *state, struct log_txn *txn);
    /* All the rest, in the thread that called, before anything takes the place of the live views;
     * it is called whatever they fail with, and what it fails with is told instead. */
    outcome (*finish)(void *state, struct error *err);
};

/* What is to be made of the log. */
struct project_options {
    uint64_t until;        /* last event, 0 for all */
    int32_t as_of;         /* last business date, INT32_MAX for any */
    uint64_t memory_bytes; /* to be used, about; 0: half of what there is. Less costs time alone */
    uint64_t cache_bytes;  /* as much of the log stays in the page cache, about; 0: half of what
                            * there is. A longer log is read from the disk once a pass */
    uint32_t without;      /* 1 << view: nobody reads it, nor its index entries */
    const char *without_index; /* or NULL; bytes with which index keys begin that nobody reads */
    bool stops;                /* a signal ends it, with BUSY LOG_STOPPED, and nothing is made; not
                                * for who has done half of something */
    bool for_once;             /* written to be read and removed by this process: never flushed */
    const struct project_progress *progress; /* or NULL */
    const struct project_beside *beside;     /* or NULL; only views_switch() calls its `finish` */
    uint64_t *ret_passes; /* or NULL: how often the log was read; more than once where memory
                           * is scarce */
};

/* Takes records: view by view, in the order of their keys, index entries (VIEW_INDEX) last. */
struct project_sink {
    void *state;
    outcome (*put)(void *state, enum view_id view, bytes key, bytes value, struct error *err);
};

/* The views as the log makes them, within a transaction that has appended nothing; *ret_last is
 * the last event they hold.
 * fails   CORRUPT with the event's number; BUSY MESSAGE_LOG_STOPPED where it stops */
FALLIBLE project_each(struct engine *engine, const struct project_options *options,
                      const struct project_sink *sink, uint64_t *ret_last, struct error *err);

/* Writes them as a new environment at `dir`, which must not exist. */
FALLIBLE project_write(struct engine *engine, const struct project_options *options,
                       const char *dir, uint64_t *ret_last, struct error *err);

/* Removes what project_write() made, or began to; what is left of it stays its owner's alone. One
 * that is open stays readable until it is closed. */
void project_remove(const char *dir);

enum project_difference_kind { PROJECT_MISSING, PROJECT_ALTERED, PROJECT_EXTRA };

/* Live views against those of the log, byte by byte. */
struct project_difference {
    void *state; /* of the call below, which may be NULL: each difference in turn */
    void (*found)(void *state, enum view_id view, bytes key, enum project_difference_kind kind);
    uint64_t missing; /* records that only the log makes */
    uint64_t extra;   /* records that only the live views have */
    uint64_t altered;
    const char *first_view; /* where the first difference is */
    char first_key[128];
};
/* A key as it may be shown, cut to the room with its NUL. */
void project_key_text(bytes key, char *out, size_t room);

/* `ret` is {0}, or has the call. */
FALLIBLE project_compare(struct engine *engine, const struct project_options *options,
                         struct project_difference *ret, uint64_t *ret_last, struct error *err);
