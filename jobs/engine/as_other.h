/* as_other - finds the national platform's records of a person under the document kind 其他, which
 * the platform uses for every document but 身份证 (R-IN-08, decision 0063).
 *
 * Needs a transaction and keys. */
#pragma once

#include "jobs/engine/person_ids.h"

/* The ids that the numbers a person has or had stand for as documents of the kind 其他: none of a
 * 身份证, and none of a number whose key is gone. Reads the events that gave the numbers.
 * fails   RESOURCE, CORRUPT */
FALLIBLE as_other_ids(struct engine *engine, const PersonView *person, struct arena *arena,
                      struct person_id_list *ret, struct error *err);

/* The records of the platform under one of these ids.
 * fails   RESOURCE, CORRUPT */
FALLIBLE as_other_records(struct views *views, const char *id, struct arena *arena,
                          struct nationals *ret, struct error *err);

/* Are the records under the id certainly this person's? There must be some, each must have a name
 * that the person has or had, and nobody in the registers here may have the id.
 * fails   RESOURCE, CORRUPT */
FALLIBLE as_other_is_persons(struct views *views, const char *id, const PersonView *person,
                             struct arena *arena, bool *ret, struct error *err);
