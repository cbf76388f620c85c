/* behind - see behind.h. Numbers count up for ever; a slot is a number modulo the slots. */
#include "core/io/behind.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/base/error.h"
#include "core/io/threads.h"

struct behind {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* something was put, done, or it is over */
    void (*work)(void *state, unsigned slot);
    void *state;
    unsigned slots;
    unsigned long put; /* only the owner changes it */
    unsigned long done;
    bool over;
    bool has_thread;
    pthread_t thread;
};

static void hold(struct behind *behind)
{
    BUG_UNLESS(pthread_mutex_lock(&behind->lock) == 0);
}

static void release(struct behind *behind)
{
    BUG_UNLESS(pthread_mutex_unlock(&behind->lock) == 0);
}

static void tell(struct behind *behind)
{
    BUG_UNLESS(pthread_cond_broadcast(&behind->changed) == 0);
}

static void wait_for_change(struct behind *behind)
{
    BUG_UNLESS(pthread_cond_wait(&behind->changed, &behind->lock) == 0);
}

static void *follow(void *argument)
{
    struct behind *behind = argument;
    hold(behind);
    while (!behind->over || behind->done < behind->put) {
        if (behind->done == behind->put) {
            wait_for_change(behind);
            continue;
        }
        unsigned slot = (unsigned)(behind->done % behind->slots);
        release(behind);
        behind->work(behind->state, slot);
        hold(behind);
        behind->done++;
        tell(behind);
    }
    release(behind);
    return NULL;
}

struct behind *behind_start(unsigned slots, void (*work)(void *state, unsigned slot), void *state)
{
    struct behind *behind = calloc(1, sizeof *behind);
    MEMORY_UNLESS(behind != NULL);
    BUG_UNLESS(slots >= 1 && slots <= BEHIND_SLOTS_MAX);
    behind->work = work;
    behind->state = state;
    behind->slots = slots;
    BUG_UNLESS(pthread_mutex_init(&behind->lock, NULL) == 0);
    BUG_UNLESS(pthread_cond_init(&behind->changed, NULL) == 0);
    behind->has_thread =
        threads_available() > 1 && pthread_create(&behind->thread, NULL, follow, behind) == 0;
    return behind;
}

void behind_stop(struct behind *behind)
{
    if (behind == NULL) {
        return;
    }
    hold(behind);
    behind->over = true;
    tell(behind);
    release(behind);
    if (behind->has_thread) {
        BUG_UNLESS(pthread_join(behind->thread, NULL) == 0);
    }
    BUG_UNLESS(pthread_cond_destroy(&behind->changed) == 0);
    BUG_UNLESS(pthread_mutex_destroy(&behind->lock) == 0);
    free(behind);
}

unsigned behind_free(struct behind *behind)
{
    hold(behind);
    while (behind->put - behind->done == behind->slots) {
        wait_for_change(behind);
    }
    release(behind);
    return (unsigned)(behind->put % behind->slots);
}

void behind_put(struct behind *behind)
{
    if (!behind->has_thread) {
        behind->work(behind->state, (unsigned)(behind->put % behind->slots));
        behind->put++;
        behind->done++;
        return;
    }
    hold(behind);
    BUG_UNLESS(behind->put - behind->done < behind->slots);
    behind->put++;
    tell(behind);
    release(behind);
}

void behind_wait(struct behind *behind)
{
    hold(behind);
    while (behind->done < behind->put) {
        wait_for_change(behind);
    }
    release(behind);
}
