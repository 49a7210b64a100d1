#include "http/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http/conn.h"
#include "http/reply.h"
#include "http/room.h"
#include "log/log.h"
#include "util/memory.h"
#include "util/clock.h"

enum { MAX_SPARES = 128, KEPT_BYTES = 4096, MAX_IDLE_PUMPS = 4, GONE = 499 };

/* Digits of Crockford's base 32: no letters that look alike. */
static void write_id(struct server *server, char *out)
{
    char digits[16], *p = digits + sizeof(digits);
    uint64_t n = server->n_ids++;

    do
        *--p = "0123456789abcdefghjkmnpqrstvwxyz"[n % 32];
    while (n /= 32);
    out = stpcpy(out, server->id_prefix);
    memcpy(out, p, (size_t)(digits + sizeof(digits) - p));
}

static struct exchange *take_spare(struct server *server)
{
    if (list_is_empty(&server->spares))
        return memory_new(sizeof(struct exchange));
    struct exchange *ex = LIST_ITEM(server->spares.next, struct exchange, link);
    list_remove(&ex->link);
    server->n_spares--;
    struct text head = ex->head, body = ex->body, extra = ex->extra;
    *ex = (struct exchange){ .head = head, .body = body, .extra = extra };
    return ex;
}

struct exchange *exchange_new(struct conn *conn)
{
    struct server *server = conn->server;
    struct exchange *ex = take_spare(server);
    struct request *req = &ex->req;

    list_init(&ex->link);
    ex->server = server;
    ex->header = HEADER_OTHER;
    arena_init(&req->arena);
    req->task.resume = conn_on_task;
    req->app = server->options.app;
    req->conn = conn;
    req->method = req->path = "-";
    memcpy(req->address, conn->address, sizeof(req->address));
    write_id(server, req->id);
    req->began_us = clock_us();
    return ex;
}

static void keep_or_free(struct text *text)
{
    if (text->capacity > KEPT_BYTES)
        text_done(text);
    else
        text_clear(text);
}

static void exchange_free(struct exchange *ex)
{
    struct server *server = ex->server;

    keep_or_free(&ex->head);
    keep_or_free(&ex->body);
    keep_or_free(&ex->extra);
    if (server->n_spares < MAX_SPARES) {
        list_append(&server->spares, &ex->link);
        server->n_spares++;
        return;
    }
    text_done(&ex->head);
    text_done(&ex->body);
    text_done(&ex->extra);
    free(ex);
}

static void count(struct exchange *ex)
{
    struct server_counts *counts = &ex->server->counts;
    int64_t us = clock_us() - ex->req.began_us;
    int kind = ex->req.status / 100, bucket = 0;

    counts->requests++;
    counts->by_status[kind >= 1 && kind <= 5 ? kind : 5]++;
    if (ex->watch)
        return; /* how long somebody watched is no latency */
    counts->latency_total_us += us;
    while (bucket < 19 && us >= (int64_t)100 << bucket)
        bucket++;
    counts->latency_us[bucket]++;
}

void exchange_end(struct exchange *ex, bool is_told)
{
    struct request *req = &ex->req;

    if (ex->is_counted)
        ex->server->counts.requests_in_flight--;
    if (ex->watch)
        watch_leave(ex);
    if (is_told) {
        count(ex);
        if (ex->server->options.after)
            ex->server->options.after(req);
    }
    json_decref(req->body);
    arena_done(&req->arena);
    exchange_free(ex);
}

static act_fn next_act(struct exchange *ex)
{
    const struct route *route = ex->req.route;

    if (ex->act == 0) {
        ex->act = 1;
        if (ex->server->options.before)
            return ex->server->options.before;
    }
    return ex->act <= MAX_ACTS ? route->acts[ex->act++ - 1] : NULL;
}

static act_fn next_pump(struct exchange *ex)
{
    const struct route *route = ex->req.route;

    if (++ex->idle_pumps > MAX_IDLE_PUMPS)
        return NULL; /* a whole turn without anything sent or begun would go on for ever
                      */
    if (ex->pump == MAX_PUMPS || !route->pump[ex->pump])
        ex->pump = 0;
    return route->pump[ex->pump++];
}

static void step(struct exchange *ex)
{
    struct request *req = &ex->req;
    act_fn act = ex->is_streaming ? next_pump(ex) : next_act(ex);

    if (!act) {
        error_set(&req->task.error, PROBLEM_BROKEN,
                  ex->is_streaming ? "a stream does not end" : "no act answered");
        return;
    }
    act(req);
    if (req->task.pending)
        ex->idle_pumps = 0;
}

/* A stream that fails half-way can only be cut off: its client sees it incomplete. */
static void answer_failure(struct exchange *ex)
{
    struct request *req = &ex->req;

    if (!ex->is_streaming) {
        reply_problem(req, &req->task.error, NULL);
        return;
    }
    log_warn("stream cut", "id=%s route=%s why=\"%s\"", req->id, req->route->path,
             req->task.error.detail[ENGLISH]);
    ex->keeps_alive = false;
    ex->is_over = true;
}

/* A watcher goes on until the client or the server closes. */
static bool can_go_on(const struct exchange *ex)
{
    if (ex->watch && ex->req.conn->state != CLOSED)
        return false;
    return !ex->is_over && !ex->req.task.pending &&
           !(ex->is_streaming && conn_is_clogged(ex->req.conn));
}

/* A loop, not a recursion: acts that need not wait run one after another. */
void request_run(struct request *req)
{
    struct exchange *ex = exchange_of(req);

    if (ex->is_running)
        return;
    ex->is_running = true;
    while (can_go_on(ex)) {
        if (req->conn->state == CLOSED)
            ex->is_over = true;
        else if (task_has_failed(&req->task))
            answer_failure(ex);
        else
            step(ex);
    }
    ex->is_running = false;
    if (!ex->is_over || req->task.pending)
        return;
    if (!req->status)
        req->status = GONE;
    conn_over(req->conn);
}

const char *request_query(const struct request *req, const char *name)
{
    for (int i = 0; i < req->n_query; i++)
        if (!strcmp(req->query[i].name, name))
            return req->query[i].value;
    return NULL;
}

/* Digits, with one minus at most: strtoll alone would take blanks and a plus. */
static bool read_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
    const char *digits = text + (*text == '-');
    size_t n = strspn(digits, "0123456789");

    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (!n || digits[n] || errno || value < min || value > max)
        return false;
    *out = value;
    return true;
}

bool request_query_int(struct request *req, const char *name, int64_t min, int64_t max,
                       int64_t otherwise, int64_t *out)
{
    const char *text = request_query(req, name);

    if (!text) {
        *out = otherwise;
        return true;
    }
    return read_int(text, min, max, out) ||
           error_set(&req->task.error, PROBLEM_PARAMETER_BAD, name);
}

bool request_param_int(struct request *req, int param, int64_t max,
                       enum problem unknown, int64_t *out)
{
    const char *text = req->params[param];

    return (text && *text != '0' && read_int(text, 1, max, out)) ||
           error_set(&req->task.error, unknown, text ? text : "");
}
