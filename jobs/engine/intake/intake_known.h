/* intake_known - rows of the national export that say what the register says.
 *
 * Is the record of a row there already, to the byte, and nothing in the way? Then no rule has
 * anything to say, and none is asked. That a row is not known here says nothing: the rule looks. */
#pragma once

#include "jobs/engine/engine.h"
#include "jobs/engine/intake/intake_rows.h"

enum intake_known {
    INTAKE_NO_RECORD,
    INTAKE_ANOTHER, /* a record that says something else, or may not be passed by */
    INTAKE_KNOWN,
};

/* Of a row that was read. fails   RESOURCE, CORRUPT */
FALLIBLE intake_row_is_known(struct engine *engine, const struct intake_row *row,
                             enum intake_known *ret, struct error *err);
/* The same of a row that was not read because its bytes were seen before. `watch`: what this run
 * has written of the register. */
FALLIBLE intake_row_is_still_known(struct engine *engine, const struct views_watch *watch,
                                   const struct intake_row *row, bool *ret, struct error *err);
