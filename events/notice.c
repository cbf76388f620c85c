/* notice - notices of the authority (R-NAT-24, D26): one extends certificates to a new end date,
 * the other converts certificates of class C. A clerk submits the notice; it opens a wave. */
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/wave.h"

const char *notice_enterprise(const Action *action)
{
    const Selection *selection = NULL;
    if (action->body_case == ACTION__BODY_EXTEND_BY_NOTICE) {
        selection = action->extend_by_notice->selection;
    } else if (action->body_case == ACTION__BODY_CONVERT_CATEGORY) {
        selection = action->convert_category->selection;
    }
    return selection != NULL ? selection->enterprise : "";
}

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
    const char *selected = notice_enterprise(action);
    TRY(guard_authority(dossier, action, "R-NAT-24", err));
    /* An enterprise that is not in the register may still hold certificates. If it holds none, its
     * code is the fault. */
    if (dossier->wave.count == 0 && !str_empty(str_trim(str_of(selected))) &&
        str_empty(str_of(dossier->enterprise->code))) {
        FAIL(REFUSED("D20"), MESSAGE_ENTERPRISE_UNKNOWN, ARG_TEXT("enterprise", selected));
    }
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
