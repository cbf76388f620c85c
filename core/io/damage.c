/* damage - see damage.h. */
#include "core/io/damage.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SIGNALS_ARE_TAKEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIGNALS_ARE_TAKEN 1
#endif
#endif
#ifndef SIGNALS_ARE_TAKEN
#define SIGNALS_ARE_TAKEN 0
#endif

/* No table of messages can be asked when memory is not what it should be: both languages at once.
 */
static const char LINE[] = "anzheng: the store is damaged: a stored page could not be read; run "
                           "“anzheng audit verify” / 数据库已损坏：存储页无法读取；请运行 "
                           "“anzheng audit verify”\n";

void damage_end(void)
{
    enum { DAMAGED = 79 }; /* CONTRACT 1 */
    ssize_t told = write(STDERR_FILENO, LINE, sizeof LINE - 1);
    (void)told; /* the exit status tells it too */
    _exit(DAMAGED);
}

static void on_signal(int number)
{
    (void)number; /* both mean the same */
    damage_end();
}

static void handle(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    (void)sigemptyset(&action.sa_mask);      /* cannot fail */
    (void)sigaction(SIGSEGV, &action, NULL); /* cannot fail: a signal that exists */
    (void)sigaction(SIGBUS, &action, NULL);  /* likewise */
}

bool damage_install(void)
{
    if (!SIGNALS_ARE_TAKEN) {
        handle(on_signal);
    }
    return !SIGNALS_ARE_TAKEN;
}

void damage_uninstall(void)
{
    if (!SIGNALS_ARE_TAKEN) {
        handle(SIG_DFL);
    }
}
