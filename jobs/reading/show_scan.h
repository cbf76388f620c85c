/* show_scan - takes a scan out of a personnel file: writes the attached bytes to a file with mode
 * 0600. The disclosure is logged before anything is written (R-PV-07). */
#pragma once

#include <options.pb-c.h>

#include "jobs/session.h"

/* Do --scan, --sheet and --out stand where they may? fails USAGE */
FALLIBLE show_scan_check(struct session *session, const ShowOptions *options, struct error *err);

/* --scan=R128 is its last scan, R128.1 the first.
 * fails   REFUSED MESSAGE_RECORD_NOT_FOUND, MESSAGE_SCAN_NOT_FOUND, MESSAGE_SCAN_ERASED; CORRUPT
 *         when the kept bytes are not those that were attached */
FALLIBLE show_scan(struct session *session, const ShowOptions *options, const PersonView *person,
                   struct error *err);
