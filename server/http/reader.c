/*
 * What a connection does with what has come: piece by piece, as long as its state wants
 * more.  A request answered at once only changes the state, so that a thousand
 * pipelined requests are a loop and not a thousand calls deep.
 */
#include <strings.h>
#include <sys/uio.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "http/conn.h"
#include "http/reply.h"
#include "http/room.h"
#include "util/clock.h"

enum { MAX_LINGER = 1 << 20 }; /* thrown away after a refusal */

static struct evbuffer *input_of(const struct conn *conn)
{
    return bufferevent_get_input(conn->bev);
}

/* Answers what stands in the request's error, before any act. */
static void refuse(struct conn *conn)
{
    struct exchange *ex = conn->exchange;
    struct request *req = &ex->req;
    bool is_load = error_fault(req->task.error.problem) == FAULT_BUSY;

    if (is_load)
        conn->server->counts.shed++;
    else
        conn->server->counts.bad_requests++;
    if (!conn->is_whole)
        ex->keeps_alive = false;
    conn_enter(conn, ACTING);
    reply_problem(req, &req->task.error, NULL);
    conn_over(conn);
}

static void act(struct conn *conn)
{
    struct exchange *ex = conn->exchange;

    conn->is_whole = true;
    ex->req.began_us = clock_us();
    if (!admit_body(ex)) {
        refuse(conn);
        return;
    }
    ex->is_counted = true;
    conn->server->counts.requests_in_flight++;
    if (ex->req.route->state)
        ex->req.state = arena_alloc(&ex->req.arena, ex->req.route->state);
    conn_enter(conn, ACTING);
    request_run(&ex->req);
}

static void invite_body(struct conn *conn)
{
    const char *expect = intake_value(conn->exchange, HEADER_EXPECT);
    char answer[] = "HTTP/1.1 100 Continue\r\n\r\n";

    if (expect && !conn->exchange->is_old && !strcasecmp(expect, "100-continue"))
        conn_send(conn, &(struct iovec){ answer, sizeof(answer) - 1 }, 1);
}

/* The head has come. */
static void accept_head(struct conn *conn)
{
    if (!admit_head(conn, conn->exchange)) {
        refuse(conn);
    } else if (conn->is_whole) {
        act(conn);
    } else {
        llhttp_resume(&conn->parser);
        conn->n_raw = 0;
        conn_enter(conn, BODY);
        invite_body(conn);
    }
}

static void begin(struct conn *conn)
{
    conn->exchange = exchange_new(conn);
    llhttp_init(&conn->parser, HTTP_REQUEST, &intake_settings);
    conn->parser.data = conn->exchange;
    conn->ended_line = conn->is_whole = false;
    conn_enter(conn, HEAD);
}

/* Blank lines between requests, which some clients send, are passed over. */
static size_t skip_blanks(struct conn *conn, const char *p, size_t n)
{
    size_t blanks = 0;

    while (blanks < n && (p[blanks] == '\r' || p[blanks] == '\n'))
        blanks++;
    conn->n_head += blanks;
    if (blanks < n)
        begin(conn);
    return blanks;
}

/* How much of a piece the present state takes. */
static size_t take(struct conn *conn, const char *p, size_t n)
{
    switch (conn->state) {
    case IDLE:
        return skip_blanks(conn, p, n);
    case HEAD:
        return intake_head(conn, p, n);
    case BODY:
        return intake_body(conn, p, n);
    default:
        conn->n_raw += n;
        return n;
    }
}

static void decide(struct conn *conn)
{
    struct exchange *ex = conn->exchange;

    if (conn->state == IDLE && conn->n_head >= conn->server->options.max_header_bytes)
        conn_shut(conn);
    else if (conn->state == LINGERING && conn->n_raw >= MAX_LINGER)
        conn_shut(conn);
    else if (conn->state != HEAD && conn->state != BODY)
        return;
    else if (task_has_failed(&ex->req.task))
        refuse(conn);
    else if (conn->state == HEAD && ex->is_head_done)
        accept_head(conn);
    else if (conn->state == BODY && ex->is_message_done)
        act(conn);
}

static bool wants_more(const struct conn *conn)
{
    switch (conn->state) {
    case IDLE:
    case HEAD:
    case BODY:
        return !conn_is_clogged(conn);
    case LINGERING:
        return true;
    default:
        return false;
    }
}

/* The bytes that lie together at the front of the input. */
static const char *first_piece(struct evbuffer *input, size_t *n)
{
    *n = evbuffer_get_contiguous_space(input);
    if (!*n && evbuffer_get_length(input))
        *n = 1;
    return *n ? (const char *)evbuffer_pullup(input, (ev_ssize_t)*n) : NULL;
}

void reader_advance(struct conn *conn)
{
    while (wants_more(conn)) {
        size_t n;
        const char *piece = first_piece(input_of(conn), &n);

        if (!piece) {
            if (conn->has_eof)
                conn_shut(conn); /* nothing more can come */
            return;
        }
        evbuffer_drain(input_of(conn), take(conn, piece, n));
        decide(conn);
    }
}

void reader_refuse(struct conn *conn, enum problem problem)
{
    if (!conn->exchange)
        begin(conn);
    error_set(&conn->exchange->req.task.error, problem);
    refuse(conn);
}
