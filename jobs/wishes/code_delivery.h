/* code_delivery - delivers dynamic passwords: to the SMS gateway of anzheng.conf or, without one,
 * to the outbox, a file from which another system sends them.
 *
 * The operator sees what became of a code, without the code and with the phone masked. The answer
 * tells the applicant: its detail `delivery` is sent, outbox or failed. */
#pragma once

#include "jobs/engine/judging/act.h"
#include "jobs/session.h"

/* `result` is that of an accepted request_code whose event is durable.
 * That it could not be handed on is no failure: the wish stands, and the person asks again. */
FALLIBLE code_deliver(struct session *session, struct act_result *result, struct error *err);
