/* The measures against the same computed from every single attempt, by other formulas.
 */
#include "../paper/sample.h"
#include "stats/measure.h"
#include "../../support/pick.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 400 };

/* People who are better are right more often. */
static int make_up(struct meeting *out, int n)
{
    for (int i = 0; i < n; i++) {
        int score = pick(21) * 500;

        out[i] = (struct meeting){
            .is_given = pick(10) > 0,
            .is_right = pick(FULL_SHARE) < score / 2 + 2000,
            .chosen = (uint16_t)(1 << pick(4)),
            .spent = pick(3) ? pick(600) : -1,
            .score = score,
        };
        out[i].rest = score - (out[i].is_right ? 500 : 0);
    }
    return n;
}

static void count(const struct meeting *meetings, int n, struct tally *tally,
                  struct histogram *histogram)
{
    *tally = (struct tally){ 0 };
    *histogram = (struct histogram){ 0 };
    for (int i = 0; i < n; i++) {
        tally_count(tally, &meetings[i], 1);
        histogram->shown[histogram_bin(meetings[i].score)]++;
        histogram->right[histogram_bin(meetings[i].score)] += meetings[i].is_right;
    }
}

/* How much of a person is in the group of `size` at one end: whoever shares a bin with
 * the border is in it as far as room is left for all of them. */
static double weight(const struct meeting *all, int n, int i, double size, int sign)
{
    int n_before = 0, n_same = 0;

    for (int j = 0; j < n; j++) {
        int difference =
            sign * (histogram_bin(all[j].score) - histogram_bin(all[i].score));

        n_before += difference > 0;
        n_same += difference == 0;
    }
    return fmin(1, fmax(0, (size - n_before) / n_same));
}

static double brute_discrimination(const struct meeting *all, int n)
{
    double size = 0.27 * n, upper = 0, lower = 0;

    for (int i = 0; i < n; i++)
        if (all[i].is_right) {
            upper += weight(all, n, i, size, 1);
            lower += weight(all, n, i, size, -1);
        }
    return (upper - lower) / size;
}

/* (mean of the right less mean of the wrong) / deviation * sqrt(pq) */
static double brute_biserial(const struct meeting *all, int n, bool is_rest)
{
    double sum[2] = { 0 }, squares = 0;
    int heads[2] = { 0 };

    for (int i = 0; i < n; i++) {
        sum[all[i].is_right] += is_rest ? all[i].rest : all[i].score;
        heads[all[i].is_right]++;
    }
    double mean = (sum[0] + sum[1]) / n, p = (double)heads[1] / n;
    for (int i = 0; i < n; i++)
        squares += pow((is_rest ? all[i].rest : all[i].score) - mean, 2);
    return (sum[1] / heads[1] - sum[0] / heads[0]) / sqrt(squares / n) *
           sqrt(p * (1 - p));
}

static void assert_near(struct measured found, double expected)
{
    assert_true(found.is_defined);
    if (fabs(found.value - expected) > 1e-9)
        fail_msg("%.12f is not %.12f", found.value, expected);
}

static void the_measures_are_those_of_every_single_attempt(void **state)
{
    struct meeting all[MOST];

    (void)state;
    for (int round = 0; round < 200; round++) {
        int n = make_up(all, 40 + pick(MOST - 40));
        struct tally tally;
        struct histogram histogram;
        int right = 0;

        count(all, n, &tally, &histogram);
        for (int i = 0; i < n; i++)
            right += all[i].is_right;
        assert_near(measure_ratio(tally.right, tally.shown), (double)right / n);
        assert_near(measure_upper_lower(&histogram), brute_discrimination(all, n));
        assert_near(measure_point_biserial(&tally), brute_biserial(all, n, false));
        assert_near(measure_item_rest(&tally), brute_biserial(all, n, true));
    }
}

static void bins_begin_at_every_five_percent(void **state)
{
    (void)state;
    assert_int_equal(histogram_bin(0), 0);
    assert_int_equal(histogram_bin(499), 0);
    assert_int_equal(histogram_bin(500), 1);
    assert_int_equal(histogram_bin(9999), BINS - 2);
    assert_int_equal(histogram_bin(FULL_SHARE), BINS - 1);
}

/* With everybody's own percent and random order within it, instead of bins. */
static double sharp_discrimination(const struct meeting *all, int n)
{
    int size = (int)(0.27 * n + 0.5), left = size, right = 0;

    for (int score = FULL_SHARE; score >= 0 && left; score -= 100)
        for (int i = 0; i < n && left; i++)
            if (all[i].score == score)
                right += all[i].is_right, left--;
    left = size;
    for (int score = 0; score <= FULL_SHARE && left; score += 100)
        for (int i = 0; i < n && left; i++)
            if (all[i].score == score)
                right -= all[i].is_right, left--;
    return (double)right / size;
}

/* What measure.h says of them, for papers of 100 points of one. */
static void bins_move_upper_lower_by_some_hundredths_at_most(void **state)
{
    enum { MANY = 20000 };
    struct meeting *all = calloc(MANY, sizeof(*all));

    (void)state;
    for (int round = 0; round < 20; round++) {
        struct tally tally;
        struct histogram histogram;

        for (int i = 0; i < MANY; i++) { /* about 70 %, 15 % up or down */
            int score = 0;

            for (int k = 0; k < 4; k++)
                score += pick(27);
            score = (score + 18) * 100 > FULL_SHARE ? FULL_SHARE : (score + 18) * 100;
            all[i] = (struct meeting){ .is_right = pick(FULL_SHARE) < score,
                                       .score = score };
        }
        count(all, MANY, &tally, &histogram);
        assert_float_equal(measure_upper_lower(&histogram).value,
                           sharp_discrimination(all, MANY), 0.03);
    }
    free(all);
}

static void together_each_weighs_as_often_as_it_was_shown(void **state)
{
    const struct discrimination one = { { { true, 0.5 }, { true, 0.1 } } };
    const struct discrimination other = { { { true, -0.1 }, { 0 }, { true, 0.3 } } };
    struct discriminations all = { 0 };

    (void)state;
    for (int i = 0; i < DISCRIMINATIONS; i++)
        assert_false(measure_mean(&all).by[i].is_defined);
    measure_gather(&all, &one, 300);
    measure_gather(&all, &other, 100);
    struct discrimination mean = measure_mean(&all);
    assert_near(mean.by[UPPER_LOWER], 0.35);
    assert_near(mean.by[POINT_BISERIAL], 0.1);
    assert_near(mean.by[ITEM_REST], 0.3);
}

static void known_figures_come_out(void **state)
{
    /* ten people with 10 % .. 100 %, the best five of them right */
    struct histogram histogram = { 0 };
    struct tally tally = { 0 };

    (void)state;
    for (int i = 1; i <= 10; i++) {
        struct meeting meeting = { .is_right = i > 5, .spent = i, .score = i * 1000 };

        tally_count(&tally, &meeting, 1);
        histogram.shown[i * 2] = 1;
        histogram.right[i * 2] = i > 5;
    }
    assert_near(measure_upper_lower(&histogram), 1);
    assert_near(measure_point_biserial(&tally), 5 / sqrt(33)); /* by hand */
    assert_near(measure_spent_ms(&tally), 550);
}

static void what_is_not_defined_is_said_to_be_so(void **state)
{
    struct tally none = { 0 }, few = { .shown = ENOUGH - 1, .right = 3 };
    struct tally all_right = {
        .shown = 50, .right = 50, .score = 100, .score_squares = 400
    };
    struct tally all_alike = { .shown = 50,
                               .right = 20,
                               .score = 50 * 500,
                               .score_squares = 50 * 500 * 500,
                               .score_right = 20 * 500 };
    struct histogram empty = { 0 };

    (void)state;
    assert_false(measure_ratio(none.right, none.shown).is_defined);
    assert_false(measure_spent_ms(&none).is_defined);
    assert_false(measure_upper_lower(&empty).is_defined);
    assert_false(measure_point_biserial(&none).is_defined);
    assert_false(measure_point_biserial(&few).is_defined);
    assert_false(measure_point_biserial(&all_right).is_defined);
    assert_false(measure_point_biserial(&all_alike).is_defined);
    assert_false(measure_item_rest(&all_alike).is_defined);
}

static void a_distractor_works_from_five_in_a_hundred_on(void **state)
{
    /* single, five choices, key B: A and C work, D is one short of it, nobody took E */
    const struct question *single = sample_question(*state, "a", 1, QUESTION_SINGLE, 1);
    const struct question *blank = sample_question(*state, "a", 2, QUESTION_BLANK, 1);
    struct tally tally = { .shown = 100, .chosen = { 5, 70, 21, 4, 0 } };

    assert_near(measure_distractors(&tally, single), 0.5);
    assert_false(measure_distractors(&tally, blank).is_defined);
    tally.shown = ENOUGH_CHOICES - 1;
    assert_false(measure_distractors(&tally, single).is_defined);
}

static void very_many_attempts_lose_no_digit(void **state)
{
    struct tally few = { 0 }, many = { 0 };

    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct meeting meeting = { .is_right = i % 3 == 0,
                                   .score = i % 3 ? 9999 : FULL_SHARE };

        tally_count(&few, &meeting, 1);
    }
    for (int i = 0; i < 100000; i++) /* 10^8 attempts */
        tally_merge(&many, &few, 1);
    assert_near(measure_point_biserial(&many), 1);
    assert_near(measure_point_biserial(&few), 1);
}

static int make_arena(void **state)
{
    struct arena *arena = malloc(sizeof(*arena));

    arena_init(arena);
    *state = arena;
    return 0;
}

static int drop_arena(void **state)
{
    arena_done(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_measures_are_those_of_every_single_attempt),
        cmocka_unit_test(bins_begin_at_every_five_percent),
        cmocka_unit_test(bins_move_upper_lower_by_some_hundredths_at_most),
        cmocka_unit_test(together_each_weighs_as_often_as_it_was_shown),
        cmocka_unit_test(known_figures_come_out),
        cmocka_unit_test(what_is_not_defined_is_said_to_be_so),
        cmocka_unit_test(a_distractor_works_from_five_in_a_hundred_on),
        cmocka_unit_test(very_many_attempts_lose_no_digit),
    };

    return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
