#include "stats/tally.h"

#include <assert.h>

static_assert(sizeof(struct tally) % sizeof(int64_t) == 0, "only counters");

void tally_count(struct tally *tally, const struct meeting *meeting, int sign)
{
    int64_t score = meeting->score, rest = meeting->rest;

    tally->shown += sign;
    tally->given += sign * meeting->is_given;
    tally->right += sign * meeting->is_right;
    tally->other += sign * meeting->is_other;
    for (int i = 0; i < MAX_CHOICES; i++)
        tally->chosen[i] += sign * (meeting->chosen >> i & 1);
    if (meeting->spent >= 0) {
        tally->spent += sign * meeting->spent;
        tally->n_spent += sign;
    }
    tally->score += sign * score;
    tally->score_squares += sign * score * score;
    tally->score_right += sign * score * meeting->is_right;
    tally->rest += sign * rest;
    tally->rest_squares += sign * rest * rest;
    tally->rest_right += sign * rest * meeting->is_right;
}

void tally_merge(struct tally *tally, const struct tally *other, int sign)
{
    int64_t *to = (int64_t *)tally;
    const int64_t *from = (const int64_t *)other;

    for (int i = 0; i < TALLY_COUNTERS; i++)
        to[i] += sign * from[i];
}

int histogram_bin(int score)
{
    return score / (FULL_SHARE / (BINS - 1));
}
