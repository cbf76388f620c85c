/* project_views - project_write() and project_compare() of project.h. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "jobs/engine/project.h"

enum { COMMIT_BYTES = 2 << 20 /* dirty pages that are still in the processor's cache */ };

/* --- writing -----------------------------------------------------------------------------------
 */

struct writing {
    struct views *views;
    size_t written; /* since the last commit */
};

static outcome append_record(void *state, enum view_id view, bytes key, bytes value,
                             struct error *err)
{
    struct writing *writing = state;
    TRY(views_append(writing->views, view, key, value, err));
    writing->written += key.size + value.size;
    if (writing->written > COMMIT_BYTES) {
        writing->written = 0;
        TRY(views_commit(writing->views, err));
        TRY(views_begin(writing->views, err));
    }
    return OK;
}

static outcome write_all(struct engine *engine, const struct fold_options *options,
                         struct views *views, uint64_t *ret_last, struct error *err)
{
    struct writing writing = {views, 0};
    const struct fold_sink sink = {&writing, append_record};
    TRY(views_begin(views, err));
    TRY(project_each(engine, options, &sink, ret_last, err));
    TRY(views_set_applied(views, *ret_last, err));
    return views_commit(views, err);
}

void project_remove(const char *dir)
{
    static const char *const names[] = {"data.mdb", "lock.mdb"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int size = snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        if (size > 0 && (size_t)size < sizeof path) {
            (void)unlink(path); /* absent is fine */
        }
    }
    (void)rmdir(dir); /* so is this */
}

FALLIBLE project_write(struct engine *engine, const struct fold_options *options, const char *dir,
                       uint64_t *ret_last, struct error *err)
{
    struct views *views = NULL;
    uint64_t last = 0;
    TRY(views_make(dir, &views, err));
    outcome result = write_all(engine, options, views, &last, err);
    if (result.ok && !options->for_once) {
        result = views_flush(views, err);
    }
    views_close(views);
    TRY(result);
    *ret_last = last;
    return OK;
}

/* --- comparing: a merge of two sorted sequences ------------------------------------------------
 */

struct comparison {
    struct views *live;
    struct views_scan scan;
    bool scan_open;
    bool live_more; /* scan.key and scan.value hold a live record not yet matched */
    int view;       /* the view that is being scanned */
    struct project_difference difference;
};

void project_key_text(bytes key, char *out, size_t room)
{
    size_t size = key.size < room - 1 ? key.size : room - 1;
    str text;
    for (size_t i = 0; i < size; i++) {
        out[i] = key.data[i] < 0x20 ? '.' : (char)key.data[i];
    }
    out[size] = 0;
    /* A damaged key may be no text: it is then shown without its odd bytes. */
    if (!str_from_bytes(bytes_of(out, size), &text)) {
        for (size_t i = 0; i < size; i++) {
            out[i] = (uint8_t)out[i] < 0x80 ? out[i] : '.';
        }
    }
}

static void note_difference(struct comparison *comparison, enum view_id view, bytes key,
                            enum project_difference_kind kind)
{
    struct project_difference *difference = &comparison->difference;
    difference->missing += kind == PROJECT_MISSING ? 1 : 0;
    difference->altered += kind == PROJECT_ALTERED ? 1 : 0;
    difference->extra += kind == PROJECT_EXTRA ? 1 : 0;
    if (difference->found != NULL) {
        difference->found(difference->state, view, key, kind);
    }
    if (difference->first_view != NULL) {
        return;
    }
    difference->first_view = view < VIEW_COUNT ? view_kinds[view].name : "index";
    project_key_text(key, difference->first_key, sizeof difference->first_key);
}

static outcome next_live(struct comparison *comparison, struct error *err)
{
    return views_scan_next(&comparison->scan, &comparison->live_more, err);
}

/* Counts what the live view has beyond the folded one, and goes on to `view`. */
static outcome finish_view(struct comparison *comparison, int view, struct error *err)
{
    while (comparison->view < view) {
        while (comparison->live_more) {
            note_difference(comparison, (enum view_id)comparison->view, comparison->scan.key,
                            PROJECT_EXTRA);
            TRY(next_live(comparison, err));
        }
        if (comparison->scan_open) {
            views_scan_close(&comparison->scan);
            comparison->scan_open = false;
        }
        comparison->view++;
        if (comparison->view <= VIEW_INDEX) {
            struct view_key prefix = {0};
            TRY(views_scan_open(comparison->live, (enum view_id)comparison->view, &prefix,
                                (bytes){0}, &comparison->scan, err));
            comparison->scan_open = true;
            TRY(next_live(comparison, err));
        }
    }
    return OK;
}

static outcome compare_entry(void *state, enum view_id view, bytes key, bytes value,
                             struct error *err)
{
    struct comparison *comparison = state;
    TRY(finish_view(comparison, (int)view, err));
    while (comparison->live_more && bytes_compare(comparison->scan.key, key) < 0) {
        note_difference(comparison, view, comparison->scan.key, PROJECT_EXTRA);
        TRY(next_live(comparison, err));
    }
    if (!comparison->live_more || !bytes_equal(comparison->scan.key, key)) {
        note_difference(comparison, view, key, PROJECT_MISSING);
        return OK;
    }
    if (!bytes_equal(comparison->scan.value, value)) {
        note_difference(comparison, view, key, PROJECT_ALTERED);
    }
    return next_live(comparison, err);
}

FALLIBLE project_compare(struct engine *engine, const struct fold_options *options,
                         struct project_difference *ret, uint64_t *ret_last, struct error *err)
{
    struct comparison comparison = {.live = engine_views(engine), .view = -1, .difference = *ret};
    const struct fold_sink sink = {&comparison, compare_entry};
    uint64_t last = 0;
    outcome result = project_each(engine, options, &sink, &last, err);
    if (result.ok) {
        result = finish_view(&comparison, VIEW_INDEX + 1, err);
    }
    if (comparison.scan_open) {
        views_scan_close(&comparison.scan);
    }
    TRY(result);
    *ret = comparison.difference;
    *ret_last = last;
    return OK;
}
