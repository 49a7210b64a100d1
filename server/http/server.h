#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "http/request.h"

struct event_base;
struct bufferevent;

/* HTTP/1.1 on one port: llhttp (strict) over libevent's listener and bufferevents.
 * Keep-alive; pipelined requests are answered one by one, in order; every size, count and
 * time is bounded. */
struct server_options {
    const char *address; /* numeric; "0.0.0.0", "::" or "127.0.0.1" */
    int port;            /* 0 takes a free one */
    bool shares_port;    /* SO_REUSEPORT */
    const struct route *const *routes; /* ends with NULL */
    struct app *app;
    act_fn before;       /* runs before the acts of every route: sign-in, rights */
    void (*after)(struct request *req); /* when answered: access log, counters; may be NULL.
                                   req->route is NULL for what never reached a route */
    int max_connections, max_requests; /* in flight; beyond it 503 with Retry-After */
    int max_watchers; /* among the connections (http/watch.h); beyond it 503 */
    size_t max_header_bytes, max_body_bytes;
    int header_ms, body_ms, idle_ms, write_ms; /* total for header and for body; idle
                                   between requests; without progress while writing */
    int beat_ms; /* between comments to watchers */
    const char *trusted_proxy; /* the address whose X-Forwarded-For is believed, or NULL */
};

extern const struct server_options server_defaults;

struct server;

/* Copies the options, but keeps the routes and strings they point to.  Ignores SIGPIPE.  A
 * NULL address opens no port: for server_attach. */
struct server *server_open(struct event_base *base, const struct server_options *options,
                           struct error *err);
int server_port(const struct server *server);
/* While not ready (boards still being filled) all but routes with serves_early get 503. */
void server_set_ready(struct server *server, bool is_ready);
/* Stops accepting, lets requests in flight finish and closes idle connections; then calls
 * `done`, at the latest after limit_ms. */
void server_drain(struct server *server, int limit_ms, void (*done)(void *), void *context);
/* Closes everything at once.  Requests that wait for something keep what they need, and go
 * without a word when it ends. */
void server_close(struct server *server);

/* Speaks HTTP over a bufferevent that is given away: a connection without a socket, for
 * tests. */
void server_attach(struct server *server, struct bufferevent *peer);

struct server_counts { /* since start, but for the first three */
    int64_t connections, requests_in_flight, watchers;
    int64_t accepted, refused_connections, requests, bad_requests, shed, timeouts;
    int64_t by_status[6]; /* 1xx .. 5xx at 1..5 */
    int64_t latency_us[20]; /* counts, bucket i: below 100 * 2^i microseconds */
    int64_t latency_total_us;
};
const struct server_counts *server_counts(const struct server *server);
