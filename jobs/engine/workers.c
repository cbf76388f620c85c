/* workers - see workers.h. The processes' own side is in render_worker.c. */
#include "jobs/engine/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs/engine/render_pipe.h"
#include "jobs/messages.h"

struct worker {
    struct workers *workers;
    pthread_t thread;
    bool has_thread;
    pid_t pid;
    int to;   /* requests */
    int from; /* replies */
};

struct workers {
    struct worker_setup setup;
    struct worker items[WORKERS_MAX];
    unsigned count;
    pthread_mutex_t mutex;
    pthread_cond_t work; /* a job was queued, or it is time to stop */
    pthread_cond_t done; /* a job was finished */
    struct render_job *first;
    struct render_job *last;
    bool stopping;
};

/* Two pipes, close-on-exec at our ends; the child's ends become its 0 and 1. */
static outcome spawn_process(struct worker *worker, struct error *err)
{
    int down[2];
    int up[2];
    const struct worker_setup *setup = &worker->workers->setup;
    if (pipe2(down, O_CLOEXEC) != 0) {
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("reason", errno));
    }
    if (pipe2(up, O_CLOEXEC) != 0) {
        int reason = errno;
        (void)close(down[0]); /* nothing was written */
        (void)close(down[1]); /* nothing was written */
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("reason", reason));
    }
    const char *argv[] = {"anzheng",
                          "render-worker",
                          setup->document_key,
                          setup->document_cert,
                          setup->fonts,
                          setup->color_profile,
                          NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    int failed = posix_spawn_file_actions_init(&actions);
    failed |= posix_spawn_file_actions_adddup2(&actions, down[0], 0);
    failed |= posix_spawn_file_actions_adddup2(&actions, up[1], 1);
    failed |= posix_spawnattr_init(&attributes);
    /* A group of its own: Ctrl-C is for the planner, which then lets the workers finish. */
    failed |= posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    failed |= posix_spawnattr_setsigmask(&attributes, &none);
    if (failed == 0) {
        failed = posix_spawn(&worker->pid, "/proc/self/exe", &actions, &attributes,
                             (char *const *)(uintptr_t)argv, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    (void)close(down[0]); /* the child's */
    (void)close(up[1]);   /* the child's */
    worker->to = down[1];
    worker->from = up[0];
    if (failed != 0) {
        worker->pid = 0;
        FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("reason", failed));
    }
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
    if (worker->pid > 0) {
        int status = 0;
        while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) {
        }
        worker->pid = 0;
    }
}

/* The first reply says whether fonts, key and certificate could be opened. */
static outcome await_ready(struct worker *worker, struct error *err)
{
    struct arena arena;
    enum reply_kind kind = REPLY_READY;
    struct rendering rendering;
    struct error failure = {0};
    arena_init(&arena, 0);
    outcome result = render_pipe_take_reply(worker->from, &arena, &kind, &rendering, &failure, err);
    arena_release(&arena);
    TRY(result);
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

/* One job over the pipes. A worker that dies costs this document, not the run: it is replaced. */
static void draw(struct worker *worker, struct render_job *job)
{
    enum reply_kind kind = REPLY_FAILED;
    struct error gone;
    job->failure = (struct error){0};
    outcome result = {worker->pid > 0};
    if (result.ok) {
        result = render_pipe_send_request(worker->to, job->page, job->photo, &gone);
    }
    if (result.ok) {
        result = render_pipe_take_reply(worker->from, &job->arena, &kind, &job->rendering,
                                        &job->failure, &gone);
    }
    if (result.ok) {
        return;
    }
    end_process(worker);
    (void)error_set(&job->failure, INVALID, HERE, MESSAGE_RENDERER_CRASHED, 0,
                    (const struct error_arg[]){{0}}); /* the document's failure */
    if (!start_process(worker, &gone).ok) {
        job->failure = gone;
    }
}

static struct render_job *take_job(struct workers *workers)
{
    struct render_job *job = NULL;
    (void)pthread_mutex_lock(&workers->mutex); /* cannot fail on an initialised mutex */
    while (workers->first == NULL && !workers->stopping) {
        (void)pthread_cond_wait(&workers->work, &workers->mutex); /* as above */
    }
    job = workers->first;
    if (job != NULL) {
        workers->first = job->next;
        workers->last = workers->first == NULL ? NULL : workers->last;
    }
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
    return job;
}

static void *feed(void *state)
{
    struct worker *worker = state;
    struct render_job *job = NULL;
    while ((job = take_job(worker->workers)) != NULL) {
        draw(worker, job);
        (void)pthread_mutex_lock(&worker->workers->mutex); /* as above */
        job->done = true;
        (void)pthread_cond_broadcast(&worker->workers->done); /* as above */
        (void)pthread_mutex_unlock(&worker->workers->mutex);  /* as above */
    }
    return NULL;
}

static outcome start_all(struct workers *workers, struct error *err)
{
    for (unsigned i = 0; i < workers->count; i++) {
        workers->items[i].workers = workers;
        TRY(start_process(&workers->items[i], err));
    }
    for (unsigned i = 0; i < workers->count; i++) {
        struct worker *worker = &workers->items[i];
        int failed = pthread_create(&worker->thread, NULL, feed, worker);
        if (failed != 0) {
            FAIL(RESOURCE, MESSAGE_WORKER_GONE, ARG_ERRNO("reason", failed));
        }
        worker->has_thread = true;
    }
    return OK;
}

FALLIBLE workers_start(const struct worker_setup *setup, unsigned count, struct workers **ret,
                       struct error *err)
{
    struct workers *workers = calloc(1, sizeof *workers);
    BUG_UNLESS(workers != NULL && count >= 1 && count <= WORKERS_MAX);
    workers->setup = *setup;
    workers->count = count;
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

void workers_submit(struct workers *workers, struct render_job *job)
{
    job->next = NULL;
    job->done = false;
    job->submitted = true;
    (void)pthread_mutex_lock(&workers->mutex); /* as above */
    if (workers->last != NULL) {
        workers->last->next = job;
    } else {
        workers->first = job;
    }
    workers->last = job;
    (void)pthread_cond_signal(&workers->work);   /* as above */
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
}

void workers_wait(struct workers *workers, struct render_job *job)
{
    (void)pthread_mutex_lock(&workers->mutex); /* as above */
    while (!job->done) {
        (void)pthread_cond_wait(&workers->done, &workers->mutex); /* as above */
    }
    (void)pthread_mutex_unlock(&workers->mutex); /* as above */
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
