/* notice - mass events of the authority (R-NAT-24, D26): a notice extends certificates to a new
 * end, or converts those of class C. A clerk brings it; each opens a wave. */
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/wave.h"

static FALLIBLE open_notice(const struct dossier *dossier, const Action *action,
                            const char *expected_count, struct arena *arena,
                            struct decision *decision, struct error *err)
{
    const struct wave_opening opening = {
        .expected_count = expected_count,
        .rule = "D26",
        .none = MESSAGE_NOTHING_SELECTED,
        .none_rule = "R-NAT-24",
    };
    TRY(guard_authority(dossier, action, "R-NAT-24", err));
    return wave_open(dossier, action, &opening, arena, decision, err);
}

outcome decide_extend_by_notice(const struct dossier *dossier, const Action *action,
                                struct moment moment, struct arena *arena,
                                struct decision *decision, struct error *err)
{
    (void)moment; /* the list was made for this day */
    return open_notice(dossier, action, action->extend_by_notice->expected_count, arena, decision,
                       err);
}

outcome decide_convert_category(const struct dossier *dossier, const Action *action,
                                struct moment moment, struct arena *arena,
                                struct decision *decision, struct error *err)
{
    (void)moment; /* the list was made for this day */
    return open_notice(dossier, action, action->convert_category->expected_count, arena, decision,
                       err);
}
