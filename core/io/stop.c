/* stop - see stop.h. A signal handler can reach nothing but a global: this one. */
#include "core/io/stop.h"

#include <signal.h>
#include <stddef.h>

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
    handle(SIGPIPE, SIG_IGN); /* what is written fails, and is told as any other failure */
    handle(SIGXFSZ, SIG_IGN); /* as above: a limit to the size of files is a disk that is full */
}

bool stop_requested(void)
{
    return stop_flag != 0;
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
