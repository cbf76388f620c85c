/* flush - see flush.h. */
#include "core/io/flush.h"

static void *run(void *state)
{
    struct flush *flush = state;
    flush->result = file_batch_advance(flush->written, flush->named, &flush->failure);
    return NULL;
}

void flush_start(struct flush *flush, struct file_batch *written, struct file_batch *named)
{
    flush->written = written;
    flush->named = named;
    flush->begun = true;
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
    bool begun = flush->begun;
    flush->begun = false;
    if (begun && !flush->result.ok) {
        *err = flush->failure;
        return error_trace(err, HERE);
    }
    return OK;
}
