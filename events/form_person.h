/* form_person - is a person well named? A part of action_check_form. */
#pragma once

#include <action.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* A name without lost characters, a kind of document that there is, a number of its form. `place`
 * is where the line names the person: "person", "persons[2].person".
 * fails   INVALID MESSAGE_BAD_FIELD (`person.id_number`) */
FALLIBLE form_person_bad(const PersonName *person, str place, struct arena *arena,
                         struct error *err);
