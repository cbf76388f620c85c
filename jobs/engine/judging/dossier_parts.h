/* dossier_parts - the parts of a dossier that have files of their own; called by dossier.c. An
 * unknown thing becomes an absent view. fails RESOURCE, CORRUPT */
#pragma once

#include "jobs/engine/engine.h"

/* What a wish or a row names, as a part of a key: one that is longer than any that was accepted is
 * cut, and finds nothing. */
str dossier_key_part(const char *text);

/* A row of a register: the record that it is held against. */
FALLIBLE dossier_load_row(struct views *views, const Action *action, struct arena *arena,
                          struct dossier *dossier, struct error *err);
/* Rows of big registers need to know only one thing about their person: blocked or not (R-PV-02).
 * An index that is nearly always empty tells it. */
FALLIBLE dossier_load_blocked(struct views *views, const char *person_id, struct arena *arena,
                              struct dossier *dossier, struct error *err);

/* Personnel files: file_record, file_records and, where the wish names only a record, its person;
 * visits and applications, too. Needs dossier->person and dossier->clerk. */
FALLIBLE dossier_load_file(struct views *views, const Action *action, struct arena *arena,
                           struct dossier *dossier, struct error *err);
/* A part of that: visit, application and applicants. */
FALLIBLE dossier_load_application(struct views *views, const Action *action, struct arena *arena,
                                  struct dossier *dossier, struct error *err);

/* The platform may call every document but 身份证 其他 (R-IN-08, decision 0063): adds to
 * `nationals` the records of that kind that have the number and the name of the person whom the
 * wish names, and fills in `as_other`; where it names a certificate only, those with a number and a
 * name of its holder. Needs the dossier's person and nationals. */
FALLIBLE dossier_load_as_other(struct engine *engine, const Action *action, struct arena *arena,
                               struct dossier *dossier, struct error *err);
