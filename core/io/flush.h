/* flush - makes batches of files durable while other work goes on (file_batch_advance in a thread).
 */
#pragma once

#include <pthread.h>

#include "core/io/file_batch.h"

/* Zeroed before the first use. Lies still while it runs. */
struct flush {
    struct file_batch *written, *named;
    pthread_t thread;
    bool running; /* in the thread */
    bool begun;   /* and not waited for */
    outcome result;
    struct error failure;
};

/* Begins file_batch_advance(written, named): both are the thread's until flush_wait. Where no
 * thread can be had, it is done at once. */
void flush_start(struct flush *flush, struct file_batch *written, struct file_batch *named);
/* Waits. Fine when nothing was begun. fails   as file_batch_advance */
FALLIBLE flush_wait(struct flush *flush, struct error *err);
