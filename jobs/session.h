/* session - everything that a verb receives: options, memory, the moment, who runs it, the opened
 * store, and how to print. There are no globals.
 *
 * A verb returns an outcome. If it did not fail but could not do all that was asked (rows refused,
 * a thing not found), it calls session_status(session, 1). */
#pragma once

#include <options.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/map.h"
#include "core/io/digest.h"
#include "core/io/terminal.h"
#include "jobs/engine/engine.h"
#include "jobs/messages.h"
#include "jobs/verbs.h"

/* The place of an import among those of a night (jobs/night/night_imports.h). */
struct import_part {
    const char *kind;
    struct digest run; /* all imports of the kind are one run */
    uint64_t before;   /* files in the steps before this one */
    uint64_t files;
};

struct session {
    const struct verb *verb;
    CommonOptions *common;
    ProtobufCMessage *options; /* the verb's; of an action, ActionOptions */
    Action *action;            /* of an action as a verb: the wish */
    Config *config;            /* anzheng.conf; defaults where there is none */
    const char *store_dir;
    const char *last_argument; /* or NULL */
    const char *input;         /* the same, where the verb's usage calls it FILE; or NULL */
    struct run run;            /* operator, reason, moment: for envelopes */
    int32_t clock_day;         /* the clock's own business day */
    struct engine *engine;     /* as the verb needs it; NULL for NEEDS_NOTHING */
    enum language language;
    bool json;
    bool holds_lock; /* a step of a night for its own store: the lock is this process's already */
    const struct import_part *part; /* of an import in such a step; or NULL */
    int status;                     /* exit status so far */
    struct terminal terminal;
    const struct map
        *blocked_persons;     /* person ids, where the views are of an earlier day; or NULL */
    struct arena run_arena;   /* until exit */
    struct arena batch_arena; /* one write transaction */
    struct arena item_arena;  /* one row, one event */
};

/* The verb's options in their type: SESSION_OPTIONS(session, ListOptions). */
#define SESSION_OPTIONS(session, type) ((const type *)(const void *)(session)->options)

/* Sets up language and terminal, so that everything after can print. `session` must not be moved.
 */
void session_init(struct session *session, int argc, char *const *argv);

/* Finds the verb, reads the command line, takes the moment, opens what the verb needs.
 * fails   USAGE; MISSING, BUSY, CONFIG, CORRUPT as engine_open */
FALLIBLE session_open(struct session *session, int argc, char *const *argv, struct error *err);
void session_close(struct session *session);

/* Only reads and checks the command line: the first step of session_open().
 * fails   USAGE */
FALLIBLE session_read(struct session *session, int argc, char *const *argv, struct error *err);

/* Takes the moment and the operator, and checks the options as far as possible without a store.
 * session_open() calls it after session_read(); a night calls both for each of its steps.
 * fails   USAGE */
FALLIBLE session_check(struct session *session, struct error *err);

/* Opens the store explicitly, for verbs whose row says NEEDS_NOTHING or less than they need.
 * fails   as engine_open; USAGE MESSAGE_DATE_BEHIND, MESSAGE_DATE_AHEAD for NEEDS_WRITE */
FALLIBLE session_open_store(struct session *session, enum needs needs, struct error *err);

/* --wait, for lock_take. */
int session_wait(const struct session *session);

/* The path of a file that anzheng.conf names: below the store unless it is absolute; NULL when none
 * is named. */
const char *session_file(const struct session *session, const char *name, struct arena *arena);

/* Records an exit status; of several, the most serious one stays (CONTRACT 1: 79, 74, 75, then 1).
 */
void session_status(struct session *session, int status);

/* Seeing personal data in full: demands --reason, opens the store for writing and logs a
 * DataDisclosed event about `subject` before anything is shown.
 * fails   USAGE MESSAGE_REASON_REQUIRED; as session_open_store, engine_commit */
FALLIBLE session_disclose(struct session *session, const char *subject, struct error *err);

/* Appends the DataDisclosed event of this verb about `subject` and commits the current write
 * transaction; fails as engine_append, engine_commit */
FALLIBLE session_log_disclosure(struct session *session, str subject, struct error *err);

/* Is the day one on which this run may write? `last` is the last event's day, or NULL.
 * fails   USAGE MESSAGE_DATE_BEHIND, MESSAGE_DATE_AHEAD */
FALLIBLE session_check_day(const struct session *session, const Date *last, bool clock_free,
                           struct error *err);
