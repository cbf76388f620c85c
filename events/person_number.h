/* person_number - the document numbers of a person: all that the person had, and the corrected one
 * as a wish writes it (R-PN-08, D24). */
#pragma once

#include "events/decide.h"

/* Kind and normal form of the new number; the kind is the named number's when none is given. False
 * when there is no such kind, or the number has not its form. */
bool person_number_new(const ChangeIdNumber *change, struct arena *arena, IdType__Code *ret_type,
                       str *ret_normal);

/* Is it the id of one of the numbers that the person has or had (D24)? */
bool person_has_id(const PersonView *person, const char *id);

/* A record of another province that is there under two numbers of the person is one: the newer row
 * says how it stands, and what either was used for is used (D24). In place, each where it was
 * first. */
void nationals_unite(struct nationals *nationals, struct arena *arena);

/* fails   INVALID MESSAGE_BAD_FIELD */
FALLIBLE person_number_check_form(const ChangeIdNumber *change, struct arena *arena,
                                  struct error *err);
