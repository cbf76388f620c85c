/* history_file - collects the history of a person: the person's own events, those of the
 * personnel-file records (with what each changed, in words), and those of the certificates. */
#pragma once

#include "core/io/json.h"
#include "jobs/session.h"

/* The person's events, those of all records of the file, deleted ones too, and those of all
 * certificates, ended ones too, in order and each once. */
FALLIBLE history_of_person(struct session *session, const PersonView *person, const uint64_t **ret,
                           size_t *ret_count, struct error *err);

/* Adds before and after to `change` when the event is about a record; false otherwise. Phones are
 * masked. Without keys what a record says stays unsaid. */
bool history_tell_file(const Event *event, struct json *change, struct arena *arena);
