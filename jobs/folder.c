/* folder - see folder.h. */
#include "jobs/folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/file.h"
#include "jobs/messages.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_wanted(const char *name, str suffix)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && str_ends_with(str_of(name), suffix);
}

/* What was read before a fault stays in the list. */
static int read_names(DIR *folder, str suffix, struct arena *arena, struct folder_list *list)
{
    const struct dirent *entry = NULL;
    size_t capacity = 0;
    errno = 0; /* readdir() tells a fault by nothing else */
    while ((entry = readdir(folder)) != NULL) {
        if (is_wanted(entry->d_name, suffix)) {
            ARENA_GROW(arena, list->names, list->count, &capacity);
            list->names[list->count++] = arena_c_string(arena, str_of(entry->d_name));
        }
        errno = 0;
    }
    return errno;
}

FALLIBLE folder_list(const char *path, str suffix, struct arena *arena, struct folder_list *ret,
                     struct error *err)
{
    DIR *folder = opendir(path);
    int why = folder == NULL ? errno : 0;
    *ret = (struct folder_list){.there = folder != NULL};
    if (folder != NULL) {
        why = read_names(folder, suffix, arena, ret);
        (void)closedir(folder); /* read only */
    }
    if (ret->count > 1) {
        qsort(ret->names, ret->count, sizeof *ret->names, compare_names);
    }
    if (why != 0 && why != ENOENT) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}

size_t folder_names(const char *path, str suffix, struct arena *arena, const char ***ret)
{
    struct folder_list list;
    struct error ignored;
    (void)folder_list(path, suffix, arena, &list, &ignored).ok;
    *ret = list.names;
    return list.count;
}

FALLIBLE folder_is_there(const char *path, bool *ret, struct error *err)
{
    DIR *folder = opendir(path);
    if (folder == NULL && errno != ENOENT) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    *ret = folder != NULL;
    if (folder != NULL) {
        (void)closedir(folder); /* read only */
    }
    return OK;
}

/* Appends what a path goes on with, word by word. False when that is too long. */
static bool go_on(char place[PATH_MAX], const char *rest)
{
    for (size_t length = 0; *rest != 0; rest += length + (rest[length] == '/')) {
        size_t size = strlen(place);
        length = strcspn(rest, "/");
        if (length == 2 && strncmp(rest, "..", 2) == 0) {
            char *end = strrchr(place, '/'); /* of the root: nothing is above it */
            end[end == place] = 0;
        } else if (length > 0 && !(length == 1 && *rest == '.')) {
            size -= size == 1; /* the root ends with its own stroke */
            if (size + 1 + length >= PATH_MAX) {
                return false;
            }
            place[size] = '/';
            memcpy(place + size + 1, rest, length);
            place[size + 1 + length] = 0;
        }
    }
    return true;
}

/* Where a path leads: as far as it is there links are followed, behind that its words count. */
static bool find_place(const char *path, char place[PATH_MAX])
{
    char part[PATH_MAX];
    size_t size = strlen(path);
    if (size >= sizeof part) {
        return false;
    }
    memcpy(part, path, size + 1);
    while (realpath(part, place) == NULL) {
        char *end = strrchr(part, '/');
        if (strcmp(part, ".") == 0) {
            return false; /* the folder we are in is gone: nothing lies in it */
        }
        if (end == NULL || end == part) {
            size = end == NULL ? 0 : 1;
            (void)strcpy(part,
                         end == NULL ? "." : "/"); /* shorter than what was there, or as long */
        } else {
            size = (size_t)(end - part);
            *end = 0;
        }
    }
    return go_on(place, path + size);
}

bool folder_holds(const char *folder, const char *path)
{
    char words[PATH_MAX];
    char place[PATH_MAX];
    char root[PATH_MAX];
    /* Twice: behind what is not there yet, `..` may lead back to what is, and to links. */
    if (realpath(folder, root) == NULL || !find_place(path, words) || !find_place(words, place)) {
        return false; /* what is wrong with it is told by whoever uses it */
    }
    size_t size = strlen(root);
    return strncmp(place, root, size) == 0 && (place[size] == 0 || place[size] == '/');
}

const char *folder_meant(const char *path, struct arena *arena)
{
    char place[PATH_MAX];
    struct stat status;
    str words = str_of(path);
    while (words.size > 1 && str_ends_with(words, STR("/"))) {
        words = str_first(words, words.size - 1);
    }
    const char *named = arena_c_string(arena, words);
    bool leads = lstat(named, &status) == 0 && S_ISLNK(status.st_mode) &&
                 stat(named, &status) == 0 && S_ISDIR(status.st_mode);
    return leads && realpath(named, place) != NULL ? arena_c_string(arena, str_of(place)) : named;
}

const char *folder_free_path(const char *folder, const char *stem, const char *ending,
                             struct arena *arena)
{
    const char *path = arena_format(arena, "%s/%s%s", folder, stem, ending).data;
    for (unsigned number = 2; file_exists(path); number++) {
        path = arena_format(arena, "%s/%s-%u%s", folder, stem, number, ending).data;
    }
    return path;
}

const char *folder_made_beside(const char *path, const char *what, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    return arena_format(arena, "%.*s.%s.%s", (int)(name - path), path, name, what).data;
}

/* The size of what stands before the last name of a path: "" is the present folder. */
static size_t size_of_parent(const char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/') {
        size--;
    }
    while (size > 0 && path[size - 1] != '/') {
        size--;
    }
    return size > 1 ? size - 1 : size;
}

static FALLIBLE sync_parent(const char *path, struct error *err)
{
    char parent[PATH_MAX];
    size_t size = size_of_parent(path);
    BUG_UNLESS(size < sizeof parent); /* of a path that was opened */
    memcpy(parent, path, size);
    parent[size] = '\0';
    return directory_sync(size > 0 ? parent : ".", err);
}

FALLIBLE folder_take_place(const char *made, const char *place, int taken, struct error *err)
{
    int why = rename(made, place) != 0 ? errno : 0;
    if (why == ENOTEMPTY || why == EEXIST || why == ENOTDIR) {
        FAIL(CREATE, taken, ARG_TEXT("dir", place));
    }
    if (why == EBUSY) {
        FAIL(CREATE, MESSAGE_FOLDER_FIXED, ARG_TEXT("path", place));
    }
    if (why != 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", place), ARG_ERRNO("why", why));
    }
    return sync_parent(place, err);
}

FALLIBLE folder_claim(const char *path, struct lock **ret, struct error *err)
{
    enum { FOLDER_MODE = 0755 };
    bool is_held = false;
    bool is_new = !file_exists(path);
    TRY(directory_make(path, FOLDER_MODE, err));
    if (is_new) { /* what is flushed in it is lost with its name */
        TRY(sync_parent(path, err));
    }
    *ret = lock_folder(path, &is_held);
    if (is_held) {
        FAIL(BUSY, MESSAGE_FOLDER_BUSY, ARG_TEXT("folder", path));
    }
    return OK;
}
