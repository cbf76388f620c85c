/* past_views - see past_views.h. */
#include "jobs/audit/past_views.h"

#include <stdlib.h>
#include <unistd.h>

#include "jobs/messages.h"

static outcome make_folder(struct session *session, const char **ret, struct error *err)
{
    const char *base = getenv("TMPDIR");
    str path = arena_format(&session->run_arena, "%s/anzheng-compare.XXXXXX",
                            base != NULL && *base != 0 ? base : "/tmp");
    char *folder = arena_c_string(&session->run_arena, path);
    if (mkdtemp(folder) == NULL) {
        FAIL(CREATE, MESSAGE_COMPARE_NO_FOLDER, ARG_TEXT("path", folder));
    }
    *ret = folder;
    return OK;
}

FALLIBLE past_views_open(struct session *session, const struct project_options *options,
                         uint64_t *ret_last, struct error *err)
{
    const char *folder = NULL;
    TRY(make_folder(session, &folder, err));
    const char *views = arena_format(&session->run_arena, "%s/views", folder).data;
    outcome made = project_write(session->engine, options, views, ret_last, err);
    if (made.ok) {
        engine_abort(session->engine);
        made = engine_swap_views(session->engine, views, err);
    }
    project_remove(views);
    (void)rmdir(folder); /* empty now */
    TRY(made);
    return engine_begin(session->engine, err);
}
