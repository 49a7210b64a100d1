#pragma once
#include <stdint.h>

/* A small fast generator seeded with 32 bytes: xoshiro256** by D. Blackman and S.
 * Vigna, "Scrambled Linear Pseudorandom Number Generators" (ACM TOMS 2021).  The seed
 * is an HMAC, so what it yields cannot be foretold without the secret. */
struct random {
    uint64_t state[4];
};

void random_seed(struct random *random, const uint8_t seed[32], uint64_t stream);
uint64_t random_next(struct random *random);
/* Uniform in 0 .. n-1, n > 0: D. Lemire's method, without bias. */
uint32_t random_below(struct random *random, uint32_t n);
