/* history_wave - waves in the history of an enterprise: one line per wave, however many
 * certificates it changed. */
#pragma once

#include "core/io/json.h"
#include "jobs/session.h"

/* The enterprise's events, and among them in order the waves that were of it alone. */
FALLIBLE history_with_waves(struct session *session, const EnterpriseView *enterprise,
                            const uint64_t **ret, size_t *ret_count, struct error *err);

/* Adds how the wave went to the line of its opening: {"status","total","done","failed"} as `wave`.
 * Other events are left alone. */
FALLIBLE history_put_wave(struct session *session, const Event *event, struct json *record,
                          struct error *err);
