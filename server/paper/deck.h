#pragma once
#include <stdint.h>
#include "util/arena.h"

/*
 * A pool of n questions (0 .. n-1) dealt out in slices of `count`, without end and
 * without a memory: the slice of any ordinal follows from the seed alone.
 *
 * The slices are cut from one endless sequence, cycle after cycle, and each cycle has
 * every question exactly once, in an order of its own.  So nobody meets a question
 * again before all have been met.  Within a slice no question stands twice either,
 * although one slice may hold the end of a cycle and the beginning of the next (deck.c
 * says how).
 */
struct deck {
    const uint8_t *seed; /* 32 bytes */
    int section;         /* decks of one seed and different sections are independent */
    int n, count;        /* 1 <= count <= n */
    uint32_t *order;     /* the cycle being dealt */
    uint8_t
        *in_tail; /* which questions the slice has from the end of the cycle before */
};

void deck_init(struct deck *deck, struct arena *arena, const uint8_t seed[32],
               int section, int n, int count);
/* The questions of the slice with this ordinal (from 1); `out` gets `count`. */
void deck_slice(struct deck *deck, int ordinal, uint32_t *out);
