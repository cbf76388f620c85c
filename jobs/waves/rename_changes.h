/* rename_changes - explains why a run of `rename` differs from its plan: which certificates were
 * added, removed or changed since, and how many each enterprise has now.
 *
 * Rows go to stdout, as a table, JSON lines or CSV; they hold no personal data. */
#pragma once

#include "jobs/waves/rename_list.h"

/* How --json and --csv want rows. fails USAGE MESSAGE_OPTIONS_EXCLUDE when both are given */
FALLIBLE rename_changes_format(const struct session *session, bool csv, enum table_format *ret,
                               struct error *err);

struct rename_changes {
    uint64_t came;    /* not in the plan, and would be renamed now */
    uint64_t went;    /* in the plan, and would not be renamed now */
    uint64_t changed; /* in both, with another printed name or another end */
    uint64_t refused; /* enterprises: another name in the register, not there any more */
};

/* Shows every change since the plan of a list that was judged; `changed` ones do not make a plan
 * void. fails RESOURCE, CORRUPT */
FALLIBLE rename_changes_show(struct session *session, const struct rename_list *list,
                             struct rename_changes *ret, struct error *err);

/* The plan holds, or the changes are shown and
 * fails   REFUSED the first enterprise's own refusal, MESSAGE_PLAN_DIFFERS; RESOURCE, CORRUPT */
FALLIBLE rename_changes_check(struct session *session, const struct rename_list *list,
                              struct error *err);

/* Of each enterprise how many certificates a run would account for. fails RESOURCE, CORRUPT */
FALLIBLE rename_counts_show(struct session *session, const struct rename_list *list,
                            struct error *err);
