/* terminal - what goes to stderr: messages and the progress line.
 *
 * Under systemd (JOURNAL_STREAM names stderr) each line carries its priority <3>..<5>. The progress
 * line appears on a terminal only, after two seconds, and is cleared before a message. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

enum terminal_level {
    TERMINAL_ERROR = 3, /* syslog's numbers */
    TERMINAL_WARNING = 4,
    TERMINAL_NOTICE = 5,
};

struct terminal {
    int descriptor; /* 2; tests give another one */
    bool journal;   /* priorities are wanted */
    bool is_terminal;
    bool color;      /* is_terminal, and NO_COLOR is not set, and TERM is not dumb */
    bool quiet;      /* no progress, no notices */
    bool line_shown; /* a progress line is on the screen */
};

/* Looks at descriptor 2 and the environment. */
void terminal_open(bool quiet, struct terminal *ret);
/* Columns of the terminal behind a descriptor, 80 when the terminal does not say; 0 when it is no
 * terminal. */
int terminal_columns(int descriptor);
/* Writes the text and a line feed, each line with its priority in the journal. Failures to write
 * are ignored: there is nowhere to tell them. `quiet` keeps notices back. */
void terminal_say(struct terminal *terminal, enum terminal_level level, str text);

struct progress {
    struct terminal *terminal;
    char label[64];
    uint64_t total; /* 0: unknown */
    uint64_t done;
    int64_t started_us; /* monotonic */
    int64_t shown_us;
};

void progress_start(struct progress *progress, struct terminal *terminal, str label,
                    uint64_t total);
/* `done` in all; shows at most 5 lines a second. */
void progress_step(struct progress *progress, uint64_t done);
/* The same as a callback of long work (struct log_progress): sets the total, too. `progress` is a
 * struct progress. False: a stop was requested, so the work is to end. */
bool progress_tell(void *progress, uint64_t done, uint64_t total);
/* Clears the line. */
void progress_end(struct progress *progress);

/* "label 1200/5000  24%  600/s  0:06": count, total, share, rate, remaining time. */
str progress_text(const struct progress *progress, int64_t now_us, struct arena *arena);
