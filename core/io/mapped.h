/* mapped - gives back the memory of mapped files that this process has read past.
 *
 * A page of a mapped file counts as the process's memory until the kernel needs the room. A run
 * over tables that are larger than its memory limit gives back the pages it will not need again. */
#pragma once

#include <stdint.h>

/* Lets go of the pages of all files below a directory that this process has mapped to read; they
 * come back by themselves when they are looked at; not those of keys/, which other threads map
 * anew. Without /proc, or where address space is limited (ulimit -v), nothing happens. */
void mapped_let_go(const char *dir);
/* The same for the whole pages between two addresses of one mapping of the caller's, which is
 * shared and not written through: of anything else they would be lost. */
void mapped_let_go_between(uintptr_t from, uintptr_t to);
