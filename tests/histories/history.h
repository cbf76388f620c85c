/* history - one history: a world, a store, and everything that was put through it, day by day, with
 * what was answered. Its seed makes the same one again. */
#pragma once

#include "tests/histories/stage.h"
#include "tests/histories/wish.h"
#include "tests/support/scratch.h"

enum {
    HISTORY_CODES_MAX = 10000,
    HISTORY_VERDICTS = VERDICT_INVALID + 1,
    HISTORY_ACTIONS_MAX = 64, /* numbers of Action.body */
};

/* Counts over all histories of a run. */
struct scores {
    uint64_t actions[HISTORY_ACTIONS_MAX][HISTORY_VERDICTS];
    uint64_t codes[HISTORY_CODES_MAX]; /* by message number */
    uint64_t codes_of[HISTORY_ACTIONS_MAX][HISTORY_CODES_MAX];
    uint64_t lines; /* judged ones */
    uint64_t by_verdict[HISTORY_VERDICTS];
    uint64_t rows[HISTORY_VERDICTS]; /* of registers */
    uint64_t events;
    uint64_t histories;
};

enum step_kind { STEP_SUBMIT, STEP_IMPORT, STEP_POLICY, STEP_RENDER };

struct step {
    enum step_kind kind;
    int32_t day;
    const char *path; /* SUBMIT, IMPORT */
    const struct import_kind *import;
    const char *policy;
    const char *value;
    unsigned failing;       /* RENDER */
    struct answers answers; /* SUBMIT */
    struct tally tally;     /* SUBMIT, IMPORT */
    struct step *next;
};

/* What a line of the file being written is. */
enum line_kind {
    LINE_WISH,
    LINE_COPY,    /* a wish of before in another spelling */
    LINE_ALTERED, /* its id with other content */
    LINE_NONSENSE,
    LINE_BLANK,
};

struct line {
    enum line_kind kind;
    struct wish *wish; /* NULL for nonsense */
    struct wish_made *original;
    str text;
};

/* A wish that was made, and its answer; COPY and ALTERED lines go back to it. */
struct wish_made {
    struct wish wish;
    struct line_answer answer;
    bool accepted;
};

struct history {
    uint64_t seed;
    unsigned number; /* in this run */
    struct dice dice;
    struct scratch scratch;
    struct arena arena; /* as long as the history */
    struct arena item;  /* one line, one event */
    struct model model;
    struct world world;
    struct stage stage;
    const char *files; /* folder of the input files */
    unsigned files_count;
    unsigned ids_count;
    uint32_t policy;  /* the one that is changed, from 1; 0: none */
    uint64_t checked; /* the last event that the model has */
    uint64_t lines;
    uint64_t wanted; /* lines, at least */
    struct step *first_step;
    struct step *last_step;
    struct wish_made **wishes;
    size_t wishes_count;
    struct map bound; /* ids that are taken: actor, line feed, id */
    uint64_t point;   /* a sequence in between, and the digest of the views there */
    struct digest point_views;
    const char *where; /* the file at hand, for a failure's message */
    struct scores *scores;
};

/* Runs `lines` lines or a few more, checking after every file; then the properties of the whole. A
 * broken one fails the test and names the seed. */
void history_run(uint64_t seed, unsigned number, uint64_t lines, struct scores *scores);

/* --- its parts
 * ------------------------------------------------------------------------------------ */

/* Fails the test, naming seed, history and file. */
void history_broken(const struct history *history, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
#define HOLDS(history, condition, ...)                                                             \
    ((condition) ? (void)0 : history_broken(history, __VA_ARGS__))

/* A path in the folder of the input files. */
const char *history_file(struct history *history, const char *name);
struct step *history_step(struct history *history, enum step_kind kind);

/* Writes a submission's lines (history_lines.c); *ret_lines live as long as the history. */
void history_write_lines(struct history *history, const char *path, size_t count,
                         struct line **ret_lines);
/* A file of lines, each with its line feed. */
void history_write_file(const char *path, const struct line *lines, size_t count);

/* Judges a submission twice, dry and for good, and all that can be said about it alone. */
void history_submit(struct history *history, size_t count);
/* The events since the last call: the model meets each. `answers` NULL: none is a wish's. */
void history_follow(struct history *history, const struct answers *answers,
                    const struct tally *tally, bool wishes);

/* What holds of a history as a whole (history_whole.c), and of the same one in pieces
 * (history_pieces.c). */
void history_check_whole(struct history *history);
void history_check_pieces(struct history *history);
/* Digest over every record and index entry of the views, in key order. */
struct digest history_views_digest(struct history *history);
