/* lock - one writer per store: a kernel lock on DIR/lock, which the kernel releases when its holder
 * dies.
 *
 * The line "pid verb since" in the file says who holds the lock; it is for people, the lock itself
 * is the kernel's. A holder that releases the lock writes a "-" over the first byte of the line. So
 * a free lock whose line has no "-" tells that the last holder was killed. Reading verbs never take
 * it. The lock is not inherited by spawned programs. */
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
