#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "bank/question.h"

/*
 * The counters of one question: all that its measures (stats/measure.h) are made of.
 * They are sums of whole numbers over the attempts that had the question, so they merge
 * by addition, and what was counted can be taken back exactly.
 *
 * Scores are shares of the paper's full points in hundredths of a percent (0 .. 10000,
 * rounded down), so that papers with other points may be added; the rest is the same
 * without what the question itself earned.
 */
enum { FULL_SHARE = 10000 };

struct tally { /* nothing but int64_t: tally_merge goes through it as an array */
    int64_t shown, given, right;
    int64_t other;               /* blanks with a text that is not accepted */
    int64_t chosen[MAX_CHOICES]; /* by place in the question, as in its file */
    int64_t spent, n_spent;      /* tenths of a second, and how many told them */
    int64_t score, score_squares,
        score_right; /* sums of all; of those who were right */
    int64_t rest, rest_squares, rest_right;
};

enum { TALLY_COUNTERS = sizeof(struct tally) / sizeof(int64_t) };

/* One question met in one attempt. */
struct meeting {
    bool is_given, is_right, is_other;
    uint16_t chosen;
    int spent; /* tenths of a second; -1: not told */
    int score, rest;
};

/* sign: 1 counts it, -1 takes it back. */
void tally_count(struct tally *tally, const struct meeting *meeting, int sign);
void tally_merge(struct tally *tally, const struct tally *other, int sign);

/* Who met the question and who was right, by the score in bins of 5 %, for comparing
 * the best with the worst: from 0 on, from 5 % on, ..., and full points alone. */
enum { BINS = 21 };

struct histogram {
    int64_t shown[BINS], right[BINS];
};

int histogram_bin(int score); /* 0 .. BINS - 1 */
