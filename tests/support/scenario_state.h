/* scenario_state - what a running scenario knows; shared by its reader (scenario.c) and its judges
 * (scenario_verdict.c). */
#pragma once

#include "events/decide.h"
#include "tests/support/scenario.h"
#include "tests/support/scenario_dossier.h"
#include "tests/support/scenario_text.h"

enum { IDENTITIES_MAX = 64, DEPTH_MAX = 4 };

enum answer { ANSWER_NONE, ANSWER_ACCEPTED, ANSWER_REFUSED };

struct scenario {
    struct arena *arena;
    const char *path;
    int line;
    int depth;
    const char *failure; /* NULL: all holds so far */
    struct scenario_codes *codes;

    struct memory_views *views;
    struct policies policies;
    int32_t today;
    int64_t now_us;
    uint64_t last;   /* number of the last event */
    uint64_t before; /* of the last one before the decision of `when` */
    struct {
        str person_id;
        uint64_t event;
    } identities[IDENTITIES_MAX];
    size_t identities_count;

    enum answer answer;
    bool is_named; /* the verdict: `then`, `refused`, `invalid` or `unchanged` was read */
    struct decision decision;
    size_t matched;
    struct error refusal;

    const WaveOpened *wave_opened; /* the wave that `open` left open, or NULL */
    uint64_t wave;                 /* its number */
    str wave_numbers;              /* what is still to do */
};

/* Notes a failure at the line; always false. */
bool scenario_fail(struct scenario *s, str why);
bool scenario_fail_error(struct scenario *s, const struct error *error);
/* @last, @this, @before, @opened, @declaration and @P-1: see scenario.h. */
str scenario_resolved(struct scenario *s, str value, uint64_t this_event);
/* The event happens: through its bytes into the views. */
bool scenario_apply(struct scenario *s, Event *event, Event **ret);
/* Notes that a code was met. `name` must live as long as the test. */
void scenario_count_code(struct scenario *s, const char *name);
const ProtobufCMessage *scenario_body_of(const Event *event);

typedef bool scenario_step(struct scenario *s, const struct scenario_line *line);
scenario_step scenario_then;
scenario_step scenario_detail;
scenario_step scenario_refused;
scenario_step scenario_invalid;
scenario_step scenario_unchanged;
scenario_step scenario_certificates;
scenario_step scenario_warning;
/* Has the last `when` been answered for, with all its events? */
bool scenario_settle(struct scenario *s);
