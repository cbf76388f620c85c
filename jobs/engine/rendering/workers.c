/* workers - see workers.h. The processes' own side is in render_worker.c. */
#include "jobs/engine/rendering/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/clock.h"
#include "core/io/stop.h"
#include "jobs/messages.h"

/* The most pages that a worker may have, sent or in work. */
enum { WINDOW = 4 };

/* How often a waiting thread looks for a stop, and how long a page may take after one: with a slow
 * key or time-stamping authority a page takes longer than an operator would wait. */
enum { LOOK_EVERY_US = 50 * 1000, LINGER_US = 500 * 1000 };

struct worker {
    struct workers *workers;
    struct render_job *sent[WINDOW]; /* the oldest first: replies come in this order */
    unsigned sent_count;
    struct error gone; /* why there is no process, while pid is 0 */
    pthread_t thread;
    bool has_thread;
    pid_t pid; /* changed under the mutex, because a waiting thread may kill the process */
    int to;    /* requests */
    int from;  /* replies */
};

struct workers {
    struct worker_setup setup;
    struct worker items[WORKERS_MAX];
    unsigned count;
    pthread_mutex_t mutex;
    pthread_cond_t work; /* a job was queued, or it is time to stop */
    pthread_cond_t done; /* nothing is left of a count */
    struct render_job *first;
    struct render_job *last;
    size_t queued;
    bool stopping;
    int64_t patient_until_us; /* after a stop was requested; 0: it was not */
    bool killed;              /* that time is over */
};

/* What a worker is told by its arguments, as render_worker.c takes it. */
struct arguments {
    char timeout[12], tries[12], room[12];
    const char *items[ARGUMENTS_COUNT + 1];
};

static void fill_arguments(const struct worker_setup *setup, struct arguments *ret)
{
    const struct timestamp_options *stamps = &setup->timestamps;
    (void)snprintf(ret->timeout, sizeof ret->timeout, "%" PRIu32, stamps->timeout); /* fit */
    (void)snprintf(ret->tries, sizeof ret->tries, "%" PRIu32, stamps->tries);
    (void)snprintf(ret->room, sizeof ret->room, "%" PRIu32, stamps->room);
    memcpy(ret->items,
           (const char *[]){"anzheng", "render-worker", setup->document_key, setup->document_cert,
                            setup->fonts, setup->color_profile, stamps->url, stamps->roots,
                            stamps->tls_roots, stamps->proxy, ret->timeout, ret->tries, ret->room,
                            NULL},
           sizeof ret->items);
}

/* Gives the one before. */
static pid_t exchange_pid(struct worker *worker, pid_t pid)
{
    struct workers *workers = worker->workers;
    (void)pthread_mutex_lock(&workers->mutex); /* cannot fail on an initialised mutex */
    pid_t before = worker->pid;
    worker->pid = pid;
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
    return before;
}

/* Two pipes, close-on-exec at our ends; the child's ends become its 0 and 1. */
static outcome spawn_process(struct worker *worker, struct error *err)
{
    int down[2];
    int up[2];
    const struct worker_setup *setup = &worker->workers->setup;
    if (pipe2(down, O_CLOEXEC) != 0) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("why", errno));
    }
    if (pipe2(up, O_CLOEXEC) != 0) {
        int reason = errno;
        (void)close(down[0]); /* nothing was written */
        (void)close(down[1]); /* nothing was written */
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("why", reason));
    }
    struct arguments arguments;
    fill_arguments(setup, &arguments);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t pid = 0;
    sigemptyset(&none);
    int failed = posix_spawn_file_actions_init(&actions);
    failed |= posix_spawn_file_actions_adddup2(&actions, down[0], 0);
    failed |= posix_spawn_file_actions_adddup2(&actions, up[1], 1);
    failed |= posix_spawnattr_init(&attributes);
    /* A group of its own: Ctrl-C is for the planner, which then lets the workers finish. */
    failed |= posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    failed |= posix_spawnattr_setsigmask(&attributes, &none);
    if (failed == 0) {
        failed = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes,
                             (char *const *)(uintptr_t)arguments.items, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    (void)close(down[0]); /* the child's */
    (void)close(up[1]);   /* the child's */
    worker->to = down[1];
    worker->from = up[0];
    if (failed != 0) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("why", failed));
    }
    (void)exchange_pid(worker, pid); /* there was none */
    return OK;
}

static void end_process(struct worker *worker)
{
    if (worker->to > 0) {
        (void)close(worker->to); /* the worker sees the end */
        worker->to = 0;
    }
    if (worker->from > 0) {
        (void)close(worker->from); /* read only */
        worker->from = 0;
    }
    pid_t pid = exchange_pid(worker, 0); /* before the number may belong to another process */
    int status = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
}

/* The first reply says whether fonts, key and certificate could be opened. */
static outcome await_ready(struct worker *worker, struct error *err)
{
    enum reply_kind kind = REPLY_READY;
    struct drawn drawn;
    struct error failure = {0};
    TRY(render_pipe_take_reply(worker->from, &kind, &drawn, &failure, err));
    if (kind != REPLY_READY) {
        *err = failure;
        return error_trace(err, HERE);
    }
    return OK;
}

static outcome start_process(struct worker *worker, struct error *err)
{
    if (!spawn_process(worker, err).ok || !await_ready(worker, err).ok) {
        end_process(worker);
        return error_trace(err, HERE);
    }
    return OK;
}

/* --- stopping early, under the mutex ------------------------------------------------------------
 */

static void done_with(struct workers *workers, struct render_job *job)
{
    if (--job->count->left == 0) {
        (void)pthread_cond_broadcast(&workers->done); /* as above */
    }
}

/* Jobs that no worker has yet are dropped, and jobs that one has must be ready soon. */
static void hasten(struct workers *workers)
{
    int64_t now_us = clock_monotonic_us();
    while (workers->first != NULL) {
        struct render_job *job = workers->first;
        workers->first = job->next; /* before the job may be gone */
        job->left_undone = true;
        done_with(workers, job);
    }
    workers->last = NULL;
    workers->queued = 0;
    if (workers->patient_until_us == 0) {
        workers->patient_until_us = now_us + LINGER_US;
    }
    if (now_us > workers->patient_until_us && !workers->killed) {
        workers->killed = true;
        for (unsigned i = 0; i < workers->count; i++) {
            if (workers->items[i].pid > 0) {
                (void)kill(workers->items[i].pid, SIGKILL); /* it may just have ended */
            }
        }
    }
}

/* Waits until a job is done, or it is time to look for a stop. */
static void wait_a_while(struct workers *workers)
{
    int64_t until_us = clock_now_us() + LOOK_EVERY_US;
    struct timespec until = {.tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000};
    (void)pthread_cond_timedwait(&workers->done, &workers->mutex, &until); /* the caller looks */
}

/* --- a worker's thread ------------------------------------------------------------------------ */

/* The oldest job sent is finished. */
static void finish(struct worker *worker)
{
    struct workers *workers = worker->workers;
    struct render_job *job = worker->sent[0];
    worker->sent_count--;
    for (unsigned i = 0; i < worker->sent_count; i++) {
        worker->sent[i] = worker->sent[i + 1];
    }
    (void)pthread_mutex_lock(&workers->mutex); /* as above */
    done_with(workers, job);
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
}

/* Whatever it had. */
static void leave_undone(struct worker *worker)
{
    while (worker->sent_count > 0) {
        worker->sent[0]->left_undone = true;
        finish(worker);
    }
}

/* A broken pipe is noticed when the reply is read, because earlier replies are still in it. Our end
 * is closed on any failure: a worker with half a request would wait for the rest, and we for its
 * reply. */
static void send_page(struct worker *worker, const struct render_job *job)
{
    struct error gone;
    if (worker->to > 0 && !render_pipe_send_request(worker->to, &job->request, &gone).ok) {
        (void)close(worker->to); /* the worker sees the end */
        worker->to = 0;
    }
}

/* A worker that dies costs the page it was at, not the run: it is replaced and gets the others
 * again. Without a replacement they all fail. */
static void replace(struct worker *worker)
{
    end_process(worker);
    if (stop_requested()) {
        leave_undone(worker);
        return;
    }
    (void)ERROR_SET(&worker->sent[0]->failure, INVALID,
                    MESSAGE_RENDERER_CRASHED); /* the document's failure */
    if (!start_process(worker, &worker->gone).ok) {
        while (worker->sent_count > 0) {
            worker->sent[0]->failure = worker->gone;
            finish(worker);
        }
        return;
    }
    finish(worker);
    for (unsigned i = 0; i < worker->sent_count; i++) {
        send_page(worker, worker->sent[i]);
    }
}

static void take_reply(struct worker *worker)
{
    enum reply_kind kind = REPLY_FAILED;
    struct error gone;
    struct render_job *job = worker->sent[0];
    if (worker->pid == 0 && stop_requested()) {
        leave_undone(worker);
    } else if (worker->pid == 0) {
        job->failure = worker->gone;
        finish(worker);
    } else if (render_pipe_take_reply(worker->from, &kind, &job->drawn, &job->failure, &gone).ok) {
        finish(worker);
    } else {
        replace(worker);
    }
}

/* The next job; NULL at the end and after a stop. A worker without a job waits for one. A worker
 * with jobs takes another only when there are enough for all workers. */
static struct render_job *take_job(struct workers *workers, unsigned has)
{
    struct render_job *job = NULL;
    (void)pthread_mutex_lock(&workers->mutex); /* as above */
    while (has == 0 && workers->first == NULL && !workers->stopping) {
        (void)pthread_cond_wait(&workers->work, &workers->mutex); /* as above */
    }
    if (stop_requested()) {
        hasten(workers);
    }
    if (workers->first != NULL && (has == 0 || workers->queued >= workers->count)) {
        job = workers->first;
        workers->first = job->next;
        workers->last = workers->first == NULL ? NULL : workers->last;
        workers->queued--;
    }
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
    return job;
}

static void *feed(void *state)
{
    struct worker *worker = state;
    for (;;) {
        struct render_job *job = NULL;
        while (worker->sent_count < WINDOW &&
               (job = take_job(worker->workers, worker->sent_count)) != NULL) {
            worker->sent[worker->sent_count++] = job;
            send_page(worker, job);
        }
        if (worker->sent_count == 0) {
            return NULL;
        }
        take_reply(worker);
    }
}

static outcome start_all(struct workers *workers, struct error *err)
{
    for (unsigned i = 0; i < workers->count; i++) {
        TRY(start_process(&workers->items[i], err));
    }
    for (unsigned i = 0; i < workers->count; i++) {
        struct worker *worker = &workers->items[i];
        int failed = pthread_create(&worker->thread, NULL, feed, worker);
        if (failed != 0) {
            FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("why", failed));
        }
        worker->has_thread = true;
    }
    return OK;
}

FALLIBLE workers_start(const struct worker_setup *setup, unsigned count, struct workers **ret,
                       struct error *err)
{
    struct workers *workers = calloc(1, sizeof *workers);
    MEMORY_UNLESS(workers != NULL);
    BUG_UNLESS(count >= 1 && count <= WORKERS_MAX);
    workers->setup = *setup;
    workers->count = count;
    for (unsigned i = 0; i < count; i++) {
        workers->items[i].workers = workers;
    }
    (void)pthread_mutex_init(&workers->mutex, NULL); /* default attributes: cannot fail */
    (void)pthread_cond_init(&workers->work, NULL);   /* as above */
    (void)pthread_cond_init(&workers->done, NULL);   /* as above */
    if (!start_all(workers, err).ok) {
        workers_stop(workers);
        return error_trace(err, HERE);
    }
    *ret = workers;
    return OK;
}

void workers_submit(struct workers *workers, struct render_job *job, struct render_count *count)
{
    job->next = NULL;
    job->count = count;
    (void)pthread_mutex_lock(&workers->mutex); /* as above */
    count->left++;
    workers->queued++;
    if (workers->last != NULL) {
        workers->last->next = job;
    } else {
        workers->first = job;
    }
    workers->last = job;
    (void)pthread_cond_signal(&workers->work);   /* as above */
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
}

void workers_wait(struct workers *workers, struct render_count *count)
{
    (void)pthread_mutex_lock(&workers->mutex); /* as above */
    while (count->left > 0) {
        if (stop_requested()) {
            hasten(workers);
        }
        if (count->left > 0) {
            wait_a_while(workers);
        }
    }
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
}

bool workers_were_killed(const struct workers *workers)
{
    return workers->killed;
}

void workers_stop(struct workers *workers)
{
    if (workers == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&workers->mutex); /* as above */
    workers->stopping = true;
    (void)pthread_cond_broadcast(&workers->work); /* as above */
    (void)pthread_mutex_unlock(&workers->mutex);  /* as above */
    for (unsigned i = 0; i < workers->count; i++) {
        if (workers->items[i].has_thread) {
            (void)pthread_join(workers->items[i].thread, NULL); /* joinable, joined once */
        }
        end_process(&workers->items[i]);
    }
    (void)pthread_cond_destroy(&workers->work);   /* nobody waits */
    (void)pthread_cond_destroy(&workers->done);   /* nobody waits */
    (void)pthread_mutex_destroy(&workers->mutex); /* nobody holds it */
    free(workers);
}
