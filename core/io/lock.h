/* lock - one writer a store: a kernel lock on DIR/lock, so that a dead holder holds nothing.
 *
 * The file's line "pid verb since" says who holds it; it is a courtesy, the lock is the kernel's.
 * A holder who lets go puts a "-" over its first byte: a line without one, and a lock that is free,
 * are of a holder that was killed.
 * Reading verbs never take it. The lock is not inherited by spawned programs. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

struct lock;

/* dir          the store; `dir`/lock is made when absent and never removed
 * verb         what the holder does, ASCII without blanks
 * wait_seconds 0: ask once
 * fails        BUSY LOCK_HELD (verb, pid, since); CREATE FILE_NOT_CREATED;
 *              RESOURCE FILE_NOT_WRITABLE when the line finds no room on the disk */
FALLIBLE lock_take(const char *dir, const char *verb, int wait_seconds, struct lock **ret,
                   struct error *err);
/* Was the last holder killed? Until lock_settle(), which is called when what that left was cleared
 * away, it stays so for the next holder, too. */
bool lock_was_left(const struct lock *lock);
void lock_settle(struct lock *lock);
/* One writer of a folder that is there, without a file in it. NULL when another process has it;
 * also when it cannot be opened, which whoever writes into it will be told. */
struct lock *lock_folder(const char *dir, bool *ret_is_held);
/* NULL is fine. */
void lock_release(struct lock *lock);
