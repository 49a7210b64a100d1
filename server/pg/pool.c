#include "pg/pool.h"

#include <event2/event.h>
#include <stdlib.h>

#include "pg/address.h"
#include "pg/wire.h"
#include "pg/inside.h"
#include "util/clock.h"
#include "util/memory.h"

/* More on one connection would only wait on the server instead of here, where a
 * connection that is free sooner can take them. */
enum { WIRE_ROOM = 64 };

const struct pool_options pool_defaults = {
    .size = 4,
    .limit_ms = 5000,
    .wait_ms = 3000,
    .max_waiting = 10000,
};

struct pool {
    struct address address;
    struct pool_options options;
    struct wire **wires;
    struct link waiting[2]; /* for a place, the oldest first; [1]: that take long */
    struct link refused;    /* to be told from the loop */
    struct event *timer;    /* for both */
    bool is_closing;
    struct pool_counts counts;
};

static struct query *first(const struct link *list)
{
    return LIST_ITEM(list->next, struct query, link);
}

static void set_timer(struct pool *pool, int64_t ms)
{
    struct timeval in = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

    event_add(pool->timer, &in);
}

static void give_up(struct pool *pool, struct query *query, enum problem problem)
{
    struct error err;

    list_remove(&query->link);
    pool->counts.failures++;
    error_set(&err, problem);
    query_end(query, &err);
}

/* Whoever hears of a failure may send again and be refused again: those are for the
 * next turn of the loop. */
static void tell_refused(struct pool *pool)
{
    struct link refused;

    list_init(&refused);
    list_move_all(&refused, &pool->refused);
    while (!list_is_empty(&refused))
        give_up(pool, first(&refused), first(&refused)->problem);
}

static enum problem why_no_place(const struct pool *pool)
{
    return pool_is_up(pool) ? PROBLEM_BUSY : PROBLEM_DATABASE_AWAY;
}

/* For whoever has waited longest. */
static void set_waiting_timer(struct pool *pool)
{
    int64_t due = INT64_MAX;

    for (int i = 0; i < 2; i++)
        if (!list_is_empty(&pool->waiting[i]) && first(&pool->waiting[i])->due_ms < due)
            due = first(&pool->waiting[i])->due_ms;
    if (due < INT64_MAX)
        set_timer(pool, due - clock_ms());
}

static void tell_those_who_waited_too_long(struct pool *pool)
{
    int64_t now = clock_ms();

    for (int i = 0; i < 2; i++)
        while (!list_is_empty(&pool->waiting[i]) &&
               first(&pool->waiting[i])->due_ms <= now) {
            pool->counts.waiting--;
            give_up(pool, first(&pool->waiting[i]), why_no_place(pool));
        }
    set_waiting_timer(pool);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct pool *pool = arg;

    (void)fd, (void)what;
    tell_refused(pool);
    tell_those_who_waited_too_long(pool);
}

/* What takes long weighs as much as all the others for which there is room. */
static int weight(const struct wire *wire)
{
    return wire_load(wire) + (wire_long(wire) ? WIRE_ROOM : 0);
}

static struct wire *least_busy(const struct pool *pool)
{
    struct wire *best = NULL;

    for (int i = 0; i < pool->options.size; i++) {
        struct wire *wire = pool->wires[i];

        if (wire && wire_is_ready(wire) && wire_load(wire) < WIRE_ROOM &&
            (!best || weight(wire) < weight(best)))
            best = wire;
    }
    return best;
}

static bool has_long_enough(const struct pool *pool)
{
    int n = 0;

    for (int i = 0; i < pool->options.size; i++)
        n += pool->wires[i] ? wire_long(pool->wires[i]) : 0;
    return n >= (pool->options.size + 1) / 2;
}

static struct wire *place_for(const struct pool *pool, const struct query *query)
{
    return query->is_long && has_long_enough(pool) ? NULL : least_busy(pool);
}

static void send_waiting(struct pool *pool)
{
    struct wire *wire;

    for (int i = 0; i < 2; i++)
        while (!list_is_empty(&pool->waiting[i]) &&
               (wire = place_for(pool, first(&pool->waiting[i])))) {
            struct query *query = first(&pool->waiting[i]);

            list_remove(&query->link);
            pool->counts.waiting--;
            wire_send(wire, query);
        }
}

static void on_ready(void *context)
{
    send_waiting(context);
}

static void on_lost(void *context)
{
    struct pool *pool = context;

    pool->counts.lost_connections++;
}

static void on_over(struct query *query, const struct error *err, void *context)
{
    struct pool *pool = context;

    pool->counts.failures += err != NULL;
    query_end(query, err);
    send_waiting(pool);
}

static const struct wire_hooks hooks = { on_ready, on_lost, on_over, NULL };

static void refuse(struct pool *pool, struct query *query, enum problem problem)
{
    query->problem = problem;
    list_append(&pool->refused, &query->link);
    event_active(pool->timer, EV_TIMEOUT, 0);
}

static void wait_for_place(struct pool *pool, struct query *query)
{
    query->due_ms = clock_ms() + pool->options.wait_ms;
    list_append(&pool->waiting[query->is_long], &query->link);
    if (!pool->counts.waiting++)
        set_waiting_timer(pool);
}

void pool_take(struct pool *pool, struct query *query)
{
    bool is_next = list_is_empty(&pool->waiting[query->is_long]);
    struct wire *wire = is_next ? place_for(pool, query) : NULL;

    pool->counts.queries++;
    if (pool->is_closing)
        refuse(pool, query, PROBLEM_STOPPING);
    else if (wire)
        wire_send(wire, query);
    else if (pool->counts.waiting >= pool->options.max_waiting)
        refuse(pool, query, why_no_place(pool));
    else
        wait_for_place(pool, query);
}

/* The server gives up a little before us, so that a slow query costs its connection
 * only when the server itself is stuck. */
static void init_address(struct address *address, const struct pool_options *options)
{
    TEXT(settings);

    text_printf(&settings, " -c statement_timeout=%d", options->limit_ms * 9 / 10);
    text_printf(&settings, " -c idle_in_transaction_session_timeout=%d",
                options->limit_ms);
    if (options->clock_offset_ms)
        text_printf(&settings, " -c jingda.clock_offset_ms=%lld",
                    (long long)options->clock_offset_ms);
    address_init(address, options->conninfo, settings.data);
}

struct pool *pool_open(struct event_base *base, const struct pool_options *options)
{
    struct pool *pool = memory_new(sizeof(*pool));

    pool->options = *options;
    init_address(&pool->address, options);
    for (int i = 0; i < 2; i++)
        list_init(&pool->waiting[i]);
    list_init(&pool->refused);
    pool->timer = event_new(base, -1, 0, on_timer, pool);
    pool->wires = memory_new((size_t)options->size * sizeof(*pool->wires));
    for (int i = 0; i < options->size; i++)
        pool->wires[i] =
            wire_open(base, &pool->address, options->limit_ms, &hooks, pool);
    return pool;
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    pool->is_closing = true;
    for (int i = 0; i < 2; i++)
        list_move_all(&pool->refused, &pool->waiting[i]);
    for (struct link *link = pool->refused.next; link != &pool->refused;
         link = link->next)
        LIST_ITEM(link, struct query, link)->problem = PROBLEM_STOPPING;
    pool->counts.waiting = 0;
    for (int i = 0; i < pool->options.size; i++) {
        struct wire *wire = pool->wires[i];

        pool->wires[i] = NULL;
        wire_close(wire);
    }
    while (!list_is_empty(&pool->refused))
        tell_refused(pool);
    event_free(pool->timer);
    free(pool->wires);
    address_done(&pool->address);
    free(pool);
}

bool pool_is_up(const struct pool *pool)
{
    return pool_counts(pool).up > 0;
}

struct pool_counts pool_counts(const struct pool *pool)
{
    struct pool_counts counts = pool->counts;

    for (int i = 0; i < pool->options.size; i++) {
        const struct wire *wire = pool->wires[i];

        counts.up += wire && wire_is_ready(wire);
        counts.in_flight += wire ? wire_load(wire) : 0;
    }
    return counts;
}
