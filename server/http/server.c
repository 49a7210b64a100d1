/*
 * The listener, what all connections share, and the way out.
 *
 * Over max_connections a connection is still taken, told "busy" and closed: left in the
 * kernel's queue its client would wait for nothing, also when another worker on the
 * same port is free.  As such a connection lingers a moment, those are bounded too;
 * beyond them it is closed without a word.
 *
 * More work than time shows as a timer that comes late; then requests are refused when they
 * have come, which costs little, until those who were taken are served.
 *
 * When descriptors run out accepting stops for a moment: the listener would otherwise
 * wake the loop again and again.
 */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>

#include "http/conn.h"
#include "http/room.h"
#include "http/router.h"
#include "log/log.h"
#include "util/memory.h"
#include "util/clock.h"

enum { MAX_REFUSED = 256, BACKLOG = 4096, LINGER_MS = 2000, RELISTEN_MS = 200, LAG_EVERY_MS = 50,
       ACCEPTS_AT_ONCE = 128 };

const struct server_options server_defaults = {
    .address = "127.0.0.1",
    .port = 8080,
    .max_connections = 10000,
    .max_requests = 4096,
    .max_watchers = 5000,
    .max_header_bytes = 16 << 10,
    .max_body_bytes = 64 << 10,
    .header_ms = 10000,
    .body_ms = 30000,
    .idle_ms = 75000,
    .write_ms = 30000,
    .beat_ms = 15000,
};

const char *server_date(struct server *server)
{
    time_t now = time(NULL);
    struct tm tm;

    if (now != server->date_s) {
        server->date_s = now;
        gmtime_r(&now, &tm);
        strftime(server->date, sizeof(server->date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    }
    return server->date;
}

static void server_free(struct server *server)
{
    while (!list_is_empty(&server->spares)) {
        struct exchange *ex = LIST_ITEM(server->spares.next, struct exchange, link);

        list_remove(&ex->link);
        text_done(&ex->head);
        text_done(&ex->body);
        text_done(&ex->extra);
        free(ex);
    }
    event_free(server->relisten);
    event_free(server->lag);
    event_free(server->drained);
    router_free(server->router);
    text_done(&server->scratch);
    free(server);
}

void server_conn_gone(struct server *server)
{
    server->counts.connections--;
    if (server->counts.connections)
        return;
    if (server->is_closed)
        server_free(server);
    else if (server->is_draining)
        event_active(server->drained, EV_TIMEOUT, 0);
}

/* "::ffff:10.0.0.1", as a socket for both families tells it, is 10.0.0.1. */
static void write_address(const struct sockaddr *from, char out[48])
{
    const struct sockaddr_in *v4 = (const void *)from;
    const struct sockaddr_in6 *v6 = (const void *)from;

    snprintf(out, 48, "-");
    if (from->sa_family == AF_INET)
        inet_ntop(AF_INET, &v4->sin_addr, out, 48);
    else if (from->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], out, 48);
    else if (from->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, out, 48);
}

static void greet(struct server *server, struct bufferevent *bev, const char *address)
{
    int64_t n = server->counts.connections, max = server->options.max_connections;

    server->counts.accepted++;
    if (n >= max)
        server->counts.refused_connections++;
    if (n < max + MAX_REFUSED)
        conn_open(server, bev, address, n < max);
    else
        bufferevent_free(bev);
}

/* libevent accepts until nobody is left, which with twenty thousand at the door takes a
 * second: those who are inside have their turn in between. */
static void pause_accepting(struct server *server)
{
    struct timeval next_turn_of_the_loop = { 0 };

    server->n_accepted = 0;
    evconnlistener_disable(server->listener);
    event_add(server->relisten, &next_turn_of_the_loop);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
                      struct sockaddr *from, int length, void *p)
{
    struct server *server = p;
    int yes = 1;
    char address[48];

    (void)listener, (void)length;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    write_address(from, address);
    greet(server, bufferevent_socket_new(server->base, fd, BEV_OPT_CLOSE_ON_FREE),
          address);
    if (++server->n_accepted == ACCEPTS_AT_ONCE)
        pause_accepting(server);
}

static void on_accept_error(struct evconnlistener *listener, void *p)
{
    struct server *server = p;
    struct timeval pause = { 0, RELISTEN_MS * 1000 };

    log_warn("accept", "why=\"%s\"", strerror(errno));
    evconnlistener_disable(listener);
    event_add(server->relisten, &pause);
}

static void on_relisten(evutil_socket_t fd, short what, void *p)
{
    struct server *server = p;

    (void)fd, (void)what;
    if (server->listener)
        evconnlistener_enable(server->listener);
}

static void on_drained(evutil_socket_t fd, short what, void *p)
{
    struct server *server = p;
    void (*done)(void *) = server->done;

    (void)fd, (void)what;
    server->done = NULL;
    event_del(server->drained);
    if (done)
        done(server->done_context);
}

static socklen_t read_address(const char *text, int port, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (void *)out;
    struct sockaddr_in6 *v6 = (void *)out;

    memset(out, 0, sizeof(*out));
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        return sizeof(*v4);
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        return sizeof(*v6);
    }
    return 0;
}

static bool listen_on(struct server *server, struct error *err)
{
    const struct server_options *options = &server->options;
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
    struct sockaddr_storage address;
    socklen_t length = read_address(options->address, options->port, &address);

    if (options->shares_port)
        flags |= LEV_OPT_REUSEABLE_PORT;
    errno = EINVAL;
    if (length)
        server->listener =
            evconnlistener_new_bind(server->base, on_accept, server, flags, BACKLOG,
                                    (struct sockaddr *)&address, (int)length);
    if (!server->listener)
        return error_set(err, PROBLEM_LISTEN, options->address, options->port,
                         strerror(errno));
    evconnlistener_set_error_cb(server->listener, on_accept_error);
    return true;
}

/* A timer waits for its turn behind all sockets that can be read, so it comes as late as
 * whoever asks now will be heard.  Once is nothing: the machine may have been elsewhere. */
static void watch_lag(struct server *server)
{
    struct timeval soon = { 0, LAG_EVERY_MS * 1000 };

    server->lag_due_us = clock_us() + LAG_EVERY_MS * 1000;
    event_add(server->lag, &soon);
}

static void on_lag(evutil_socket_t fd, short what, void *p)
{
    struct server *server = p;
    int64_t was = server->last_lag_us;

    (void)fd, (void)what;
    server->last_lag_us = clock_us() - server->lag_due_us;
    server->lag_us = was < server->last_lag_us ? was : server->last_lag_us;
    watch_lag(server);
}

/* All timers of one length share a queue of libevent's, so that setting one is cheap.
 */
static void make_clock(struct server *server, enum clock clock, int ms)
{
    struct timeval length = { ms / 1000, ms % 1000 * 1000 };

    server->clocks[clock] = *event_base_init_common_timeout(server->base, &length);
}

static void make_clocks(struct server *server)
{
    make_clock(server, CLOCK_IDLE, server->options.idle_ms);
    make_clock(server, CLOCK_HEAD, server->options.header_ms);
    make_clock(server, CLOCK_BODY, server->options.body_ms);
    make_clock(server, CLOCK_WRITE, server->options.write_ms);
    make_clock(server, CLOCK_LINGER, LINGER_MS);
}

/* Unlike any other process's: its number and the second it began. */
static void write_id_prefix(struct server *server)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint64_t n = (uint64_t)time(NULL) << 22 | ((uint64_t)getpid() & 0x3fffff);

    for (int i = 11; i >= 0; i--, n /= 32)
        server->id_prefix[i] = digits[n % 32];
}

struct server *server_open(struct event_base *base,
                           const struct server_options *options, struct error *err)
{
    struct server *server = memory_new(sizeof(*server));

    signal(SIGPIPE, SIG_IGN); /* bufferevents write without MSG_NOSIGNAL */
    server->base = base;
    server->options = *options;
    server->is_ready = true;
    list_init(&server->conns);
    list_init(&server->spares);
    server->router = router_new(options->routes);
    server->relisten = evtimer_new(base, on_relisten, server);
    server->lag = evtimer_new(base, on_lag, server);
    watch_lag(server);
    server->drained = evtimer_new(base, on_drained, server);
    make_clocks(server);
    write_id_prefix(server);
    if (options->address && !listen_on(server, err)) {
        server_free(server);
        return NULL;
    }
    return server;
}

int server_port(const struct server *server)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);

    if (!server->listener ||
        getsockname(evconnlistener_get_fd(server->listener), (void *)&address, &length))
        return 0;
    return ntohs(address.ss_family == AF_INET6
                     ? ((struct sockaddr_in6 *)&address)->sin6_port
                     : ((struct sockaddr_in *)&address)->sin_port);
}

void server_set_ready(struct server *server, bool is_ready)
{
    server->is_ready = is_ready;
}

static void stop_listening(struct server *server)
{
    event_del(server->relisten);
    if (server->listener)
        evconnlistener_free(server->listener);
    server->listener = NULL;
}

/* One call may close that connection, but no other. */
static void for_each(struct server *server, void (*call)(struct conn *))
{
    for (struct link *link = server->conns.next, *next; link != &server->conns;
         link = next) {
        next = link->next;
        call(LIST_ITEM(link, struct conn, link));
    }
}

void server_drain(struct server *server, int limit_ms, void (*done)(void *),
                  void *context)
{
    struct timeval limit = { limit_ms / 1000, limit_ms % 1000 * 1000 };

    stop_listening(server);
    server->is_draining = true;
    server->done = done;
    server->done_context = context;
    event_add(server->drained, &limit);
    for_each(server, conn_drain);
    if (!server->counts.connections)
        event_active(server->drained, EV_TIMEOUT, 0);
}

void server_close(struct server *server)
{
    if (!server)
        return;
    stop_listening(server);
    event_del(server->drained);
    event_del(server->lag);
    server->done = NULL;
    server->counts
        .connections++; /* so that the last connection does not free it here */
    for_each(server, conn_shut);
    server->is_closed = true;
    server_conn_gone(server);
}

void server_attach(struct server *server, struct bufferevent *peer)
{
    greet(server, peer, "127.0.0.1");
}

const struct server_counts *server_counts(const struct server *server)
{
    return &server->counts;
}
