/* stop - see stop.h. A signal handler can reach nothing but a global: this one. */
#include "core/io/stop.h"

#include <signal.h>
#include <stddef.h>

#include "core/io/clock.h"

enum { WAIT_STEP_MS = 100 };

static volatile sig_atomic_t stop_flag;

static void on_signal(int number)
{
    stop_flag = number;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    (void)sigemptyset(&action.sa_mask); /* cannot fail */
    if (handler == on_signal) {
        /* once only, so that a second one ends a program that hangs; SA_RESTART: no EINTR */
        action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
    }
    (void)sigaction(number, &action, NULL); /* cannot fail: a signal that exists */
}

void stop_install(void)
{
    handle(SIGINT, on_signal);
    handle(SIGTERM, on_signal);
    handle(SIGPIPE, SIG_IGN); /* the write then fails and is reported like any other failure */
    handle(SIGXFSZ, SIG_IGN); /* as above: a limit to the size of files is a disk that is full */
}

bool stop_requested(void)
{
    return stop_flag != 0;
}

bool stop_wait_ms(int64_t milliseconds)
{
    int64_t ends_us = clock_monotonic_us() + milliseconds * 1000;
    for (int64_t left_us = milliseconds * 1000; left_us > 0 && stop_flag == 0;) {
        int64_t left_ms = (left_us + 999) / 1000;
        clock_wait_ms(left_ms < WAIT_STEP_MS ? left_ms : WAIT_STEP_MS);
        left_us = ends_us - clock_monotonic_us();
    }
    return stop_flag == 0;
}

void stop_at_once(void)
{
    handle(SIGINT, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
    if (stop_flag != 0) {
        (void)raise(stop_flag); /* cannot fail: a signal that came */
    }
}

void stop_uninstall(void)
{
    handle(SIGINT, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
    handle(SIGPIPE, SIG_DFL);
    handle(SIGXFSZ, SIG_DFL);
    stop_flag = 0;
}
