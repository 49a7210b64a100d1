/* Civil dates by counting days from 1 March of year 0, when leap days come last: the method
 * is described by H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013). */
#include "util/moment.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000 };
#define END_MS 253402300800000 /* of the year 9999 */

static int64_t days_from(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

static void civil_from(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_date(int year, int month, int day)
{
    int back[3];

    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    civil_from(days_from(year, month, day), &back[0], &back[1], &back[2]);
    return back[0] == year && back[1] == month && back[2] == day;
}

/* Takes `n` digits off the front of *p. */
static bool digits(const char **p, int n, int *out)
{
    *out = 0;
    for (; n; n--, (*p)++) {
        if (!isdigit((unsigned char)**p))
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

static bool literal(const char **p, const char *any_of)
{
    if (!**p || !strchr(any_of, **p))
        return false;
    (*p)++;
    return true;
}

static bool read_date(const char **p, int64_t *days)
{
    int year, month, day;

    if (!digits(p, 4, &year) || !literal(p, "-") || !digits(p, 2, &month) ||
        !literal(p, "-") || !digits(p, 2, &day) || !is_date(year, month, day))
        return false;
    *days = days_from(year, month, day);
    return true;
}

static bool read_clock(const char **p, int64_t *ms)
{
    int hour, minute, second, scale = 100;

    if (!digits(p, 2, &hour) || !literal(p, ":") || !digits(p, 2, &minute) ||
        !literal(p, ":") || !digits(p, 2, &second) || hour > 23 || minute > 59 ||
        second > 59)
        return false;
    *ms = ((int64_t)hour * 60 + minute) * 60000 + second * 1000;
    if (**p != '.')
        return true;
    (*p)++;
    if (!isdigit((unsigned char)**p))
        return false;
    for (; isdigit((unsigned char)**p); (*p)++, scale /= 10)
        *ms += (**p - '0') * scale;
    return true;
}

static bool read_zone(const char **p, int64_t *offset_ms)
{
    int sign = **p == '-' ? -1 : 1, hour, minute;

    *offset_ms = 0;
    if (literal(p, "Zz"))
        return true;
    if (!literal(p, "+-") || !digits(p, 2, &hour) || !literal(p, ":") ||
        !digits(p, 2, &minute) || hour > 14 || minute > 59)
        return false;
    *offset_ms = sign * ((int64_t)hour * 60 + minute) * 60000;
    return true;
}

bool moment_parse(const char *p, int64_t *out)
{
    int64_t days, clock, offset, ms;

    if (!read_date(&p, &days) || !literal(&p, "Tt ") || !read_clock(&p, &clock) ||
        !read_zone(&p, &offset) || *p)
        return false;
    ms = days * DAY_MS + clock - offset;
    if (ms < 0 || ms >= END_MS) /* the zone may lead out of the years that are read */
        return false;
    *out = ms;
    return true;
}

/* Two digits; the date is written by hand because every reply has a handful of times. */
static char *two(char *p, int value)
{
    *p++ = (char)('0' + value / 10 % 10);
    *p++ = (char)('0' + value % 10);
    return p;
}

static char *put_date(char *p, int year, int month, int day)
{
    p = two(two(p, year / 100), year % 100);
    *p++ = '-';
    p = two(p, month);
    *p++ = '-';
    return two(p, day);
}

static char *put_clock(char *p, int ms)
{
    p = two(p, ms / 3600000);
    *p++ = ':';
    p = two(p, ms / 60000 % 60);
    *p++ = ':';
    p = two(p, ms / 1000 % 60);
    if (ms % 1000 == 0)
        return p;
    *p++ = '.';
    *p++ = (char)('0' + ms % 1000 / 100);
    return two(p, ms % 100);
}

void moment_format(int64_t ms, int offset_ms, char out[MOMENT_TEXT])
{
    int64_t local = ms + offset_ms, days = floor_div(local, DAY_MS);
    int minutes = offset_ms / 60000, east = minutes < 0 ? -minutes : minutes;
    int year, month, day;
    char *p;

    civil_from(days, &year, &month, &day);
    p = put_date(out, year, month, day);
    *p++ = 'T';
    p = put_clock(p, (int)(local - days * DAY_MS));
    *p++ = minutes < 0 ? '-' : '+';
    p = two(p, east / 60);
    *p++ = ':';
    p = two(p, east % 60);
    *p = '\0';
}

void moment_json(struct text *text, int64_t ms, int offset_ms)
{
    char out[MOMENT_TEXT];

    if (!ms) {
        text_string(text, "null");
        return;
    }
    moment_format(ms, offset_ms, out);
    text_json_string(text, out);
}

static int64_t number_of(enum period_kind kind, int64_t days)
{
    int year, month, day;

    if (kind == PERIOD_DAY)
        return days;
    if (kind == PERIOD_WEEK)
        return days - (days + 3) % 7; /* 1970-01-01 was a Thursday */
    civil_from(days, &year, &month, &day);
    return (int64_t)year * 12 + month - 1;
}

period_key period_of(enum period_kind kind, int64_t ms, int offset_ms)
{
    if (kind == PERIOD_OVERALL)
        return 0;
    return (period_key)((int64_t)kind << 24 |
                    number_of(kind, floor_div(ms + offset_ms, DAY_MS)));
}

enum period_kind period_kind(period_key period)
{
    return (enum period_kind)(period >> 24);
}

/* A week's year is that of its Thursday (ISO 8601). */
static void format_week(int monday, char out[MOMENT_TEXT])
{
    int year, month, day;

    civil_from(monday + 3, &year, &month, &day);
    snprintf(out, MOMENT_TEXT, "%04d-W%02d", year % 10000,
             (int)((monday + 3 - days_from(year, 1, 1)) / 7 + 1) % 100);
}

void period_format(period_key period, char out[MOMENT_TEXT])
{
    int number = period & 0xffffff, year, month, day;

    switch (period_kind(period)) {
    case PERIOD_OVERALL: snprintf(out, MOMENT_TEXT, "overall"); break;
    case PERIOD_DAY:
        civil_from(number, &year, &month, &day);
        snprintf(out, MOMENT_TEXT, "%04d-%02d-%02d", year % 10000, month, day);
        break;
    case PERIOD_WEEK: format_week(number, out); break;
    case PERIOD_MONTH:
        snprintf(out, MOMENT_TEXT, "%04d-%02d", number / 12 % 10000, number % 12 + 1);
        break;
    case PERIOD_STAGE: snprintf(out, MOMENT_TEXT, "stage-%d", number); break;
    }
}

static bool parse_week(const char *p, period_key *out)
{
    int year, week;

    if (!digits(&p, 4, &year) || !literal(&p, "-") || !literal(&p, "W") ||
        !digits(&p, 2, &week) || *p || year < 1970 || week < 1 || week > 53)
        return false;
    int64_t fourth = days_from(year, 1, 4); /* always in week 1 */
    int64_t monday = fourth - (fourth + 3) % 7 + (week - 1) * 7;
    if (monday < 0)
        return false;
    *out = (period_key)(PERIOD_WEEK << 24 | monday);
    return true;
}

static bool parse_month(const char *p, period_key *out)
{
    int year, month;

    if (!digits(&p, 4, &year) || !literal(&p, "-") || !digits(&p, 2, &month) || *p ||
        year < 1970 || month < 1 || month > 12)
        return false;
    *out = (period_key)(PERIOD_MONTH << 24 | (year * 12 + month - 1));
    return true;
}

static bool parse_stage(const char *text, period_key *out)
{
    int stage, used;

    if (sscanf(text, "stage-%3d%n", &stage, &used) != 1 || text[used] || stage < 1)
        return false;
    *out = PERIOD_STAGE << 24 | stage;
    return true;
}

static bool parse_any(const char *text, period_key *out)
{
    const char *p = text;
    int64_t days;

    if (!strcmp(text, "overall")) {
        *out = 0;
        return true;
    }
    if (read_date(&p, &days) && !*p) {
        *out = (period_key)(PERIOD_DAY << 24 | days);
        return true;
    }
    return parse_week(text, out) || parse_month(text, out) || parse_stage(text, out);
}

/* One period has one name: week 53 of a year with 52 is the first of the next. */
bool period_parse(const char *text, period_key *out)
{
    period_key period;
    char name[MOMENT_TEXT];

    if (!parse_any(text, &period))
        return false;
    period_format(period, name);
    if (strcmp(name, text))
        return false;
    *out = period;
    return true;
}
