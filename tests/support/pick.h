#pragma once
#include <stdint.h>

/* Chance for tests, the same in every run: splitmix64, by S. Vigna.  A program may seed it. */
static uint64_t random_state = 3;

static int pick(int n)
{
    uint64_t z = (random_state += 0x9e3779b97f4a7c15u);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (int)((z ^ z >> 31) % (uint64_t)n);
}
