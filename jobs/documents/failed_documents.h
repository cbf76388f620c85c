/* failed_documents - the documents that could not be made, as a list to work through:
 * reports/failed-documents.csv, written anew by every regenerate.
 *
 * A row each: document, kind, certificates, enterprise (code), reason (code), what to do (in the
 * language of the run), detail, attempts in vain. No name and no identity number stands in it. */
#pragma once

#include "jobs/session.h"

/* In no transaction. fails   CREATE, RESOURCE; CORRUPT */
FALLIBLE failed_documents_write(struct session *session, struct error *err);
