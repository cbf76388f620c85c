/* history_file - the personnel file in the history of a person: the events of its records among the
 * person's own, and what each changed, in words. */
#pragma once

#include "core/io/json.h"
#include "jobs/session.h"

/* The person's events and those of all records of the file, deleted ones too, in order. */
FALLIBLE history_with_file(struct session *session, const PersonView *person, const uint64_t **ret,
                           size_t *ret_count, struct error *err);

/* Adds before and after to `change` when the event is about a record; false otherwise. Phones are
 * masked. Without keys what a record says stays unsaid. */
bool history_tell_file(const Event *event, struct json *change, struct arena *arena);
