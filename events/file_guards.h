/* file_guards - the checks that the rules of personnel files share: who acts for whom, which record
 * is meant, and may it still change (R-DL-01..08). */
#pragma once

#include "events/decide.h"
#include "events/file_fields.h"

/* D20 where an enterprise acts; the person is not blocked (R-PV-02), has a collected identity
 * (R-PF-01) and goes by the name given; an enterprise acts only for a person whose card was read
 * (R-DL-26). */
FALLIBLE file_guard_subject(const struct dossier *dossier, const Action *action,
                            const PersonName *named, struct arena *arena, struct error *err);

/* There is such a record, not deleted, in the file of the person. */
FALLIBLE file_guard_found(const FileRecordView *record, const char *asked, struct error *err);

/* R-DL-26: an enterprise changes only the skilled-worker records that it made. */
FALLIBLE file_guard_own(const FileRecordView *record, const Action *action, struct error *err);

/* Only level D changes (R-DL-01..04). `change` is "edit", "delete" or "scan".
 * fails   REFUSED MESSAGE_RECORD_VERIFIED (C), MESSAGE_RECORD_FROZEN (B), MESSAGE_RECORD_EXTERNAL
 *         (A) */
FALLIBLE file_guard_changeable(const FileRecordView *record, const char *change, struct error *err);

/* The fields of a record as it stands. */
struct file_fields file_record_fields(const FileRecordView *record);
