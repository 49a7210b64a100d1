/*
 * Binary form: how many digits to the base 10,000 follow, the place of the first of
 * them (from 0 for the units), the sign (0x4000: below zero), how many decimals to
 * show; then the digits, the highest first.  Everything of 2 bytes, in network order.
 */
#include "pg/packed.h"

#include <endian.h>

enum { HEAD = 4, NEGATIVE = 0x4000 };

static void put(struct text *out, uint16_t value)
{
    uint16_t net = htobe16(value);

    text_append(out, &net, sizeof(net));
}

static uint16_t get(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

/* The number has the sign of its highest counter that is not 0. */
static bool is_below_zero(const int64_t *counters, size_t n)
{
    while (n > 0 && !counters[n - 1])
        n--;
    return n > 0 && counters[n - 1] < 0;
}

/* Its digits to the base 10^12: a counter below 0 borrows from the next. */
static void carry(const int64_t *counters, size_t n, int64_t *digits, int sign)
{
    static const int64_t base = (int64_t)PACKED_BASE * PACKED_BASE * PACKED_BASE;
    int64_t borrowed = 0;

    for (size_t i = 0; i < n; i++) {
        digits[i] = sign * counters[i] - borrowed;
        borrowed = digits[i] < 0;
        digits[i] += borrowed * base;
    }
}

void packed_write(struct text *out, size_t place, const int64_t *counters, size_t n)
{
    bool is_negative = is_below_zero(counters, n);
    int64_t digits[n + 1];

    carry(counters, n, digits, is_negative ? -1 : 1);
    put(out, (uint16_t)(n * PACKED_DIGITS));
    put(out, (uint16_t)((place + n) * PACKED_DIGITS - 1));
    put(out, is_negative ? NEGATIVE : 0);
    put(out, 0);
    for (size_t i = n; i-- > 0;) {
        put(out, (uint16_t)(digits[i] / (PACKED_BASE * PACKED_BASE)));
        put(out, (uint16_t)(digits[i] / PACKED_BASE % PACKED_BASE));
        put(out, (uint16_t)(digits[i] % PACKED_BASE));
    }
}

bool packed_read(const void *number, size_t size, int64_t *counters, size_t n)
{
    static const int64_t worth[] = { 1, PACKED_BASE, PACKED_BASE * PACKED_BASE };
    const uint8_t *at = number;
    size_t n_digits = size >= 2 * HEAD ? get(at) : 0;

    if (size != 2 * (HEAD + n_digits) || get(at + 4))
        return false;
    for (size_t i = 0; i < n; i++)
        counters[i] = 0;
    for (size_t i = 0; i < n_digits; i++) {
        int place = (int16_t)get(at + 2) - (int)i;

        if (place < 0 || (size_t)place >= n * PACKED_DIGITS)
            return false;
        counters[place / PACKED_DIGITS] +=
            get(at + 2 * (HEAD + i)) * worth[place % PACKED_DIGITS];
    }
    return true;
}
