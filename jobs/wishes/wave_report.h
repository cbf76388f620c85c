/* wave_report - prints progress and results of waves, for `rename` and `notice`. */
#pragma once

#include "core/io/json.h"
#include "jobs/session.h"

/* The sum of the waves of a run. */
struct wave_total {
    uint64_t total; /* announced */
    uint64_t done;
    uint64_t failed;
    const CodeCount **codes; /* why items failed, sorted */
    size_t codes_count;
    uint64_t first_event; /* the first wave's opening; 0: none */
    uint64_t last_event;  /* the last wave's closing */
};

/* Adds a wave, closed or as far as it is. */
void wave_total_add(struct wave_total *total, const WaveView *wave, struct arena *arena);
/* total, done, failed, codes, first_event, last_event of a summary; failed items set status 1. */
void wave_total_put(struct session *session, const struct wave_total *total, struct json *record);

/* The first numbers of a list, as an answer shows them: "certificates". */
void wave_list_put(const struct wave_list *list, struct json *record);
/* The same of one of several lists, *left numbers at most, which it counts down. */
void wave_list_add(const struct wave_list *list, size_t *left, struct json *certificates);

/* Tells that a signal stopped the run in a wave, and sets the status 75. */
void wave_stopped(struct session *session);
