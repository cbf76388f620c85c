/* audit_file - `audit history file`: takes out a submitted file with its signature and answers, and
 * verifies the signature again. */
#pragma once

#include "jobs/session.h"

/* `which` is a file's SHA-256, or the number of its event or of an event it caused. With a folder
 * the file, its signature, its answers and what is needed to verify them elsewhere are written
 * there, which is disclosed and logged.
 * fails   USAGE MESSAGE_OPTION_VALUE, MESSAGE_REASON_REQUIRED; REFUSED
 * MESSAGE_SUBMISSION_NOT_FOUND; CONFIG MESSAGE_KEYS_NEEDED; CREATE; as session_disclose */
outcome audit_file(struct session *session, const char *which, const char *out, struct error *err);
