/* city - see city.h: days, numbers and the rules of holding. The inventing is in people.c. */
#include "jobs/sample/city.h"

#include "core/base/date.h"
#include "core/base/error.h"
#include "events/terms/category.h"
#include "events/terms/number.h"
#include "jobs/sample/people.h"

void city_found(const struct sample_options *options, struct city *ret)
{
    *ret = (struct city){.options = *options};
    arena_init(&ret->arena, 0);
    struct civil civil = date_to_civil(date_add_months(options->today, -MONTHS));
    civil.day = 1;
    ret->start = date_from_civil(civil);
    people_invent(ret);
}

void city_release(struct city *city)
{
    arena_release(&city->arena);
}

int32_t city_month_start(const struct city *city, uint32_t month)
{
    return date_add_months(city->start, (int)month);
}

int32_t city_slot_day(const struct city *city, uint32_t slot)
{
    /* At least two apart, so that they stay apart when a weekend moves them by one. */
    static const int32_t days[SLOTS_A_MONTH] = {2, 4, 7, 9, 11, 14, 17, 21, 23, 26};
    int32_t day = city_month_start(city, slot / SLOTS_A_MONTH) + days[slot % SLOTS_A_MONTH] - 1;
    int32_t weekday = ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; 0 is Monday */
    return weekday == 5 ? day - 1 : weekday == 6 ? day + 1 : day;
}

uint32_t city_slot_after(const struct city *city, uint32_t enterprise, int32_t day)
{
    struct civil from = date_to_civil(city->start);
    struct civil to = date_to_civil(day < city->start ? city->start : day);
    int months = (to.year - from.year) * 12 + to.month - from.month;
    for (uint32_t month = (uint32_t)months; month < MONTHS; month++) {
        uint32_t slot = month * SLOTS_A_MONTH + city->enterprises[enterprise].slot;
        if (city_slot_day(city, slot) >= day) {
            return slot;
        }
    }
    return SLOTS;
}

uint32_t city_add_certificate(struct city *city, const struct certificate *certificate)
{
    BUG_UNLESS(city->certificates_count < city->certificates_room);
    uint32_t index = city->certificates_count++;
    struct person *person = &city->persons[certificate->person];
    city->certificates[index] = *certificate;
    city->certificates[index].next = person->certificates;
    person->certificates = index;
    return index;
}

void city_number(struct city *city, uint32_t certificate, int32_t day)
{
    int year = date_to_civil(day).year;
    if (year != city->serial_year) {
        city->serial_year = year;
        city->serial_last = 0;
    }
    city->certificates[certificate].year = year;
    city->certificates[certificate].serial = ++city->serial_last;
}

str city_number_text(const struct city *city, uint32_t certificate, struct arena *arena)
{
    const struct certificate *c = &city->certificates[certificate];
    return number_format(c->category, c->year, c->serial, arena);
}

str city_enterprise_name(const struct city *city, uint32_t enterprise, int32_t day)
{
    const struct enterprise *e = &city->enterprises[enterprise];
    return !str_empty(e->new_name) && day >= e->renamed_on ? e->new_name : e->name;
}

bool city_in_force(const struct certificate *certificate, int32_t day)
{
    return (certificate->state == STATE_VALID || certificate->state == STATE_SUSPENDED) &&
           day <= certificate->valid_until;
}

bool city_may_hold(const struct city *city, uint32_t person, uint32_t enterprise,
                   Category__Code category, int32_t day)
{
    for (uint32_t i = city->persons[person].certificates; i != NONE;
         i = city->certificates[i].next) {
        const struct certificate *held = &city->certificates[i];
        if (held->legal || !city_in_force(held, day)) {
            continue;
        }
        if (held->enterprise != enterprise || category_is_same_kind(held->category, category)) {
            return false;
        }
    }
    return city->persons[person].role != ROLE_ELSEWHERE;
}

bool city_has_legal(const struct city *city, uint32_t enterprise, int32_t day)
{
    uint32_t person = city->enterprises[enterprise].legal_person;
    for (uint32_t i = city->persons[person].certificates; i != NONE;
         i = city->certificates[i].next) {
        const struct certificate *held = &city->certificates[i];
        if (held->legal && held->enterprise == enterprise && city_in_force(held, day)) {
            return true;
        }
    }
    return false;
}
