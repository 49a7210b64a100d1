#include "stats/measure.h"

#include <math.h>

static struct measured defined(double value)
{
    return (struct measured){ true, value };
}

struct measured measure_ratio(int64_t part, int64_t whole)
{
    if (whole <= 0)
        return (struct measured){ 0 };
    return defined((double)part / (double)whole);
}

/* The share of right among the `size` people at one end of the histogram. */
static double right_at_end(const struct histogram *histogram, double size,
                           bool is_upper)
{
    double left = size, right = 0;

    for (int i = 0; i < BINS && left > 0; i++) {
        int bin = is_upper ? BINS - 1 - i : i;
        double here = (double)histogram->shown[bin];
        double taken = here < left ? here : left;

        if (here > 0)
            right += (double)histogram->right[bin] * taken / here;
        left -= taken;
    }
    return right / size;
}

struct measured measure_upper_lower(const struct histogram *histogram)
{
    int64_t n = 0;

    for (int i = 0; i < BINS; i++)
        n += histogram->shown[i];
    if (n < ENOUGH)
        return (struct measured){ 0 };
    double size = 0.27 * (double)n;
    return defined(right_at_end(histogram, size, true) -
                   right_at_end(histogram, size, false));
}

/* Of a variable of 0 and 1 with another.  The differences are exact: only their
 * quotient is rounded. */
static struct measured correlation(int64_t n, int64_t sx, int64_t sy, int64_t syy,
                                   int64_t sxy)
{
    __int128 covariance = (__int128)n * sxy - (__int128)sx * sy;
    __int128 variance_x = (__int128)n * sx - (__int128)sx * sx;
    __int128 variance_y = (__int128)n * syy - (__int128)sy * sy;

    if (n < ENOUGH || variance_x <= 0 || variance_y <= 0)
        return (struct measured){ 0 };
    return defined((double)covariance / sqrt((double)variance_x) /
                   sqrt((double)variance_y));
}

struct measured measure_point_biserial(const struct tally *tally)
{
    return correlation(tally->shown, tally->right, tally->score, tally->score_squares,
                       tally->score_right);
}

struct measured measure_item_rest(const struct tally *tally)
{
    return correlation(tally->shown, tally->right, tally->rest, tally->rest_squares,
                       tally->rest_right);
}

struct discrimination measure_discrimination(const struct tally *tally,
                                             const struct histogram *histogram)
{
    return (struct discrimination){ { [UPPER_LOWER] = measure_upper_lower(histogram),
                                      [POINT_BISERIAL] = measure_point_biserial(tally),
                                      [ITEM_REST] = measure_item_rest(tally) } };
}

void measure_gather(struct discriminations *all, const struct discrimination *one,
                    int64_t n)
{
    for (int i = 0; i < DISCRIMINATIONS; i++)
        if (one->by[i].is_defined) {
            all->sum[i] += (double)n * one->by[i].value;
            all->n[i] += n;
        }
}

struct discrimination measure_mean(const struct discriminations *all)
{
    struct discrimination out = { 0 };

    for (int i = 0; i < DISCRIMINATIONS; i++)
        if (all->n[i] > 0)
            out.by[i] = defined(all->sum[i] / (double)all->n[i]);
    return out;
}

bool measure_works(const struct tally *tally, int choice)
{
    return tally->chosen[choice] * 20 >= tally->shown;
}

struct measured measure_distractors(const struct tally *tally,
                                    const struct question *question)
{
    int n = 0, n_working = 0;

    if (question->type == QUESTION_BLANK || tally->shown < ENOUGH_CHOICES)
        return (struct measured){ 0 };
    for (int i = 0; i < question->n_choices; i++) {
        if (question->key >> i & 1)
            continue;
        n++;
        n_working += measure_works(tally, i);
    }
    return measure_ratio(n_working, n);
}

struct measured measure_spent_ms(const struct tally *tally)
{
    return measure_ratio(tally->spent * 100, tally->n_spent);
}
