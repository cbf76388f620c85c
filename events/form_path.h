/* form_path - the name of a file that comes with a wish, and the digest that the line gives it. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/error.h"

/* A path stays below the folder of the file that names it (CONTRACT 1); a digest has 64 digits.
 * Either may be "". fails INVALID MESSAGE_BAD_FIELD */
FALLIBLE form_path_check(const char *field, const char *path, const char *digest_field,
                         const char *digest, struct error *err);

/* Was a digest promised ("" is none), and is it another one? */
bool form_digest_differs(const char *promised, ProtobufCBinaryData found);
