#include "trees.h"

#include <stdio.h>

#include "api/union_ranking.h"

static const struct order order = { { ORDER_SCORE, ORDER_DURATION }, 2, false };

static void put(struct league *league, const struct unions *unions, int64_t person,
                const char *code, int64_t score)
{
    league_put(league, person, unions_find_code(unions, code),
               &(struct figure){ score, 1000, 1 }, 1);
}

/* The codes in their order, each with the rank before it. */
static void assert_order(const struct league *league, const struct unions *unions,
                         const char *top, const char *parent, enum measure measure,
                         const char *expected)
{
    struct arena arena;
    TEXT(found);

    arena_init(&arena);
    struct union_ranking ranking = union_ranking_of(
        &arena, league, unions, top,
        parent ? unions_find_code(unions, parent) : BOARD_ALL, measure);
    for (int i = 0; i < ranking.n; i++) {
        TEXT(line);
        int rank;
        char code[8];

        union_ranking_show(&line, &ranking, i);
        assert_int_equal(
            sscanf(line.data, "{\"rank\":%d,\"code\":\"%7[a-z0-9]\"", &rank, code), 2);
        text_printf(&found, "%d%s ", rank, code);
    }
    assert_string_equal(found.data, expected);
    arena_done(&arena);
}

static void the_measure_orders_then_heads_then_code(void **state)
{
    const struct unions *unions = *state;
    struct league *league = league_new(&order, unions);

    put(league, unions, 1, "a11", 1000);
    put(league, unions, 2, "a12", 500);
    put(league, unions, 3, "a12", 500);
    put(league, unions, 4, "b", 900);
    assert_order(league, unions, NULL, "a1", MEASURE_SUM, "1a12 2a11 ");
    assert_order(league, unions, NULL, "a1", MEASURE_MEAN, "1a11 2a12 ");
    assert_order(league, unions, NULL, "a1", MEASURE_HEADS, "1a12 2a11 ");
    /* a11 has no members that are known: behind who has a rate */
    assert_order(league, unions, NULL, "a1", MEASURE_RATE, "1a12 2a11 ");
    assert_order(league, unions, NULL, NULL, MEASURE_SUM, "1a 2b ");
    league_free(league);
}

static void those_that_are_equal_share_the_rank(void **state)
{
    const struct unions *unions = *state;
    struct league *league = league_new(&order, unions);

    assert_order(NULL, unions, NULL, NULL, MEASURE_SUM, "1a 1b ");
    put(league, unions, 1, "a2", 300);
    put(league, unions, 2, "a12", 300);
    assert_order(league, unions, NULL, "a", MEASURE_SUM, "1a1 1a2 ");
    league_free(league);
}

static void a_campaign_begins_below_the_top_that_takes_part(void **state)
{
    const struct unions *unions = *state;

    assert_order(NULL, unions, "a", NULL, MEASURE_SUM, "1a1 1a2 ");
    assert_order(NULL, unions, "a", "a1", MEASURE_SUM, "1a11 1a12 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREES(the_measure_orders_then_heads_then_code),
        TREES(those_that_are_equal_share_the_rank),
        TREES(a_campaign_begins_below_the_top_that_takes_part),
    };

    return cmocka_run_group_tests_name("union ranking", tests, NULL, NULL);
}
