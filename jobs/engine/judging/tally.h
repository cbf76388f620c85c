/* tally - the counts of one import or submission: rows by verdict and rows by code. */
#pragma once

#include "jobs/engine/judging/act.h"

enum { TALLY_CODES_MAX = 128 };

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
    struct {
        int code;
        uint64_t count;
        uint64_t first_row;
    } codes[TALLY_CODES_MAX]; /* refusals, rejections and warnings */
};

void tally_code(struct tally *tally, int message_code);
/* Counts one result: its verdict, its events, its code. */
void tally_result(struct tally *tally, const struct act_result *result);

/* The FileProcessed event of a file: counts, and codes in alphabetical order. */
Event *tally_event(const struct tally *tally, const char *kind, bytes file_sha256,
                   struct arena *arena);
