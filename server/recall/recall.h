#pragma once

/*
 * How well a person remembers a question, and when to ask it again: the scheduler
 * FSRS-6 of open-spaced-repetition, with its 21 default parameters.  The formulas and
 * the parameters are those of "The Algorithm", section FSRS-6 (fsrs4anki wiki), as
 * py-fsrs 6 carries them out, whose published sequences of intervals the tests repeat.
 *
 * Memory is two numbers: stability S, the days after which the chance to recall has
 * fallen from 1 to 0.9 (at least 0.001), and difficulty D, 1 (easy) to 10 (hard).  Time
 * is counted in whole days; which day it is, the caller says.  Of what FSRS leaves
 * open: no fuzz, so that the same answers always give the same days; no learning or
 * relearning steps within a day, so that whatever is answered today comes again
 * tomorrow at the earliest.
 */
enum rating { RATING_AGAIN = 1, RATING_HARD, RATING_GOOD, RATING_EASY };

enum { RECALL_PARAMETERS = 21, RECALL_MAX_DAYS = 36500 };
extern const double recall_parameters[RECALL_PARAMETERS]; /* w0 .. w20 */

/* The chance to recall at which a question is asked again, unless something else is
 * wanted. */
#define RECALL_RETENTION 0.9

struct recall {
    double stability;  /* days */
    double difficulty; /* 1..10 */
};

/* After the first answer ever: S = w[G-1], D = w4 - e^(w5 (G-1)) + 1. */
struct recall recall_first(enum rating rating);

/* The chance to recall after so many days:
 * R(t,S) = (1 + f t/S)^-w20 with f = 0.9^(-1/w20) - 1, so that R(S,S) = 0.9. */
double recall_chance(const struct recall *recall, double days);

/* After another answer, so many days after the one before.  With R = R(days,S):
 *
 *   difficulty    D'' = D - w6 (G-3) (10-D)/9      (linear damping)
 *                 D'  = w7 D0(4) + (1-w7) D''      (mean reversion), within 1..10
 *   same day      S'  = S e^(w17 (G-3+w18)) S^-w19, not less than S for good and easy
 *   again         S'  = w11 D^-w12 ((S+1)^w13 - 1) e^(w14 (1-R)), at most S / e^(w17
 * w18) else          S'  = S (1 + e^w8 (11-D) S^-w9 (e^(w10 (1-R)) - 1) h) h   = w15
 * for hard, w16 for easy, else 1
 */
struct recall recall_next(const struct recall *was, enum rating rating, int days);

/* In how many days to ask again, 1..RECALL_MAX_DAYS: where R falls to `retention`,
 * I(r,S) = S/f (r^(-1/w20) - 1), rounded. */
int recall_interval(const struct recall *recall, double retention);
