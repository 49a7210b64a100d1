#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "auth/token.h"
#include "store/revoked.h"

enum { LIFE = TOKEN_LIFE_MS + TOKEN_LEEWAY_MS };

static int tear_down(void **state)
{
    revoked_done(*state);
    return 0;
}

static int set_up(void **state)
{
    static struct revoked revoked;

    *state = &revoked;
    return 0;
}

static void who_was_added_is_known_and_nobody_else(void **state)
{
    struct revoked *revoked = *state;

    assert_false(revoked_has(revoked, 1));
    for (int64_t i = 1; i <= 5000; i++)
        revoked_add(revoked, i * 3, 1000);
    for (int64_t i = 1; i <= 15000; i++)
        assert_int_equal(revoked_has(revoked, i), i % 3 == 0);
    assert_int_equal(revoked->n, 5000);
}

static void adding_again_counts_once(void **state)
{
    struct revoked *revoked = *state;

    for (int i = 0; i < 1000; i++)
        revoked_add(revoked, 7, i);
    assert_int_equal(revoked->n, 1);
    assert_true(revoked_has(revoked, 7));
}

static void a_session_is_kept_as_long_as_its_tokens_can_live(void **state)
{
    struct revoked *revoked = *state;

    revoked_add(revoked, 7, 0);
    for (int64_t i = 100; i < 5000; i++)
        revoked_add(revoked, i, LIFE - 1);
    assert_true(revoked_has(revoked, 7));
    revoked_add(revoked, 7, LIFE - 1); /* told again: kept anew */
    for (int64_t i = 5000; i < 20000; i++)
        revoked_add(revoked, i, LIFE + 5);
    assert_true(revoked_has(revoked, 7));
}

static void memory_follows_how_many_are_alive_not_how_many_there_ever_were(void **state)
{
    struct revoked *revoked = *state;

    for (int64_t i = 1; i <= 1000000; i++)
        revoked_add(revoked, i, i * (LIFE / 500));
    assert_in_range(revoked->capacity, 1, 4096);
    for (int64_t i = 0; i < 499; i++)
        assert_true(revoked_has(revoked, 1000000 - i));
}

static void it_can_be_used_again_when_done(void **state)
{
    struct revoked *revoked = *state;

    revoked_add(revoked, 7, 0);
    revoked_done(revoked);
    assert_false(revoked_has(revoked, 7));
    revoked_add(revoked, 8, 0);
    assert_true(revoked_has(revoked, 8));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_was_added_is_known_and_nobody_else),
        TEST(adding_again_counts_once),
        TEST(a_session_is_kept_as_long_as_its_tokens_can_live),
        TEST(memory_follows_how_many_are_alive_not_how_many_there_ever_were),
        TEST(it_can_be_used_again_when_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
