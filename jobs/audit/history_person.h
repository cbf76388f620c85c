/* history_person - what an event of a person changed, in words: the name, the number and the phone
 * (both masked), the identity as it was collected; for `audit history person`. */
#pragma once

#include <event.pb-c.h>
#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/io/json.h"

/* A person's events are told oldest first. */
struct person_story {
    const PersonView *person;
    struct arena *keep; /* lives as long as the story */
    str name;           /* as the last event left it */
    str phone;          /* the same; masked */
};

/* Adds {"before": .., "after": ..} as `change`; either is "" where there is nothing to say. Without
 * keys names that are only in the log stay unsaid. */
void person_story_tell(struct person_story *story, const Event *event, struct json *record,
                       struct arena *arena);
