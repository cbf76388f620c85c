/* soundness - see soundness.h. */
#include "jobs/engine/soundness.h"

#include "core/base/arena.h"
#include "core/io/lock.h"
#include "core/io/pages.h"

/* A writer that commits meanwhile may make sound pages look damaged: before damage is told, the
 * check is repeated under the lock, where it can be had. */
static outcome check(const struct soundness_options *options, const char *path, struct error *err)
{
    struct pages_report report;
    struct error busy;
    struct lock *lock = NULL;
    if (pages_check(path, PAGES_FULL, &report, err).ok) {
        return OK;
    }
    if (err->class != ERROR_CORRUPT || options->holds_lock ||
        !lock_take(options->dir, options->verb, options->wait_seconds, &lock, &busy).ok) {
        return error_trace(err, HERE);
    }
    outcome checked = pages_check(path, PAGES_FULL, &report, err);
    lock_release(lock);
    return checked;
}

FALLIBLE soundness_check(const struct soundness_options *options, const char *name,
                         struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    outcome checked =
        check(options, arena_format(&arena, "%s/%s/data.mdb", options->dir, name).data, err);
    arena_release(&arena);
    return checked;
}
