/* failed_documents - the documents that could not be made, as a list to work through:
 * reports/failed-documents.csv, written anew by every regenerate.
 *
 * A row each: document, kind, certificates, enterprise (code), reason (code), what to do (in the
 * language of the run), detail, attempts in vain. No name and no identity number stands in it. */
#pragma once

#include "jobs/session.h"

/* In no transaction. fails   CREATE, RESOURCE; CORRUPT */
FALLIBLE failed_documents_write(struct session *session, struct error *err);

/* What is kept and shown of a failure beside its code. Arguments may hold what is printed on the
 * page, so only those are taken that speak of fonts, files and sizes: a character that no font has
 * is named by its code point. Of a file that cannot be read: "path: why". */
str failed_document_detail(const struct error *failure, struct arena *arena);
/* The same for people: why in the words of the language. */
str failed_document_words(enum language language, str code, str detail, struct arena *arena);
