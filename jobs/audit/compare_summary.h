/* compare_summary - the result of `audit compare` as a text that can be signed and handed on.
 *
 * The text names the log and its tree, so that it can be compared with every checkpoint; it counts
 * the findings and holds the digest of their list. It is a C2SP signed note; its first line is the
 * log's name followed by "/compare", which no checkpoint has. Format: docs/log-format.md. */
#pragma once

#include "core/io/witnesses.h"
#include "jobs/audit/comparing.h"

/* Writes it to `path` (0644): signed with the key of the log where the store has it, else to be
 * signed by whoever compared. *ret_signed tells.
 * fails   as output_write, note_key_load */
FALLIBLE compare_summary_write(struct comparing *comparing, const char *path, bool *ret_signed,
                               struct error *err);

/* Is this such a text, or was it one? */
bool compare_summary_is(str note);

/* Its signature against the keys of the log; *ret_tree is what it says of the tree.
 * fails   SIGNATURE NOTE_MALFORMED, NOTE_NOT_SIGNED, NOTE_BAD_SIGNATURE; MALFORMED
 *         MESSAGE_COMPARE_SUMMARY_MALFORMED (line) */
FALLIBLE compare_summary_check(str note, const struct witnesses *trusted, struct json *record,
                               struct checkpoint *ret_tree, struct arena *arena, struct error *err);
