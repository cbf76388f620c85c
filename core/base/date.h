/* date - days and instants of the registry.
 *
 * A day is an int32_t: days since 1970-01-01 in the proleptic Gregorian calendar, years 1800-9999.
 * An instant is an int64_t: microseconds since 1970-01-01T00:00:00Z. The registry's business day is
 * the day at UTC+8, all year (Asia/Shanghai has had no other offset since 1991). Month arithmetic
 * clamps to the last day of the month: 2022-08-31 plus 6 months is 2023-02-28. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

enum { DATE_SIZE = 11, INSTANT_SIZE = 33 };
enum { DATE_DAYS_MIN = -62091, DATE_DAYS_MAX = 2932896 }; /* 1800-01-01, 9999-12-31 */

struct civil {
    int year;  /* 1800-9999 */
    int month; /* 1-12 */
    int day;   /* 1-31 */
};

/* Rolling calendar arithmetic; civil must be a day that exists. */
int32_t date_from_civil(struct civil civil);
struct civil date_to_civil(int32_t days);
bool civil_exists(struct civil civil);

/* Reads YYYY-MM-DD, YYYY/M/D, YYYYMMDD, YYYY年M月D日, also with full-width digits and blanks
 * around; false when the text is none of these or the day does not exist. */
bool date_parse(str text, int32_t *ret_days);
/* Reads exactly YYYY-MM-DD. */
bool date_parse_strict(str text, int32_t *ret_days);
/* Writes YYYY-MM-DD and a NUL. */
void date_format(int32_t days, char out[DATE_SIZE]);

/* Adds months (may be negative), clamped to the end of the month and to the calendar's years. */
int32_t date_add_months(int32_t days, int months);

/* The business day of an instant, at UTC+8; outside the calendar, its first or last day. */
int32_t date_of_instant(int64_t instant_us);
/* The first instant of a business day. */
int64_t instant_of_date(int32_t days);

/* RFC 3339 with offset (Z or +hh:mm), seconds fraction optional. */
bool instant_parse(str text, int64_t *ret_us);
/* Writes 2026-11-25T14:03:07.123456+08:00 and a NUL; without fraction when it is zero. Outside
 * the calendar: its first or last instant. */
void instant_format(int64_t instant_us, char out[INSTANT_SIZE]);
