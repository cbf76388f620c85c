/* enterprise - the view of the enterprise register; see registry.h. */
#include "projections/kinds.h"

VIEW_APPLY(enterprise_apply)
{
    (void)err; /* a newer row replaces the older one */
    const EnterpriseRegistered *row = event->enterprise_registered;
    EnterpriseView *enterprise = (EnterpriseView *)view;
    str known = str_of(enterprise->name);
    if (!str_empty(known) && !str_equal_c(known, row->name)) {
        enterprise->former_names = texts_with(enterprise->former_names, enterprise->n_former_names,
                                              enterprise->name, arena);
        enterprise->n_former_names++;
    }
    enterprise->code = row->code;
    enterprise->name = row->name;
    enterprise->legal_person_id = row->legal_person_id;
    enterprise->qualification = row->qualification;
    enterprise->state = row->state;
    enterprise->events =
        numbers_with(enterprise->events, enterprise->n_events, event->sequence, arena);
    enterprise->n_events++;
    return OK;
}

struct trail_fields enterprise_trail(ProtobufCMessage *view)
{
    EnterpriseView *enterprise = (EnterpriseView *)view;
    return (struct trail_fields){&enterprise->events, &enterprise->n_events, &enterprise->trailed};
}
