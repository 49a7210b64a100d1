/*
 * A cycle begins as a random order drawn from the seed, the section and its number.
 * Where a slice spans two cycles it has the tail of the first and the head of the
 * second:
 *
 *      cycle j-1                        cycle j
 *   ... . . . . . . [ t t t t ]      [ h h h h h h ] . . . . . . . . .
 *                   \_______________________________/
 *                          one slice, t + h = count
 *
 * A question of the tail that turned up in the head is swapped with the first question
 * behind the head that is not in the tail.  There are enough of those, as n - t >= h.
 * The head is then the first h of the random order that are not in the tail: a fair
 * draw from what may be drawn.
 *
 * To put cycle j right one must know the tail of cycle j-1, and so whether putting
 * j-1 right has moved anything into or out of its own tail.  It has not
 *
 *   - when cycle j-1 begins where a slice begins, as then nothing is swapped;
 *   - when n >= count + t', with t' the size of that tail.  Then at least t questions
 *     lie between its head and its tail.  To be avoided among them are those of the t
 *     that did not turn up in the head; so each that did finds a partner there.
 *
 * So one walks back to the nearest cycle of which this can be said, and forward again.
 * For a pool of twice the count or more that is one step; else it is fewer than count
 * steps, and the pool is small then.
 */
#include "paper/deck.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "paper/random.h"

void deck_init(struct deck *deck, struct arena *arena, const uint8_t seed[32],
               int section, int n, int count)
{
    assert(count >= 1 && count <= n);
    *deck = (struct deck){ .seed = seed, .section = section, .n = n, .count = count };
    deck->order = arena_alloc(arena, (size_t)n * sizeof(*deck->order));
    deck->in_tail = arena_alloc(arena, (size_t)n);
}

/* How much of the slice that reaches into this cycle lies in the cycle before. */
static int tail_before(const struct deck *deck, int64_t cycle)
{
    return (int)(cycle * deck->n % deck->count);
}

/* The first `upto` of the random order; it is decided from the front, one by one. */
static void shuffle(struct deck *deck, int64_t cycle, int upto)
{
    struct random random;

    random_seed(&random, deck->seed,
                ((uint64_t)deck->section + 1) << 48 | (uint64_t)cycle);
    for (int i = 0; i < deck->n; i++)
        deck->order[i] = (uint32_t)i;
    for (int i = 0; i < upto; i++) {
        uint32_t j = (uint32_t)i + random_below(&random, (uint32_t)(deck->n - i));
        uint32_t moved = deck->order[i];

        deck->order[i] = deck->order[j];
        deck->order[j] = moved;
    }
}

/* Marks the tail that this cycle, now in `order`, leaves to the slice it shares. */
static void mark_tail(struct deck *deck, int64_t cycle)
{
    memset(deck->in_tail, 0, (size_t)deck->n);
    for (int i = deck->n - tail_before(deck, cycle + 1); i < deck->n; i++)
        deck->in_tail[deck->order[i]] = 1;
}

/* Swaps what is in the tail of the cycle before out of the head of this one. */
static void clear_head(struct deck *deck, int64_t cycle)
{
    int tail = tail_before(deck, cycle), head = tail ? deck->count - tail : 0,
        from = head;

    for (int i = 0; i < head; i++) {
        uint32_t moved = deck->order[i];

        if (!deck->in_tail[moved])
            continue;
        while (deck->in_tail[deck->order[from]])
            from++;
        deck->order[i] = deck->order[from];
        deck->order[from++] = moved;
    }
}

/* Does the tail of this cycle depend on the cycle before? */
static bool is_chained(const struct deck *deck, int64_t cycle)
{
    return tail_before(deck, cycle) &&
           deck->n < deck->count + tail_before(deck, cycle + 1);
}

static void follow(struct deck *deck, int64_t cycle)
{
    shuffle(deck, cycle, deck->n);
    clear_head(deck, cycle);
    mark_tail(deck, cycle);
}

static void deal(struct deck *deck, int64_t cycle)
{
    int64_t first = cycle;

    if (tail_before(deck, cycle))
        do
            first--;
        while (is_chained(deck, first));
    shuffle(deck, first, deck->n);
    mark_tail(deck, first);
    while (first < cycle)
        follow(deck, ++first);
}

void deck_slice(struct deck *deck, int ordinal, uint32_t *out)
{
    int64_t at = (int64_t)(ordinal - 1) * deck->count, cycle = at / deck->n;
    int from = (int)(at % deck->n), rest = deck->n - from;
    int n = rest < deck->count ? rest : deck->count;

    assert(ordinal >= 1);
    if (n == deck->count && !tail_before(deck, cycle))
        shuffle(deck, cycle, from + n); /* nothing behind matters, most often */
    else
        deal(deck, cycle);
    memcpy(out, deck->order + from, (size_t)n * sizeof(*out));
    if (n == deck->count)
        return;
    follow(deck, cycle + 1);
    memcpy(out + n, deck->order, (size_t)(deck->count - n) * sizeof(*out));
}
