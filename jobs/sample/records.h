/* records - what invented persons tell about themselves, with the labels of the guide. */
#pragma once

#include "core/io/json.h"
#include "jobs/sample/city.h"
#include "jobs/sample/dice.h"

/* Kinds of records, in the order in which a person adds them. */
enum record_kind {
    RECORD_EDUCATION,
    RECORD_DEGREE,
    RECORD_TITLE,
    RECORD_ASSISTANT, /* a title whose original nobody compares (R-DL-22) */
    RECORD_SKILL,
    RECORD_POST,
    RECORD_WORK,
    RECORD_PROJECT,
    RECORD_KINDS,
};

/* "education" */
const char *record_kind_name(enum record_kind kind);
/* Has it an original that can be compared? */
bool record_has_original(enum record_kind kind);
/* The labels that a counter compares (R-DL-17), into a list. */
void record_compared(enum record_kind kind, struct json *list);
/* Fields of a new record of the person. */
void record_fields(enum record_kind kind, const struct city *city, uint32_t person,
                   struct dice *dice, struct json *fields, struct arena *arena);
