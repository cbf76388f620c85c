/* scenario - runs the rules from text that a registrar can read: given, when, then.
 *
 * A file holds scenarios; each begins with a fresh registry. A line is a word and what it is about;
 * values with blanks stand in double quotes; # begins a comment.
 *
 *     scenario TITLE                     a fresh registry: no events, default policies
 *     background NAME                    the lines of tests/scenarios/NAME.given
 *     today 2025-03-01                   the business date from here on, and its first instant
 *     now 2025-03-01T09:00:00+08:00      an instant from here on, and its business date
 *     policy KEY=VALUE                   a policy as it stands
 *     given EVENT field=value...         it happened
 *     when ACTION field=value...         it is wished; `person=P-1` names a person with a document
 *                                        (of an application `uses=P-1:NAME:R77,R78`, repeated)
 *     open ACTION field=value...         as `when`, but a wave is only opened: its items come later
 *     finish                             items and closing of the wave that was opened
 *     then EVENT field=value...          the next event of the decision, on the given fields, and
 *                                        `cause`, which is the envelope's
 *     detail name=value                  of the answer, refused or not; `name=` when there is none;
 *                                        `record` and `application` are those that the wish was
 *                                        about
 *     certificates NUMBER...             the numbers of the answer, all, in order
 *     warning [CODE]                     the row was warned about; without a code: it was not
 *     refused CODE [RULE] [name=value]   a rule said no, with this detail; `then` behind it names
 * what the refusal left behind, all of it invalid CODE [name=value]          not well formed
 *     unchanged                          the row equals the register
 *
 * Every `when` needs a verdict; its events must be named by `then`, all of them, in order. A value
 * @P-1 is the number of the last identity event of that person, @last that of the last event,
 * @before that of the last one before the decision, @opened that of its first, @this that of the
 * event itself (also at the end of a value); @declaration is the digest of R-IN-04's text. Every
 * event goes through its bytes before it is applied. */
#pragma once

#include "core/base/arena.h"

/* Runs a file; on the first contradiction returns a message that names file and line, in the
 * arena; NULL when all holds. */
const char *scenario_run(const char *path, struct arena *arena);

/* Which message codes the scenarios run so far were refused with (names as in messages.def, lower
 * case): for the test that none is missing. `arena` must live as long as the test. */
struct scenario_codes {
    const char *names[256];
    size_t count;
};
const char *scenario_run_counting(const char *path, struct arena *arena,
                                  struct scenario_codes *codes);
/* The lower-case name of a message code of events; "" when there is none. */
const char *scenario_code_name(int code, struct arena *arena);
/* The i-th code of core/base and events, or 0. */
int scenario_code_at(size_t i);
