/* damage - the last safety net: when a damaged page of the store makes the program crash, one line
 * says so and it ends with 79.
 *
 * pages.h looks for damage before anything is mapped, but only its full check finds all of it, and
 * not every verb can afford that. Damage that the quick check misses makes LMDB fail an assertion
 * or read outside the file. A fault anywhere else is an error of this program and ends it in the
 * usual way: with the signal and a core file. */
#pragma once

#include <stdbool.h>

/* SIGSEGV and SIGBUS at an address of a shared file mapping, or in LMDB's own code, end the process
 * through damage_end.
 * Under AddressSanitizer, which has handlers of its own, nothing is installed: false. */
bool damage_install(void);
/* Restores the usual handling; for tests. */
void damage_uninstall(void);

/* Writes one line to stderr, in both languages, and ends the process with 79 at once: no flushing,
 * nothing of the store is touched any more. Safe in a signal handler. */
__attribute__((noreturn)) void damage_end(void);
