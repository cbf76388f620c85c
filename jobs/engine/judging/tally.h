/* tally - the counts of one import or submission: rows by verdict and rows by code. */
#pragma once

#include "jobs/engine/judging/act.h"

enum { TALLY_CODES_MAX = 128 };

struct counted_code {
    int code;
    uint64_t count;
    uint64_t first_row;
    const char *first_column; /* of that row, of a warning about a cell; else NULL */
};

struct tally {
    uint64_t rows;
    uint64_t row; /* the one being read, as a spreadsheet numbers it: the header is 1 */
    uint64_t accepted;
    uint64_t unchanged; /* of submissions: duplicates */
    uint64_t rejected;  /* of submissions: refused */
    uint64_t invalid;   /* of submissions only */
    uint64_t warnings;
    uint64_t first_event;
    uint64_t last_event;
    size_t codes_count;
    struct counted_code codes[TALLY_CODES_MAX]; /* refusals, rejections and warnings */
};

/* `column`: the canonical header that a warning is about, or NULL; it must outlive the tally. */
void tally_code(struct tally *tally, int message_code, const char *column);
/* Counts one result: its verdict, its events, its code. */
void tally_result(struct tally *tally, const struct act_result *result);

/* The FileProcessed event of a file: counts, and codes in alphabetical order. */
Event *tally_event(const struct tally *tally, const char *kind, bytes file_sha256,
                   struct arena *arena);
