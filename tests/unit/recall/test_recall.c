#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "recall/recall.h"

#define A RATING_AGAIN
#define G RATING_GOOD
#define E RATING_EASY

/* A card answered again and again: first with days[0] ignored. */
static struct recall answered(const enum rating *ratings, const int *days, int n)
{
    struct recall recall = recall_first(ratings[0]);

    for (int i = 1; i < n; i++)
        recall = recall_next(&recall, ratings[i], days[i]);
    return recall;
}

static void assert_near(double found, double expected, double most)
{
    if (!(fabs(found - expected) <= most))
        fail_msg("%.10f is not %.10f", found, expected);
}

/* py-fsrs 6, test_review_card: each answer is given when the card is due.  Its learning
 * steps, of minutes, are answers on the same day, after which its interval is 0. */
static void the_published_intervals_come_out(void **state)
{
    static const enum rating ratings[] = { G, G, G, G, G, G, A, A, G, G, G, G, G };
    static const int published[] = { 0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21 };
    struct recall recall = recall_first(G);

    (void)state;
    for (int i = 1; i < 13; i++) {
        recall = recall_next(&recall, ratings[i], published[i - 1]);
        if (ratings[i] != A)
            assert_int_equal(recall_interval(&recall, RECALL_RETENTION), published[i]);
    }
}

/* py-fsrs 6, test_memo_state. */
static void the_published_memory_comes_out(void **state)
{
    static const enum rating ratings[] = { A, G, G, G, G, G };
    static const int days[] = { 0, 0, 1, 3, 8, 21 };
    struct recall recall = answered(ratings, days, 6);

    (void)state;
    assert_near(recall.stability, 53.62691, 1e-5);
    assert_near(recall.difficulty, 6.3574867, 1e-6);
}

/* py-fsrs, test_repeated_correct_reviews. */
static void what_is_easy_each_time_is_as_easy_as_can_be(void **state)
{
    static const enum rating ratings[] = { E, E, E, E, E, E, E, E, E, E };
    static const int days[10] = { 0 };
    struct recall recall = answered(ratings, days, 10);

    (void)state;
    assert_true(recall.difficulty == 1.0);
}

/* py-fsrs, test_stability_lower_bound. */
static void memory_never_falls_below_its_least(void **state)
{
    struct recall recall = recall_first(A);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        recall = recall_next(&recall, A, i % 3);
        assert_true(recall.stability >= 0.001);
        assert_true(recall.difficulty >= 1 && recall.difficulty <= 10);
        assert_int_equal(recall_interval(&recall, RECALL_RETENTION), 1);
    }
}

static void the_chance_is_nine_tenths_after_the_stability(void **state)
{
    static const double stabilities[] = { 0.001, 0.212, 1, 2.3065, 53.6, 36500 };

    (void)state;
    for (int i = 0; i < 6; i++) {
        struct recall recall = { stabilities[i], 5 };

        assert_near(recall_chance(&recall, 0), 1, 0);
        assert_near(recall_chance(&recall, recall.stability), 0.9, 1e-12);
        assert_true(recall_chance(&recall, recall.stability * 2) < 0.9);
    }
}

static void an_interval_ends_where_the_wanted_chance_is_reached(void **state)
{
    struct recall recall = { 100, 5 };

    (void)state;
    assert_int_equal(recall_interval(&recall, 0.9), 100);
    for (double wanted = 0.75; wanted < 0.99; wanted += 0.01) {
        int days = recall_interval(&recall, wanted);

        assert_true(recall_chance(&recall, days + 0.5001) <= wanted);
        assert_true(recall_chance(&recall, days - 0.5001) >= wanted);
    }
    recall.stability = 1e9;
    assert_int_equal(recall_interval(&recall, 0.9), RECALL_MAX_DAYS);
    recall.stability = 0.001;
    assert_int_equal(recall_interval(&recall, 0.9), 1);
}

/* ---- the same scheduler once more, put together otherwise: logarithms of stability,
 * and tables of what depends on the rating alone ---- */

static double ln_gain(double s, double d, int rating, int days)
{
    const double *w = recall_parameters;
    const double steps[] = { -2, -1, 0, 1 }, bonus[] = { 0, w[15], 1, w[16] };
    double u = 1 + days / s * expm1(-log(0.9) / w[20]), ln_r = -w[20] * log(u);

    if (!days) {
        double ln = w[17] * steps[rating - 1] + w[17] * w[18] - w[19] * log(s);
        return rating > 2 && ln < 0 ? 0 : ln;
    }
    if (rating == 1) {
        double ln_after = log(w[11]) - w[12] * log(d) + log(expm1(w[13] * log1p(s))) +
                          w[14] * -expm1(ln_r);
        double most = log(s) - w[17] * w[18];
        return (ln_after < most ? ln_after : most) - log(s);
    }
    return log1p(exp(w[8] - w[9] * log(s)) * (11 - d) * expm1(w[10] * -expm1(ln_r)) *
                 bonus[rating - 1]);
}

static double clamp(double value)
{
    return value < 1 ? 1 : value > 10 ? 10 : value;
}

static void an_independent_reckoning_agrees(void **state)
{
    const double *w = recall_parameters;
    uint32_t chance = 2463534242u;

    (void)state;
    for (int card = 0; card < 400; card++) {
        struct recall recall = { 0 };
        double ln_s = 0, d = 0;

        for (int i = 0; i < 40; i++) {
            chance ^= chance << 13, chance ^= chance >> 17, chance ^= chance << 5;
            int rating = (int)(chance % 4) + 1,
                days = (int)(chance >> 8) % (1 << i % 9);

            if (i == 0) {
                recall = recall_first((enum rating)rating);
                ln_s = log(w[rating - 1]);
                d = clamp(1 + w[4] - exp(w[5] * (rating - 1)));
            } else {
                recall = recall_next(&recall, (enum rating)rating, days);
                ln_s += ln_gain(exp(ln_s), d, rating, days);
                ln_s = ln_s < log(0.001) ? log(0.001) : ln_s;
                d = clamp(w[7] * (1 + w[4] - exp(w[5] * 3)) +
                          (1 - w[7]) * (d + (3 - rating) * w[6] * (10 - d) / 9));
            }
            assert_near(log(recall.stability), ln_s, 1e-9);
            assert_near(recall.difficulty, d, 1e-9);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_intervals_come_out),
        cmocka_unit_test(the_published_memory_comes_out),
        cmocka_unit_test(what_is_easy_each_time_is_as_easy_as_can_be),
        cmocka_unit_test(memory_never_falls_below_its_least),
        cmocka_unit_test(the_chance_is_nine_tenths_after_the_stability),
        cmocka_unit_test(an_interval_ends_where_the_wanted_chance_is_reached),
        cmocka_unit_test(an_independent_reckoning_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
