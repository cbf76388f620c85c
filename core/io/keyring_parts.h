/* keyring_parts - what keyring_file.c and keyring_look.c share: the file is opened and written
 * there, looked through here. Nobody else includes it. */
#pragma once

#include <sys/types.h>

#include "core/io/keyring_file.h"

/* --- keyring_file.c ------------------------------------------------------------------------- */

outcome keyring_damaged(const struct keyring *ring, const char *what, struct error *err);
outcome keyring_not_readable(const struct keyring *ring, int why, struct error *err);
outcome keyring_not_writable(const struct keyring *ring, int why, struct error *err);
/* Where the slot of this number lies in the file; the whole of `out`, or false. */
off_t keyring_offset_of(uint64_t number);
bool keyring_read_at(int fd, void *out, size_t size, off_t offset);
/* How many slots the file has now, and which file it is. */
void keyring_note_size(struct keyring *ring);
/* The header, to the disk. errno when false. */
bool keyring_flush_header(const struct keyring *ring);

/* --- keyring_look.c ------------------------------------------------------------------------- */

/* An index of all slots in memory, for a writer who finds none that he can believe. */
FALLIBLE keyring_look_at_file(struct keyring *ring, struct error *err);
/* For whoever adds a slot: an index that lies in a file and knows this writer's branch. */
FALLIBLE keyring_look_ready(struct keyring *ring, struct error *err);
