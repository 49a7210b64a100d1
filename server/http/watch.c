/*
 * Watchers stand in a ring; those who were visited in this turn go to its end, so a
 * turn is over when the first has been visited.  A turn begins with a new state and
 * with each beat; one that begins while another is under way takes its place, and
 * nobody is left out.
 *
 * A state is kept as the bytes that go out, with the frame of a chunk around it;
 * HTTP/1.0 gets what is inside the frame.  It is counted by those whose socket has not
 * taken all of it yet, and by the watch.
 */
#include "http/watch.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/conn.h"
#include "http/reply.h"
#include "http/room.h"
#include "util/memory.h"

enum { AT_ONCE = 100, RETRY_MS = 3000, FRAME = 32 };

struct shared {
    int n_users;
    size_t size, inner_at, inner_size;
    char bytes[]; /* framed as a chunk, in up to FRAME more */
};

struct watch {
    struct server *server;
    const char *event;
    struct link watchers; /* exchanges */
    int64_t n;
    struct shared *greeting, *comment;
    struct shared *state; /* the newest; NULL: none yet */
    uint64_t n_states, turn;
    struct event *round, *beat;
};

static struct shared *share(const char *bytes, size_t n)
{
    struct shared *shared = memory_resize(NULL, sizeof(*shared) + n + FRAME);
    int frame = snprintf(shared->bytes, FRAME, "%zx\r\n", n);

    memcpy(shared->bytes + frame, bytes, n);
    memcpy(shared->bytes + (size_t)frame + n, "\r\n", 2);
    shared->n_users = 1;
    shared->inner_at = (size_t)frame;
    shared->inner_size = n;
    shared->size = (size_t)frame + n + 2;
    return shared;
}

static void drop(const void *bytes, size_t n, void *p)
{
    struct shared *shared = p;

    (void)bytes, (void)n;
    if (shared && !--shared->n_users)
        free(shared);
}

static void give(struct exchange *ex, struct shared *shared)
{
    size_t from = ex->is_chunked ? 0 : shared->inner_at;
    size_t n = ex->is_chunked ? shared->size : shared->inner_size;

    shared->n_users++;
    conn_send_lent(ex->req.conn, shared->bytes + from, n, drop, shared);
}

static void give_state(struct exchange *ex)
{
    give(ex, ex->watch->state);
    ex->state_seen = ex->watch->n_states;
}

static bool is_behind(const struct exchange *ex)
{
    return ex->watch->state && ex->state_seen != ex->watch->n_states;
}

/* Who is still taking the last one is not sent more; its socket says when there is
 * room. */
static void visit(struct request *req)
{
    struct exchange *ex = exchange_of(req);
    struct watch *watch = ex->watch;

    list_remove(&ex->link);
    list_append(&watch->watchers, &ex->link);
    ex->turn = watch->turn;
    if (!conn_is_drained(req->conn))
        return;
    if (is_behind(ex))
        give_state(ex);
    else
        give(ex, watch->comment);
}

void watch_go_on(struct exchange *ex)
{
    if (is_behind(ex) && conn_is_drained(ex->req.conn))
        give_state(ex);
}

static void go_round(struct watch *watch)
{
    struct timeval next_turn_of_the_loop = { 0 };

    event_add(watch->round, &next_turn_of_the_loop);
}

static void on_round(evutil_socket_t fd, short what, void *p)
{
    struct watch *watch = p;

    (void)fd, (void)what;
    for (int i = 0; i < AT_ONCE; i++) {
        struct exchange *first = LIST_ITEM(watch->watchers.next, struct exchange, link);

        if (list_is_empty(&watch->watchers) || first->turn == watch->turn)
            return;
        conn_call(first->req.conn, visit);
    }
    go_round(watch);
}

static void begin_turn(struct watch *watch)
{
    watch->turn++;
    if (!list_is_empty(&watch->watchers))
        go_round(watch);
}

static void on_beat(evutil_socket_t fd, short what, void *p)
{
    (void)fd, (void)what;
    begin_turn(p);
}

struct watch *watch_new(struct server *server, const char *event)
{
    int ms = server->options.beat_ms;
    struct timeval every = { ms / 1000, ms % 1000 * 1000 };
    struct watch *watch = memory_new(sizeof(*watch));
    char greeting[32];

    list_init(&watch->watchers);
    watch->server = server;
    watch->event = event;
    int n = snprintf(greeting, sizeof(greeting), "retry: %d\n\n", RETRY_MS);
    watch->greeting = share(greeting, (size_t)n);
    watch->comment = share(":\n\n", 3);
    watch->round = evtimer_new(server->base, on_round, watch);
    watch->beat = event_new(server->base, -1, EV_PERSIST, on_beat, watch);
    event_add(watch->beat, &every);
    return watch;
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    assert(list_is_empty(&watch->watchers));
    event_free(watch->round);
    event_free(watch->beat);
    drop(NULL, 0, watch->greeting);
    drop(NULL, 0, watch->comment);
    drop(NULL, 0, watch->state);
    free(watch);
}

static bool is_full(struct watch *watch, struct request *req)
{
    struct server *server = watch->server;

    if (server->counts.watchers < server->options.max_watchers)
        return false;
    server->counts.shed++;
    reply_header(req, "Retry-After", "30");
    return true;
}

/* It waits for nothing and may stay for days: that is no request in flight. */
static void enter(struct watch *watch, struct exchange *ex)
{
    struct server *server = watch->server;

    ex->watch = watch;
    ex->turn = watch->turn;
    ex->state_seen = watch->n_states;
    list_append(&watch->watchers, &ex->link);
    watch->n++;
    server->counts.watchers++;
    server->counts.requests_in_flight -= ex->is_counted;
    ex->is_counted = false;
    conn_mind_silence(ex->req.conn);
}

bool watch_join(struct watch *watch, struct request *req)
{
    struct exchange *ex = exchange_of(req);

    assert(!req->task.pending);
    if (is_full(watch, req))
        return error_set(&req->task.error, PROBLEM_BUSY);
    reply_header(req, "X-Accel-Buffering", "no"); /* or nginx would keep it to itself */
    reply_stream(req, 200, "text/event-stream");
    if (ex->is_over)
        return true;
    enter(watch, ex);
    give(ex, watch->greeting);
    if (watch->state)
        give_state(ex);
    if (req->conn->has_eof) /* who does not hear of the next */
        reply_finish(req);
    return true;
}

void watch_leave(struct exchange *ex)
{
    list_remove(&ex->link);
    ex->watch->n--;
    ex->server->counts.watchers--;
}

static void put(struct watch *watch, const struct text *state)
{
    TEXT(event);

    assert(!memchr(state->data, '\n', state->length));
    text_printf(&event, "id: %" PRIu64 "\nevent: %s\ndata: ", watch->n_states,
                watch->event);
    text_append(&event, state->data, state->length);
    text_append(&event, "\n\n", 2);
    drop(NULL, 0, watch->state);
    watch->state = share(event.data, event.length);
}

void watch_show(struct watch *watch, const struct text *state)
{
    watch->n_states++;
    put(watch, state);
    begin_turn(watch);
}

void watch_renew(struct watch *watch, const struct text *state)
{
    if (watch->state)
        put(watch, state);
    else
        watch_show(watch, state); /* somebody may wait for it */
}

void watch_forget(struct watch *watch)
{
    drop(NULL, 0, watch->state);
    watch->state = NULL;
}

int64_t watch_count(const struct watch *watch)
{
    return watch->n;
}
