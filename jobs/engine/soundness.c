/* soundness - see soundness.h. */
#include "jobs/engine/soundness.h"

#include "core/base/arena.h"
#include "core/io/lock.h"
#include "core/io/pages.h"
#include "core/io/threads.h"

/* A first look at one environment. */
struct look {
    const char *path;
    outcome result;
    struct error error;
};

static void look(void *state, unsigned number)
{
    struct look *looks = state;
    struct look *mine = &looks[number];
    struct pages_report report;
    mine->result = pages_check(mine->path, PAGES_FULL, &report, &mine->error);
}

/* A writer that commits meanwhile may make sound pages look damaged: before damage is told, the
 * check is repeated under the lock, where it can be had. */
static outcome make_sure(const struct soundness_options *options, const struct look *seen,
                         struct error *err)
{
    struct pages_report report;
    struct error busy;
    struct lock *lock = NULL;
    if (seen->result.ok) {
        return OK;
    }
    *err = seen->error;
    if (err->class != ERROR_CORRUPT || options->holds_lock ||
        !lock_take(options->dir, options->verb, options->wait_seconds, &lock, &busy).ok) {
        return error_trace(err, HERE);
    }
    outcome checked = pages_check(seen->path, PAGES_FULL, &report, err);
    lock_release(lock);
    return checked;
}

static const char *path_of(const struct soundness_options *options, const char *name,
                           struct arena *arena)
{
    return arena_format(arena, "%s/%s/data.mdb", options->dir, name).data;
}

FALLIBLE soundness_check(const struct soundness_options *options, const char *name,
                         struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct look one = {.path = path_of(options, name, &arena)};
    look(&one, 0);
    outcome checked = make_sure(options, &one, err);
    arena_release(&arena);
    return checked;
}

FALLIBLE soundness_check_both(const struct soundness_options *options, struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct look looks[2] = {{.path = path_of(options, "log", &arena)},
                            {.path = path_of(options, "views", &arena)}};
    threads_run(2, look, looks);
    outcome checked = make_sure(options, &looks[0], err);
    if (checked.ok) {
        checked = make_sure(options, &looks[1], err);
    }
    arena_release(&arena);
    return checked;
}
