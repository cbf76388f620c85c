/* objects - certificates, persons, enterprises and record lines as the JSON of CONTRACT 5: the same
 * objects in lists, in show, and as the columns of tables and CSV.
 *
 * ID numbers are masked unless `unmasked`; then they come out of the person's sealed events, and a
 * person whose key was destroyed stays masked. Needs a transaction of the engine. */
#pragma once

#include "core/io/json.h"
#include "jobs/session.h"

struct object_source {
    struct session *session;
    struct arena *arena; /* for one object at a time */
    bool in_arena;       /* the objects themselves, too: nothing of them is given back */
    str authority_code;  /* for identifiers */
    bool unmasked;
};

/* Takes the authority's code from the registry. */
FALLIBLE object_source_open(struct session *session, bool unmasked, struct arena *arena,
                            struct object_source *ret, struct error *err);

/* The name printed on a certificate: that of the identity it names, else what the person is known
 * by. */
str printed_name(const CertificateView *certificate, const PersonView *person);

/* The objects; the caller gives them back. */
FALLIBLE object_of_certificate(const struct object_source *source,
                               const CertificateView *certificate, struct json **ret,
                               struct error *err);
FALLIBLE object_of_person(const struct object_source *source, const PersonView *person,
                          struct json **ret, struct error *err);
FALLIBLE object_of_enterprise(const struct object_source *source, const EnterpriseView *enterprise,
                              struct json **ret, struct error *err);
FALLIBLE object_of_record(const struct object_source *source, const RecordView *record,
                          struct json **ret, struct error *err);

/* A day, or null. */
void object_put_date(struct json *record, const char *key, const Date *date);
/* Adds `person` to an object: name, kind and number of the document. */
FALLIBLE object_put_person(const struct object_source *source, struct json *record,
                           const PersonView *person, struct error *err);

/* Views by key, in their type; an unknown one has every field absent. */
FALLIBLE certificate_view(struct session *session, str number, struct arena *arena,
                          CertificateView **ret, struct error *err);
FALLIBLE person_view(struct session *session, str person_id, struct arena *arena, PersonView **ret,
                     struct error *err);
FALLIBLE enterprise_view(struct session *session, str code, struct arena *arena,
                         EnterpriseView **ret, struct error *err);
FALLIBLE document_view(struct session *session, str id, struct arena *arena, DocumentView **ret,
                       struct error *err);

/* Calls back with each entry of an index below a prefix: the last part of its key. */
FALLIBLE each_of_index(struct session *session, struct view_key prefix,
                       outcome (*each)(void *state, str part, struct error *err), void *state,
                       struct error *err);

/* A document's file below the store: "certificates/ab/abcd….pdf"; empty without one. */
str document_file(const DocumentView *document, struct arena *arena);
