/* actors - which kind of actor may wish which action: an enterprise, a clerk, or a person for the
 * person's own file (CONTRACT 4). A wish names one of them; if it names neither an enterprise nor a
 * clerk, the person whom the action names is the actor. */
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
