/* workers - render workers: processes of this program that draw and sign pages, fed by a thread
 * each, which sends a few pages ahead so that a worker never waits for the next one.
 *
 * They are processes, not threads, because libharu is not known to be thread-safe, and because a
 * crash then costs one document only. Workers are spawned, not forked, so they never see the LMDB
 * environment. */
#pragma once

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/timestamp.h"
#include "jobs/engine/rendering/render_pipe.h"

enum { WORKERS_MAX = 64 };

/* The arguments of a worker, behind its name and verb. */
enum {
    ARGUMENT_KEY = 2,
    ARGUMENT_CERT,
    ARGUMENT_FONTS,
    ARGUMENT_PROFILE,
    ARGUMENT_STAMP_URL,
    ARGUMENT_STAMP_ROOTS,
    ARGUMENT_STAMP_TLS_ROOTS,
    ARGUMENT_STAMP_PROXY,
    ARGUMENT_STAMP_TIMEOUT,
    ARGUMENT_STAMP_TRIES,
    ARGUMENT_STAMP_ROOM,
    ARGUMENTS_COUNT
};

struct worker_setup {
    const char *document_key;  /* PEM */
    const char *document_cert; /* PEM */
    const char *fonts;         /* Config.fonts */
    const char *color_profile; /* Config.color_profile */
    struct timestamp_options timestamps;
};

/* Jobs that are waited for together. */
struct render_count {
    size_t left;
};

/* One page to draw. The job, its bytes and its count must stay until they were waited for. */
struct render_job {
    struct render_request request;
    struct drawn drawn;
    struct error failure; /* class NONE: drawn. INVALID: this document failed; else the run did */
    bool left_undone;     /* neither drawn nor failed: the run was asked to stop */
    struct render_count *count;
    struct render_job *next;
};

struct workers;

/* Starts `count` workers and waits until each is ready.
 * fails   CONFIG when a worker cannot open fonts, key or certificate; RESOURCE */
FALLIBLE workers_start(const struct worker_setup *setup, unsigned count, struct workers **ret,
                       struct error *err);
/* Hands a job over and counts it; workers_wait blocks until none of the count is left. Once a stop
 * was requested (core/io/stop.h), what no worker has yet is left undone, and what one has for
 * another half second too: that worker is killed. */
void workers_submit(struct workers *workers, struct render_job *job, struct render_count *count);
void workers_wait(struct workers *workers, struct render_count *count);
/* Was one killed? It may have left a half-written `.tmp`. */
bool workers_were_killed(const struct workers *workers);
/* Waits for what was submitted, ends the processes. NULL is fine. */
void workers_stop(struct workers *workers);

/* The other side: the hidden verb `render-worker`, with the arguments above; returns the status. */
int worker_main(int argc, char *const *argv);
