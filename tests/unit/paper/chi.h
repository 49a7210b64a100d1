#pragma once
#include <math.h>

/* The sum of squared differences from what is expected, each in units of that. */
static inline double chi_square(const int *observed, int n, double expected)
{
    double sum = 0;

    for (int i = 0; i < n; i++)
        sum += (observed[i] - expected) * (observed[i] - expected) / expected;
    return sum;
}

/* What chance exceeds once in ten thousand tries (Wilson and Hilferty's approximation).
 */
static inline double chi_square_limit(int degrees)
{
    double spread = 2.0 / (9.0 * degrees);

    return degrees * pow(1 - spread + 3.719 * sqrt(spread), 3);
}
