/* mapped - what this process has mapped of files, let go of.
 *
 * A page of a mapped file counts as the process's memory for as long as nobody else needs the
 * room. A run over tables larger than its memory limit gives back what it has passed. */
#pragma once

/* Lets go of the pages of all files below a directory that this process has mapped to read; they
 * come back by themselves when they are looked at; not those of keys/, which other threads map
 * anew. Without /proc, or where address space is limited (ulimit -v), nothing happens. */
void mapped_let_go(const char *dir);
