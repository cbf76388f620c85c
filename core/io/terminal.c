/* terminal - see terminal.h. */
#include "core/io/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/clock.h"
#include "core/io/stop.h"

enum {
    SHOW_AFTER_US = 2000000,
    SHOW_EVERY_US = 200000,
    SECOND_US = 1000000,
};

/* JOURNAL_STREAM is "device:inode" of the stream that goes to the journal. */
static bool goes_to_journal(int descriptor)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    unsigned long long device;
    unsigned long long inode;
    if (stream == NULL || fstat(descriptor, &status) != 0) {
        return false;
    }
    char *end;
    device = strtoull(stream, &end, 10);
    if (*end != ':') {
        return false;
    }
    inode = strtoull(end + 1, &end, 10);
    return *end == '\0' && device == status.st_dev && inode == status.st_ino;
}

void terminal_open(bool quiet, struct terminal *ret)
{
    struct terminal terminal = {.descriptor = STDERR_FILENO, .quiet = quiet};
    const char *no_color = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    terminal.journal = goes_to_journal(terminal.descriptor);
    terminal.is_terminal = isatty(terminal.descriptor) == 1;
    terminal.color = terminal.is_terminal && (no_color == NULL || *no_color == '\0') &&
                     kind != NULL && strcmp(kind, "dumb") != 0;
    *ret = terminal;
}

int terminal_columns(int descriptor)
{
    enum { COLUMNS_UNTOLD = 80 };
    struct winsize size = {0};
    if (isatty(descriptor) != 1) {
        return 0;
    }
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                        : COLUMNS_UNTOLD;
}

static void put(const struct terminal *terminal, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t done = write(terminal->descriptor, data, size);
        if (done <= 0) {
            return;
        }
        data += done;
        size -= (size_t)done;
    }
}

static void clear_line(struct terminal *terminal)
{
    if (terminal->line_shown) {
        put(terminal, "\r\033[K", 4);
        terminal->line_shown = false;
    }
}

void terminal_say(struct terminal *terminal, enum terminal_level level, str text)
{
    if (terminal->quiet && level > TERMINAL_WARNING) {
        return;
    }
    clear_line(terminal);
    struct arena arena; /* one write per message, so that lines of several processes do not mix */
    arena_init(&arena, 0);
    bool red = terminal->color && level == TERMINAL_ERROR;
    str all = STR("");
    str rest = str_empty(text) ? STR("") : text;
    do {
        str line = str_cut(&rest, '\n');
        str priority = terminal->journal ? arena_format(&arena, "<%d>", (int)level) : STR("");
        all = arena_format(&arena, "%.*s%.*s%s%.*s%s\n", STR_ARGS(all), STR_ARGS(priority),
                           red ? "\033[31m" : "", STR_ARGS(line), red ? "\033[0m" : "");
    } while (rest.data != NULL);
    put(terminal, all.data, all.size);
    arena_release(&arena);
}

void progress_start(struct progress *progress, struct terminal *terminal, str label, uint64_t total)
{
    *progress = (struct progress){.terminal = terminal, .total = total};
    str first = str_first_text(label, sizeof progress->label - 1);
    memcpy(progress->label, first.data, first.size);
    progress->started_us = clock_monotonic_us();
    progress->shown_us = progress->started_us + SHOW_AFTER_US - SHOW_EVERY_US;
}

/* Items a second since the start. */
static double rate_of(const struct progress *progress, int64_t now_us)
{
    int64_t elapsed_us = now_us - progress->started_us;
    return elapsed_us > 0 ? (double)progress->done * SECOND_US / (double)elapsed_us : 0;
}

str progress_text(const struct progress *progress, int64_t now_us, struct arena *arena)
{
    double rate = rate_of(progress, now_us);
    unsigned long long done = progress->done;
    unsigned long long total = progress->total;
    if (total == 0) {
        return arena_format(arena, "%s %llu  %.0f/s", progress->label, done, rate);
    }
    if (done == 0 || done > total || rate <= 0) { /* no rate within the first microsecond */
        return arena_format(arena, "%s %llu/%llu", progress->label, done, total);
    }
    unsigned long long left = (unsigned long long)((double)(total - done) / rate + 0.5);
    if (left >= 3600) {
        return arena_format(arena, "%s %llu/%llu  %llu%%  %.0f/s  %llu:%02llu:%02llu",
                            progress->label, done, total, done * 100 / total, rate, left / 3600,
                            left / 60 % 60, left % 60);
    }
    return arena_format(arena, "%s %llu/%llu  %llu%%  %.0f/s  %llu:%02llu", progress->label, done,
                        total, done * 100 / total, rate, left / 60, left % 60);
}

void progress_step(struct progress *progress, uint64_t done)
{
    struct terminal *terminal = progress->terminal;
    progress->done = done;
    if (!terminal->is_terminal || terminal->quiet) {
        return;
    }
    int64_t now_us = clock_monotonic_us();
    if (now_us - progress->shown_us < SHOW_EVERY_US) {
        return;
    }
    progress->shown_us = now_us;
    struct arena arena;
    arena_init(&arena, 0);
    str line = progress_text(progress, now_us, &arena);
    line = arena_format(&arena, "\r%.*s\033[K", STR_ARGS(line));
    put(terminal, line.data, line.size);
    terminal->line_shown = true;
    arena_release(&arena);
}

bool progress_tell(void *progress, uint64_t done, uint64_t total)
{
    struct progress *line = progress;
    line->total = total;
    progress_step(line, done);
    return !stop_requested();
}

void progress_end(struct progress *progress)
{
    clear_line(progress->terminal);
}
