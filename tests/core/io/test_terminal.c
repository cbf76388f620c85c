/* test_terminal - what reaches stderr: priorities, quiet, the progress line. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/clock.h"
#include "core/io/terminal.h"

static struct arena arena;

/* What was written to a pipe by `say`. */
static const char *said(struct terminal terminal, enum terminal_level level, const char *text)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    terminal.descriptor = ends[1];
    terminal_say(&terminal, level, str_of(text));
    assert_int_equal(close(ends[1]), 0);
    char *out = arena_new(&arena, 512);
    assert_true(read(ends[0], out, 511) >= 0);
    assert_int_equal(close(ends[0]), 0);
    return out;
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_say_gives_the_journal_priorities(void **state)
{
    (void)state;
    struct terminal journal = {.journal = true};
    assert_string_equal(said(journal, TERMINAL_WARNING, "a\nb"), "<4>a\n<4>b\n");
    struct terminal plain = {.journal = false};
    assert_string_equal(said(plain, TERMINAL_WARNING, "a\nb"), "a\nb\n");
}

static void test_say_keeps_notices_back_when_quiet(void **state)
{
    (void)state;
    struct terminal quiet = {.quiet = true};
    assert_string_equal(said(quiet, TERMINAL_NOTICE, "a"), "");
    assert_string_equal(said(quiet, TERMINAL_ERROR, "a"), "a\n");
}

static void test_say_clears_the_progress_line_and_colours_errors(void **state)
{
    (void)state;
    struct terminal screen = {.is_terminal = true, .color = true, .line_shown = true};
    assert_string_equal(said(screen, TERMINAL_ERROR, "a"), "\r\033[K\033[31ma\033[0m\n");
    screen.color = false;
    screen.line_shown = false;
    assert_string_equal(said(screen, TERMINAL_ERROR, "a"), "a\n");
}

static void test_open_finds_the_journal_by_its_stream(void **state)
{
    (void)state;
    struct stat status;
    struct terminal terminal;
    char stream[64];
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    (void)snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)status.st_dev,
                   (unsigned long long)status.st_ino);
    assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
    terminal_open(false, &terminal);
    assert_true(terminal.journal);
    assert_int_equal(setenv("JOURNAL_STREAM", "1:1", 1), 0);
    terminal_open(false, &terminal);
    assert_false(terminal.journal);
    assert_int_equal(setenv("JOURNAL_STREAM", "nonsense", 1), 0);
    terminal_open(false, &terminal);
    assert_false(terminal.journal);
    assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
}

static void test_open_honours_no_color(void **state)
{
    (void)state;
    struct terminal terminal;
    int screen = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(screen >= 0);
    assert_int_equal(grantpt(screen) | unlockpt(screen), 0);
    int other = open(ptsname(screen), O_RDWR | O_NOCTTY);
    int saved = dup(STDERR_FILENO);
    assert_true(other >= 0 && saved >= 0);
    assert_int_equal(setenv("TERM", "xterm", 1), 0);
    assert_int_equal(dup2(other, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(unsetenv("NO_COLOR"), 0);
    terminal_open(false, &terminal);
    bool with = terminal.color;
    assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
    terminal_open(false, &terminal);
    bool without = terminal.color;
    bool is_terminal = terminal.is_terminal;
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    (void)close(saved);
    (void)close(other);
    (void)close(screen);
    assert_true(is_terminal);
    assert_true(with);
    assert_false(without);
}

static void test_progress_text_gives_rate_and_rest(void **state)
{
    (void)state;
    struct progress progress = {.label = "import", .total = 5000, .done = 1200};
    assert_true(str_equal(progress_text(&progress, 2000000, &arena),
                          STR("import 1200/5000  24%  600/s  0:06")));
    progress.done = 0;
    assert_true(str_equal(progress_text(&progress, 2000000, &arena), STR("import 0/5000")));
    progress.total = 0;
    progress.done = 10;
    assert_true(str_equal(progress_text(&progress, 2000000, &arena), STR("import 10  5/s")));
    progress.total = 100010;
    assert_true(str_equal(progress_text(&progress, 2000000, &arena),
                          STR("import 10/100010  0%  5/s  5:33:20")));
    assert_true(str_equal(progress_text(&progress, 0, &arena), STR("import 10/100010")));
}

static void test_progress_is_silent_at_first_and_in_pipes(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    struct terminal terminal = {.descriptor = ends[1], .is_terminal = true};
    struct progress progress;
    progress_start(&progress, &terminal, STR("x"), 10);
    progress_step(&progress, 1); /* two seconds are not over */
    assert_false(terminal.line_shown);
    progress.shown_us = 0; /* as if they were */
    terminal.is_terminal = false;
    progress_step(&progress, 2);
    assert_false(terminal.line_shown);
    terminal.is_terminal = true;
    progress_step(&progress, 3);
    assert_true(terminal.line_shown);
    progress_end(&progress);
    assert_false(terminal.line_shown);
    char out[128] = "";
    assert_true(read(ends[0], out, sizeof out - 1) > 0);
    assert_int_equal(strncmp(out, "\rx 3/10", 7), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void test_progress_start_cuts_labels_at_a_character(void **state)
{
    (void)state;
    struct terminal terminal = {0};
    struct progress progress;
    progress_start(&progress, &terminal, STR("一二三四五六七八九十一二三四五六七八九十一二三"), 0);
    assert_int_equal(strlen(progress.label), 63);
    progress_start(&progress, &terminal, STR("x一二三四五六七八九十一二三四五六七八九十一"), 0);
    assert_int_equal(strlen(progress.label), 61);
    progress_start(&progress, &terminal, STR("导入"), 0);
    assert_string_equal(progress.label, "导入");
}

static void test_clock_goes_forward(void **state)
{
    (void)state;
    int64_t before = clock_monotonic_us();
    assert_true(clock_monotonic_us() >= before);
    assert_true(clock_now_us() > INT64_C(1600000000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_say_gives_the_journal_priorities),
        cmocka_unit_test(test_say_keeps_notices_back_when_quiet),
        cmocka_unit_test(test_say_clears_the_progress_line_and_colours_errors),
        cmocka_unit_test(test_open_finds_the_journal_by_its_stream),
        cmocka_unit_test(test_open_honours_no_color),
        cmocka_unit_test(test_progress_text_gives_rate_and_rest),
        cmocka_unit_test(test_progress_is_silent_at_first_and_in_pipes),
        cmocka_unit_test(test_progress_start_cuts_labels_at_a_character),
        cmocka_unit_test(test_clock_goes_forward),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
