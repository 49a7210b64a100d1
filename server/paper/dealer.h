#pragma once
#include <stdint.h>
#include "paper/paper.h"

/*
 * Deals the papers of one seed, one after another, without a memory: what the paper of
 * any ordinal has follows from the plan and the seed alone.
 *
 * Each section deals its pool in cycles, and each cycle is a random order of its own. A
 * question that does not fit the paper in hand (it shares a group with one that stands
 * in it, or stands in it itself) waits, and goes before all others as soon as it fits.
 * A cycle is over when nothing that is left of it fits; what still waits then goes
 * first in the next, and has no second place there.  paper.h says what this promises.
 *
 * Sections take turns in being the first to choose.  So whatever waits at the head of
 * its section has an empty paper before it in one paper of n_sections, and comes: with
 * p before it, a question waits for at most (p + 1) * n_sections papers.
 *
 * To know what waits one must deal from the first paper on, at some nanoseconds for
 * each question; so after plan->epoch papers all begins anew, as with another seed.
 */

/* The questions of the paper with this ordinal (from 1), by their places in the pools,
 * section after section; `out` gets n_questions. */
void dealer_deal(const struct plan *plan, const uint8_t seed[SEED_BYTES], int ordinal,
                 struct arena *arena, uint32_t *out);

/* Where dealing stands; begin with zeros.  Who wants many papers of one person asks for them
 * with rising ordinals, and each is dealt on from the one before; whatever is asked, the
 * papers are the same.  The arena must outlive it, and be the same each time. */
struct dealing {
    struct dealer *dealer;
    uint8_t seed[SEED_BYTES];
    int ordinal, first;
};
void dealer_deal_on(struct dealing *dealing, const struct plan *plan,
                    const uint8_t seed[SEED_BYTES], int ordinal, struct arena *arena,
                    uint32_t *out);
