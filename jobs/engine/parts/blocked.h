/* blocked - whether a person is to be left alone (R-PV-02), without reading the person: that stands
 * in an index which is nearly always empty, and that it is empty is remembered. */
#pragma once

#include "jobs/engine/parts/views.h"

/* Blocked or erased. Nobody has no id. */
FALLIBLE person_is_blocked(struct views *views, str person_id, bool *ret, struct error *err);
