/* project - views from the log: catch up, rebuild, compare, replay to a point.
 *
 * Catching up applies events to the live views, one by one. A rebuild makes record after record
 * (fold.h), writes a new environment in key order, and replaces the live one with it. Both use the
 * same functions to apply events, so they give the same bytes. */
#pragma once

#include "jobs/engine/engine.h"
#include "jobs/engine/fold/fold.h"

/* Applies what the log has and the views have not. */
FALLIBLE project_catch_up(struct engine *engine, struct error *err);

/* The views as the log makes them, within a transaction that has appended nothing; *ret_last is
 * the last event they hold.
 * fails   CORRUPT with the event's number; BUSY MESSAGE_LOG_STOPPED where it stops */
FALLIBLE project_each(struct engine *engine, const struct fold_options *options,
                      const struct fold_sink *sink, uint64_t *ret_last, struct error *err);

/* Writes them as a new environment at `dir`, which must not exist. */
FALLIBLE project_write(struct engine *engine, const struct fold_options *options, const char *dir,
                       uint64_t *ret_last, struct error *err);

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
FALLIBLE project_compare(struct engine *engine, const struct fold_options *options,
                         struct project_difference *ret, uint64_t *ret_last, struct error *err);
