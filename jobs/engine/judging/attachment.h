/* attachment - opens the files that rows and wishes name; they must lie below the folder of the
 * file that names them.
 *
 * No "..", no absolute path and no symbolic link on the way are allowed (CONTRACT 1). The path is
 * walked part by part with descriptors, so no part can be exchanged between check and use. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

struct attachment_file {
    bool found;    /* a regular file that could be read */
    bool outside;  /* the path tried to leave the folder */
    int unread;    /* errno: it is there and could not be read, 0: it was or is not there */
    uint64_t size; /* of the file */
    bytes content; /* all of it; of a file beyond the limit only the first bytes */
};

/* `limit`: what is larger is not read, but its first 16 bytes are, to tell what it is. */
struct attachment_file attachment_read(const char *folder, str path, size_t limit,
                                       struct arena *arena);
/* The folder of a file's path: "a/b.csv" -> "a", "b.csv" -> ".". */
const char *attachment_folder(const char *path, struct arena *arena);
