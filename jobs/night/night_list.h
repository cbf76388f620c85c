/* night_list - the night as a list: one step a line, each a verb as on the command line.
 *
 *   # comment
 *   import exams in/{today}/exams.csv --rejects=out/exams.rejects.csv
 *   optional submit in/{today}/wishes.jsonl
 *   regenerate --workers=2
 *
 * Words are separated by blanks; "…" and '…' quote a word with blanks. {today} is the business
 * date; there are no other placeholders. `optional` skips a step whose input file is missing, and
 * lets the night go on when the input is unusable or a server does not answer; night.c says which
 * file is the input of a verb. This file only works on text: it opens nothing. */
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
