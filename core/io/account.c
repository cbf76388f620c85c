/* account - see account.h. */
#include "core/io/account.h"

#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void name_of(uid_t id, char ret[ACCOUNT_NAME_SIZE])
{
    char room[4096]; /* as much as a line of /etc/passwd may have */
    struct passwd entry;
    struct passwd *found = NULL;
    int written = getpwuid_r(id, &entry, room, sizeof room, &found) == 0 && found != NULL
                      ? snprintf(ret, ACCOUNT_NAME_SIZE, "%s", found->pw_name)
                      : -1;
    if (written < 1 || written >= ACCOUNT_NAME_SIZE) {
        (void)snprintf(ret, ACCOUNT_NAME_SIZE, "%lu", (unsigned long)id); /* it fits */
    }
}

bool account_is_another(const char *path, char ret_owner[ACCOUNT_NAME_SIZE],
                        char ret_self[ACCOUNT_NAME_SIZE])
{
    struct stat status;
    if (stat(path, &status) != 0 || status.st_uid == geteuid()) {
        return false;
    }
    name_of(status.st_uid, ret_owner);
    name_of(geteuid(), ret_self);
    return true;
}
