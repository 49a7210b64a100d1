/*
 * One connection fed with foreign bytes.  The first byte says in pieces of which size
 * they come.  Held tasks end between pieces.  What is checked: no sanitizer complains,
 * nothing hangs, and no connection or request is left over when the client has gone.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "http/reply.h"
#include "http/server.h"
#include "http/watch.h"
#include "log/log.h"

static struct request *held;
static struct watch *watch;

static void greet(struct request *req)
{
    reply_bytes(req, 200, "text/plain", "hello", 5);
}

static void echo(struct request *req)
{
    int64_t n;

    if (!request_query_int(req, "n", -5, 5, 0, &n))
        return;
    if (req->body)
        reply_json(req, 200, json_incref(req->body));
    else
        reply_bytes(req, 200, "text/plain", req->body_bytes, req->body_size);
}

static void hold(struct request *req)
{
    held = req;
    task_begin(&req->task);
}

static void refuse(struct request *req)
{
    error_set(&req->task.error, PROBLEM_NO_UNION, req->params[0]);
}

static void start(struct request *req)
{
    reply_stream(req, 200, "text/csv");
}

static void pump(struct request *req)
{
    int *n = req->state;
    struct text text = { 0 };

    text_printf(&text, "row %d\n", *n);
    reply_chunk(req, &text);
    if (++*n == 5)
        reply_finish(req);
}

static void join(struct request *req)
{
    watch_join(watch, req);
}

static const char *const names[] = { "n", "name", NULL };
static const struct route get = { .method = "GET", .path = "/", .acts = { greet } };
static const struct route post = { .method = "POST",
                                   .path = "/e",
                                   .query = names,
                                   .body = BODY_OPTIONAL_JSON,
                                   .acts = { echo } };
static const struct route put = {
    .method = "PUT", .path = "/e", .body = BODY_BYTES, .acts = { hold, echo }
};
static const struct route named = { .method = "GET",
                                    .path = "/n/{a}/{b}",
                                    .takes_any_query = true,
                                    .acts = { hold, refuse } };
static const struct route rest = { .method = "GET",
                                   .path = "/r/{rest...}",
                                   .acts = { refuse } };
static const struct route stream = { .method = "GET",
                                     .path = "/s",
                                     .state = sizeof(int),
                                     .acts = { start },
                                     .pump = { hold, pump } };
static const struct route watched = { .method = "GET", .path = "/w", .acts = { join } };
static const struct route *const routes[] = { &get,  &post,   &put,     &named,
                                              &rest, &stream, &watched, NULL };

static void end_held(void)
{
    struct request *req = held;

    held = NULL;
    if (req)
        task_end(&req->task, NULL);
}

static void turn(struct event_base *base)
{
    struct text state = { .data = (char[]){ "{}" }, .length = 2 };

    watch_show(watch, &state);
    for (int i = 0; i < 4; i++) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        end_held();
    }
}

static void throw_away(struct bufferevent *bev, void *p)
{
    struct evbuffer *input = bufferevent_get_input(bev);

    (void)p;
    evbuffer_drain(input, evbuffer_get_length(input));
}

static void feed(struct event_base *base, struct bufferevent *client,
                 const uint8_t *data, size_t size, size_t piece)
{
    for (size_t i = 0; i < size; i += piece) {
        size_t n = size - i < piece ? size - i : piece;

        bufferevent_write(client, data + i, n);
        turn(base);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return log_open("/dev/null", LOG_ERROR) ? 0 : 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct server_options options = server_defaults;
    struct event_base *base = event_base_new();
    struct bufferevent *ends[2];
    struct error err = { 0 };

    if (!size || size > 100000) {
        event_base_free(base);
        return 0;
    }
    options.address = NULL;
    options.routes = routes;
    options.trusted_proxy = "127.0.0.1";
    options.max_header_bytes = 2048;
    options.max_body_bytes = 512;
    struct server *server = server_open(base, &options, &err);
    watch = watch_new(server, "state");
    bufferevent_pair_new(base, 0, ends);
    bufferevent_setcb(ends[0], throw_away, NULL, NULL, NULL);
    bufferevent_enable(ends[0], EV_READ | EV_WRITE);
    server_attach(server, ends[1]);

    feed(base, ends[0], data + 1, size - 1, (data[0] ? data[0] : 4096) + size / 64);
    bufferevent_flush(ends[0], EV_WRITE, BEV_FINISHED);
    for (int i = 0; i < 1000 && server_counts(server)->connections; i++)
        turn(base);
    assert(server_counts(server)->connections == 0);
    assert(server_counts(server)->requests_in_flight == 0);
    assert(server_counts(server)->watchers == 0);

    server_close(server);
    bufferevent_free(ends[0]);
    event_base_loop(base, EVLOOP_NONBLOCK);
    watch_free(watch);
    event_base_free(base);
    return 0;
}
