#pragma once
#include <stdbool.h>

struct event_base;
struct address;
struct error;
struct query;

/* One connection on the loop, in pipeline mode: what is sent is answered in that order,
 * and each query is a transaction of its own.  It dials itself again for as long as it
 * lives, with back-off (50 ms doubling to 2 s, with jitter); what it had not answered
 * when it was lost fails with PROBLEM_DATABASE_AWAY. */
struct wire;

/* Called from the loop only.  They may send, but not close the connection. */
struct wire_hooks {
    void (*on_ready)(void *context);
    void (*on_lost)(void *context); /* it was ready */
    /* The query is over and no longer the connection's; NULL err: it went well. */
    void (*on_over)(struct query *query, const struct error *err, void *context);
    void (*on_notify)(const char *channel, const char *payload, void *context);
};

/* Keeps `address` and `hooks`.  A query that takes longer than limit_ms from being sent
 * fails with PROBLEM_BUSY, and the connection is cut.  A host name in the address is
 * looked up by libpq, which blocks the loop: better a socket's folder or an IP. */
struct wire *wire_open(struct event_base *base, const struct address *address,
                       int limit_ms, const struct wire_hooks *hooks, void *context);
void wire_close(struct wire *wire); /* what is not answered fails first */

bool wire_is_ready(const struct wire *wire);
int wire_load(const struct wire *wire);      /* how many queries it has not answered */
int wire_long(const struct wire *wire);      /* how many of them take long */

/* Only while it is ready. */
void wire_send(struct wire *wire, struct query *query);

/* Dials anew; what is not answered fails from the loop. */
void wire_cut(struct wire *wire, const char *why);
