/* night_imports - makes the imports of one kind in a night one run (decision 0032): when an
 * interrupted night is run again, it reports the finished files without judging them again. A run
 * is identified by the list's steps of that kind and the digests of their files, until a night
 * reaches the end of its list. */
#pragma once

#include "jobs/night/night_list.h"
#include "jobs/session.h"

struct night_imports {
    struct import_part *parts; /* by step; `kind` is "" where it imports nothing */
    size_t count;
};

void night_imports_init(struct night_imports *ret, const struct night_list *list,
                        struct arena *arena);

/* The step at the place was read into `step`: what it imports. In the order of the list. */
void night_imports_add(struct night_imports *imports, const struct night_list *list, size_t place,
                       const struct session *step, struct arena *arena);

/* All have been added. */
void night_imports_settle(struct night_imports *imports);

/* The night is at its end: the next one is another run. Opens the store, whose lock this process
 * has, and closes it. fails   as session_open_store; RESOURCE, CORRUPT */
FALLIBLE night_imports_end(const struct night_imports *imports, struct session *session,
                           struct error *err);
