#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "api/throttle.h"

enum { MINUTE = 60000 };

static int set_up(void **state)
{
    *state = throttle_new();
    return 0;
}

static int tear_down(void **state)
{
    throttle_free(*state);
    return 0;
}

static void fail_times(struct throttle *throttle, const char *name, int n, int64_t now)
{
    for (int i = 0; i < n; i++)
        throttle_failed(throttle, name, now);
}

static void ten_failures_in_five_minutes_are_enough(void **state)
{
    struct throttle *throttle = *state;
    int64_t now = 1777597200000;

    assert_int_equal(throttle_wait(throttle, "350100/007", now), 0);
    fail_times(throttle, "350100/007", 9, now);
    assert_int_equal(throttle_wait(throttle, "350100/007", now), 0);
    throttle_failed(throttle, "350100/007", now + 2 * MINUTE);
    assert_int_equal(throttle_wait(throttle, "350100/007", now + 2 * MINUTE), 180);
}

static void the_wait_counts_down_in_whole_seconds_and_ends(void **state)
{
    struct throttle *throttle = *state;
    int64_t now = 1777597200000;

    fail_times(throttle, "x", 10, now);
    assert_int_equal(throttle_wait(throttle, "x", now), 300);
    assert_int_equal(throttle_wait(throttle, "x", now + 1), 300);
    assert_int_equal(throttle_wait(throttle, "x", now + 5 * MINUTE - 1000), 1);
    assert_int_equal(throttle_wait(throttle, "x", now + 5 * MINUTE - 1), 1);
    assert_int_equal(throttle_wait(throttle, "x", now + 5 * MINUTE), 0);
}

static void failures_after_five_minutes_are_counted_anew(void **state)
{
    struct throttle *throttle = *state;
    int64_t now = 1777597200000;

    fail_times(throttle, "x", 10, now);
    fail_times(throttle, "x", 9, now + 5 * MINUTE);
    assert_int_equal(throttle_wait(throttle, "x", now + 5 * MINUTE), 0);
    throttle_failed(throttle, "x", now + 6 * MINUTE);
    assert_int_equal(throttle_wait(throttle, "x", now + 6 * MINUTE), 240);
}

static void hammering_on_does_not_lengthen_the_wait(void **state)
{
    struct throttle *throttle = *state;
    int64_t now = 1777597200000;

    fail_times(throttle, "x", 1000, now);
    fail_times(throttle, "x", 1000, now + 4 * MINUTE);
    assert_int_equal(throttle_wait(throttle, "x", now + 4 * MINUTE), 60);
}

static void one_name_does_not_stop_another(void **state)
{
    struct throttle *throttle = *state;
    int64_t now = 1777597200000;
    int n_stopped = 0;

    fail_times(throttle, "350100/007", 10, now);
    for (int i = 0; i < 1000; i++) {
        char name[32];

        snprintf(name, sizeof(name), "350100/%d", i + 1000);
        n_stopped += throttle_wait(throttle, name, now) > 0;
    }
    assert_int_equal(n_stopped, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ten_failures_in_five_minutes_are_enough),
        TEST(the_wait_counts_down_in_whole_seconds_and_ends),
        TEST(failures_after_five_minutes_are_counted_anew),
        TEST(hammering_on_does_not_lengthen_the_wait),
        TEST(one_name_does_not_stop_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
