/* soundness - see soundness.h. */
#include "jobs/engine/parts/soundness.h"

#include <string.h>

#include "core/base/arena.h"
#include "core/io/file.h"
#include "core/io/lock.h"
#include "core/io/pages.h"
#include "core/io/threads.h"
#include "jobs/messages.h"

/* A first look at one environment. */
struct look {
    const char *path;
    const char *dir; /* it lies in */
    int missing;     /* the message when it is not there */
    outcome result;
    struct error error;
};

static FALLIBLE check_pages(const struct look *look, struct error *err)
{
    struct pages_report report;
    if (!file_exists(look->path) && !file_is_hidden(look->path)) {
        FAIL(CORRUPT, look->missing, ARG_TEXT("path", look->dir));
    }
    return pages_check(look->path, PAGES_FULL, &report, err);
}

static void look(void *state, unsigned number)
{
    struct look *looks = state;
    struct look *mine = &looks[number];
    mine->result = check_pages(mine, &mine->error);
}

/* A writer that commits meanwhile may make sound pages look damaged. So before damage is reported,
 * the check is repeated under the lock, if it can be had. */
static outcome make_sure(const struct soundness_options *options, const struct look *seen,
                         struct error *err)
{
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
    outcome checked = check_pages(seen, err);
    lock_release(lock);
    return checked;
}

static struct look look_at(const struct soundness_options *options, const char *name,
                           struct arena *arena)
{
    const char *dir = arena_format(arena, "%s/%s", options->dir, name).data;
    return (struct look){.path = arena_format(arena, "%s/data.mdb", dir).data,
                         .dir = dir,
                         .missing = strcmp(name, "views") == 0 ? MESSAGE_VIEWS_MISSING
                                                               : MESSAGE_LOG_MISSING};
}

FALLIBLE soundness_check(const struct soundness_options *options, const char *name,
                         struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct look one = look_at(options, name, &arena);
    look(&one, 0);
    outcome checked = make_sure(options, &one, err);
    arena_release(&arena);
    return checked;
}

FALLIBLE soundness_check_both(const struct soundness_options *options, struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct look looks[2] = {look_at(options, "log", &arena), look_at(options, "views", &arena)};
    threads_run(2, look, looks);
    outcome checked = make_sure(options, &looks[0], err);
    if (checked.ok) {
        checked = make_sure(options, &looks[1], err);
    }
    arena_release(&arena);
    return checked;
}
