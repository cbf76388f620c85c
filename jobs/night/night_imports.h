/* night_imports - the imports of a night are parts of one run, a run for each kind of register
 * (docs/decisions/0032): broken off and run again, the night answers for those that are done and
 * judges none of them anew. They are known by the list's steps of that kind, each file by its
 * digest, until a night has come to the end of its list. */
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
