/* outputs - checks that an output path of a user does not overwrite the store: its log, views,
 * keys, configuration, documents and checkpoints are written only by the code that owns them. Other
 * files in the store's folder are the user's own. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

/* Looks at the options of a verb that name what it writes (--out, --results, --rejects, --tiles).
 * The folder need not be a store, or be there: then nothing is in the way.
 * fails   USAGE MESSAGE_OUTPUT_IN_STORE */
FALLIBLE outputs_spare_store(const ProtobufCMessage *options, const char *store_dir,
                             struct arena *arena, struct error *err);
