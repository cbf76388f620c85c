/* date - see date.h. Civil conversions after Howard Hinnant, "chrono-compatible low-level date
 * algorithms" (public domain): eras of 400 years that begin on 1 March. */
#include "core/base/date.h"

#include <string.h>

#include "core/base/error.h"

#define US_PER_SECOND      INT64_C(1000000)
#define US_PER_DAY         (INT64_C(86400) * US_PER_SECOND)
#define REGISTRY_OFFSET_US (INT64_C(8) * 3600 * US_PER_SECOND)

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool civil_exists(struct civil civil)
{
    return civil.year >= 1800 && civil.year <= 9999 && civil.month >= 1 && civil.month <= 12 &&
           civil.day >= 1 && civil.day <= month_days(civil.year, civil.month);
}

int32_t date_from_civil(struct civil civil)
{
    BUG_UNLESS(civil_exists(civil));
    int year = civil.month <= 2 ? civil.year - 1 : civil.year;
    int era = year / 400;
    int year_of_era = year - era * 400;
    int month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    int day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil date_to_civil(int32_t days)
{
    int32_t shifted = days + 719468;
    BUG_UNLESS(shifted >= 0);
    int era = shifted / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153;
    struct civil civil = {
        .year = year_of_era + era * 400,
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
    civil.year += civil.month <= 2;
    return civil;
}

/* The next character, full-width digits, slash and hyphen narrowed; 0 at the end. */
static uint32_t next_narrow(str *text)
{
    if (str_empty(*text)) {
        return 0;
    }
    uint32_t c = str_next(text);
    return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
}

/* Reads up to `digits_max` digits; returns their number. */
static int read_number(str *text, int digits_max, int *ret_value)
{
    int count = 0;
    int value = 0;
    while (count < digits_max) {
        str rest = *text;
        uint32_t c = next_narrow(&rest);
        if (c < '0' || c > '9') {
            break;
        }
        value = value * 10 + (int)(c - '0');
        *text = rest;
        count++;
    }
    *ret_value = value;
    return count;
}

/* Reads the rest of a date after its year; false when it has no known form. */
static bool read_month_and_day(str *text, struct civil *civil)
{
    str after = *text;
    uint32_t separator = next_narrow(&after);
    if (separator >= '0' && separator <= '9') { /* YYYYMMDD */
        return read_number(text, 2, &civil->month) == 2 && read_number(text, 2, &civil->day) == 2;
    }
    uint32_t second = separator == 0x5e74 ? 0x6708 : separator; /* 年 .. 月 .. 日 */
    if (separator != '-' && separator != '/' && separator != 0x5e74) {
        return false;
    }
    *text = after;
    if (read_number(text, 2, &civil->month) == 0 || next_narrow(text) != second ||
        read_number(text, 2, &civil->day) == 0) {
        return false;
    }
    return separator != 0x5e74 || next_narrow(text) == 0x65e5;
}

static bool two_digits(const char *text, int *ret)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    *ret = (text[0] - '0') * 10 + text[1] - '0';
    return true;
}

/* The form nearly all dates have. */
static bool read_usual_form(str text, struct civil *ret)
{
    int century = 0;
    if (text.size != 10 || text.data[4] != '-' || text.data[7] != '-' ||
        !two_digits(text.data, &century) || !two_digits(text.data + 2, &ret->year) ||
        !two_digits(text.data + 5, &ret->month) || !two_digits(text.data + 8, &ret->day)) {
        return false;
    }
    ret->year += century * 100;
    return true;
}

bool date_parse_strict(str text, int32_t *ret_days)
{
    struct civil civil = {0};
    if (!read_usual_form(text, &civil) || !civil_exists(civil)) {
        return false;
    }
    *ret_days = date_from_civil(civil);
    return true;
}

bool date_parse(str text, int32_t *ret_days)
{
    struct civil civil = {0};
    if (date_parse_strict(text, ret_days)) {
        return true;
    }
    text = str_trim(text);
    if (read_number(&text, 4, &civil.year) != 4 || !read_month_and_day(&text, &civil) ||
        !str_empty(text) || !civil_exists(civil)) {
        return false;
    }
    *ret_days = date_from_civil(civil);
    return true;
}

static void put_digits(char *out, int value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void date_format(int32_t days, char out[DATE_SIZE])
{
    struct civil civil = date_to_civil(days);
    put_digits(out, civil.year, 4);
    out[4] = '-';
    put_digits(out + 5, civil.month, 2);
    out[7] = '-';
    put_digits(out + 8, civil.day, 2);
    out[10] = 0;
}

int32_t date_add_months(int32_t days, int months)
{
    struct civil civil = date_to_civil(days);
    int month_index = civil.year * 12 + (civil.month - 1) + months;
    civil.year = month_index / 12;
    civil.month = month_index % 12 + 1;
    int last = month_days(civil.year, civil.month);
    civil.day = civil.day < last ? civil.day : last;
    if (!civil_exists(civil)) { /* beyond the calendar */
        return months < 0 ? DATE_DAYS_MIN : DATE_DAYS_MAX;
    }
    return date_from_civil(civil);
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* Stored bytes may hold any number: one outside the calendar becomes its first or last instant. */
static int64_t within_calendar(int64_t instant_us)
{
    int64_t first = instant_of_date(DATE_DAYS_MIN);
    int64_t last = instant_of_date(DATE_DAYS_MAX) + US_PER_DAY - 1;
    return instant_us < first ? first : instant_us > last ? last : instant_us;
}

int32_t date_of_instant(int64_t instant_us)
{
    return (int32_t)floor_div(within_calendar(instant_us) + REGISTRY_OFFSET_US, US_PER_DAY);
}

int64_t instant_of_date(int32_t days)
{
    return (int64_t)days * US_PER_DAY - REGISTRY_OFFSET_US;
}

/* Reads Z or +hh:mm; false when the text is neither. */
static bool read_offset(str text, int64_t *ret_us)
{
    int hours = 0;
    int minutes = 0;
    if (str_equal_c(text, "Z") || str_equal_c(text, "z")) {
        *ret_us = 0;
        return true;
    }
    if (text.size != 6 || (text.data[0] != '+' && text.data[0] != '-') || text.data[3] != ':') {
        return false;
    }
    str hour_text = {text.data + 1, 2};
    str minute_text = {text.data + 4, 2};
    if (read_number(&hour_text, 2, &hours) != 2 || read_number(&minute_text, 2, &minutes) != 2 ||
        hours > 23 || minutes > 59) {
        return false;
    }
    int64_t offset = ((int64_t)hours * 60 + minutes) * 60 * US_PER_SECOND;
    *ret_us = text.data[0] == '-' ? -offset : offset;
    return true;
}

/* Reads hh:mm:ss[.fraction] and moves past it. */
static bool read_time(str *text, int64_t *ret_us)
{
    int part[3] = {0};
    for (int i = 0; i < 3; i++) {
        if (i > 0 && next_narrow(text) != ':') {
            return false;
        }
        if (read_number(text, 2, &part[i]) != 2) {
            return false;
        }
    }
    if (part[0] > 23 || part[1] > 59 || part[2] > 60) {
        return false;
    }
    int64_t us = (((int64_t)part[0] * 60 + part[1]) * 60 + part[2]) * US_PER_SECOND;
    if (text->size > 0 && text->data[0] == '.') {
        int fraction = 0;
        *text = str_from(*text, 1);
        int digits = read_number(text, 6, &fraction);
        if (digits == 0) {
            return false;
        }
        for (int i = digits; i < 6; i++) {
            fraction *= 10;
        }
        while (text->size > 0 && text->data[0] >= '0' && text->data[0] <= '9') {
            *text = str_from(*text, 1); /* finer than a microsecond */
        }
        us += fraction;
    }
    *ret_us = us;
    return true;
}

bool instant_parse(str text, int64_t *ret_us)
{
    int32_t days = 0;
    int64_t time_us = 0;
    int64_t offset_us = 0;
    if (text.size < 20 || !date_parse_strict(str_first(text, 10), &days) ||
        (text.data[10] != 'T' && text.data[10] != 't' && text.data[10] != ' ')) {
        return false;
    }
    str rest = str_from(text, 11);
    if (!read_time(&rest, &time_us) || !read_offset(rest, &offset_us)) {
        return false;
    }
    *ret_us = (int64_t)days * US_PER_DAY + time_us - offset_us;
    return true;
}

void instant_format(int64_t instant_us, char out[INSTANT_SIZE])
{
    int32_t days = date_of_instant(instant_us);
    int64_t us = within_calendar(instant_us) - instant_of_date(days);
    int seconds = (int)(us / US_PER_SECOND);
    int fraction = (int)(us % US_PER_SECOND);
    date_format(days, out);
    memcpy(out + 10, "T00:00:00.000000+08:00", sizeof "T00:00:00.000000+08:00");
    put_digits(out + 11, seconds / 3600, 2);
    put_digits(out + 14, seconds / 60 % 60, 2);
    put_digits(out + 17, seconds % 60, 2);
    if (fraction != 0) {
        put_digits(out + 20, fraction, 6);
    } else {
        memcpy(out + 19, "+08:00", sizeof "+08:00");
    }
}
