/* templates - the page descriptions in effect at an event: the one that a decision of the authority
 * set or, without one, the program's own. Each is parsed once per run. */
#pragma once

#include "jobs/engine/engine.h"
#include "projections/template.h"

enum { TEMPLATES_NOW = 0 /* as at: the newest */ };

struct templates;
struct templates *templates_open(void);
void templates_close(struct templates *templates);

/* The description of pages of that kind as at an event (it counts from its own event on); valid
 * until the engine is closed or eight others were asked for. In a transaction.
 * fails   CORRUPT MESSAGE_RECORD_DAMAGED and the like, MALFORMED when what was set cannot be read
 */
FALLIBLE engine_template(struct engine *engine, enum template_kind kind, uint64_t as_at,
                         const struct template **ret, struct error *err);

/* The event that set it, and its text: 0 and the program's own when none did. In `arena`. */
FALLIBLE engine_template_text(struct engine *engine, enum template_kind kind, uint64_t as_at,
                              struct arena *arena, uint64_t *ret_event, str *ret,
                              struct error *err);
