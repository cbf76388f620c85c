/* show_sheet - makes the signature sheet of a person (R-PF-23). The sheet shows the full ID number,
 * so a disclosure is logged before anything is drawn. */
#pragma once

#include <options.pb-c.h>

#include "jobs/session.h"

/* fails   REFUSED MESSAGE_IDENTITY_NOT_COLLECTED; INVALID MESSAGE_PERSON_UNREADABLE */
FALLIBLE show_sheet(struct session *session, const ShowOptions *options, const PersonView *person,
                    struct error *err);
