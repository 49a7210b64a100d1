/*
 *            dial             greet
 *   CLOSED --------> DIALING --------> READY
 *      ^                  \             /
 *      | bury              \ lose      / lose
 *      +------------------- BROKEN <--+
 *
 * Only enter() changes the state; it logs old and new.  One timer serves all states:
 * the back-off in CLOSED, the limit for dialling, the limit of the oldest query in
 * READY, and in BROKEN the wish to be buried by the loop: a connection may be found
 * broken while somebody sends, and nobody may be told of a failure from inside that
 * call.
 *
 * Each query is followed by a sync of its own, so that it is a transaction of its own
 * and an error stops at it.  `sent` holds the queries in the order of their answers;
 * libpq then gives for each: the PARSE's result (when it is the first of its statement
 * here), the EXECUTE's result, and the sync, with a NULL between.  The commit belongs
 * to the sync, so an answer is kept until then, and an error that comes with the commit
 * still fails the query.
 *
 * Its events have the first priority of the base: on a loop that looks for those between
 * others (command/serve.c) the database never waits for a crowd of clients.
 *
 * PQpipelineSync of libpq 15 flushes by itself: each query is one send().  Gathering
 * several is left to the callers, who gather rows, which saves the server's work too.
 */
#include "pg/wire.h"

#include <event2/event.h>
#include <event2/util.h>
#include <libpq-fe.h>
#include <stdlib.h>

#include "log/log.h"
#include "pg/address.h"
#include "pg/inside.h"
#include "util/clock.h"
#include "pg/prepared.h"
#include "pg/report.h"
#include "pg/sqlstate.h"
#include "util/memory.h"

enum { DIAL_MS = 5000, BACKOFF_FIRST_MS = 50, BACKOFF_LAST_MS = 2000 };

enum state { CLOSED, DIALING, READY, BROKEN };

struct wire {
    struct event_base *base;
    const struct address *address;
    const struct wire_hooks *hooks;
    void *context;
    int limit_ms;

    enum state state;
    bool was_ready;
    PGconn *pg;
    struct event *readable, *writable, *timer;
    int backoff_ms;
    struct link sent;
    int n_sent, n_long;
    struct prepared prepared;
};

static void enter(struct wire *wire, enum state state)
{
    static const char *const names[] = { "closed", "dialing", "ready", "broken" };

    log_debug("wire.state", "from=%s to=%s", names[wire->state], names[state]);
    wire->state = state;
}

static void set_timer(struct wire *wire, int64_t ms)
{
    struct timeval in = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

    event_add(wire->timer, &in);
}

static void drop_event(struct event **event)
{
    if (*event)
        event_free(*event);
    *event = NULL;
}

static struct query *oldest(const struct wire *wire)
{
    return LIST_ITEM(wire->sent.next, struct query, link);
}

/* libpq closes the socket, so the loop must have let go of it by then. */
static void hang_up(struct wire *wire)
{
    drop_event(&wire->readable);
    drop_event(&wire->writable);
    event_del(wire->timer);
    PQfinish(wire->pg);
    wire->pg = NULL;
    prepared_done(&wire->prepared);
}

static void lose(struct wire *wire, const char *why)
{
    bool is_news = wire->state == READY || wire->backoff_ms == BACKOFF_FIRST_MS;
    char line[REPORT_TEXT];

    if (wire->state == BROKEN)
        return;
    /* The failures that follow the first of an outage are the same again. */
    log_line(is_news ? LOG_WARN : LOG_DEBUG, "wire.lost", "in_flight=%d why=\"%s\"",
             wire->n_sent, report_line(line, why));
    wire->was_ready = wire->state == READY;
    drop_event(&wire->readable);
    drop_event(&wire->writable);
    enter(wire, BROKEN);
    event_del(wire->timer);
    event_active(wire->timer, EV_TIMEOUT, 0);
}

static void fail(struct wire *wire, struct query *query, enum problem problem)
{
    struct error err;

    error_set(&err, query->problem ? query->problem : problem, "-");
    wire->hooks->on_over(query, &err, wire->context);
}

static void fail_all(struct wire *wire, enum problem problem)
{
    struct link over;

    list_init(&over);
    list_move_all(&over, &wire->sent);
    wire->n_sent = wire->n_long = 0;
    while (!list_is_empty(&over)) {
        struct query *query = LIST_ITEM(over.next, struct query, link);

        list_remove(&query->link);
        fail(wire, query, problem);
    }
}

/* Between half and the whole of the back-off, so that many do not come back in step. */
static int next_delay(struct wire *wire)
{
    int half = wire->backoff_ms / 2;
    unsigned dice;

    evutil_secure_rng_get_bytes(&dice, sizeof(dice));
    wire->backoff_ms *= 2;
    if (wire->backoff_ms > BACKOFF_LAST_MS)
        wire->backoff_ms = BACKOFF_LAST_MS;
    return half + (int)(dice % (unsigned)(half + 1));
}

static void bury(struct wire *wire)
{
    hang_up(wire);
    enter(wire, CLOSED);
    set_timer(wire, next_delay(wire));
    if (wire->was_ready)
        wire->hooks->on_lost(wire->context);
    fail_all(wire, PROBLEM_DATABASE_AWAY);
}

/* While the socket takes no more, what the server says must be read all the same, or
 * both would wait for each other; it is, since `readable` always listens. */
static void flush(struct wire *wire)
{
    switch (PQflush(wire->pg)) {
    case 0:
        break;
    case 1:
        event_add(wire->writable, NULL);
        break;
    default:
        lose(wire, PQerrorMessage(wire->pg));
    }
}

void wire_send(struct wire *wire, struct query *query)
{
    list_append(&wire->sent, &query->link);
    wire->n_sent++;
    wire->n_long += query->is_long;
    query->due_ms = clock_ms() + wire->limit_ms;
    if (!event_pending(wire->timer, EV_TIMEOUT, NULL))
        set_timer(wire, wire->limit_ms);
    query->statement = prepared_number(&wire->prepared, query->sql, query->signature,
                                       &query->is_preparing);
    if (query_post(query, wire->pg))
        flush(wire);
    else
        lose(wire, PQerrorMessage(wire->pg));
}

static void finish(struct wire *wire, struct query *query)
{
    struct error err;

    if (query->problem)
        fail(wire, query, query->problem);
    else if (!query_consume(query, &err))
        wire->hooks->on_over(query, &err, wire->context);
    else
        wire->hooks->on_over(query, NULL, wire->context);
}

/* The sync of the oldest query has come.  A stale one was not carried out at all. */
static void settle(struct wire *wire)
{
    struct query *query = oldest(wire);

    list_remove(&query->link);
    wire->n_sent--;
    wire->n_long -= query->is_long;
    if (query->is_stale && !query->is_resent && !query->problem) {
        query->is_resent = true;
        wire_send(wire, query);
    } else {
        finish(wire, query);
    }
}

static void blame(struct wire *wire, struct query *query, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (!sqlstate) { /* libpq's own: the connection is gone */
        lose(wire, PQresultErrorMessage(result));
        return;
    }
    bool stale = prepared_is_stale(result);
    if (stale || query->is_preparing)
        prepared_forget(&wire->prepared, query->sql, query->signature,
                        query->statement);
    if (stale && !query->is_resent) {
        query->is_stale = true;
        return;
    }
    if (!query->problem)
        query->problem = sqlstate_problem(sqlstate);
    report_failure(query->sql, result);
}

static void on_result(struct wire *wire, PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        query_keep(oldest(wire), result);
        return;
    case PGRES_PIPELINE_SYNC:
        settle(wire);
        break;
    case PGRES_PIPELINE_ABORTED:
        break;
    default:
        blame(wire, oldest(wire), result);
    }
    PQclear(result);
}

static void take_answers(struct wire *wire)
{
    while (wire->state == READY && !list_is_empty(&wire->sent) && !PQisBusy(wire->pg)) {
        PGresult *result = PQgetResult(wire->pg);

        if (result)
            on_result(wire, result);
        else if (PQstatus(wire->pg) == CONNECTION_BAD)
            lose(wire, PQerrorMessage(wire->pg));
    }
}

static void take_notifications(struct wire *wire)
{
    PGnotify *notify;

    while (wire->state == READY && (notify = PQnotifies(wire->pg))) {
        if (wire->hooks->on_notify)
            wire->hooks->on_notify(notify->relname, notify->extra, wire->context);
        PQfreemem(notify);
    }
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct wire *wire = arg;

    (void)fd, (void)what;
    if (!PQconsumeInput(wire->pg)) {
        take_answers(wire); /* what came before the end */
        lose(wire, PQerrorMessage(wire->pg));
        return;
    }
    flush(wire);
    take_answers(wire);
    take_notifications(wire);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    flush(arg);
}

static void greet(struct wire *wire)
{
    if (PQsetnonblocking(wire->pg, 1) < 0 || !PQenterPipelineMode(wire->pg)) {
        lose(wire, PQerrorMessage(wire->pg));
        return;
    }
    event_del(wire->timer);
    evutil_socket_t fd = PQsocket(wire->pg);
    wire->readable = event_new(wire->base, fd, EV_READ | EV_PERSIST, on_readable, wire);
    wire->writable = event_new(wire->base, fd, EV_WRITE, on_writable, wire);
    event_priority_set(wire->readable, 0);
    event_priority_set(wire->writable, 0);
    event_add(wire->readable, NULL);
    wire->backoff_ms = BACKOFF_FIRST_MS;
    enter(wire, READY);
    log_info("wire.ready", "backend=%d", PQbackendPID(wire->pg));
    wire->hooks->on_ready(wire->context);
}

/* Each step may open another socket: the next host, or the same without TLS. */
static void on_dialed(evutil_socket_t fd, short what, void *arg);

static void await(struct wire *wire, short what)
{
    wire->readable = event_new(wire->base, PQsocket(wire->pg), what, on_dialed, wire);
    event_add(wire->readable, NULL);
}

static void on_dialed(evutil_socket_t fd, short what, void *arg)
{
    struct wire *wire = arg;

    (void)fd, (void)what;
    drop_event(&wire->readable);
    switch (PQconnectPoll(wire->pg)) {
    case PGRES_POLLING_READING:
        await(wire, EV_READ);
        break;
    case PGRES_POLLING_WRITING:
        await(wire, EV_WRITE);
        break;
    case PGRES_POLLING_OK:
        greet(wire);
        break;
    default:
        lose(wire, PQerrorMessage(wire->pg));
    }
}

static void dial(struct wire *wire)
{
    enter(wire, DIALING);
    wire->pg = PQconnectStartParams(wire->address->keywords, wire->address->values, 1);
    if (!wire->pg || PQstatus(wire->pg) == CONNECTION_BAD) {
        lose(wire, wire->pg ? PQerrorMessage(wire->pg) : "out of memory");
        return;
    }
    PQsetNoticeReceiver(wire->pg, report_notice, NULL);
    set_timer(wire, DIAL_MS);
    await(wire, EV_WRITE);
}

/* The timer is set when the first query is sent and looks at the oldest when it fires,
 * so that sending a query does not touch it. */
static void check_limit(struct wire *wire)
{
    int64_t now = clock_ms();
    char line[REPORT_TEXT];

    if (list_is_empty(&wire->sent))
        return;
    if (oldest(wire)->due_ms > now) {
        set_timer(wire, oldest(wire)->due_ms - now);
        return;
    }
    log_warn("query.overdue", "sql=\"%s\"", report_line(line, oldest(wire)->sql));
    for (struct link *link = wire->sent.next; link != &wire->sent; link = link->next) {
        struct query *query = LIST_ITEM(link, struct query, link);

        if (query->due_ms <= now && !query->problem)
            query->problem = PROBLEM_BUSY;
    }
    lose(wire, "a query took longer than the limit");
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct wire *wire = arg;

    (void)fd, (void)what;
    switch (wire->state) {
    case CLOSED:
        dial(wire);
        break;
    case DIALING:
        lose(wire, "dialling took longer than the limit");
        break;
    case READY:
        check_limit(wire);
        break;
    case BROKEN:
        bury(wire);
    }
}

struct wire *wire_open(struct event_base *base, const struct address *address,
                       int limit_ms, const struct wire_hooks *hooks, void *context)
{
    struct wire *wire = memory_new(sizeof(*wire));

    wire->base = base;
    wire->address = address;
    wire->limit_ms = limit_ms;
    wire->hooks = hooks;
    wire->context = context;
    wire->backoff_ms = BACKOFF_FIRST_MS;
    wire->timer = event_new(base, -1, 0, on_timer, wire);
    list_init(&wire->sent);
    dial(wire);
    return wire;
}

void wire_close(struct wire *wire)
{
    if (!wire)
        return;
    hang_up(wire);
    enter(wire, CLOSED);
    fail_all(wire, PROBLEM_STOPPING);
    event_free(wire->timer);
    free(wire);
}

bool wire_is_ready(const struct wire *wire)
{
    return wire->state == READY;
}

int wire_load(const struct wire *wire)
{
    return wire->n_sent;
}

int wire_long(const struct wire *wire)
{
    return wire->n_long;
}

void wire_cut(struct wire *wire, const char *why)
{
    if (wire->state == READY)
        lose(wire, why);
}
