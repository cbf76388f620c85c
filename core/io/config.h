/* config - anzheng.conf: `key = value` lines to an options message, and the file as init writes it.
 *
 * Keys are field names (core/base/record.h); below a `[section]` line they are `section.key`.
 * Comments begin with # or ;. Values may not be continued on the next line. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* Sets the fields of `message` that the file names; the others stay.
 * fails   CONFIG MESSAGE_CONFIG_UNREADABLE (path, reason), MESSAGE_CONFIG_SYNTAX,
 *         MESSAGE_CONFIG_LINE_TOO_LONG (path, line), MESSAGE_CONFIG_UNKNOWN_KEY,
 *         MESSAGE_CONFIG_KEY_TWICE (path, line, key), MESSAGE_CONFIG_BAD_VALUE (path, line, key,
 *         value) */
FALLIBLE config_read(const char *path, ProtobufCMessage *message, struct arena *arena,
                     struct error *err);

/* A key of the initial file, in file order, with the comment above it. */
struct config_key {
    const char *key;
    const char *comment; /* lines separated by a line feed; NULL: none */
};

/* Writes a new file: each key with its comment and its value in `message`; a key that is absent
 * there is written commented out.
 * fails   CREATE MESSAGE_FILE_NOT_CREATED, RESOURCE MESSAGE_FILE_NOT_WRITABLE */
FALLIBLE config_write(const char *path, const ProtobufCMessage *message,
                      const struct config_key *keys, size_t keys_count, struct arena *arena,
                      struct error *err);
