/* night_list - the night as a list: one step a line, each a verb as on the command line.
 *
 *   # comment
 *   import exams in/{today}/exams.csv --rejects=out/exams.rejects.csv
 *   optional submit in/{today}/wishes.jsonl
 *   regenerate --workers=2
 *
 * Words are parted by blanks; "…" and '…' keep blanks together. {today} is the business date, and
 * no other word in braces stands for anything.
 * `optional` leaves a step out when the file that it works on is not there, and lets the night go
 * on when what others sent cannot be taken or nobody answers; which file that is, night.c says.
 * Pure text work: nothing is opened here.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum { NIGHT_WORDS_MAX = 64, NIGHT_STEPS_MAX = 1000 };

struct night_step {
    unsigned line;
    bool optional;
    char *words[NIGHT_WORDS_MAX]; /* verb, arguments and options */
    int count;
};

struct night_list {
    struct night_step *steps;
    size_t count;
};

/* file    for messages
 * today   YYYY-MM-DD
 * fails   MALFORMED MESSAGE_NIGHT_LINE_FAULT (file, line, line_fault), MESSAGE_NIGHT_MARK,
 *         MESSAGE_NIGHT_EMPTY */
FALLIBLE night_list_parse(const char *file, str text, const char *today, struct arena *arena,
                          struct night_list *ret, struct error *err);
