/* originals - which personnel-file records are verified against an original, and which fields are
 * compared (R-DL-17, R-DL-22, R-DL-24; the guide's answers 4, 9 and 12). */
#pragma once

#include "events/decide.h"

/* Has the kind an original, whose level an approval needs (R-DL-16)? Work, projects and signatures
 * have none. */
bool original_exists(FileKind__Code kind);

/* The record is one that is still checked on that day.
 * fails   REFUSED MESSAGE_NOT_VERIFIABLE (`why`: no_original, assistant_engineer, rural_series) */
FALLIBLE original_guard(const FileRecordView *record, int32_t today, struct error *err);

/* Everything that is compared is in the record (R-DL-19), and the clerk compared all of it
 * (R-DL-17). *ret are the labels that were compared, as records spell them, each once.
 * fails   INVALID MESSAGE_BAD_FIELD: `compared` names no label of the kind; REFUSED
 *         MESSAGE_RECORD_INCOMPLETE, MESSAGE_COMPARED_INCOMPLETE */
FALLIBLE original_compare(const FileRecordView *record, char *const *compared, size_t count,
                          struct arena *arena, char ***ret, size_t *ret_count, struct error *err);

/* R-DL-18: may a department of this level (市 or 区) check batches of an enterprise with these
 * qualifications? *ret_wanted is the level that may. */
bool original_competent(str level, str qualification, const char **ret_wanted);
