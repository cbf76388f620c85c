/* as_at - the state of a record before or after an event: of a certificate, of a personnel-file
 * record, and of a person's document number. */
#pragma once

#include "jobs/engine/engine.h"

/* The certificate behind event `event`, counting it; the newest state costs no more than its view.
 * In a transaction, in the arena. fails   CORRUPT, RESOURCE */
FALLIBLE certificate_as_at(struct engine *engine, const char *number, uint64_t event,
                           struct arena *arena, const CertificateView **ret, struct error *err);

/* The record of a personnel file behind event `event`; `now` is the view's, with every event there
 * is. In a transaction, in the arena. fails   CORRUPT, RESOURCE */
FALLIBLE file_record_as_at(struct engine *engine, const FileRecordView *now, uint64_t event,
                           struct arena *arena, const FileRecordView **ret, struct error *err);

/* Kind and full number of the person's document that were right then (R-BJ-02, D24).
 * fails   INVALID MESSAGE_PERSON_UNREADABLE: the person's key is gone; CORRUPT, RESOURCE */
FALLIBLE person_number_as_at(struct engine *engine, const PersonView *person, uint64_t event,
                             struct arena *arena, const Personal **ret, struct error *err);

/* The version of the person's identity that an event recorded, or NULL. */
const IdentityVersion *person_identity(const PersonView *person, uint64_t event);
/* Its photo, opened and checked against its digest; empty without one, or without identity.
 * fails   INVALID MESSAGE_PERSON_UNREADABLE; MISSING, CORRUPT as engine_blob_get */
FALLIBLE person_photo(struct engine *engine, const PersonView *person,
                      const IdentityVersion *identity, struct arena *arena, bytes *ret,
                      struct error *err);
