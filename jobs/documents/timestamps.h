/* timestamps - whether documents are time-stamped, and by whom: anzheng.conf. */
#pragma once

#include "core/io/timestamp.h"
#include "jobs/session.h"

/* Files are taken from the store's folder when they are not absolute. In the run's arena. */
struct timestamp_options timestamps_of_config(struct session *session);

/* Asks for one, before a run draws anything: what is not there now would fail document by document.
 * Without an authority nothing is asked.
 * fails   as timestamper_open and timestamper_stamp */
FALLIBLE timestamps_try(const struct timestamp_options *options, struct arena *arena,
                        struct error *err);
