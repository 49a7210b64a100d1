#pragma once
#include <stdint.h>

/* FNV-1a, by G. Fowler, L. Noll and K.-P. Vo, with its halves folded: for tables whose size
 * is a power of two. */
static inline uint64_t hash_string(const char *string)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (; *string; string++)
        hash = (hash ^ (unsigned char)*string) * 0x100000001b3u;
    return hash ^ hash >> 32;
}
