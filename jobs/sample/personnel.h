/* personnel - the personnel files of some persons of a sample: records of every kind with their
 * scans, signature sheets, what counters verified, and applications of some enterprises.
 *
 * One person in PERSONNEL_EVERY has a file. All of it happens on the first day, in the folder
 * file/, behind the import of the identities and before everything else: a record is known by the
 * number of its event, so that what came before must be the same in both plans. */
#pragma once

#include "jobs/sample/output.h"

enum { PERSONNEL_EVERY = 20 };

/* Writes the steps into both plans. Those before it must be the root's and the imports of
 * enterprises, clerks and identities. */
FALLIBLE personnel_make(struct city *city, struct output *output, struct error *err);
