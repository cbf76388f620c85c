/* workers - render workers: processes of this program that draw and sign pages, fed by a thread
 * each.
 *
 * Processes, not threads, because libharu was never proven thread-safe and a crash then costs one
 * document. The LMDB environment is never seen by a worker: they are spawned, not forked. */
#pragma once

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "jobs/engine/renderer.h"

enum { WORKERS_MAX = 64 };

struct worker_setup {
    const char *document_key;  /* PEM */
    const char *document_cert; /* PEM */
    const char *fonts;         /* Config.fonts */
    const char *color_profile; /* Config.color_profile */
};

/* One page to draw. The job must stay where it is until it was waited for. */
struct render_job {
    bytes page; /* canonical bytes */
    bytes photo;
    struct arena arena; /* the reply's */
    struct rendering rendering;
    struct error failure; /* class NONE: drawn. INVALID: this document failed; else the run did */
    bool submitted;
    bool done;
    struct render_job *next;
};

struct workers;

/* Starts `count` workers and waits until each is ready.
 * fails   CONFIG when a worker cannot open fonts, key or certificate; RESOURCE */
FALLIBLE workers_start(const struct worker_setup *setup, unsigned count, struct workers **ret,
                       struct error *err);
/* Hands a job over; workers_wait blocks until it is done. */
void workers_submit(struct workers *workers, struct render_job *job);
void workers_wait(struct workers *workers, struct render_job *job);
/* Waits for what was submitted, ends the processes. NULL is fine. */
void workers_stop(struct workers *workers);

/* The other side: the hidden verb `render-worker KEY CERT FONTS PROFILE`; returns the status. */
int worker_main(int argc, char *const *argv);
