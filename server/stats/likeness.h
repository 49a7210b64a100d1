#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Pairs of attempts that are alike in what they got wrong.  Two people who know the
 * answer both give it; that both choose the same wrong one again and again is hard to
 * explain unless one saw the other's.  Of the questions that both met
 *
 *   EEIC   exact errors in common: both wrong, with the same answer
 *   EIC    errors in common: both answered, both wrong
 *   D      differences: answered differently, or by one only
 *
 * and a pair is alike when EEIC >= 6, EEIC / D >= 1 and EEIC / EIC >= 0.75.
 *
 *   D. N. Harpp, J. J. Hogan, Crime in the classroom, Journal of Chemical Education 70
 * (1993) 306-311 (EEIC / EIC); D. N. Harpp, J. J. Hogan, J. S. Jennings, part II, the
 * same 73 (1996) 349-351 (EEIC / D, at least 6 exact errors)
 *
 * It is no probability, and says little of good papers, of short ones, and where papers
 * have few questions in common: then a pair cannot reach 6.  For a person to look at.
 */
enum { LIKE_ERRORS = 6, MAX_LIKE = 600, MAX_PAIRS = 200 };

struct response {      /* to one question */
    uint64_t question; /* names it: the same for the same */
    uint64_t answer;   /* names what was answered; 0: nothing */
    bool is_right;
};

struct responses { /* an attempt */
    int64_t person;
    int n;
    struct response *all; /* sorted by likeness_sort */
};

struct likeness {
    int a, b; /* places of the attempts, a < b */
    int n_met, exact_errors, errors, differences;
};

void likeness_sort(struct responses *responses);

/* Compares every two attempts of different people, at most MAX_LIKE attempts: those
 * with exact errors enough are found by the answers they have in common, and only these
 * are compared whole.  `out` has MAX_PAIRS; the pairs with the most exact errors are
 * kept, in that order. */
int likeness_find(const struct responses *attempts, int n, struct likeness *out);
