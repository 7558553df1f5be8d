/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times as text: the examples of XEP-0082 and 0091, the edges of the calendar, and what is none. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "xmpp/error.h"
#include "xmpp/util.h"

static const struct {
    const char *text;
    int64_t ms;
} times[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1969-12-31T23:59:59.999Z", -1},
    {"2002-09-10T23:08:25Z", 1031699305000},
    /* XEP-0082 3.2: the first steps on the Moon, in UTC and in Houston */
    {"1969-07-21T02:56:15Z", -14159025000},
    {"1969-07-20T21:56:15-05:00", -14159025000},
    {"2026-01-01T00:00:00Z", 1767225600000},
    {"2026-01-01T14:00:00+14:00", 1767225600000},
    {"2025-12-31T10:00:00-14:00", 1767225600000},
    {"2026-01-01T00:00:00+00:00", 1767225600000},
    {"2026-01-01T00:00:00-00:00", 1767225600000},
    {"2025-12-31T24:00:00Z", 1767225600000}, /* the end of a day is the beginning of the next */
    {"2025-12-31T24:00:00.000Z", 1767225600000},
    {"2000-02-29T12:00:00Z", 951825600000},
    {"2024-02-29T00:00:00Z", 1709164800000},
    {"1970-01-01T00:00:00.1Z", 100},
    {"1970-01-01T00:00:00.12Z", 120},
    {"1970-01-01T00:00:00.123Z", 123},
    {"1970-01-01T00:00:00.1239999999999999999999999Z", 123},
    {"1970-01-01T00:00:00.0004Z", 0},
    {"0000-01-01T00:00:00Z", -62167219200000},
    {"0000-02-29T00:00:00Z", -62162121600000},
    {"0000-01-01T00:00:00+14:00", -62167269600000},
    {"9999-12-31T23:59:59.999Z", 253402300799999},
    {"9999-12-31T24:00:00-14:00", 253402351200000},
};

static void times_are_read(void)
{
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t ms = 77;
        check_note("%s", times[i].text);
        CHECK_INT(xmpp_time_parse(times[i].text, &ms), 0);
        CHECK_INT(ms, times[i].ms);
    }
}

static void what_is_no_time_is_refused(void)
{
    static const char *const texts[] = {
        "",
        " ",
        "now",
        "0",
        "2002",
        "2002-09-10",
        "23:08:25Z",
        "2002-09-10T23:08:25", /* no zone */
        "2002-09-10T23:08Z",
        "2002-09-10 23:08:25Z",
        "2002-09-10t23:08:25Z",
        "2002-09-10T23:08:25z",
        " 2002-09-10T23:08:25Z",
        "2002-09-10T23:08:25Z ",
        "2002-09-10T23:08:25ZZ",
        "2002-09-10T23:08:25.Z",
        "2002-09-10T23:08:25,5Z",
        "2002-09-10T23:08:25.5",
        "2002-9-10T23:08:25Z",
        "02-09-10T23:08:25Z",
        "12002-09-10T23:08:25Z",
        "-0001-09-10T23:08:25Z",
        "+2002-09-10T23:08:25Z",
        "2002-09-10T23:08:25+1:00",
        "2002-09-10T23:08:25+01",
        "2002-09-10T23:08:25+0100",
        "2002-09-10T23:08:25+14:01",
        "2002-09-10T23:08:25+15:00",
        "2002-09-10T23:08:25+01:60",
        "2002-09-10T23:08:25+99:99",
        "2002-09-10T23:08:25*01:00",
        "2002-00-10T23:08:25Z",
        "2002-13-10T23:08:25Z",
        "2002-09-00T23:08:25Z",
        "2002-09-31T23:08:25Z",
        "2002-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2002-01-32T00:00:00Z",
        "2002-04-31T00:00:00Z",
        "2002-09-10T25:00:00Z",
        "2002-09-10T24:00:01Z",
        "2002-09-10T24:01:00Z",
        "2002-09-10T24:00:00.001Z",
        "2002-09-10T24:00:00.0000001Z",
        "2002-09-10T23:60:00Z",
        "2016-12-31T23:59:60Z", /* a leap second that there was */
        "20020910T23:08:25Z",
        "20020910T23:08:25",
        "2002-09-10T-1:08:25Z",
        "2002-09-10T 3:08:25Z",
        "2002-09-1\xc3\xa9T23:08:25Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t ms = 77;
        check_note("\"%s\"", texts[i]);
        CHECK_INT(xmpp_time_parse(texts[i], &ms), XMPP_E_CHAR);
        CHECK_INT(ms, 77);
    }
}

static void the_older_form_is_read(void)
{
    static const struct {
        const char *text;
        int64_t ms; /* 0: refused */
    } rows[] = {
        {"20020910T23:08:25", 1031699305000},
        {"2002-09-10T23:08:25Z", 1031699305000},
        {"2002-09-11T00:08:25+01:00", 1031699305000},
        {"20020910T24:00:00", 1031702400000},
        {"20020910T23:08:25Z", 0},
        {"20020910T23:08:25.5", 0},
        {"20020910T230825", 0},
        {"20020910T23:08:25+01:00", 0},
        {"20020910T23:08:25-01:00", 0},
        {"20020229T00:00:00", 0},
        {"2002-09-10T23:08:25", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 0;
        check_note("%s", rows[i].text);
        CHECK_INT(xmpp_time_parse_legacy(rows[i].text, &ms), rows[i].ms ? 0 : XMPP_E_CHAR);
        CHECK_INT(ms, rows[i].ms);
    }
}

static void times_are_written(void)
{
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {1, "1970-01-01T00:00:00.001Z"},
        {120, "1970-01-01T00:00:00.120Z"},
        {1031699305000, "2002-09-10T23:08:25Z"},
        {951782400000 - 1, "2000-02-28T23:59:59.999Z"},
        {951782400000, "2000-02-29T00:00:00Z"},
        {951868800000, "2000-03-01T00:00:00Z"},
        {-62167219200000, "0000-01-01T00:00:00Z"},
        {253402300799999, "9999-12-31T23:59:59.999Z"},
    };
    char text[XMPP_TIME_MAX];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(xmpp_time_format(rows[i].ms, text), 0);
        CHECK_STR(text, rows[i].text);
    }
    CHECK_INT(xmpp_time_format(-62167219200001, text), XMPP_E_INVAL);
    CHECK_INT(xmpp_time_format(253402300800000, text), XMPP_E_INVAL);
    CHECK_INT(xmpp_time_format(INT64_MIN, text), XMPP_E_INVAL);
    CHECK_INT(xmpp_time_format(INT64_MAX, text), XMPP_E_INVAL);
}

/* A whole 400 years, day by day: each one follows the last, and comes back. */
static void every_day_comes_back(void)
{
    char last[XMPP_TIME_MAX] = "";
    char text[XMPP_TIME_MAX];
    enum { DAYS = 146097 };
    for (int64_t day = -DAYS / 2; day <= DAYS / 2; day++) {
        int64_t ms = 0;
        if (!CHECK_INT(xmpp_time_format(day * 86400000 + 43200000, text), 0) ||
            !CHECK(strcmp(last, text) < 0) || !CHECK_INT(xmpp_time_parse(text, &ms), 0) ||
            !CHECK_INT(ms, day * 86400000 + 43200000)) {
            return;
        }
        memcpy(last, text, sizeof last);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"times are read", times_are_read},
        {"what is no time is refused", what_is_no_time_is_refused},
        {"the older form is read", the_older_form_is_read},
        {"times are written", times_are_written},
        {"every day comes back", every_day_comes_back},
    };
    return CHECK_MAIN(argc, argv, "time", cases);
}
