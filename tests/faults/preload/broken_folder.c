/* broken_folder - preloaded into the program: the folder whose path ends with BROKEN_FOLDER is
 * opened, and then the disk does not answer (EIO): none of its names comes. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_broken(DIR *folder)
{
    char link[64];
    char path[4096];
    const char *wanted = getenv("BROKEN_FOLDER");
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd(folder));
    ssize_t size = readlink(link, path, sizeof path - 1);
    path[size > 0 ? size : 0] = 0;
    size_t length = wanted != NULL ? strlen(wanted) : 0;
    return length > 0 && strlen(path) >= length &&
           strcmp(path + strlen(path) - length, wanted) == 0;
}

typedef struct dirent *(*readdir_call)(DIR *);

struct dirent *readdir(DIR *folder)
{
    readdir_call next;
    void *symbol = dlsym(RTLD_NEXT, "readdir");
    memcpy(&next, &symbol, sizeof next);
    if (is_broken(folder)) {
        errno = EIO;
        return NULL;
    }
    return next(folder);
}
