/* views - the storage of the views: an LMDB environment beside the log.
 *
 * One table a view ("certificate.v1"), one table of index entries, one of meta records: `applied`,
 * the number of the last event that is in the views, and `versions`. A batch writes straight into
 * the write transaction, so it reads its own earlier effects. Views are disposable: after a crash
 * they may lag behind the log (engine_open catches up), but they are never ahead of it. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/store.h"
#include "jobs/engine/parts/views_watch.h"
#include "projections/registry.h"

struct views;

/* `dir` is the folder of the environment. Opening for writing makes it when it is not there. A new
 * environment gets the names and versions of its views with its first event.
 * fails   CONFIG MESSAGE_VIEWS_OUTDATED when it holds events and other names or versions: rebuild
 */
FALLIBLE views_open(const char *dir, enum store_mode mode, struct views **ret, struct error *err);
/* Makes a new environment at `dir`, for writing. Its content is durable only after views_flush(),
 * and nobody may open it before.
 * fails   as store_open */
FALLIBLE views_make(const char *dir, struct views **ret, struct error *err);
FALLIBLE views_flush(struct views *views, struct error *err);
void views_close(struct views *views);
/* A second, read-only handle with a transaction of its own, for another thread. Close it before
 * `views`. */
FALLIBLE views_beside(const struct views *views, struct views **ret, struct error *err);

/* From now on reports every written record to `watch`; NULL ends that. */
void views_set_watch(struct views *views, struct views_watch *watch);

/* From now on collects new index entries and writes them together: with the commit, or when the
 * index is read. For runs that add many entries and rarely read any. */
void views_hold_index(struct views *views);

/* Begins a transaction: a snapshot, or the one write batch. All calls below need one. */
FALLIBLE views_begin(struct views *views, struct error *err);
/* The transaction is gone either way; when it fails, nothing of it is in the views.
 * fails   RESOURCE, as store_commit */
FALLIBLE views_commit(struct views *views, struct error *err);
/* Does a part of the commit's work in advance, while the caller waits for something else; the
 * commit returns a failure of it. Between this call and the commit, nothing may be read or written.
 */
void views_prepare(struct views *views);
void views_abort(struct views *views);

/* The last event that is in the views; 0 for none. */
uint64_t views_applied(const struct views *views);
FALLIBLE views_set_applied(struct views *views, uint64_t sequence, struct error *err);

/* Adds a record behind the last one of its view: bulk writing of new views. */
FALLIBLE views_append(struct views *views, enum view_id view, bytes key, bytes value,
                      struct error *err);

/* Storage for views_apply. */
struct view_store views_store(struct views *views);

/* The record of a key, unpacked into the arena; an unknown one is a record with every field
 * absent, never NULL. `ret` is a pointer of the record's own type: a CertificateView ** for
 * VIEW_CERTIFICATE, and so on (const or not). */
FALLIBLE views_get(struct views *views, enum view_id view, struct view_key key, struct arena *arena,
                   void *ret, struct error *err);

/* The packed bytes of a record; data NULL when there is none. Valid until the transaction's next
 * write. */
FALLIBLE views_get_packed(struct views *views, enum view_id view, bytes key, bytes *ret,
                          struct error *err);
/* Does any key of the view begin with the prefix? */
FALLIBLE views_any(struct views *views, enum view_id view, const struct view_key *prefix, bool *ret,
                   struct error *err);
/* How many records a view has. */
FALLIBLE views_count(struct views *views, enum view_id view, uint64_t *ret, struct error *err);
/* Is any person blocked or erased (R-PV-02); was any number corrected (D24)? Imports ask this for
 * every row, and the answer is mostly no: it is cached until it can have changed. */
FALLIBLE views_any_blocked(struct views *views, bool *ret, struct error *err);
FALLIBLE views_any_alias(struct views *views, bool *ret, struct error *err);

/* Scans. Start anywhere at or behind a prefix; `next` gives keys in order while they begin with the
 * prefix. Keys and values are valid until the transaction's next write. */
struct views_scan {
    struct store_cursor *cursor;
    enum view_id view;
    struct view_key prefix;
    bytes key;
    bytes value;
    bool started;
    struct view_key from;
};
/* `after` (may be empty): the scan begins behind prefix ‖ after. */
FALLIBLE views_scan_open(struct views *views, enum view_id view, const struct view_key *prefix,
                         bytes after, struct views_scan *ret, struct error *err);
FALLIBLE views_scan_next(struct views_scan *scan, bool *ret_more, struct error *err);
void views_scan_close(struct views_scan *scan);
/* The record of the scan's current value (VIEW_INDEX has none). */
FALLIBLE views_scan_record(const struct views_scan *scan, struct arena *arena,
                           ProtobufCMessage **ret, struct error *err);
