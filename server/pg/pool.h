#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "pg/query.h"

/* Connections to PostgreSQL on one event base.  A query is pipelined on the least busy;
 * a lost connection is redialled with back-off (50 ms doubling to 2 s, with jitter),
 * and what it had not answered fails with PROBLEM_DATABASE_AWAY.  While none is up,
 * queries wait at most wait_ms, and no more than max_waiting of them.  A host name in
 * the conninfo is looked up by libpq, which blocks the loop: better a socket's folder
 * or an IP. */
struct pool_options {
    const char *conninfo; /* as libpq takes it; also a postgresql:// address */
    int size;             /* connections; each takes 64 queries before others wait */
    int limit_ms; /* for one query from being sent: the server gives it up at nine
                   * tenths, and if it is stuck the connection is cut */
    int wait_ms, max_waiting;
    int64_t clock_offset_ms; /* tests only: the session's jingda.clock_offset_ms */
};

extern const struct pool_options pool_defaults;

struct pool *pool_open(struct event_base *base, const struct pool_options *options);

/* What is pending fails first, with PROBLEM_STOPPING, from inside this call.  Not from
 * a query's completion; the same holds for listener_close and its functions. */
void pool_close(struct pool *pool);
bool pool_is_up(const struct pool *pool); /* at least one connection */

/* A connection of its own that listens: `on_notify` for each notification, and
 * `on_listening` each time it (re)connected, when one must look for what was missed.
 * Channels are named exactly, not folded to lower case. */
struct listener;
struct listener *listener_open(struct event_base *base, const char *conninfo,
                               const char *const *channels, /* ends with NULL */
                               void (*on_notify)(const char *channel,
                                                 const char *payload, void *context),
                               void (*on_listening)(void *context), void *context);
void listener_close(struct listener *listener);

struct pool_counts {
    int64_t queries, failures, lost_connections, in_flight, waiting, up;
};
struct pool_counts pool_counts(const struct pool *pool);
