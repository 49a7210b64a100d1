#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rank/board.h"
#include "rank/unions.h"
#include "util/memory.h"

static const struct order orders[] = {
    { { ORDER_SCORE }, 1, false },
    { { ORDER_SCORE }, 1, true },
    { { ORDER_SCORE, ORDER_DURATION }, 2, false },
    { { ORDER_SCORE, ORDER_DURATION }, 2, true },
    { { ORDER_SCORE, ORDER_REACHED }, 2, true },
    { { ORDER_SCORE, ORDER_DURATION, ORDER_REACHED }, 3, false },
    { { ORDER_SCORE, ORDER_DURATION, ORDER_REACHED }, 3, true },
    { { ORDER_SCORE, ORDER_REACHED, ORDER_DURATION }, 3, false },
};
enum { N_ORDERS = sizeof(orders) / sizeof(*orders) };

/* What a league ought to hold: everybody in a plain array, by person. */
struct person {
    bool is_here;
    int32_t union_index;
    struct figure figure;
    int64_t attempts;
};

struct model {
    const struct order *order;
    struct unions *unions;
    struct league *league;
    struct person *people;
    int n_people;
    uint64_t seed;
};

static int64_t draw(struct model *model, uint64_t n)
{
    model->seed ^= model->seed << 13;
    model->seed ^= model->seed >> 7;
    model->seed ^= model->seed << 17;
    return (int64_t)((model->seed >> 20) % n);
}

/* Each union is below the one of half its number, and the first `n_tops` are tops. */
static struct unions *make_unions(int n, int n_tops)
{
    struct unions *unions = unions_new();
    const char *culprit;

    for (int id = 1; id <= n; id++) {
        char code[16];

        snprintf(code, sizeof(code), "%05d", id);
        unions_add(unions, id, id <= n_tops ? 0 : (id + 1) / 2, code, code, "", "", 1);
    }
    assert_true(unions_link(unions, &culprit));
    return unions;
}

static struct model model_new(const struct order *order, int n_tops, int n_people)
{
    struct model model = {
        .order = order,
        .unions = make_unions(15, n_tops),
        .people = memory_new((size_t)n_people * sizeof(struct person)),
        .n_people = n_people,
        .seed = 88172645463325252ULL,
    };

    model.league = league_new(order, model.unions);
    return model;
}

static void model_done(struct model *model)
{
    league_free(model->league);
    unions_free(model->unions);
    free(model->people);
}

static int64_t clamp(int64_t value, int64_t most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

static struct figure clamped(struct figure figure)
{
    return (struct figure){
        .score = clamp(figure.score, UINT32_MAX),
        .duration_ms = clamp(figure.duration_ms, UINT32_MAX),
        .reached_at = clamp(figure.reached_at, ((int64_t)1 << 42) - 1),
    };
}

/* Few values, so that most people are equal to somebody; now and then one out of range.
 */
static struct figure draw_figure(struct model *model)
{
    struct figure figure = { draw(model, 4), draw(model, 3), draw(model, 3) };

    if (draw(model, 50) == 0)
        figure.score = draw(model, 2) ? -5 : INT64_MAX;
    if (draw(model, 50) == 0)
        figure.duration_ms = draw(model, 2) ? INT64_MIN : (int64_t)1 << 32;
    if (draw(model, 50) == 0)
        figure.reached_at = draw(model, 2) ? -1 : (int64_t)1 << 42;
    return figure;
}

static int32_t draw_union(struct model *model, int with_none)
{
    return (int32_t)draw(model, (uint64_t)(unions_count(model->unions) + with_none)) -
           with_none;
}

static void put(struct model *model, int64_t who, int32_t union_index,
                struct figure figure, int attempts)
{
    struct person *person = &model->people[who];

    person->attempts = (person->is_here ? person->attempts : 0) + attempts;
    person->is_here = true;
    person->union_index = union_index;
    person->figure = clamped(figure);
    league_put(model->league, who, union_index, &figure, person->attempts);
}

static void step(struct model *model, int with_none)
{
    int64_t who = draw(model, (uint64_t)model->n_people);
    struct person *person = &model->people[who];
    int64_t act = draw(model, 10);

    if (act < 2) {
        person->is_here = false;
        league_remove(model->league, who);
    } else if (act < 6 && person->is_here) {
        put(model, who, person->union_index, draw_figure(model), (int)draw(model, 3));
    } else {
        put(model, who, draw_union(model, with_none), draw_figure(model), 1);
    }
}

/* How two figures compare in the keys of the order; negative: the first stands above.
 */
static int compare_figures(const struct order *order, const struct figure *a,
                           const struct figure *b)
{
    for (int i = 0; i < order->n_keys; i++) {
        int64_t x = order->keys[i] == ORDER_SCORE      ? b->score
                    : order->keys[i] == ORDER_DURATION ? a->duration_ms
                                                       : a->reached_at;
        int64_t y = order->keys[i] == ORDER_SCORE      ? a->score
                    : order->keys[i] == ORDER_DURATION ? b->duration_ms
                                                       : b->reached_at;

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static int compare_rows(const void *a, const void *b, void *order)
{
    const struct row *x = a, *y = b;
    int by_figures = compare_figures(order, &x->figure, &y->figure);

    return by_figures ? by_figures : (x->person > y->person) - (x->person < y->person);
}

static bool is_on(const struct model *model, const struct person *person, int board)
{
    return person->is_here &&
           (board == BOARD_ALL ||
            unions_is_within(model->unions, person->union_index, board));
}

/* The whole board by sorting; returns how many. */
static int expect(const struct model *model, int board, struct row *out)
{
    int n = 0;

    for (int i = 0; i < model->n_people; i++)
        if (is_on(model, &model->people[i], board))
            out[n++] = (struct row){ 0, i, model->people[i].union_index,
                                     model->people[i].figure };
    qsort_r(out, (size_t)n, sizeof(*out), compare_rows, (void *)model->order);
    for (int i = 0; i < n; i++) {
        bool is_level =
            i > 0 && model->order->is_shared &&
            compare_figures(model->order, &out[i - 1].figure, &out[i].figure) == 0;

        out[i].rank = is_level ? out[i - 1].rank : i + 1;
    }
    return n;
}

static void check_row(const struct row *got, const struct row *wanted)
{
    assert_int_equal(got->rank, wanted->rank);
    assert_int_equal(got->person, wanted->person);
    assert_int_equal(got->union_index, wanted->union_index);
    assert_int_equal(got->figure.score, wanted->figure.score);
    assert_int_equal(got->figure.duration_ms, wanted->figure.duration_ms);
    assert_int_equal(got->figure.reached_at, wanted->figure.reached_at);
}

static void check_pages(struct model *model, int board, const struct row *wanted, int n)
{
    struct row *page = memory_new((size_t)(n + 9) * sizeof(*page));

    for (int i = 0; i < 6; i++) {
        int from = i ? (int)draw(model, (uint64_t)n + 3) : 0;
        int limit = i ? (int)draw(model, 40) : n + 9;
        int rest = n > from ? n - from : 0;
        int got = league_page(model->league, board, from, limit, page);

        assert_int_equal(got, rest < limit ? rest : limit);
        for (int k = 0; k < got; k++)
            check_row(&page[k], &wanted[from + k]);
    }
    free(page);
}

static void check_finding(struct model *model, int board, const struct row *wanted,
                          int n)
{
    struct row row;

    for (int i = 0; i < n; i += 1 + n / 50) {
        assert_true(league_find(model->league, board, wanted[i].person, &row));
        check_row(&row, &wanted[i]);
        assert_int_equal(league_place_after(model->league, board, &wanted[i].figure,
                                            wanted[i].person),
                         i + 1);
        assert_int_equal(league_place_before(model->league, board, &wanted[i].figure,
                                             wanted[i].person),
                         i);
    }
    for (int i = 0; i < model->n_people; i += 1 + model->n_people / 50) {
        int32_t chosen = 99;

        assert_int_equal(league_find(model->league, board, i, &row),
                         is_on(model, &model->people[i], board));
        assert_int_equal(league_union(model->league, i, &chosen),
                         model->people[i].is_here);
        if (model->people[i].is_here)
            assert_int_equal(chosen, model->people[i].union_index);
    }
}

/* Cursors of lines that may not be there. */
static void check_places(struct model *model, int board, struct row *wanted, int n)
{
    for (int i = 0; i < 20; i++) {
        struct row cursor = { .person = draw(model, (uint64_t)model->n_people),
                              .figure = clamped(draw_figure(model)) };
        int place = 0;

        while (place < n &&
               compare_rows(&wanted[place], &cursor, (void *)model->order) <= 0)
            place++;
        assert_int_equal(
            league_place_after(model->league, board, &cursor.figure, cursor.person),
            place);
    }
}

static void check_sums(const struct model *model, int board, bool subtree)
{
    struct union_sums got = league_sums(model->league, board, subtree), wanted = { 0 };

    for (int i = 0; i < model->n_people; i++) {
        const struct person *person = &model->people[i];

        if (subtree ? !is_on(model, person, board)
                    : !person->is_here || person->union_index != board)
            continue;
        wanted.heads++;
        wanted.attempts += person->attempts;
        wanted.score += person->figure.score;
        wanted.duration_ms += person->figure.duration_ms;
    }
    assert_int_equal(got.heads, wanted.heads);
    assert_int_equal(got.attempts, wanted.attempts);
    assert_int_equal(got.score, wanted.score);
    assert_int_equal(got.duration_ms, wanted.duration_ms);
}

static void check(struct model *model)
{
    struct row *wanted = memory_new((size_t)model->n_people * sizeof(*wanted));

    for (int board = BOARD_ALL; board < unions_count(model->unions); board++) {
        int n = expect(model, board, wanted);

        assert_int_equal(league_count(model->league, board), n);
        check_pages(model, board, wanted, n);
        check_finding(model, board, wanted, n);
        check_places(model, board, wanted, n);
        check_sums(model, board, true);
        check_sums(model, board, false);
    }
    free(wanted);
}

static void live(const struct order *order, int n_tops, int with_none, int n_people)
{
    struct model model = model_new(order, n_tops, n_people);

    check(&model);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < n_people; i++)
            step(&model, with_none);
        check(&model);
    }
    for (int i = 0; i < n_people; i++)
        league_remove(model.league, i);
    memset(model.people, 0, (size_t)n_people * sizeof(*model.people));
    check(&model);
    for (int board = BOARD_ALL; board < unions_count(model.unions); board++)
        assert_int_equal(league_version(model.league, board), 0);
    model_done(&model);
}

static void a_few_people_stand_as_sorting_would_have_them_in_every_order(void **state)
{
    (void)state;
    for (int i = 0; i < N_ORDERS; i++) {
        live(&orders[i], 1, 0, 40);
        live(&orders[i], 2, 0, 40);
        live(&orders[i], 3, 1, 40);
    }
}

static void many_people_stand_as_sorting_would_have_them_in_every_order(void **state)
{
    (void)state;
    for (int i = 0; i < N_ORDERS; i++)
        live(&orders[i], 1 + i % 2, 1, 1500);
}

static void very_many_people_stand_as_sorting_would_have_them(void **state)
{
    (void)state;
    live(&orders[6], 1, 0, 20000);
}

static void without_a_union_one_stands_on_the_board_of_everybody_only(void **state)
{
    struct model model = model_new(&orders[2], 1, 500);

    (void)state;
    for (int i = 0; i < 400; i++)
        put(&model, i, draw_union(&model, 0), draw_figure(&model), 1);
    check(&model);
    put(&model, 450, BOARD_ALL, draw_figure(&model), 1);
    check(&model);
    assert_int_equal(league_count(model.league, BOARD_ALL), 401);
    assert_int_equal(league_count(model.league, 0), 400);
    put(&model, 450, 3, draw_figure(&model), 1);
    put(&model, 3, BOARD_ALL, draw_figure(&model), 1);
    check(&model);
    model_done(&model);
}

/* The same people, loaded at once in another league. */
static struct league *reload(const struct model *model)
{
    struct league *league = league_new(model->order, model->unions);

    for (int i = model->n_people - 1; i >= 0; i--)
        if (model->people[i].is_here)
            league_load(league, i, model->people[i].union_index,
                        &model->people[i].figure, (int)model->people[i].attempts);
    league_ready(league);
    return league;
}

static void loading_at_once_gives_the_same_boards_as_putting_each(void **state)
{
    (void)state;
    for (int i = 0; i < N_ORDERS * 2; i++) {
        struct model model = model_new(&orders[i / 2], 1 + i / 4 % 2, 1500);

        for (int k = 0; k < 3000; k++)
            step(&model, i % 2);
        struct league *grown = model.league;
        model.league = reload(&model);
        check(&model);
        for (int board = BOARD_ALL; board < unions_count(model.unions); board++)
            assert_int_equal(league_version(grown, board),
                             league_version(model.league, board));
        league_free(grown);
        for (int k = 0; k < 3000; k++)
            step(&model, 1);
        check(&model);
        model_done(&model);
    }
}

static void loading_adds_to_those_who_are_here(void **state)
{
    struct model model = model_new(&orders[6], 1, 900);

    (void)state;
    for (int i = 0; i < 600; i++)
        put(&model, i, draw_union(&model, 1), draw_figure(&model), 1);
    for (int i = 0; i < 300; i += 2) {
        model.people[i].is_here = false;
        league_remove(model.league, i);
    }
    for (int i = 600; i < 900; i++) {
        model.people[i] = (struct person){ true, draw_union(&model, 0),
                                           clamped(draw_figure(&model)), i };
        league_load(model.league, i, model.people[i].union_index,
                    &model.people[i].figure, i);
    }
    league_ready(model.league);
    check(&model);
    model_done(&model);
}

static void an_empty_league_can_be_made_ready(void **state)
{
    struct model model = model_new(&orders[0], 1, 1);

    (void)state;
    league_ready(model.league);
    check(&model);
    model_done(&model);
    league_free(NULL);
}

static void without_any_union_there_is_the_board_of_everybody(void **state)
{
    struct unions *unions = make_unions(0, 0);
    struct league *league = league_new(&orders[0], unions);
    struct row row;

    (void)state;
    league_load(league, 7, BOARD_ALL, &(struct figure){ 5, 5, 5 }, 1);
    league_ready(league);
    league_put(league, 8, BOARD_ALL, &(struct figure){ 6, 6, 6 }, 1);
    assert_true(league_find(league, BOARD_ALL, 7, &row));
    assert_int_equal(row.rank, 2);
    assert_int_equal(row.union_index, BOARD_ALL);
    league_free(league);
    unions_free(unions);
}

static void figures_beyond_the_limits_are_clamped(void **state)
{
    struct model model = model_new(&orders[5], 1, 4);
    struct row rows[4];

    (void)state;
    put(&model, 0, 0, (struct figure){ -1, -1, -1 }, 1);
    put(&model, 1, 0, (struct figure){ INT64_MAX, INT64_MAX, INT64_MAX }, 1);
    put(&model, 2, 0, (struct figure){ UINT32_MAX, UINT32_MAX, ((int64_t)1 << 42) - 1 },
        1);
    put(&model, 3, 0, (struct figure){ UINT32_MAX - 1, 0, 0 }, 1);
    assert_int_equal(league_page(model.league, 0, 0, 4, rows), 4);
    assert_int_equal(rows[0].person, 1);
    assert_int_equal(rows[0].figure.score, UINT32_MAX);
    assert_int_equal(rows[0].figure.duration_ms, UINT32_MAX);
    assert_int_equal(rows[0].figure.reached_at, ((int64_t)1 << 42) - 1);
    assert_int_equal(rows[1].person, 2);
    assert_int_equal(rows[2].person, 3);
    assert_int_equal(rows[3].figure.score, 0);
    assert_int_equal(rows[3].figure.duration_ms, 0);
    model_done(&model);
}

static void a_figure_outside_the_order_is_kept_but_ties_nobody_apart(void **state)
{
    struct model model = model_new(&orders[1], 1, 2);
    struct row row;

    (void)state;
    put(&model, 1, 0, (struct figure){ 10, 5, 6 }, 1);
    put(&model, 0, 0, (struct figure){ 10, 500, 600 }, 1);
    assert_true(league_find(model.league, BOARD_ALL, 0, &row));
    assert_int_equal(row.rank, 1);
    assert_int_equal(row.figure.duration_ms, 500);
    assert_int_equal(row.figure.reached_at, 600);
    assert_true(league_find(model.league, BOARD_ALL, 1, &row));
    assert_int_equal(row.rank, 1);
    model_done(&model);
}

static void the_version_tells_what_is_on_the_board(void **state)
{
    struct model model = model_new(&orders[2], 2, 10);
    struct figure figure = { 1, 2, 3 };

    (void)state;
    put(&model, 5, 0, figure, 1);
    uint64_t first = league_version(model.league, 0);
    assert_int_not_equal(first, 0);
    assert_int_equal(league_version(model.league, 1), 0);
    put(&model, 5, 0, figure, 0);
    assert_int_equal(league_version(model.league, 0), first);
    put(&model, 5, 0, (struct figure){ 1, 2, 4 }, 0);
    assert_int_not_equal(league_version(model.league, 0), first);
    put(&model, 5, 0, figure, 1);
    assert_int_not_equal(league_version(model.league, 0), first);
    put(&model, 5, 0, figure, -1);
    assert_int_equal(league_version(model.league, 0), first);
    put(&model, 5, 1, figure, 0);
    assert_int_equal(league_version(model.league, 0), 0);
    assert_int_not_equal(league_version(model.league, BOARD_ALL), first);
    model_done(&model);
}

static void attempts_go_along_to_another_union(void **state)
{
    struct model model = model_new(&orders[0], 2, 2);

    (void)state;
    put(&model, 0, 0, (struct figure){ 1, 1, 1 }, 3);
    put(&model, 0, 1, (struct figure){ 1, 1, 1 }, 1);
    assert_int_equal(league_sums(model.league, 0, true).attempts, 0);
    assert_int_equal(league_sums(model.league, 1, false).attempts, 4);
    assert_int_equal(league_sums(model.league, BOARD_ALL, true).attempts, 4);
    assert_int_equal(league_sums(model.league, BOARD_ALL, false).attempts, 0);
    model_done(&model);
}

static void a_person_on_one_board_costs_less_than_the_budget(void **state)
{
    enum { N = 50000 };
    struct model model = model_new(&orders[5], 1, N);

    (void)state;
    for (int64_t i = 0; i < N; i++)
        put(&model, i, 0,
            (struct figure){ draw(&model, 10000), draw(&model, 600000), i }, 1);
    assert_true(league_memory(model.league) < (size_t)N * 64);
    struct league *loaded = reload(&model);
    assert_true(league_memory(loaded) < (size_t)N * 56);
    league_free(loaded);
    model_done(&model);
}

static void memory_is_told_rightly_after_everybody_has_gone(void **state)
{
    struct model model = model_new(&orders[5], 1, 3000);

    (void)state;
    for (int64_t i = 0; i < model.n_people; i++)
        put(&model, i, draw_union(&model, 0), draw_figure(&model), 1);
    for (int64_t i = 0; i < model.n_people; i++)
        league_remove(model.league, i);
    size_t empty = league_memory(model.league);
    for (int64_t i = 0; i < model.n_people; i++)
        put(&model, i, draw_union(&model, 0), draw_figure(&model), 1);
    assert_true(league_memory(model.league) > empty);
    for (int64_t i = 0; i < model.n_people; i++)
        league_remove(model.league, i);
    assert_int_equal(league_memory(model.league), empty);
    model_done(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_people_stand_as_sorting_would_have_them_in_every_order),
        cmocka_unit_test(many_people_stand_as_sorting_would_have_them_in_every_order),
        cmocka_unit_test(very_many_people_stand_as_sorting_would_have_them),
        cmocka_unit_test(without_a_union_one_stands_on_the_board_of_everybody_only),
        cmocka_unit_test(loading_at_once_gives_the_same_boards_as_putting_each),
        cmocka_unit_test(loading_adds_to_those_who_are_here),
        cmocka_unit_test(an_empty_league_can_be_made_ready),
        cmocka_unit_test(without_any_union_there_is_the_board_of_everybody),
        cmocka_unit_test(figures_beyond_the_limits_are_clamped),
        cmocka_unit_test(a_figure_outside_the_order_is_kept_but_ties_nobody_apart),
        cmocka_unit_test(the_version_tells_what_is_on_the_board),
        cmocka_unit_test(attempts_go_along_to_another_union),
        cmocka_unit_test(a_person_on_one_board_costs_less_than_the_budget),
        cmocka_unit_test(memory_is_told_rightly_after_everybody_has_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
