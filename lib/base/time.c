/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points in time as text, XEP-0082. Pure computation in the Gregorian calendar: no clock, and no
 * time zone of the system's. Where the XEP and XML Schema differ the latter counts (XEP-0082 3.2):
 * 24:00:00 is the end of a day, and there is no 60th second. */
#include <stdio.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/util.h"

enum { MINUTE_MS = 60000, DAY_MS = 86400000, EPOCH_DAY = 719162 /* days from year 1 to 1970 */ };

struct moment {
    int year, month, day;
    int hour, minute, second, ms;
    int offset; /* minutes that it is ahead of UTC */
};

/* --- the calendar ------------------------------------------------------------------------------- */

static int is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days of the year in front of a month, from 1 to 13. */
static int days_before(int year, int month)
{
    static const short before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    return before[month - 1] + (month > 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first day of a year, from 0 to 10000. */
static int days_to_year(int year)
{
    if (year == 0) {
        return -366 - EPOCH_DAY;
    }
    int past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400 - EPOCH_DAY;
}

static int is_day(const struct moment *m)
{
    return m->month >= 1 && m->month <= 12 && m->day >= 1 &&
           m->day <= days_before(m->year, m->month + 1) - days_before(m->year, m->month);
}

/* XML Schema 2 3.3.7.2: endOfDayFrag is the only one with 24 hours. */
static int is_time(const struct moment *m)
{
    if (m->hour == 24) {
        return m->minute == 0 && m->second == 0 && m->ms == 0;
    }
    return m->hour < 24 && m->minute < 60 && m->second < 60;
}

static int64_t to_ms(const struct moment *m)
{
    int days = days_to_year(m->year) + days_before(m->year, m->month) + m->day - 1;
    int64_t minutes = m->hour * 60 + m->minute - m->offset;
    return (int64_t)days * DAY_MS + minutes * MINUTE_MS + m->second * 1000 + m->ms;
}

/* --- reading -------------------------------------------------------------------------------------- */

/* Exactly `n` digits. 1, or 0 if they are not there; *at moves on. */
static int read_digits(const char **at, int n, int *ret)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9') {
            return 0;
        }
        value = value * 10 + (c - '0');
    }
    *at += n;
    *ret = value;
    return 1;
}

static int read_char(const char **at, char c)
{
    return **at == c && (*at)++;
}

static int read_clock(const char **at, struct moment *m)
{
    return read_digits(at, 2, &m->hour) && read_char(at, ':') && read_digits(at, 2, &m->minute) &&
           read_char(at, ':') && read_digits(at, 2, &m->second);
}

/* Any number of digits, of which three count. What is behind them still tells 24:00:00 from a moment
 * later, so *ret_more says whether it is more than nothing. */
static int read_fraction(const char **at, struct moment *m, int *ret_more)
{
    int weight = 100;
    if (!read_char(at, '.')) {
        return 1;
    }
    const char *begin = *at;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        m->ms += weight * (**at - '0');
        weight /= 10;
        *ret_more |= **at != '0';
    }
    return *at > begin;
}

/* "Z", or from -14:00 to +14:00 (XML Schema 2 3.3.7.2, timezoneFrag). */
static int read_zone(const char **at, struct moment *m)
{
    int hours = 0;
    int minutes = 0;
    if (read_char(at, 'Z')) {
        return 1;
    }
    int sign = **at == '-' ? -1 : 1;
    if (!read_char(at, '-') && !read_char(at, '+')) {
        return 0;
    }
    if (!read_digits(at, 2, &hours) || !read_char(at, ':') || !read_digits(at, 2, &minutes)) {
        return 0;
    }
    m->offset = sign * (hours * 60 + minutes);
    return minutes < 60 && hours * 60 + minutes <= 14 * 60;
}

static int finish(const char *at, const struct moment *m, int more, int64_t *ret_ms)
{
    if (*at != '\0' || !is_day(m) || !is_time(m) || (m->hour == 24 && more)) {
        return XMPP_E_CHAR;
    }
    *ret_ms = to_ms(m);
    return 0;
}

int xmpp_time_parse(const char *text, int64_t *ret_ms)
{
    struct moment m = {0};
    int more = 0;
    if (!text || !ret_ms) {
        return XMPP_E_INVAL;
    }
    int well = read_digits(&text, 4, &m.year) && read_char(&text, '-') &&
               read_digits(&text, 2, &m.month) && read_char(&text, '-') &&
               read_digits(&text, 2, &m.day) && read_char(&text, 'T') && read_clock(&text, &m) &&
               read_fraction(&text, &m, &more) && read_zone(&text, &m);
    return well ? finish(text, &m, more, ret_ms) : XMPP_E_CHAR;
}

int xmpp_time_parse_legacy(const char *text, int64_t *ret_ms)
{
    struct moment m = {0};
    if (!text || !ret_ms) {
        return XMPP_E_INVAL;
    }
    if (strchr(text, '-')) {
        return xmpp_time_parse(text, ret_ms); /* XEP-0082 4: both forms are met there */
    }
    int well = read_digits(&text, 4, &m.year) && read_digits(&text, 2, &m.month) &&
               read_digits(&text, 2, &m.day) && read_char(&text, 'T') && read_clock(&text, &m);
    return well ? finish(text, &m, 0, ret_ms) : XMPP_E_CHAR;
}

/* --- writing -------------------------------------------------------------------------------------- */

/* The day with this number from 1970-01-01, which is in the years from 0 to 9999. */
static void find_day(int days, struct moment *m)
{
    m->year = 1970 + days / 366; /* a few years off at most */
    while (m->year > 0 && days_to_year(m->year) > days) {
        m->year--;
    }
    while (days_to_year(m->year + 1) <= days) {
        m->year++;
    }
    int day = days - days_to_year(m->year);
    m->month = 1;
    while (m->month < 12 && days_before(m->year, m->month + 1) <= day) {
        m->month++;
    }
    m->day = day - days_before(m->year, m->month) + 1;
}

int xmpp_time_format(int64_t ms, char *text)
{
    struct moment m = {0};
    int64_t first = (int64_t)days_to_year(0) * DAY_MS;
    int64_t end = (int64_t)days_to_year(10000) * DAY_MS;
    if (!text || ms < first || ms >= end) {
        return XMPP_E_INVAL;
    }
    int64_t since = ms - first; /* so that nothing below is negative */
    int left = (int)(since % DAY_MS);
    find_day((int)(since / DAY_MS) + days_to_year(0), &m);
    m.ms = left % 1000;
    int n = snprintf(text, XMPP_TIME_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", m.year, m.month, m.day,
                     left / 3600000, left / MINUTE_MS % 60, left / 1000 % 60);
    size_t at = (size_t)n;
    if (m.ms > 0) {
        (void)snprintf(text + at, XMPP_TIME_MAX - at, ".%03dZ", m.ms);
    } else {
        (void)snprintf(text + at, XMPP_TIME_MAX - at, "Z");
    }
    return 0;
}
