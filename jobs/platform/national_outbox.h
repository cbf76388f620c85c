/* national_outbox - what is still to be sent to the national platform: queues of records by event
 * and number, and a journal with the result of each, below outbox/national/ (docs/log-format.md).
 *
 * The outbox holds no personal data: a record is made from the log when it is sent. A queue appears
 * whole, by one rename; a line of the journal is durable before the next record is sent. So a kill
 * at any point loses nothing; at most the one record whose answer was not written down is sent
 * again, under the same key. One process at a time uses the outbox (with a lock of its own, so that
 * the store stays free). */
#pragma once

#include <stdio.h>

#include "core/io/lock.h"
#include "jobs/session.h"

enum outbox_state {
    OUTBOX_WAITING,
    OUTBOX_SENT,
    OUTBOX_REFUSED,  /* by the platform: tried again in the next run */
    OUTBOX_DROPPED,  /* given up by the operator */
    OUTBOX_WITHHELD, /* the person is blocked since (R-PV-02) */
};

struct outbox_line {
    const char *key;
    const char *certificate;
    uint64_t event; /* 0: it ran out */
    enum outbox_state state;
};

struct outbox_queue {
    uint64_t since; /* events behind this one are in it; 0: all, or not told */
    uint64_t until; /* and up to this one; its name */
    int32_t day;    /* and ends before this day */
    struct outbox_line *lines;
    size_t count;
};

struct outbox {
    struct session *session;
    const char *dir;
    struct lock *lock;
    bool begun;     /* there was a queue before: the next one goes on behind */
    bool settled;   /* and one was sent to its end */
    uint64_t until; /* of the newest queue, sent or not */
    int32_t day;
    struct outbox_queue *queues; /* not finished, oldest first */
    size_t queues_count;
    FILE *file; /* of a queue that is being made */
    uint64_t added;
};

/* Makes the folder, takes the lock, reads what is there, and clears away what a kill left.
 * fails   BUSY MESSAGE_LOCK_HELD; CONFIG MESSAGE_OUTBOX_DAMAGED; CREATE, RESOURCE */
FALLIBLE outbox_open(struct session *session, struct outbox *ret, struct error *err);
void outbox_close(struct outbox *outbox);

/* The content of the outbox, for readers: works beside a run that sends and on a read-only mount.
 * Unreadable parts count as nothing here; the next sending run reports them. */
struct outbox_counts {
    uint64_t refused; /* by the platform: somebody has to mend them */
    uint64_t waiting; /* behind those, or not sent yet */
};
void outbox_look(struct session *session, struct outbox_counts *ret);

/* A new queue: begin, add each line, then put it in place - or give it up. */
FALLIBLE outbox_begin(struct outbox *outbox, uint64_t since, uint64_t until, int32_t day,
                      struct error *err);
FALLIBLE outbox_add(struct outbox *outbox, const char *key, const char *certificate, uint64_t event,
                    struct error *err);
/* Reads it in as the last of `queues`. One without lines is only where the next one begins. */
FALLIBLE outbox_commit(struct outbox *outbox, struct error *err);

/* An outbox that nothing was told from yet, and nothing is to be: the first queue begins behind
 * `until`, as the first run said. */
FALLIBLE outbox_begin_behind(struct outbox *outbox, uint64_t until, int32_t day, struct error *err);

/* Is this still to be sent? */
bool outbox_is_open(const struct outbox_line *line);
/* What became of a line; durable on return. */
FALLIBLE outbox_mark(struct outbox *outbox, const struct outbox_queue *queue,
                     struct outbox_line *line, enum outbox_state state, struct error *err);
/* Removes a queue of which nothing is open any more; *ret_done tells. */
FALLIBLE outbox_settle(struct outbox *outbox, const struct outbox_queue *queue, bool *ret_done,
                       struct error *err);
