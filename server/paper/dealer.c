#include "paper/dealer.h"

#include <assert.h>
#include <string.h>

#include "paper/random.h"

/* A section's pool, in three parts:
 *
 *      waiting, oldest first | dealt in this cycle | to come, in no order yet
 *      0                     n_waiting             at                        n
 */
struct line {
    const struct pool *pool;
    uint32_t *order;
    int n_waiting, at;
    struct random random;
    int count;     /* in a paper */
    uint32_t *out; /* its place there */
};

struct dealer {
    const struct plan *plan;
    int paper;  /* in hand, from 1 */
    int *taken; /* in which paper each group was last taken */
    struct line lines[MAX_SECTIONS];
};

static bool fits(const struct dealer *dealer, const struct pool *pool,
                 uint32_t question)
{
    int width = dealer->plan->width, paper = dealer->paper;
    const uint32_t *groups = pool->groups + (size_t)question * (size_t)width;
    bool is_shut_out = false;

    for (int i = 0; i < width; i++) /* without a branch to guess */
        is_shut_out |= dealer->taken[groups[i]] == paper;
    return !is_shut_out;
}

static void take(struct dealer *dealer, const struct pool *pool, uint32_t question)
{
    int width = dealer->plan->width, paper = dealer->paper, *taken = dealer->taken;
    const uint32_t *groups = pool->groups + (size_t)question * (size_t)width;

    for (int i = 0; i < width; i++)
        taken[groups[i]] = paper;
}

/* Takes of those that wait what fits; returns how many. */
static int deal_waiting(struct dealer *dealer, struct line *line)
{
    int n = 0, n_kept = 0;

    for (int i = 0; i < line->n_waiting; i++) {
        uint32_t question = line->order[i];

        if (n < line->count && fits(dealer, line->pool, question)) {
            take(dealer, line->pool, question);
            line->out[n++] = question;
        } else {
            line->order[n_kept++] = question;
        }
    }
    memcpy(line->order + n_kept, line->out, (size_t)n * sizeof(*line->out));
    line->n_waiting = n_kept;
    return n;
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t moved = *a;

    *a = *b;
    *b = moved;
}

/* The next question of the cycle, or the first of a new one; it counts as dealt. */
static uint32_t turn_up(struct line *line)
{
    if (line->at == line->pool->n)
        line->at = line->n_waiting;
    uint32_t n_to_come = (uint32_t)(line->pool->n - line->at);
    uint32_t *next = &line->order[line->at++];

    assert(n_to_come); /* else nothing fits: the plan was not checked */
    swap(next, next + random_below(&line->random, n_to_come));
    return *next;
}

/* The question that turned up last is to wait. */
static void put_off(struct line *line)
{
    swap(&line->order[line->at - 1], &line->order[line->n_waiting++]);
}

static void deal_section(struct dealer *dealer, struct line *line)
{
    int n = deal_waiting(dealer, line);

    while (n < line->count) {
        uint32_t question = turn_up(line);

        if (!fits(dealer, line->pool, question)) {
            put_off(line);
            continue;
        }
        take(dealer, line->pool, question);
        line->out[n++] = question;
    }
}

/* Section after section, each as the first in its turn. */
static void deal_paper(struct dealer *dealer, int first)
{
    int n = dealer->plan->rules->n_sections;

    for (int i = 0; i < n; i++)
        deal_section(dealer, &dealer->lines[(first + i) % n]);
}

static void seed_stream(struct random *random, const uint8_t *seed, int i, int epoch)
{
    random_seed(random, seed, ((uint64_t)i + 1) << 48 | (uint64_t)epoch);
}

static void begin(struct dealer *dealer, struct arena *arena, const uint8_t *seed,
                  int epoch)
{
    const struct plan *plan = dealer->plan;

    dealer->taken = arena_alloc(arena, (size_t)plan->n_groups * sizeof(*dealer->taken));
    for (int i = 0; i < plan->rules->n_sections; i++) {
        struct line *line = &dealer->lines[i];

        line->pool = &plan->pools[i];
        line->order = arena_alloc(arena, (size_t)line->pool->n * sizeof(*line->order));
        for (int j = 0; j < line->pool->n; j++)
            line->order[j] = (uint32_t)j;
        line->count = plan->rules->sections[i].count;
        seed_stream(&line->random, seed, i, epoch);
    }
}

/* Whether what is asked for comes later in the epoch that is being dealt. */
static bool goes_on(const struct dealing *dealing, const struct plan *plan,
                    const uint8_t *seed, int ordinal)
{
    return dealing->dealer && dealing->dealer->plan == plan &&
           !memcmp(dealing->seed, seed, SEED_BYTES) && ordinal > dealing->ordinal &&
           (ordinal - 1) / plan->epoch == (dealing->ordinal - 1) / plan->epoch;
}

static void begin_dealing(struct dealing *dealing, const struct plan *plan,
                          const uint8_t *seed, int epoch, struct arena *arena)
{
    struct random random;

    dealing->dealer = arena_alloc(arena, sizeof(*dealing->dealer));
    dealing->dealer->plan = plan;
    begin(dealing->dealer, arena, seed, epoch);
    memcpy(dealing->seed, seed, SEED_BYTES);
    seed_stream(&random, seed, MAX_SECTIONS, epoch);
    dealing->first = (int)random_below(&random, (uint32_t)plan->rules->n_sections);
}

void dealer_deal_on(struct dealing *dealing, const struct plan *plan,
                    const uint8_t seed[SEED_BYTES], int ordinal, struct arena *arena,
                    uint32_t *out)
{
    int epoch = (ordinal - 1) / plan->epoch, last = (ordinal - 1) % plan->epoch + 1;
    int n_sections = plan->rules->n_sections;

    assert(ordinal >= 1);
    if (!goes_on(dealing, plan, seed, ordinal))
        begin_dealing(dealing, plan, seed, epoch, arena);
    dealing->ordinal = ordinal;
    for (int i = 0; i < n_sections; i++) {
        dealing->dealer->lines[i].out = out;
        out += dealing->dealer->lines[i].count;
    }
    while (dealing->dealer->paper < last) {
        dealing->dealer->paper++;
        deal_paper(dealing->dealer,
                   (dealing->first + dealing->dealer->paper) % n_sections);
    }
}

void dealer_deal(const struct plan *plan, const uint8_t seed[SEED_BYTES], int ordinal,
                 struct arena *arena, uint32_t *out)
{
    struct dealing dealing = { 0 };

    dealer_deal_on(&dealing, plan, seed, ordinal, arena, out);
}
