/* actors - who may wish what: an enterprise, a clerk, or a person for the person's own file
 * (CONTRACT 4). A line names one of them; where neither an enterprise nor a clerk is named, the
 * person of the action is the actor. */
#pragma once

#include <action.pb-c.h>
#include <stdbool.h>

enum {
    ACTOR_MAY_BE_ENTERPRISE = 1,
    ACTOR_MAY_BE_CLERK = 2,
    ACTOR_MAY_BE_PERSON = 4,
};

/* Those that an action allows, or'ed; 0 for rows of registers. */
unsigned action_actors(Action__BodyCase body);

/* Is the person of the action its actor? */
bool action_is_persons(const Action *action);
