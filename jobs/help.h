/* help - finds the texts of verbs and options; used by help.c and by the test that no text is
 * missing. */
#pragma once

#include "jobs/arguments.h"
#include "jobs/messages.h"
#include "jobs/verbs.h"

/* The row HELP_<VERB>, or NULL. */
const struct message *help_of_verb(const struct verb *verb, struct arena *arena);

/* The row OPTION_<VERB>_<OPTION>, else OPTION_<OPTION>, or NULL; verb NULL: the latter only. A text
 * may begin with "=NAME ": what the value is called. */
const struct message *help_of_option(const struct verb *verb, const char *option,
                                     struct arena *arena);

/* The verb's own options, the common ones left out. */
void help_options(const struct verb *verb, struct arguments *ret, struct arena *arena);
