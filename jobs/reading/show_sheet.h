/* show_sheet - prints the sheet on which a person signs (R-PF-23). It carries the full number, so
 * it is a disclosure, logged before anything is drawn. */
#pragma once

#include <options.pb-c.h>

#include "jobs/session.h"

/* fails   REFUSED MESSAGE_IDENTITY_NOT_COLLECTED; INVALID MESSAGE_PERSON_UNREADABLE */
FALLIBLE show_sheet(struct session *session, const ShowOptions *options, const PersonView *person,
                    struct error *err);
