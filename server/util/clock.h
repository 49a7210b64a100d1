#pragma once
#include <stdint.h>
#include <time.h>

/* Time of this machine.  Pure rooms never ask: `now` is given to them. */

/* Microseconds since some moment, never stepped: for how long a thing takes. */
static inline int64_t clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline int64_t clock_ms(void)
{
    return clock_us() / 1000;
}

/* Milliseconds since 1970, as the machine believes. */
static inline int64_t clock_wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
