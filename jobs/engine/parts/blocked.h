/* blocked - is a person blocked or erased (R-PV-02)? The answer comes from an index, without
 * reading the person's record. The index is nearly always empty; that it is empty is remembered for
 * the transaction. */
#pragma once

#include "jobs/engine/parts/views.h"

/* Blocked or erased. Nobody has no id. */
FALLIBLE person_is_blocked(struct views *views, str person_id, bool *ret, struct error *err);
