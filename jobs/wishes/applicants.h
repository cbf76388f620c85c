/* applicants - reads the persons of an application from the options of a verb. */
#pragma once

#include <action.pb-c.h>
#include <options.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

/* Puts every --applicant=NAME,KIND,NUMBER[,RECORD...] of the options into the wish, which opens an
 * application; other wishes have none.
 * fails   USAGE MESSAGE_OPTION_VALUE */
FALLIBLE applicants_put(const ActionOptions *options, Action *action, struct arena *arena,
                        struct error *err);
