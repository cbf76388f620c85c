/* world - who and what there is in a history: few persons, enterprises and clerks, and what the
 * registers said about them. It knows more than the program is told, so that it can make wishes
 * that are right on purpose, and others that are wrong on purpose. Everybody in it is invented. */
#pragma once

#include "core/base/arena.h"
#include "tests/histories/dice.h"
#include "tests/histories/model.h"

enum {
    WORLD_PERSONS = 12,
    WORLD_ENTERPRISES = 5, /* the last one is in no register */
    WORLD_CLERKS = 4,      /* the third is off duty, the last in no register */
    WORLD_NUMBERS_MAX = 8,
    WORLD_RECORDS_MAX = 4096,
};

struct world_person {
    const char *types[WORLD_NUMBERS_MAX]; /* of document and number; the newest one last */
    const char *numbers[WORLD_NUMBERS_MAX];
    int numbers_count;
    const char *name;
    const char *id; /* as the program names it */
    const char *sex;
    int32_t birth;
    int home; /* the enterprise it works for */
    bool collected;
};

struct world_enterprise {
    const char *code;
    const char *name; /* as the register has it now */
    int names;
    int legal; /* the person */
    bool active;
};

struct world_exam {
    int person;
    Category__Code category;
    bool first;
    int32_t date;
    int32_t until;
    bool passed;
    bool used;
};

struct world_national {
    int person;
    const char *number;
    Category__Code category;
    const char *state;
    int32_t until;
    bool used;
};

struct world {
    struct arena *arena; /* lives as long as the history */
    struct dice *dice;
    struct model *model;
    int32_t today;
    struct world_person persons[WORLD_PERSONS];
    struct world_enterprise enterprises[WORLD_ENTERPRISES];
    const char *clerks[WORLD_CLERKS];
    struct world_exam *exams;
    size_t exams_count;
    struct world_national *nationals;
    size_t nationals_count;
    unsigned serial; /* of other provinces and of paper */
};

void world_init(struct world *world, struct arena *arena, struct dice *dice, struct model *model);

/* What the world learns of an event: names, numbers, used exams and records. */
void world_learn(struct world *world, const Event *event);

/* The person of an id, the enterprise of a code; -1 for none. */
int world_person_of(const struct world *world, const char *person_id);
int world_enterprise_of(const struct world *world, const char *code);
const char *world_number(const struct world_person *person);
const char *world_type(const struct world_person *person);

/* A certificate for which `fits` holds, any of them with the same chance; NULL when there is none.
 */
typedef bool world_fits(const struct world *world, const struct model_certificate *certificate);
const struct model_certificate *world_choose(const struct world *world, world_fits *fits);

/* The enterprise of the person's ordinary certificates in force, or -1; and, when it has none, the
 * one it works for. */
int world_held_at(const struct world *world, int person);
int world_place_of(const struct world *world, int person);
/* Does the person hold an ordinary certificate in force of this kind? */
bool world_holds(const struct world *world, int person, Category__Code category);

/* A resident number of 18 digits with its check digit. */
const char *world_resident(int32_t birth, unsigned order, struct arena *arena);

/* The next day on which something happens: often the same, else at an edge of the calendar or of a
 * certificate (month ends, leap days, windows, ends, six months). */
int32_t world_next_day(struct world *world);

/* --- spellings: what the contract says does not matter ---------------------------------------- */

str spell_certificate(struct world *world, str number, struct arena *arena);
str spell_day(struct world *world, int32_t day, struct arena *arena);
str spell_person_number(struct world *world, str type, const char *number, struct arena *arena);
str spell_person_name(struct world *world, const char *name, struct arena *arena);
