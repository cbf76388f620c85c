/* file_state - see file_state.h. */
#include "core/io/file_state.h"

#include <errno.h>
#include <sys/stat.h>

#include "core/io/messages.h"

static struct file_state state_of(const struct stat *status)
{
    return (struct file_state){.device = status->st_dev,
                               .number = status->st_ino,
                               .size = (uint64_t)status->st_size,
                               .changed_s = status->st_mtim.tv_sec,
                               .changed_ns = status->st_mtim.tv_nsec};
}

FALLIBLE file_state_of(const char *path, struct file_state *ret, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    *ret = state_of(&status);
    return OK;
}

FALLIBLE file_state_of_open(int descriptor, const char *path, struct file_state *ret,
                            struct error *err)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    *ret = state_of(&status);
    return OK;
}

FALLIBLE file_state_check(const struct file_state *before, const struct file_state *now,
                          const char *path, struct error *err)
{
    bool same =
        before == NULL || (before->device == now->device && before->number == now->number &&
                           before->size == now->size && before->changed_s == now->changed_s &&
                           before->changed_ns == now->changed_ns);
    if (!same) {
        FAIL(MISSING, MESSAGE_FILE_CHANGED, ARG_TEXT("path", path));
    }
    return OK;
}
