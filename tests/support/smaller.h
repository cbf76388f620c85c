/* smaller - which part of a long test a repetition under another build does (tests/run,
 * docs/decisions/0060): the whole is done once, by the build of gcc. */
#pragma once

enum { SMALLER_PARTS = 2 };

/* 0: all of it (SMALLER is not set); else 1 to SMALLER_PARTS, which together are all of it again.
 */
unsigned smaller_part(void);
