/* remove_all - see remove_all.h. */
#include "core/io/remove_all.h"

#include <ftw.h>
#include <stdio.h>

enum { OPEN_FOLDERS_MAX = 16 };

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status; /* whatever it is, it goes */
    (void)kind;
    (void)place;
    return remove(path);
}

void remove_all(const char *path)
{
    (void)nftw(path, remove_entry, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS); /* as the header says */
}
