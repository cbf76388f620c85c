/* ahead - see ahead.h. Numbers count up for ever; a slot is a number modulo the slots. */
#include "core/io/ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/base/error.h"
#include "core/io/threads.h"

struct hand {
    struct ahead *ahead;
    pthread_t thread;
    unsigned number;
};

struct ahead {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* something was put, done, or it is over */
    void (*work)(void *state, unsigned slot, unsigned worker);
    void *state;
    unsigned slots;
    unsigned long taken;   /* by the owner, who may use the last one until the next take */
    unsigned long put;     /* only the owner changes it */
    unsigned long claimed; /* [taken, claimed) are worked on or done */
    bool done[AHEAD_SLOTS_MAX];
    bool over;
    bool in_hand; /* a slot was taken and is not free yet */
    unsigned hands_count;
    struct hand hands[THREADS_MAX];
};

static void hold(struct ahead *ahead)
{
    BUG_UNLESS(pthread_mutex_lock(&ahead->lock) == 0);
}

static void release(struct ahead *ahead)
{
    BUG_UNLESS(pthread_mutex_unlock(&ahead->lock) == 0);
}

/* With the lock: works on the next slot, if any, without it meanwhile. */
static bool work_on_next(struct ahead *ahead, unsigned worker)
{
    if (ahead->claimed == ahead->put) {
        return false;
    }
    unsigned slot = (unsigned)(ahead->claimed++ % ahead->slots);
    release(ahead);
    ahead->work(ahead->state, slot, worker);
    hold(ahead);
    ahead->done[slot] = true;
    BUG_UNLESS(pthread_cond_broadcast(&ahead->changed) == 0);
    return true;
}

static void *help(void *argument)
{
    const struct hand *hand = argument;
    struct ahead *ahead = hand->ahead;
    hold(ahead);
    while (!ahead->over) {
        if (!work_on_next(ahead, hand->number)) {
            BUG_UNLESS(pthread_cond_wait(&ahead->changed, &ahead->lock) == 0);
        }
    }
    release(ahead);
    return NULL;
}

struct ahead *ahead_start(unsigned hands, unsigned slots,
                          void (*work)(void *state, unsigned slot, unsigned worker), void *state)
{
    struct ahead *ahead = calloc(1, sizeof *ahead);
    MEMORY_UNLESS(ahead != NULL);
    BUG_UNLESS(slots >= 1 && slots <= AHEAD_SLOTS_MAX && hands < THREADS_MAX);
    ahead->work = work;
    ahead->state = state;
    ahead->slots = slots;
    BUG_UNLESS(pthread_mutex_init(&ahead->lock, NULL) == 0);
    BUG_UNLESS(pthread_cond_init(&ahead->changed, NULL) == 0);
    for (unsigned i = 0; i < hands; i++) {
        struct hand *hand = &ahead->hands[ahead->hands_count];
        *hand = (struct hand){.ahead = ahead, .number = ahead->hands_count + 1};
        ahead->hands_count += pthread_create(&hand->thread, NULL, help, hand) == 0;
    }
    return ahead;
}

void ahead_stop(struct ahead *ahead)
{
    if (ahead == NULL) {
        return;
    }
    hold(ahead);
    ahead->over = true;
    BUG_UNLESS(pthread_cond_broadcast(&ahead->changed) == 0);
    release(ahead);
    for (unsigned i = 0; i < ahead->hands_count; i++) {
        BUG_UNLESS(pthread_join(ahead->hands[i].thread, NULL) == 0);
    }
    BUG_UNLESS(pthread_cond_destroy(&ahead->changed) == 0);
    BUG_UNLESS(pthread_mutex_destroy(&ahead->lock) == 0);
    free(ahead);
}

/* Only the owner changes what is read here. */
unsigned ahead_free(const struct ahead *ahead)
{
    return ahead->put - ahead->taken < ahead->slots ? (unsigned)(ahead->put % ahead->slots)
                                                    : ahead->slots;
}

void ahead_put(struct ahead *ahead)
{
    hold(ahead);
    BUG_UNLESS(ahead->put - ahead->taken < ahead->slots);
    ahead->done[ahead->put % ahead->slots] = false;
    ahead->put++;
    BUG_UNLESS(pthread_cond_broadcast(&ahead->changed) == 0);
    release(ahead);
}

unsigned ahead_take(struct ahead *ahead)
{
    hold(ahead);
    ahead->taken += ahead->in_hand;
    ahead->in_hand = ahead->taken < ahead->put;
    unsigned slot = ahead->in_hand ? (unsigned)(ahead->taken % ahead->slots) : ahead->slots;
    while (ahead->in_hand && !ahead->done[slot]) {
        if (!work_on_next(ahead, 0)) {
            BUG_UNLESS(pthread_cond_wait(&ahead->changed, &ahead->lock) == 0);
        }
    }
    release(ahead);
    return slot;
}
