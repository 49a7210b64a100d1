#include "rank/key.h"

#include <assert.h>

__extension__ typedef unsigned __int128 bits;

static const int widths[3] = {
    [ORDER_SCORE] = 32,
    [ORDER_DURATION] = 32,
    [ORDER_REACHED] = 42,
};

static struct packed halves(bits all)
{
    return (struct packed){ (uint64_t)(all >> 64), (uint64_t)all };
}

static bits ones(int n)
{
    return ((bits)1 << n) - 1;
}

struct layout layout_make(const struct order *order)
{
    struct layout layout = { .shifts = { -1, -1, -1 } };
    int at = 128;

    assert(order->n_keys >= 1 && order->n_keys <= 3 && order->keys[0] == ORDER_SCORE);
    for (int i = 0; i < order->n_keys; i++) {
        assert(layout.shifts[order->keys[i]] < 0);
        layout.shifts[order->keys[i]] = at -= widths[order->keys[i]];
    }
    layout.mask = halves(~ones(at));
    for (int key = ORDER_SCORE; key <= ORDER_REACHED; key++)
        if (layout.shifts[key] < 0)
            layout.shifts[key] = at -= widths[key];
    return layout;
}

static bits field(const struct layout *layout, enum order_key key, int64_t value)
{
    int64_t most = (int64_t)ones(widths[key]);
    int64_t kept = value < 0 ? 0 : value > most ? most : value;

    return (bits)(key == ORDER_SCORE ? most - kept : kept) << layout->shifts[key];
}

struct packed layout_pack(const struct layout *layout, const struct figure *figure)
{
    return halves(field(layout, ORDER_SCORE, figure->score) |
                  field(layout, ORDER_DURATION, figure->duration_ms) |
                  field(layout, ORDER_REACHED, figure->reached_at));
}

static int64_t value(const struct layout *layout, enum order_key key, bits all)
{
    int64_t kept = (int64_t)(all >> layout->shifts[key] & ones(widths[key]));

    return key == ORDER_SCORE ? (int64_t)ones(widths[key]) - kept : kept;
}

struct figure layout_unpack(const struct layout *layout, struct packed packed)
{
    bits all = (bits)packed.head << 64 | packed.tail;

    return (struct figure){
        .score = value(layout, ORDER_SCORE, all),
        .duration_ms = value(layout, ORDER_DURATION, all),
        .reached_at = value(layout, ORDER_REACHED, all),
    };
}
