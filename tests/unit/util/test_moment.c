#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "util/moment.h"

#define DAY 86400000LL
enum {
    SHANGHAI = 8 * 3600000,
    URUMQI = 6 * 3600000,
    NEW_YORK = -5 * 3600000,
    INDIA = 19800000,
    HALF_WEST = -12600000
};

/* Computed by GNU date. */
static const struct {
    const char *text;
    int offset_ms;
    int64_t ms;
} moments[] = {
    { "1970-01-01T00:00:00+00:00", 0, 0 },
    { "1970-01-01T08:00:00.001+08:00", SHANGHAI, 1 },
    { "1972-02-29T00:00:00+00:00", 0, 68169600000 },
    { "2000-02-29T23:59:59.999+00:00", 0, 951868799999 },
    { "2000-03-01T00:00:00+00:00", 0, 951868800000 },
    { "2021-12-31T23:59:59+08:00", SHANGHAI, 1640966399000 },
    { "2024-02-29T12:00:00+08:00", SHANGHAI, 1709179200000 },
    { "2026-05-01T09:00:00+08:00", SHANGHAI, 1777597200000 },
    { "2026-04-30T20:00:00-05:00", NEW_YORK, 1777597200000 },
    { "2026-05-01T06:30:00+05:30", INDIA, 1777597200000 },
    { "2026-04-30T21:30:00-03:30", HALF_WEST, 1777597200000 },
    { "2100-02-28T23:59:59+00:00", 0, 4107542399000 },
    { "2100-03-01T00:00:00+00:00", 0, 4107542400000 },
    { "2400-02-29T00:00:00+00:00", 0, 13574563200000 },
    { "9999-12-31T23:59:59.999+00:00", 0, 253402300799999 },
};

static void moments_are_written_and_read(void **state)
{
    char text[MOMENT_TEXT];
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        moment_format(moments[i].ms, moments[i].offset_ms, text);
        assert_string_equal(text, moments[i].text);
        assert_true(moment_parse(text, &ms));
        assert_int_equal(ms, moments[i].ms);
    }
}

static void what_rfc_3339_leaves_open_is_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        { "2026-05-01T01:00:00Z", 1777597200000 },
        { "2026-05-01t01:00:00z", 1777597200000 },
        { "2026-05-01 01:00:00Z", 1777597200000 },
        { "2026-05-01T01:00:00-00:00", 1777597200000 },
        { "2026-05-01T01:00:00.5Z", 1777597200500 },
        { "2026-05-01T01:00:00.12Z", 1777597200120 },
        { "2026-05-01T01:00:00.1234567890123Z", 1777597200123 },
        { "2026-05-01T15:00:00+14:00", 1777597200000 },
    };
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(moment_parse(cases[i].text, &ms));
        assert_int_equal(ms, cases[i].ms);
    }
}

static void what_is_no_moment_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "2026",
        "2026-05-01",
        "2026-05-01T09:00:00",
        "2026-05-01T09:00Z",
        "2026-5-01T09:00:00Z",
        "2026-05-1T09:00:00Z",
        "26-05-01T09:00:00Z",
        "2026-00-01T09:00:00Z",
        "2026-13-01T09:00:00Z",
        "2026-04-31T09:00:00Z",
        "2026-02-29T09:00:00Z",
        "2100-02-29T09:00:00Z",
        "2026-05-00T09:00:00Z",
        "2026-05-32T09:00:00Z",
        "2026-05-01T24:00:00Z",
        "2026-05-01T09:60:00Z",
        "2026-05-01T09:00:60Z",
        "2026-05-01T9:00:00Z",
        "2026-05-01T09:00:00.Z",
        "2026-05-01T09:00:00,5Z",
        "2026-05-01T09:00:00+8:00",
        "2026-05-01T09:00:00+0800",
        "2026-05-01T09:00:00+08",
        "2026-05-01T09:00:00+15:00",
        "2026-05-01T09:00:00+08:60",
        "2026-05-01T09:00:00Zx",
        " 2026-05-01T09:00:00Z",
        "2026-05-01T09:00:00 Z",
        "2026/05/01T09:00:00Z",
        "1969-12-31T23:59:59Z",
        "-026-05-01T09:00:00Z",
        "2026-05-01T09:00:00\xe3\x80\x80Z",
        "１９７０-01-01T00:00:00Z",
    };
    int64_t ms = 77;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (moment_parse(bad[i], &ms))
            fail_msg("%s", bad[i]);
    assert_int_equal(ms, 77);
}

static void before_1970_and_after_9999_nothing_is_read_in_any_zone(void **state)
{
    int64_t ms;

    (void)state;
    assert_false(moment_parse("1970-01-01T00:00:00+08:00", &ms));
    assert_false(moment_parse("1970-01-01T07:59:59.999+08:00", &ms));
    assert_true(moment_parse("1970-01-01T08:00:00+08:00", &ms));
    assert_false(moment_parse("9999-12-31T23:59:59-00:01", &ms));
    assert_true(moment_parse("9999-12-31T23:59:59+00:01", &ms));
}

static void every_day_of_eight_centuries_comes_back(void **state)
{
    char text[MOMENT_TEXT];
    int64_t ms;

    (void)state;
    for (int64_t day = 1; day < 292194; day++) {
        moment_format(day * DAY - 1, SHANGHAI, text);
        assert_true(moment_parse(text, &ms));
        assert_int_equal(ms, day * DAY - 1);
    }
}

static void json_has_null_for_no_moment(void **state)
{
    TEXT(text);

    (void)state;
    moment_json(&text, 0, SHANGHAI);
    text_char(&text, ' ');
    moment_json(&text, 1777597200000, SHANGHAI);
    assert_string_equal(text.data, "null \"2026-05-01T09:00:00+08:00\"");
}

/* A moment, and the day, week and month it is in. */
static const struct {
    const char *moment;
    int offset_ms;
    const char *day, *week, *month;
} periods[] = {
    { "2026-05-01T00:00:00+08:00", SHANGHAI, "2026-05-01", "2026-W18", "2026-05" },
    { "2026-04-30T23:59:59.999+08:00", SHANGHAI, "2026-04-30", "2026-W18", "2026-04" },
    { "2026-05-01T00:00:00+08:00", 0, "2026-04-30", "2026-W18", "2026-04" },
    { "2026-05-01T00:00:00+08:00", URUMQI, "2026-04-30", "2026-W18", "2026-04" },
    { "2026-05-01T00:00:00+08:00", NEW_YORK, "2026-04-30", "2026-W18", "2026-04" },
    { "2026-05-03T23:59:59+08:00", SHANGHAI, "2026-05-03", "2026-W18", "2026-05" },
    { "2026-05-04T00:00:00+08:00", SHANGHAI, "2026-05-04", "2026-W19", "2026-05" },
    /* leap days and month ends */
    { "2024-02-28T23:59:59+08:00", SHANGHAI, "2024-02-28", "2024-W09", "2024-02" },
    { "2024-02-29T23:59:59+08:00", SHANGHAI, "2024-02-29", "2024-W09", "2024-02" },
    { "2024-03-01T00:00:00+08:00", SHANGHAI, "2024-03-01", "2024-W09", "2024-03" },
    { "2023-02-28T23:59:59+08:00", SHANGHAI, "2023-02-28", "2023-W09", "2023-02" },
    { "2023-03-01T00:00:00+08:00", SHANGHAI, "2023-03-01", "2023-W09", "2023-03" },
    { "2025-12-31T23:59:59+08:00", SHANGHAI, "2025-12-31", "2026-W01", "2025-12" },
    /* weeks over the ends of years: of 52 and 53 weeks, begun on every day of the week
     */
    { "2018-12-31T12:00:00Z", 0, "2018-12-31", "2019-W01", "2018-12" },
    { "2019-12-29T12:00:00Z", 0, "2019-12-29", "2019-W52", "2019-12" },
    { "2019-12-30T12:00:00Z", 0, "2019-12-30", "2020-W01", "2019-12" },
    { "2020-12-31T12:00:00Z", 0, "2020-12-31", "2020-W53", "2020-12" },
    { "2021-01-03T12:00:00Z", 0, "2021-01-03", "2020-W53", "2021-01" },
    { "2021-01-04T12:00:00Z", 0, "2021-01-04", "2021-W01", "2021-01" },
    { "2022-01-01T12:00:00Z", 0, "2022-01-01", "2021-W52", "2022-01" },
    { "2023-01-01T12:00:00Z", 0, "2023-01-01", "2022-W52", "2023-01" },
    { "2023-01-02T12:00:00Z", 0, "2023-01-02", "2023-W01", "2023-01" },
    { "2024-12-30T12:00:00Z", 0, "2024-12-30", "2025-W01", "2024-12" },
    { "2026-12-31T12:00:00Z", 0, "2026-12-31", "2026-W53", "2026-12" },
    { "2027-01-03T12:00:00Z", 0, "2027-01-03", "2026-W53", "2027-01" },
    { "2027-01-04T12:00:00Z", 0, "2027-01-04", "2027-W01", "2027-01" },
    { "2028-01-02T12:00:00Z", 0, "2028-01-02", "2027-W52", "2028-01" },
    { "1970-01-05T00:00:00Z", 0, "1970-01-05", "1970-W02", "1970-01" },
};

static void a_moment_is_in_one_day_week_and_month(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        const char *const names[] = { periods[i].day, periods[i].week,
                                      periods[i].month };
        char text[MOMENT_TEXT];
        int64_t ms;

        assert_true(moment_parse(periods[i].moment, &ms));
        for (int kind = PERIOD_DAY; kind <= PERIOD_MONTH; kind++) {
            period_key period =
                period_of((enum period_kind)kind, ms, periods[i].offset_ms);
            period_key back;

            assert_int_equal(period_kind(period), kind);
            period_format(period, text);
            assert_string_equal(text, names[kind - PERIOD_DAY]);
            assert_true(period_parse(text, &back));
            assert_int_equal(back, period);
        }
        assert_int_equal(period_of(PERIOD_OVERALL, ms, periods[i].offset_ms), 0);
    }
}

/* The same numbers as schema/003_periods.sql. */
static void periods_are_packed_as_the_database_has_them(void **state)
{
    int64_t ms;

    (void)state;
    assert_true(moment_parse("2026-05-01T09:00:00+08:00", &ms));
    assert_int_equal(period_of(PERIOD_DAY, ms, SHANGHAI), 1 << 24 | 20574);
    assert_int_equal(period_of(PERIOD_WEEK, ms, SHANGHAI), 2 << 24 | 20570);
    assert_int_equal(period_of(PERIOD_MONTH, ms, SHANGHAI), 3 << 24 | (2026 * 12 + 4));
}

static void each_week_has_seven_days_and_its_own_name(void **state)
{
    char was[MOMENT_TEXT] = "", text[MOMENT_TEXT];
    int n = 7;

    (void)state;
    for (int64_t day = 4; day < 150000; day++) { /* from Monday, 1970-01-05 */
        period_format(period_of(PERIOD_WEEK, day * DAY, 0), text);
        if (strcmp(was, text)) {
            assert_int_equal(n, 7);
            n = 0;
        }
        n++;
        memcpy(was, text, sizeof(was));
    }
}

static void overall_and_stages_have_names_too(void **state)
{
    char text[MOMENT_TEXT];
    period_key period = 7;

    (void)state;
    assert_true(period_parse("overall", &period));
    assert_int_equal(period, 0);
    period_format(0, text);
    assert_string_equal(text, "overall");
    for (int stage = 1; stage < 1000; stage += 111) {
        snprintf(text, sizeof(text), "stage-%d", stage);
        assert_true(period_parse(text, &period));
        assert_int_equal(period_kind(period), PERIOD_STAGE);
        period_format(period, text);
        assert_int_equal(period & 0xffffff, stage);
    }
}

static void what_is_no_period_is_refused(void **state)
{
    static const char *const bad[] = {
        "",           "Overall",    "overall ", "today",     "2026",
        "2026-",      "2026-5",     "2026-05-", "2026-05-1", "2026-05-01x",
        "2026-02-29", "2026-13",    "2026-00",  "1969-12",   "2026-W",
        "2026-W1",    "2026-W00",   "2026-W54", "2026-w18",  "2026W18",
        "2026-W018",  "1969-W52",   "stage-",   "stage-0",   "stage--1",
        "stage-1x",   "stage-1000", "Stage-1",  "stage-x",   "\xe4\xb8\x80",
    };
    period_key period = 77;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (period_parse(bad[i], &period))
            fail_msg("%s", bad[i]);
    assert_int_equal(period, 77);
}

static void one_period_has_one_name(void **state)
{
    static const char *const bad[] = { "stage- 5",  "stage-+5", "stage-05",
                                       "stage-\t1", "2025-W53", "2021-W53" };
    period_key period = 77;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (period_parse(bad[i], &period))
            fail_msg("%s", bad[i]);
    assert_true(period_parse("2020-W53", &period));
}

/* Its Monday is in 1969, which the packed number has no place for. */
static void the_week_that_began_before_1970_is_refused(void **state)
{
    period_key period = 77;

    (void)state;
    assert_false(period_parse("1970-W01", &period));
    assert_int_equal(period, 77);
    assert_true(period_parse("1970-W02", &period));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_written_and_read),
        cmocka_unit_test(what_rfc_3339_leaves_open_is_read),
        cmocka_unit_test(what_is_no_moment_is_refused),
        cmocka_unit_test(before_1970_and_after_9999_nothing_is_read_in_any_zone),
        cmocka_unit_test(every_day_of_eight_centuries_comes_back),
        cmocka_unit_test(json_has_null_for_no_moment),
        cmocka_unit_test(a_moment_is_in_one_day_week_and_month),
        cmocka_unit_test(periods_are_packed_as_the_database_has_them),
        cmocka_unit_test(each_week_has_seven_days_and_its_own_name),
        cmocka_unit_test(overall_and_stages_have_names_too),
        cmocka_unit_test(what_is_no_period_is_refused),
        cmocka_unit_test(one_period_has_one_name),
        cmocka_unit_test(the_week_that_began_before_1970_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
