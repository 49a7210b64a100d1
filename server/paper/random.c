#include "paper/random.h"

/* The finalizer of SplitMix64 (S. Vigna): every bit of the input reaches every bit. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint64_t little_endian(const uint8_t bytes[8])
{
    uint64_t word = 0;

    for (int i = 7; i >= 0; i--)
        word = word << 8 | bytes[i];
    return word;
}

/* Each word is mixed with the one before, the first with the stream, and round again,
 * so that each word of the state depends on all.  xoshiro is linear: states that
 * differed by a few bits only would run side by side for a while. */
void random_seed(struct random *random, const uint8_t seed[32], uint64_t stream)
{
    uint64_t last = mix(stream + 0x9e3779b97f4a7c15u);

    for (int i = 0; i < 4; i++)
        random->state[i] = last = mix(little_endian(seed + i * 8) ^ last);
    for (int i = 0; i < 4; i++)
        random->state[i] = last = mix(random->state[i] ^ last);
    if (!(random->state[0] | random->state[1] | random->state[2] | random->state[3]))
        random->state[0] = 1; /* the one state that xoshiro never leaves */
}

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state, result = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t random_below(struct random *random, uint32_t n)
{
    uint64_t product = (random_next(random) >> 32) * n;

    if ((uint32_t)product < n) {
        uint32_t unfair = -n % n; /* 2^32 mod n */

        while ((uint32_t)product < unfair)
            product = (random_next(random) >> 32) * n;
    }
    return (uint32_t)(product >> 32);
}
