/* flush - see flush.h. */
#include "core/io/flush.h"

static void *run(void *state)
{
    struct flush *flush = state;
    flush->result = file_batch_flush(flush->files, &flush->failure);
    return NULL;
}

void flush_start(struct flush *flush, struct file_batch *files)
{
    flush->files = files;
    flush->running = pthread_create(&flush->thread, NULL, run, flush) == 0;
    if (!flush->running) {
        (void)run(flush); /* the result is in flush */
    }
}

FALLIBLE flush_wait(struct flush *flush, struct error *err)
{
    if (flush->running) {
        (void)pthread_join(flush->thread, NULL); /* joinable, joined once */
        flush->running = false;
    }
    if (flush->files != NULL && !flush->result.ok) {
        flush->files = NULL;
        *err = flush->failure;
        return error_trace(err, HERE);
    }
    flush->files = NULL;
    return OK;
}
