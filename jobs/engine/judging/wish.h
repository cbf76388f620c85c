/* wish - turns a line of a submission into an Action, brings it into its normal form, and computes
 * its content digest.
 *
 * The content of a wish is its typed action with the digests of its attachments. Key order, blanks
 * and the spelling of numbers, dates and paths do not change it (CONTRACT 4, D38). */
#pragma once

#include <action.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/digest.h"
#include "jobs/engine/parts/people.h"
#include "jobs/engine/wish_parts.h"

/* One JSON object. `ret_id` and `ret_name` (the action's) are set as far as they were found, for
 * the answer, also on failure.
 * fails   INVALID MESSAGE_MALFORMED, MESSAGE_UNKNOWN_ACTION, MESSAGE_MISSING_FIELD,
 *         MESSAGE_BAD_FIELD, MESSAGE_TOO_LARGE */
FALLIBLE wish_parse(str line, struct arena *arena, Action *ret, str *ret_id, str *ret_name,
                    struct error *err);

/* Numbers, codes and documents in their normal form, person ids filled in. What has no valid form
 * stays as it is: the rules name it. */
void wish_normalise(Action *action, struct people *people, struct arena *arena);

/* Looks at the attachment below `folder` (never outside it) and fills in size, kind and digest.
 * `plain` gets its bytes when it is of an allowed size.
 * fails   INVALID MESSAGE_BAD_FIELD when the path leaves the folder */
FALLIBLE wish_attach(Action *action, const char *folder, struct arena *arena, bytes *ret_plain,
                     struct error *err);

/* The field whose digest a signed line lacks, or NULL: the file that it names must be bound,
 * whether it is there or not, for so the line reads alike everywhere. */
const char *wish_unbound(Action *action);

/* SHA-256 of the content, and the key under which the id is kept. */
struct digest wish_content(const Action *action, struct arena *arena);
bytes wish_id_key(const Action *action, struct arena *arena);
