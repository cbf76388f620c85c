/* store_file - two things that store.c does to its data file without LMDB. Both only make it
 * faster, and neither can fail. */
#pragma once

#include <stddef.h>

/* Writes zeros behind the used part, so that the next commits do not change the file's size. A full
 * disk shows at the commit. */
void store_file_prefill(int fd, size_t used_bytes, size_t prefill_bytes);

/* Has the disk begin with what was written so far, without waiting for it. */
void store_file_write_back(int fd);
