#include "trees.h"

#include "api/union_figures.h"

static const struct order order = { { ORDER_SCORE, ORDER_DURATION }, 2, false };

static void put(struct league *league, const struct unions *unions, int64_t person,
                const char *code, int64_t score, int attempts)
{
    league_put(league, person, unions_find_code(unions, code),
               &(struct figure){ score, 1000, 1 }, attempts);
}

static struct union_figures figures_of(const struct league *league,
                                       const struct unions *unions, const char *code)
{
    return union_figures_of(league, unions, unions_find_code(unions, code));
}

static void a_union_has_the_sums_of_its_whole_subtree(void **state)
{
    const struct unions *unions = *state;
    struct league *league = league_new(&order, unions);

    put(league, unions, 1, "a", 1000, 1);
    put(league, unions, 2, "a11", 500, 2);
    put(league, unions, 3, "a12", 501, 3);
    put(league, unions, 4, "b", 100, 1);
    struct union_figures a = figures_of(league, unions, "a");
    assert_int_equal(a.sums.heads, 3);
    assert_int_equal(a.sums.attempts, 6);
    assert_int_equal(a.sums.score, 2001);
    assert_int_equal(a.members, 135);
    assert_int_equal(a.mean, 667);
    assert_int_equal(a.rate, 222); /* 3 of 135: 2.22 % */
    struct union_figures a1 = figures_of(league, unions, "a1");
    assert_int_equal(a1.sums.heads, 2);
    assert_int_equal(a1.mean, 501); /* 500.5 */
    assert_int_equal(a1.members, 35);
    league_free(league);
}

static void without_members_there_is_no_rate(void **state)
{
    const struct unions *unions = *state;
    struct league *league = league_new(&order, unions);

    put(league, unions, 4, "b", 100, 1);
    put(league, unions, 5, "a2", 100, 1);
    assert_int_equal(figures_of(league, unions, "b").members, -1);
    assert_int_equal(figures_of(league, unions, "b").rate, -1);
    assert_int_equal(figures_of(league, unions, "a2").members, 0);
    assert_int_equal(figures_of(league, unions, "a2").rate, -1);
    league_free(league);
}

static void where_nobody_stands_all_is_nothing(void **state)
{
    const struct unions *unions = *state;
    struct union_figures figures = figures_of(NULL, unions, "a");
    TEXT(out);

    assert_int_equal(figures.sums.heads, 0);
    assert_int_equal(figures.mean, 0);
    assert_int_equal(figures.rate, 0);
    text_char(&out, '{');
    union_figures_show(&out, &figures);
    assert_string_equal(out.data,
                        "{\"heads\":0,\"attempts\":0,\"members\":135,\"sum\":0,"
                        "\"mean\":0,\"rate\":0");
}

static void figures_are_shown_as_decimals(void **state)
{
    const struct unions *unions = *state;
    struct union_figures figures = {
        .sums = { 3, 6, 2001, 0 }, .members = -1, .mean = 667, .rate = -1
    };
    TEXT(out);

    (void)unions;
    text_char(&out, '{');
    union_figures_show(&out, &figures);
    assert_string_equal(out.data, "{\"heads\":3,\"attempts\":6,\"members\":null,"
                                  "\"sum\":20.01,\"mean\":6.67,\"rate\":null");
    figures.rate = 222;
    text_clear(&out);
    text_char(&out, '{');
    union_figures_show(&out, &figures);
    assert_string_equal(out.data + out.length - 11, "\"rate\":2.22");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREES(a_union_has_the_sums_of_its_whole_subtree),
        TREES(without_members_there_is_no_rate),
        TREES(where_nobody_stands_all_is_nothing),
        TREES(figures_are_shown_as_decimals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
