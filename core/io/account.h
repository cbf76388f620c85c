/* account - which account owns a file, and which account we run as. Messages name both, because a
 * file that one account wrote may be unreadable for another. */
#pragma once

#include <stdbool.h>

enum { ACCOUNT_NAME_SIZE = 64 };

/* Whether `path` is there and belongs to another account than the one that runs this; then the
 * names of both, or their numbers where they have none. */
bool account_is_another(const char *path, char ret_owner[ACCOUNT_NAME_SIZE],
                        char ret_self[ACCOUNT_NAME_SIZE]);
