/* live_map - which bytes of a sound LMDB file are live: read by the layout alone, without the page
 * checker or LMDB, so that the test of both does not believe them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum byte_kind {
    BYTE_FREE,   /* free pages, slack within pages, padding: whatever it is, nothing changes */
    BYTE_LIVE,   /* any change is damage, to be told */
    BYTE_EITHER, /* told, or without any effect: a separator that still separates, the hint of a map
                  * size, transaction numbers in the free list */
};

/* Fills kinds[0..size), one for each byte of the file. Ends the program when the file is not sound.
 */
void live_map(const uint8_t *file, size_t size, uint8_t *kinds);
