#pragma once
#include <stdbool.h>
#include <stdint.h>

/*
 * An attempt that was right faster than anybody reads.  Who answers a multiple-choice
 * question in less than some three seconds has not read it, and is then right no more
 * often than by chance (S. L. Wise, X. Kong, Response time effort, Applied Measurement
 * in Education 18 (2005) 163-183).  So, of an attempt with at least 5 answers, it is
 * hasty
 *
 *   by the server's clock: less than 2 s an answer, and at least 80 % of the answers
 * right; or as the client tells: at least 5 right answers of less than 1 s, and these
 * are at least half of all answers.
 *
 * It may still be somebody who knows the bank by heart, or a client that tells
 * nonsense: a person decides, nothing is voided by it.
 */
struct haste {
    int n_given, n_right;
    int n_quick; /* right in less than a second, as the client tells; -1: it tells
                    nothing */
    int64_t duration_ms;
};

enum {
    HASTE_ANSWERS = 5,
    HASTE_ANSWER_MS = 2000,
    HASTE_RIGHT_PERCENT = 80,
    HASTE_QUICK_UNITS = 10 /* tenths of a second */
};

bool haste_is(const struct haste *haste);
