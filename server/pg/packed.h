#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/text.h"

/* A row of counters kept as one number of PostgreSQL's type numeric, whose digits to
 * the base 10^12 they are, the first the lowest: one addition there adds to all of
 * them, and sum() sums up each.  It takes the room of the digits between the first and
 * the last that are not zero.  What is added may take away; what is kept must have all
 * counters from 0 to below 10^12. */
enum { PACKED_DIGITS = 3, PACKED_BASE = 10000 }; /* of numeric, for a counter */

/* Appends a number in binary form, of n counters from this place on. */
void packed_write(struct text *out, size_t place, const int64_t *counters, size_t n);
/* False when it has other counters than these n, or one below 0. */
bool packed_read(const void *number, size_t size, int64_t *counters, size_t n)
    __attribute__((warn_unused_result));
