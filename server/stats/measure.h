#pragma once
#include <stdbool.h>
#include "bank/question.h"
#include "stats/tally.h"

/*
 * What the counters of a question say about it.  n is how many attempts had it
 * (shown), x is 1 for whoever was right and else 0, y is the score.  All of it is
 * as well of a union with all below it: the counters of those who are of these
 * unions.
 *
 * facility: P = right / n.
 *
 *   F. M. Lord, M. R. Novick, Statistical Theories of Mental Test Scores,
 *   Addison-Wesley 1968, chapter 15 (there "difficulty")
 *
 * upper_lower: D = P(upper) - P(lower), among the 27 % of n with the best scores
 * and the 27 % with the worst.
 *
 *   T. L. Kelley, The selection of upper and lower groups for the validation of
 *   test items, Journal of Educational Psychology 30 (1939) 17-24
 *
 *   Limits: scores are known to the bins of struct histogram (5 % of full points,
 *   full points alone), which is exact for 20 questions of equal points; of the
 *   bin that a group's border runs through, everybody is taken in the proportion
 *   that fills the group.  Against whole percents that moves D by some hundredths
 *   at most, towards 0.
 *
 * point_biserial: r = (n Sxy - Sx Sy) / sqrt((n Sxx - Sx Sx) (n Syy - Sy Sy)),
 * the correlation of x and y; here Sx = Sxx = right, Sxy = the scores of those
 * who were right.
 *
 *   Lord and Novick 1968, section 15.5
 *
 * item_rest: the same with the score less what the question earned, since else a
 * question is correlated with itself.
 *
 *   S. Henrysson, Correction of item-total correlations in item analysis,
 *   Psychometrika 28 (1963) 211-218
 *
 * Discrimination of a topic: the mean of its questions' M, each weighted by its
 * n, since papers do not all show the same questions: sum(n M) / sum(n) over
 * those whose M is defined, for each M of the three above.
 *
 *   the mean of items for a set of them: R. L. Ebel, The relation of item
 *   discrimination to test reliability, Journal of Educational Measurement 4
 *   (1967) 125-128
 *
 * distractors: a wrong choice works when at least 5 % of n took it; the
 * efficiency is the share of those that work among the wrong choices.
 *
 *   T. M. Haladyna, S. M. Downing, How many options is enough for a
 *   multiple-choice test item?, Educational and Psychological Measurement 53
 *   (1993) 999-1010; M. Tarrant, J. Ware, A. M. Mohammed, BMC Medical Education 9
 *   (2009) 40
 *
 * exposure: n / attempts that count: how much of the bank the papers give away.
 *
 *   M. L. Stocking, C. Lewis, Controlling item exposure conditional on ability in
 *   computerized adaptive testing, JEBS 23 (1998) 57-75
 *
 * A measure that is not defined is said to be so and is never a number: nothing
 * was shown, all scores or all answers are alike, or n is below ENOUGH
 * (discrimination) or ENOUGH_CHOICES (distractors: with fewer, 5 % is less than
 * one person).
 */
enum { ENOUGH = 10, ENOUGH_CHOICES = 20 };

struct measured {
    bool is_defined;
    double value;
};

struct measured measure_ratio(int64_t part,
                              int64_t whole); /* facility, exposure, shares */
struct measured measure_upper_lower(const struct histogram *histogram);
struct measured measure_point_biserial(const struct tally *tally);
struct measured measure_item_rest(const struct tally *tally);

enum { UPPER_LOWER, POINT_BISERIAL, ITEM_REST, DISCRIMINATIONS };
struct discrimination {
    struct measured by[DISCRIMINATIONS];
};
struct discrimination measure_discrimination(const struct tally *tally,
                                             const struct histogram *histogram);

/* Of several questions together; begins as zero. */
struct discriminations {
    double sum[DISCRIMINATIONS];
    int64_t n[DISCRIMINATIONS];
};
void measure_gather(struct discriminations *all, const struct discrimination *one,
                    int64_t n);
struct discrimination measure_mean(const struct discriminations *all);

/* Of a blank: not defined. */
struct measured measure_distractors(const struct tally *tally,
                                    const struct question *question);
bool measure_works(const struct tally *tally, int choice);   /* at least 5 % took it */
struct measured measure_spent_ms(const struct tally *tally); /* the mean */
