/* city - the invented enterprises, persons and certificates on the current day of the simulation.
 * The simulation predicts what the registry will decide, by the same rules, so that later wishes
 * can name certificates that earlier wishes will have made. */
#pragma once

#include <terms.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"
#include "jobs/sample/sample.h"

/* No person, no certificate, no enterprise. */
#define NONE UINT32_MAX

enum {
    SLOTS_A_MONTH = 10, /* days on which enterprises act; each has one of them a month */
    MONTHS = 40,        /* of life */
    SLOTS = SLOTS_A_MONTH * MONTHS,
};

enum state { STATE_VALID, STATE_SUSPENDED, STATE_RELEASED, STATE_ENDED };

/* What a person is invented for. */
enum role {
    ROLE_WORKER,      /* holds paper, or takes an exam */
    ROLE_LEGAL,       /* legal representative of an enterprise */
    ROLE_ENTRANT,     /* comes from another province */
    ROLE_ELSEWHERE,   /* holds a valid certificate of another province: refused here */
    ROLE_UNCOLLECTED, /* nobody has collected the identity: refused */
};

struct enterprise {
    str code;
    str name;
    str new_name;       /* "" when it keeps its name */
    int32_t renamed_on; /* when the register learns it; valid with new_name */
    uint32_t legal_person;
    uint32_t slot; /* 0 .. SLOTS_A_MONTH-1 */
};

struct person {
    str name;
    str number;
    IdType__Code id_type;
    Sex__Code sex;
    int32_t birth;
    enum role role;
    uint32_t enterprise;
    uint32_t certificates; /* newest first, or NONE */
    int32_t insured_month; /* up to which lines were written for `insured_at` */
    uint32_t insured_at;
    uint32_t national; /* the record of an entrant, or NONE */
};

struct certificate {
    uint32_t person;
    uint32_t enterprise;
    uint32_t next; /* of the same person */
    Category__Code category;
    bool legal;
    bool electronic;
    enum state state;
    const char *paper_state; /* as the register writes it */
    int year;
    uint32_t serial;
    int32_t first_issued;
    int32_t issued;
    int32_t valid_until;
    int32_t since;    /* affiliated */
    int32_t named_on; /* day whose register name is printed */
};

struct national {
    uint32_t person;
    str number; /* canonical */
    Category__Code category;
    str enterprise_name;
    str province;
    int32_t first_issued, issued, valid_until;
    const char *state;
    bool masked;
};

struct city {
    struct arena arena;
    struct sample_options options;
    int32_t start; /* first day: a first of a month */
    struct enterprise *enterprises;
    uint32_t enterprises_count;
    struct person *persons;
    uint32_t persons_count;
    struct certificate *certificates;
    uint32_t certificates_count, certificates_room;
    struct national *nationals;
    uint32_t nationals_count, nationals_room;
    int serial_year;
    uint32_t serial_last; /* of serial_year */
};

/* Invents everything that exists on the first day. `ret` must not be moved afterwards. */
void city_found(const struct sample_options *options, struct city *ret);
void city_release(struct city *city);

/* The day of a slot 0 .. SLOTS-1: never a Saturday or Sunday; slots rise with days. */
int32_t city_slot_day(const struct city *city, uint32_t slot);
/* First day of a month 0 .. MONTHS-1 of life. */
int32_t city_month_start(const struct city *city, uint32_t month);
/* The first slot of the enterprise on or after a day, SLOTS when there is none any more. */
uint32_t city_slot_after(const struct city *city, uint32_t enterprise, int32_t day);

/* A new certificate without number; it is the person's newest. */
uint32_t city_add_certificate(struct city *city, const struct certificate *certificate);
/* The next serial number of the year of the day (RULES D16). */
void city_number(struct city *city, uint32_t certificate, int32_t day);
/* Its number, in `arena`. */
str city_number_text(const struct city *city, uint32_t certificate, struct arena *arena);
/* The name the register has for the enterprise on a day. */
str city_enterprise_name(const struct city *city, uint32_t enterprise, int32_t day);

bool city_in_force(const struct certificate *certificate, int32_t day);
/* Would the holding rules let the person have such a certificate there (RULES D13)? Those that are
 * in force and taken along do not stand in the way. */
bool city_may_hold(const struct city *city, uint32_t person, uint32_t enterprise,
                   Category__Code category, int32_t day);
/* Is there a legal-representative A in force at the enterprise? */
bool city_has_legal(const struct city *city, uint32_t enterprise, int32_t day);
