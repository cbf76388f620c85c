/* flush - a batch of files made durable beside other work (file_batch_flush in a thread). */
#pragma once

#include <pthread.h>

#include "core/io/file.h"

/* Zeroed before the first use. Lies still while it runs. */
struct flush {
    struct file_batch *files;
    pthread_t thread;
    bool running;
    outcome result;
    struct error failure;
};

/* Begins to flush `files`, which is the thread's until flush_wait. Where no thread can be had, it
 * is flushed at once. */
void flush_start(struct flush *flush, struct file_batch *files);
/* Waits. Fine when nothing was begun. fails   as file_batch_flush */
FALLIBLE flush_wait(struct flush *flush, struct error *err);
