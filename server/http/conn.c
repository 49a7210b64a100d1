/*
 * One connection: bytes in, requests one by one, replies out.
 *
 *          begin           accept_head, has body
 *    IDLE --------> HEAD ------------------------> BODY
 *     ^              |  \                         /  |
 *     |      no body |   \ refuse         refuse /   | all has come
 *     |              v    +-----> ACTING <------+    |
 *     +----------- ACTING <--------------------------+
 *      conn_over     | conn_over, not kept alive
 *                    v
 *                 FLUSHING ----> LINGERING ----> CLOSED
 *                    all sent      the client's end, too much, or too long
 *
 * Any state may go to CLOSED at once: the client is gone, or a limit is passed.  Only
 * conn_enter() changes the state.  reader.c takes what comes; here are the ends:
 * sending, closing, time.  LINGERING half-closes and throws away what the client still
 * sends: closing over unread bytes would reset the connection, and the client might
 * never see the reply.
 *
 * The structure outlives its socket while a request waits; n_holds counts the calls on
 * the stack that still look at it, and the last one out frees it.
 */
#include "http/conn.h"

#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "http/reply.h"
#include "http/room.h"
#include "util/memory.h"

enum {
    INPUT_HIGH = 16 << 10,  /* read ahead while a request is at work */
    OUTPUT_HIGH = 64 << 10, /* nothing new is begun over it */
    OUTPUT_LOW = 16 << 10,  /* and begun again below it */
};

/* The limit of each state; writing has its own, at the bufferevent. */
static const enum clock clock_of[] = {
    [IDLE] = CLOCK_IDLE, [HEAD] = CLOCK_HEAD,   [BODY] = CLOCK_BODY,
    [ACTING] = N_CLOCKS, [FLUSHING] = N_CLOCKS, [LINGERING] = CLOCK_LINGER,
    [CLOSED] = N_CLOCKS,
};

void conn_enter(struct conn *conn, enum state state)
{
    conn->state = state;
    conn->is_clock_stale = true;
}

static struct evbuffer *input_of(const struct conn *conn)
{
    return bufferevent_get_input(conn->bev);
}

static size_t unsent(const struct conn *conn)
{
    return evbuffer_get_length(bufferevent_get_output(conn->bev));
}

bool conn_is_drained(const struct conn *conn)
{
    return conn->bev && !unsent(conn);
}

bool conn_is_clogged(const struct conn *conn)
{
    return conn->bev && unsent(conn) > OUTPUT_HIGH;
}

/* The clock is set when the last call leaves, once, however many states were passed. */
static void set_clock(struct conn *conn)
{
    enum clock clock = clock_of[conn->state];

    conn->is_clock_stale = false;
    if (clock == N_CLOCKS)
        event_del(&conn->clock);
    else
        event_add(&conn->clock, &conn->server->clocks[clock]);
}

static void conn_free(struct conn *conn)
{
    struct server *server = conn->server;

    list_remove(&conn->link);
    free(conn);
    server_conn_gone(server);
}

static void hold(struct conn *conn)
{
    conn->n_holds++;
}

static void let_go(struct conn *conn)
{
    if (--conn->n_holds)
        return;
    if (conn->state == CLOSED && !conn->exchange)
        conn_free(conn);
    else if (conn->is_clock_stale)
        set_clock(conn);
}

/* A request that has not begun its acts goes with the socket; one that waits for
 * nothing but the client's reading is over; one that waits for its task is left to it.
 */
static void leave_exchange(struct conn *conn, enum state was)
{
    struct exchange *ex = conn->exchange;

    if (!ex || ex->is_running)
        return;
    if (was == ACTING) {
        request_run(&ex->req);
        return;
    }
    conn->exchange = NULL;
    exchange_end(ex, false);
}

static void shut(struct conn *conn)
{
    enum state was = conn->state;

    if (was == CLOSED)
        return;
    conn_enter(conn, CLOSED);
    event_del(&conn->clock);
    if (bufferevent_getfd(conn->bev) < 0)
        bufferevent_flush(conn->bev, EV_WRITE, BEV_FINISHED);
    bufferevent_free(conn->bev);
    conn->bev = NULL;
    leave_exchange(conn, was);
}

static void linger(struct conn *conn)
{
    evutil_socket_t fd = bufferevent_getfd(conn->bev);

    if (fd < 0)
        bufferevent_flush(conn->bev, EV_WRITE, BEV_FINISHED);
    else
        shutdown(fd, SHUT_WR);
    conn->n_raw = 0;
    conn_enter(conn, LINGERING);
}

/* The last reply is on its way: what is left to do before closing. */
static void conclude(struct conn *conn)
{
    bool is_quiet = conn->is_whole && !evbuffer_get_length(input_of(conn));

    if (unsent(conn))
        conn_enter(conn, FLUSHING);
    else if (conn->has_eof || is_quiet)
        shut(conn);
    else
        linger(conn);
}

void conn_over(struct conn *conn)
{
    struct exchange *ex = conn->exchange;
    bool keeps_alive = ex->keeps_alive && !conn->server->is_draining;

    conn->exchange = NULL;
    exchange_end(ex, true);
    if (conn->state == CLOSED)
        return;
    conn->n_head = 0;
    if (keeps_alive)
        conn_enter(conn, IDLE);
    else
        conclude(conn);
}

/* Most replies fit into the socket's buffer: they go out in one call, and the
 * bufferevent is left in peace.  It gets what remains. */
static size_t send_now(struct conn *conn, struct iovec *pieces, int n)
{
    evutil_socket_t fd = bufferevent_getfd(conn->bev);
    struct msghdr message = { .msg_iov = pieces, .msg_iovlen = (size_t)n };

    if (fd < 0 || unsent(conn))
        return 0;
    ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? (size_t)sent : 0;
}

void conn_send(struct conn *conn, struct iovec *pieces, int n)
{
    if (!conn->bev)
        return;
    size_t sent = send_now(conn, pieces, n);
    for (int i = 0; i < n; i++) {
        size_t skip = sent < pieces[i].iov_len ? sent : pieces[i].iov_len;

        sent -= skip;
        if (pieces[i].iov_len > skip)
            bufferevent_write(conn->bev, (char *)pieces[i].iov_base + skip,
                              pieces[i].iov_len - skip);
    }
}

void conn_send_lent(struct conn *conn, const void *bytes, size_t n,
                    void (*done)(const void *bytes, size_t n, void *context),
                    void *context)
{
    struct iovec piece = { (void *)bytes, n };
    size_t sent = conn->bev ? send_now(conn, &piece, 1) : n;

    if (sent == n ||
        evbuffer_add_reference(bufferevent_get_output(conn->bev),
                               (const char *)bytes + sent, n - sent, done, context))
        done(bytes, n, context);
}

/* A pair of bufferevents may call back from within a write; whoever writes looks for
 * himself afterwards. */
static void on_read(struct bufferevent *bev, void *p)
{
    struct conn *conn = p;

    (void)bev;
    if (conn->n_holds)
        return;
    hold(conn);
    reader_advance(conn);
    let_go(conn);
}

/* Called when little or nothing is left to be sent. */
static void on_write(struct bufferevent *bev, void *p)
{
    struct conn *conn = p;

    (void)bev;
    if (conn->n_holds)
        return;
    hold(conn);
    if (conn->state == FLUSHING)
        conclude(conn);
    else if (conn->state == ACTING && conn->exchange->watch)
        watch_go_on(conn->exchange);
    else if (conn->state == ACTING && conn->exchange->is_streaming)
        request_run(&conn->exchange->req);
    reader_advance(conn);
    let_go(conn);
}

static bool is_watching(const struct conn *conn)
{
    return conn->state == ACTING && conn->exchange->watch;
}

/* A client that has sent its last may still read a reply, but a stream without end is
 * not for one that has left. */
static void on_event(struct bufferevent *bev, short what, void *p)
{
    struct conn *conn = p;

    (void)bev;
    hold(conn);
    if (what & BEV_EVENT_EOF)
        conn->has_eof = true;
    if (what & BEV_EVENT_TIMEOUT)
        conn->server->counts.timeouts++;
    if (what & (BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT) || is_watching(conn))
        shut(conn);
    reader_advance(conn);
    let_go(conn);
}

static void on_clock(evutil_socket_t fd, short what, void *p)
{
    struct conn *conn = p;

    (void)fd, (void)what;
    hold(conn);
    if (conn->state == HEAD || conn->state == BODY) {
        conn->server->counts.timeouts++;
        reader_refuse(conn, PROBLEM_TOO_SLOW);
    } else if (conn->state == IDLE && unsent(conn)) {
        conn->is_clock_stale = true; /* still reading the last reply */
    } else {
        shut(conn);
    }
    reader_advance(conn);
    let_go(conn);
}

void conn_on_task(struct task *task)
{
    struct request *req = LIST_ITEM(task, struct request, task);
    struct conn *conn = req->conn;

    hold(conn);
    request_run(req);
    reader_advance(conn);
    let_go(conn);
}

void conn_call(struct conn *conn, void (*call)(struct request *))
{
    hold(conn);
    call(&conn->exchange->req);
    let_go(conn);
}

void conn_mind_silence(struct conn *conn)
{
    unsigned ms = (unsigned)conn->server->options.write_ms;

    if (bufferevent_getfd(conn->bev) >= 0)
        setsockopt(bufferevent_getfd(conn->bev), IPPROTO_TCP, TCP_USER_TIMEOUT, &ms,
                   sizeof(ms));
}

void conn_open(struct server *server, struct bufferevent *bev, const char *address,
               bool is_welcome)
{
    struct conn *conn = memory_new(sizeof(*conn));

    conn->server = server;
    conn->bev = bev;
    memcpy(conn->address, address, strnlen(address, sizeof(conn->address) - 1));
    list_append(&server->conns, &conn->link);
    server->counts.connections++;
    event_assign(&conn->clock, server->base, -1, 0, on_clock, conn);
    bufferevent_setcb(bev, on_read, on_write, on_event, conn);
    bufferevent_setwatermark(bev, EV_READ, 0, INPUT_HIGH);
    bufferevent_setwatermark(bev, EV_WRITE, OUTPUT_LOW, 0);
    bufferevent_set_timeouts(bev, NULL, &server->clocks[CLOCK_WRITE]);
    conn_enter(conn, IDLE);
    hold(conn);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
    if (!is_welcome)
        reader_refuse(conn, PROBLEM_BUSY);
    reader_advance(conn);
    let_go(conn);
}

/* Whoever is behind is not waited for. */
static void end_watch(struct conn *conn)
{
    if (unsent(conn)) {
        shut(conn);
        return;
    }
    reply_finish(&conn->exchange->req);
    request_run(&conn->exchange->req);
}

void conn_drain(struct conn *conn)
{
    hold(conn);
    if (is_watching(conn)) {
        end_watch(conn);
    } else if (conn->state == IDLE) {
        conn->is_whole = true;
        conclude(conn);
    }
    let_go(conn);
}

void conn_shut(struct conn *conn)
{
    hold(conn);
    shut(conn);
    let_go(conn);
}
