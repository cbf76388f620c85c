/* intake_known - recognises rows of the national export that the register already holds.
 *
 * If the record that a row would make is already in the register, byte for byte, and the person is
 * neither blocked nor erased, the row is `unchanged` without asking its rule. Any other row goes to
 * its rule. */
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
