/* backup_last - what the log was when it was last copied into a backup folder. */
#pragma once

#include "core/io/digest.h"
#include "jobs/session.h"

struct last_copy {
    uint64_t events; /* 0: none was copied yet, or what is left of it is damaged */
    struct digest root;
};

/* What a manifest says; false when it does not: of another version, or spoiled. */
bool backup_manifest_says(bytes text, struct arena *arena, struct last_copy *ret);

/* From the manifest; where there is none to go by, or a kill came between log and manifest, from
 * the copied log itself, its pages looked at before they are mapped. A copy that is damaged is told
 * of, and counts as none: the next one takes its place.
 * fails   MISSING FILE_NOT_READABLE and whatever else keeps somebody from looking: not being able
 *         to is not "none" */
FALLIBLE backup_last_copy(struct session *session, const char *dir, struct last_copy *ret,
                          struct error *err);
