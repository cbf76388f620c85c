/* threads - see threads.h. */
#include "core/io/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

#include "core/base/error.h"

struct member {
    pthread_t thread;
    bool runs;
    unsigned number;
    void (*work)(void *state, unsigned number);
    void *state;
};

unsigned threads_available(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : (unsigned)count;
}

static void *run(void *argument)
{
    const struct member *member = argument;
    member->work(member->state, member->number);
    return NULL;
}

void threads_run(unsigned count, void (*work)(void *state, unsigned number), void *state)
{
    struct member members[THREADS_MAX];
    BUG_UNLESS(count >= 1 && count <= THREADS_MAX);
    for (unsigned i = 1; i < count; i++) {
        members[i] = (struct member){.number = i, .work = work, .state = state};
        members[i].runs = pthread_create(&members[i].thread, NULL, run, &members[i]) == 0;
    }
    work(state, 0);
    for (unsigned i = 1; i < count; i++) {
        if (members[i].runs) {
            BUG_UNLESS(pthread_join(members[i].thread, NULL) == 0);
        } else {
            work(state, i);
        }
    }
}
