#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "rank/board.h"

/* A figure as 128 bits that compare as whole numbers, smaller standing above: the keys
 * of the order come first, in their order, the others behind them, so that nothing is
 * lost and a mask leaves what the order looks at.  The score is kept inverted. */
struct packed {
    uint64_t head, tail;
};

struct layout {
    int shifts[3]; /* of each order_key: where its lowest bit stands among the 128 */
    struct packed mask; /* ones where a key of the order stands */
};

struct layout layout_make(const struct order *order);
struct packed layout_pack(const struct layout *layout, const struct figure *figure);
struct figure layout_unpack(const struct layout *layout, struct packed packed);

/* What decides a place on a board; `figures` holds only what the order looks at. */
struct key {
    struct packed figures;
    int64_t person;
};

static inline struct packed packed_masked(struct packed packed, struct packed mask)
{
    return (struct packed){ packed.head & mask.head, packed.tail & mask.tail };
}

static inline bool packed_is_equal(struct packed a, struct packed b)
{
    return a.head == b.head && a.tail == b.tail;
}

static inline bool key_is_before(const struct key *a, const struct key *b)
{
    if (a->figures.head != b->figures.head)
        return a->figures.head < b->figures.head;
    if (a->figures.tail != b->figures.tail)
        return a->figures.tail < b->figures.tail;
    return a->person < b->person;
}
