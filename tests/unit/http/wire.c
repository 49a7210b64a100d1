#include "wire.h"

#include <unistd.h>

struct wire wire;

static void say_hello(struct request *req)
{
    reply_bytes(req, 200, "application/json", "{\"hello\":true}", 14);
}

static void tell_thing(struct request *req)
{
    int64_t limit;

    if (!request_query_int(req, "limit", 1, 100, 7, &limit))
        return;
    reply_json(
        req, 200,
        json_pack("{s:s, s:I}", "thing", req->params[0], "limit", (json_int_t)limit));
}

static void tell_number(struct request *req)
{
    int64_t number;

    if (request_param_int(req, 0, 1000, PROBLEM_NO_ATTEMPT, &number))
        reply_json(req, 200, json_pack("{s:I}", "number", (json_int_t)number));
}

static void echo(struct request *req)
{
    if (req->body)
        reply_json(req, 200, json_incref(req->body));
    else
        reply_bytes(req, 200, "text/plain", req->body_bytes, req->body_size);
}

static void tell_client(struct request *req)
{
    reply_json(req, 200,
               json_pack("{s:s, s:s?, s:s?, s:i, s:b}", "address", req->address, "agent",
                         req->user_agent, "authorization", req->authorization,
                         "language", (int)req->language, "gzip", req->takes_gzip));
}

static void wait_long(struct request *req)
{
    wire.n_acts++;
    wire.held = req;
    task_begin(&req->task);
}

static void count_and_greet(struct request *req)
{
    wire.n_acts++;
    say_hello(req);
}

static void greet_and_wait(struct request *req)
{
    wait_long(req);
    say_hello(req);
}

static void fail_often(struct request *req)
{
    error_set(&req->task.error, PROBLEM_TOO_OFTEN, 9);
}

static void break_down(struct request *req)
{
    error_set(&req->task.error, PROBLEM_BROKEN, "relation \"secret\" is missing");
}

static void do_nothing(struct request *req)
{
    (void)req;
    wire.n_acts++;
}

static void tell_unchanged(struct request *req)
{
    if (!reply_if_unchanged(req, 0xabc))
        say_hello(req);
}

static void remove_it(struct request *req)
{
    reply_header(req, "X-One", "1");
    reply_header(req, "X-Two", "2\r\nX-Three: 3");
    reply_empty(req, 204);
}

static void start_stream(struct request *req)
{
    reply_stream(req, 200, "text/csv");
}

static void send_row(struct request *req)
{
    int *n = req->state;
    struct text text = { 0 };

    wire.n_pumps++;
    memset(text_reserve(&text, 32 << 10), 'x', 32 << 10);
    text.length = 32 << 10;
    text_printf(&text, "row %d\n", *n);
    reply_chunk(req, &text);
    if (++*n == 100)
        reply_finish(req);
}

static void wait_in_pump(struct request *req)
{
    wire.held = req;
    task_begin(&req->task);
}

static void end_stream(struct request *req)
{
    struct text text = { 0 };

    text_string(&text, "the end");
    reply_chunk(req, &text);
    reply_finish(req);
}

static void join_watch(struct request *req)
{
    watch_join(wire.watch, req);
}

static const char *const thing_query[] = { "limit", "name", NULL };

static const struct route get_hello = { .method = "GET",
                                        .path = "/hello",
                                        .acts = { say_hello } };
static const struct route get_thing = { .method = "GET",
                                        .path = "/things/{thing}",
                                        .query = thing_query,
                                        .acts = { tell_thing } };
static const struct route get_number = { .method = "GET",
                                         .path = "/numbers/{n}",
                                         .acts = { tell_number } };
static const struct route get_client = {
    .method = "GET", .path = "/client", .takes_any_query = true, .acts = { tell_client }
};
static const struct route post_echo = {
    .method = "POST", .path = "/echo", .body = BODY_JSON, .acts = { echo }
};
static const struct route put_echo = {
    .method = "PUT", .path = "/echo", .body = BODY_OPTIONAL_JSON, .acts = { echo }
};
static const struct route put_bytes = {
    .method = "PUT", .path = "/bytes", .body = BODY_BYTES, .acts = { echo }
};
static const struct route get_wait = { .method = "GET",
                                       .path = "/wait",
                                       .acts = { wait_long, count_and_greet } };
static const struct route get_early = { .method = "GET",
                                        .path = "/early",
                                        .acts = { greet_and_wait, do_nothing } };
static const struct route get_fail = { .method = "GET",
                                       .path = "/fail",
                                       .acts = { fail_often, count_and_greet } };
static const struct route get_broken = { .method = "GET",
                                         .path = "/broken",
                                         .acts = { break_down } };
static const struct route get_silent = { .method = "GET",
                                         .path = "/silent",
                                         .acts = { do_nothing, do_nothing } };
static const struct route get_unchanged = { .method = "GET",
                                            .path = "/unchanged",
                                            .acts = { tell_unchanged } };
static const struct route delete_hello = { .method = "DELETE",
                                           .path = "/hello",
                                           .acts = { remove_it } };
static const struct route get_stream = { .method = "GET",
                                         .path = "/stream",
                                         .state = sizeof(int),
                                         .acts = { start_stream },
                                         .pump = { send_row } };
static const struct route get_short_stream = { .method = "GET",
                                               .path = "/short",
                                               .acts = { start_stream },
                                               .pump = { wait_in_pump, end_stream } };
static const struct route get_endless = { .method = "GET",
                                          .path = "/endless",
                                          .acts = { start_stream },
                                          .pump = { do_nothing } };
static const struct route get_watch = { .method = "GET",
                                        .path = "/watch",
                                        .acts = { join_watch } };
static const struct route get_health = {
    .method = "GET", .path = "/health", .serves_early = true, .acts = { say_hello }
};

static const struct route *const routes[] = {
    &get_hello,        &get_thing,   &get_number,    &get_client,   &post_echo,
    &put_echo,         &put_bytes,   &get_wait,      &get_early,    &get_fail,
    &get_broken,       &get_silent,  &get_unchanged, &delete_hello, &get_stream,
    &get_short_stream, &get_endless, &get_watch,     &get_health,   NULL,
};

static void after(struct request *req)
{
    wire.n_after++;
    wire.last_status = req->status;
    wire.had_route = req->route;
    snprintf(wire.last_path, sizeof(wire.last_path), "%s", req->path);
}

static void on_read(struct bufferevent *bev, void *p)
{
    struct evbuffer *input = bufferevent_get_input(bev);
    size_t n = evbuffer_get_length(input);

    (void)p;
    evbuffer_remove(input, text_reserve(&wire.got, n), n);
    wire.got.length += n;
    wire.got.data[wire.got.length] = '\0';
}

static void on_event(struct bufferevent *bev, short what, void *p)
{
    (void)bev, (void)p;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        wire.is_closed = true;
}

static void make_pair(struct bufferevent *ends[2])
{
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    for (int i = 0; i < 2; i++)
        ends[i] = bufferevent_socket_new(wire.base, fds[i], BEV_OPT_CLOSE_ON_FREE);
}

struct bufferevent *wire_more(void)
{
    struct bufferevent *ends[2];

    make_pair(ends);
    bufferevent_enable(ends[0], EV_READ | EV_WRITE);
    server_attach(wire.server, ends[1]);
    return ends[0];
}

void wire_connect(enum wire_kind kind)
{
    struct bufferevent *ends[2];

    if (wire.client)
        bufferevent_free(wire.client);
    wire_forget();
    wire.is_closed = false;
    if (kind == WIRE_PAIR)
        bufferevent_pair_new(wire.base, 0, ends);
    else
        make_pair(ends);
    wire.client = ends[0];
    bufferevent_setcb(wire.client, on_read, NULL, on_event, NULL);
    bufferevent_enable(wire.client, EV_READ | EV_WRITE);
    server_attach(wire.server, ends[1]);
}

void wire_open(enum wire_kind kind, const struct server_options *changes)
{
    struct error err = { 0 };

    wire = (struct wire){ .base = event_base_new() };
    wire.options = changes ? *changes : server_defaults;
    wire.options.address = NULL;
    wire.options.routes = routes;
    wire.options.after = after;
    wire.server = server_open(wire.base, &wire.options, &err);
    assert_non_null(wire.server);
    wire.watch = watch_new(wire.server, "state");
    wire_connect(kind);
}

void wire_open_default(void)
{
    wire_open(WIRE_PAIR, NULL);
}

void wire_close(void)
{
    server_close(wire.server);
    if (wire.held)
        wire_end_task(PROBLEM_NONE);
    if (wire.client)
        bufferevent_free(wire.client);
    wire_turn();
    watch_free(wire.watch);
    event_base_free(wire.base);
    text_done(&wire.got);
}

void wire_say_bytes(const void *bytes, size_t n)
{
    bufferevent_write(wire.client, bytes, n);
}

void wire_say(const char *text)
{
    wire_say_bytes(text, strlen(text));
}

void wire_half_close(void)
{
    wire_turn();
    if (bufferevent_getfd(wire.client) < 0)
        bufferevent_flush(wire.client, EV_WRITE, BEV_FINISHED);
    else
        shutdown(bufferevent_getfd(wire.client), SHUT_WR);
}

void wire_hang_up(void)
{
    wire_turn();
    if (bufferevent_getfd(wire.client) < 0)
        bufferevent_flush(wire.client, EV_WRITE, BEV_FINISHED);
    bufferevent_free(wire.client);
    wire.client = NULL;
}

void wire_turn(void)
{
    for (int i = 0; i < 20; i++)
        event_base_loop(wire.base, EVLOOP_NONBLOCK);
}

static void nudge(evutil_socket_t fd, short what, void *p)
{
    (void)fd, (void)what, (void)p;
}

bool wire_wait_for(const char *expected)
{
    struct timeval tick = { 0, 5000 };

    for (int i = 0; i < 1000; i++) {
        if (expected ? wire_count(expected) > 0 : wire.is_closed)
            return true;
        event_base_once(wire.base, -1, EV_TIMEOUT, nudge, NULL, &tick);
        event_base_loop(wire.base, EVLOOP_ONCE);
    }
    return false;
}

void wire_forget(void)
{
    text_clear(&wire.got);
    text_append(&wire.got, "", 0);
}

void wire_end_task(enum problem problem)
{
    struct request *req = wire.held;
    struct error err = { 0 };

    wire.held = NULL;
    error_set(&err, problem);
    task_end(&req->task, &err);
}

int wire_count(const char *needle)
{
    int n = 0;

    for (const char *p = wire.got.data; p && (p = strstr(p, needle)); p++)
        n++;
    return n;
}

const char *wire_ask(const char *text)
{
    wire_forget();
    wire_say(text);
    wire_turn();
    return wire.got.data;
}
