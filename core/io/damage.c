/* damage - see damage.h. */
#include "core/io/damage.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>
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

/* Memory may be damaged, so the table of messages is not used: the text is in both languages. */
static const char LINE[] = "anzheng: the store is damaged: a stored page could not be read; run "
                           "“anzheng audit verify” / 数据库已损坏：存储页无法读取；请运行 "
                           "“anzheng audit verify”\n";

void damage_end(void)
{
    enum { DAMAGED = 79 }; /* CONTRACT 1 */
    ssize_t told = write(STDERR_FILENO, LINE, sizeof LINE - 1);
    (void)told; /* the exit status says it too */
    _exit(DAMAGED);
}

/* --- whose fault is it? --------------------------------------------------------------------------
 *
 * A damaged page is the cause when the fault is at an address of a file of the store, or in LMDB's
 * own code (a wrong bit that says a node has duplicates makes LMDB use a cursor that is not there).
 * Only the kernel knows where LMDB and its maps lie: its list is read here in a way that is safe in
 * a signal handler, without allocating memory or opening a stream. */

static const char LIBRARY[] = "liblmdb";

struct fault {
    uintptr_t address;
    uintptr_t code; /* of the instruction; 0: not known on this machine */
};

struct map_line {
    uintptr_t start;
    uintptr_t end;
    int column; /* of the words: 0 start, 1 end, 2 rights, 3 the rest */
    int rights; /* characters of them so far */
    /* "r--s": a file as it is, LMDB's or another of the store; libraries have "r-xp" */
    bool shared;
    int matched; /* characters of LIBRARY that were just read */
};

static uintptr_t with_digit(uintptr_t number, char c)
{
    return number * 16 + (uintptr_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* "7f00-7f01 r--s 00000000 fe:01 42    /store/views/data.mdb" */
static void take_character(struct map_line *line, char c)
{
    if (c == '\n') {
        *line = (struct map_line){0};
    } else if (line->column < 3 && (c == ' ' || (c == '-' && line->column == 0))) {
        line->column++;
    } else if (line->column == 0) {
        line->start = with_digit(line->start, c);
    } else if (line->column == 1) {
        line->end = with_digit(line->end, c);
    } else if (line->column == 2) {
        line->rights++;
        line->shared = line->rights == 4 && c == 's';
    } else if (line->matched < (int)sizeof LIBRARY - 1) {
        line->matched = c == LIBRARY[line->matched] ? line->matched + 1 : c == LIBRARY[0];
    }
}

static bool holds(const struct map_line *line, uintptr_t address)
{
    return address >= line->start && address < line->end;
}

static bool is_of_the_store(const struct fault *fault)
{
    char part[1024];
    struct map_line line = {0};
    bool found = false;
    ssize_t got = 0;
    int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0) {
        return true; /* unknown: better to report 79 than nothing */
    }
    while (!found && (got = read(maps, part, sizeof part)) > 0) {
        for (ssize_t i = 0; i < got && !found; i++) {
            take_character(&line, part[i]);
            found = (line.shared && holds(&line, fault->address)) ||
                    (line.matched == (int)sizeof LIBRARY - 1 && holds(&line, fault->code));
        }
    }
    (void)close(maps); /* read only */
    return found;
}

/* --- the handler ---------------------------------------------------------------------------------
 */

static uintptr_t code_of(const void *context)
{
#if defined(__x86_64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#else
    (void)context; /* the register's name on this machine is not known */
    return 0;
#endif
}

static void handle_as_usual(int number)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    (void)sigaction(number, &usual, NULL); /* cannot fail: a signal that exists */
}

/* With the usual handler back, the faulting instruction runs again and the kernel ends the program,
 * so that the core shows where it was. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    const struct fault fault = {(uintptr_t)info->si_addr, code_of(context)};
    bool is_fault = info->si_code > 0;
    if (is_fault && is_of_the_store(&fault)) {
        damage_end();
    }
    handle_as_usual(number);
    if (!is_fault) { /* somebody sent it */
        (void)raise(number);
    }
}

bool damage_install(void)
{
    if (!SIGNALS_ARE_TAKEN) {
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
        (void)sigemptyset(&action.sa_mask);      /* cannot fail */
        (void)sigaction(SIGSEGV, &action, NULL); /* cannot fail: a signal that exists */
        (void)sigaction(SIGBUS, &action, NULL);  /* likewise */
    }
    return !SIGNALS_ARE_TAKEN;
}

void damage_uninstall(void)
{
    if (!SIGNALS_ARE_TAKEN) {
        handle_as_usual(SIGSEGV);
        handle_as_usual(SIGBUS);
    }
}
