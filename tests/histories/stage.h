/* stage - the real engine in a store of its own: registers, submissions, policies and renderings of
 * a history are put through it as the verbs do, and what it answered is kept. A failure of the
 * engine itself (not a refusal) fails the test. */
#pragma once

#include "jobs/engine/intake/intake.h"
#include "jobs/engine/judging/submission.h"

struct stage {
    struct engine *engine;
    const char *dir;
    uint64_t runs; /* every run has an instant of its own */
};

/* What a line was answered. */
struct line_answer {
    uint64_t line;
    str id;
    str action;
    enum verdict verdict;
    int code; /* of a refusal */
    uint64_t first_event;
    uint64_t last_event;
    str certificates; /* joined by commas */
};

struct answers {
    struct arena *arena;
    struct line_answer *lines;
    size_t count;
    size_t capacity;
    size_t delivered_bytes;
};

/* Makes a store at `dir`, with the hash key of another one when `keys_of` is given (the same
 * persons then have the same ids), and opens it. `dir` and the paths live in the arena. */
void stage_open(struct stage *stage, const char *dir, const char *keys_of, int32_t today,
                struct arena *arena);
void stage_close(struct stage *stage);

void stage_submit(struct stage *stage, const char *path, int32_t today, bool dry_run,
                  struct answers *ret, struct submission_report *ret_report);
void stage_import(struct stage *stage, const struct import_kind *kind, const char *path,
                  int32_t today, bool dry_run, struct intake_report *ret_report);
void stage_policy(struct stage *stage, const char *key, const char *value, int32_t today);
/* As if all pending documents had been rendered, but each `failing`-th, which fails (0: none). */
void stage_render(struct stage *stage, unsigned failing, int32_t today);

/* Number of the last event, and the root of the tree. */
uint64_t stage_size(struct stage *stage);
struct digest stage_root(struct stage *stage);
/* An event, opened; in a transaction. */
Event *stage_event(struct stage *stage, uint64_t sequence, struct arena *arena);
void stage_begin(struct stage *stage);
void stage_end(struct stage *stage);
/* Fails the test when the outcome is a failure. */
void stage_need(outcome result, const struct error *err, const char *what);
