/* folder - three things about folders: the names in one, sorted, so that every run handles them in
 * the same order; a file name that is not taken yet; and a folder for results, locked for one run
 * at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/lock.h"

struct folder_list {
    bool there; /* is there such a folder? */
    size_t count;
    const char **names;
};

/* The entries that end in `suffix` (empty: all), without "." and ".."; none when there is no such
 * folder. The names in the arena. For who must not take what cannot be read for what is not there.
 * fails   MISSING FILE_NOT_READABLE: there is something, and it cannot be listed, or not whole */
FALLIBLE folder_list(const char *path, str suffix, struct arena *arena, struct folder_list *ret,
                     struct error *err);
/* The same, as far as they can be read. *ret in the arena. */
size_t folder_names(const char *path, str suffix, struct arena *arena, const char ***ret);
/* Is there such a folder? For who must not take one that he may not look into for an empty one.
 * fails   MISSING FILE_NOT_READABLE: there is something, and it cannot be listed */
FALLIBLE folder_is_there(const char *path, bool *ret, struct error *err);

/* Is `path` the folder or inside it? The last part of `path` need not exist yet. Links are resolved
 * in both. False when there is no such folder. */
bool folder_holds(const char *folder, const char *path);

/* The folder that is meant by a name that somebody gave: without slashes at its end, and where a
 * link leads to a folder, that one, for what is made for it lies beside it and takes its place. In
 * the arena. */
const char *folder_meant(const char *path, struct arena *arena);

/* FOLDER/STEM ENDING, with -2, -3.. behind the stem while there is such a file: what an earlier run
 * of the same instant (--now) or an earlier step of it left, stays. In the arena. */
const char *folder_free_path(const char *folder, const char *stem, const char *ending,
                             struct arena *arena);

/* DIR/.NAME.WHAT, where a folder DIR/NAME is made by the verb of that name before it takes its
 * place: beside it, under a name that nobody gives to a folder of his own, for what a killed run
 * left there is removed. `path` has no slash at its end. In the arena. */
const char *folder_made_beside(const char *path, const char *what, struct arena *arena);

/* Gives what was made there its place, durably: a power cut does not take away what was reported.
 * taken   the message, with the place, when there is something at it
 * fails   CREATE taken; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE folder_take_place(const char *made, const char *place, int taken, struct error *err);

/* Makes the folder where it is not, durably, and has it until lock_release(): two runs that write
 * into one would make nothing of it. fails   BUSY FOLDER_BUSY; CREATE FILE_NOT_CREATED */
FALLIBLE folder_claim(const char *path, struct lock **ret, struct error *err);
