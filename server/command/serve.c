#include "command/command.h"

#include <event2/event.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "api/app.h"
#include "api/closing.h"
#include "api/files.h"
#include "api/throttle.h"
#include "http/server.h"
#include "log/log.h"
#include "pg/cluster.h"
#include "store/store.h"
#include "util/memory.h"

enum { DRAIN_MS = 10000 };

struct serving {
    struct config *config;
    struct workplace place;
    struct event_base *base;
    struct app app;
    struct sweep *sweep;
    struct event *tick, *signals[2];
    bool is_draining;
};

/* ---- what the loop does besides requests ---- */

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct serving *s = context;

    (void)fd, (void)what;
    log_flush();
    if (s->place.cluster)
        cluster_tend(s->place.cluster);
}

static void on_drained(void *context)
{
    struct serving *s = context;

    event_base_loopbreak(s->base);
}

/* The first signal lets what is in flight finish; the second does not wait. */
static void on_signal(evutil_socket_t number, short what, void *context)
{
    struct serving *s = context;

    (void)what;
    if (s->is_draining) {
        event_base_loopbreak(s->base);
        return;
    }
    s->is_draining = true;
    log_info("serve", "signal=%d draining", (int)number);
    server_drain(s->app.server, DRAIN_MS, on_drained, s);
}

static void log_access(struct request *req)
{
    enum access_log which = (enum access_log)req->app->config->access_log;
    struct timespec now;

    if (which == ACCESS_LOG_OFF || (which == ACCESS_LOG_ERRORS && req->status < 400))
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    log_info("access",
             "request=%s address=%s method=%s path=%s status=%d person=%" PRId64 " us=%" PRId64,
             req->id, req->address, req->method, req->path, req->status,
             req->session ? req->session->person : 0,
             now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000 - req->began_us);
}

/* ---- opening, bottom up ---- */

static void load_demonstration(struct session *session, const struct config *config)
{
    char path[4096];
    static const struct {
        const char *file;
        bool (*load)(struct session *, const char *);
    } parts[] = {
        { "demonstration/unions.csv", load_unions },
        { "demonstration/roster.csv", load_roster },
        { "demonstration/campaign.json", load_campaign },
    };

    bool ok = load_questions(session, config->questions);
    for (size_t i = 0; ok && i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(path, sizeof(path), "%.4000s/%s", config->questions, parts[i].file);
        ok = parts[i].load(session, path);
    }
    if (!ok)
        log_warn("serve", "the demonstration could not be loaded");
}

static bool open_database(struct serving *s)
{
    if (!workplace_open(s->config, false, &s->place) ||
        !apply_migrations(s->place.session, s->config->schema))
        return false;
    if (s->place.cluster)
        load_demonstration(s->place.session, s->config);
    session_close(s->place.session);
    s->place.session = NULL;
    return true;
}

static bool open_store(struct serving *s)
{
    struct store_options options = { .conninfo = s->place.conninfo,
                                     .connections = s->config->connections,
                                     .clock_offset_ms = s->config->clock_offset_ms };
    struct db_error err = { 0 };

    s->app.store = store_open(s->base, &options, &err);
    if (!s->app.store)
        fprintf(stderr, "jingda: %s\n", err.text);
    return s->app.store;
}

static void open_docs(struct serving *s)
{
    const char *docs = s->config->api_docs;

    s->app.docs = files_new();
    files_add(s->app.docs, "openapi.yaml", docs, "openapi.yaml");
    files_add(s->app.docs, "index.html", docs, "reader/index.html");
    files_add(s->app.docs, "reader.js", docs, "reader/reader.js");
    files_add(s->app.docs, "reader.css", docs, "reader/reader.css");
    files_add(s->app.docs, "swagger-ui.css", docs,
              "node_modules/swagger-ui-dist/swagger-ui.css");
    files_add(s->app.docs, "swagger-ui-bundle.js", docs,
              "node_modules/swagger-ui-dist/swagger-ui-bundle.js");
}

static bool open_server(struct serving *s)
{
    struct server_options options = server_defaults;
    struct error err;

    options.address = s->config->address;
    options.port = s->config->port;
    options.routes = api_routes;
    options.app = &s->app;
    options.before = sign_in;
    options.after = log_access;
    options.max_connections = s->config->max_connections;
    options.max_requests = s->config->max_requests;
    options.trusted_proxy = s->config->trusted_proxy;
    s->app.server = server_open(s->base, &options, &err);
    if (!s->app.server) {
        complain("jingda", &err);
        return false;
    }
    server_set_ready(s->app.server, true);
    return true;
}

static void open_events(struct serving *s)
{
    struct timeval second = { .tv_sec = 1 };

    s->tick = event_new(s->base, -1, EV_PERSIST, on_tick, s);
    event_add(s->tick, &second);
    s->signals[0] = evsignal_new(s->base, SIGTERM, on_signal, s);
    s->signals[1] = evsignal_new(s->base, SIGINT, on_signal, s);
    event_add(s->signals[0], NULL);
    event_add(s->signals[1], NULL);
    s->sweep = sweep_start(s->base, &s->app);
}

static struct event_base *new_base(void)
{
    struct event_config *config = event_config_new();

    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

static bool open_all(struct serving *s)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    s->app.config = s->config;
    s->app.started_at = now.tv_sec * 1000LL + now.tv_nsec / 1000000;
    s->app.sign_ins = throttle_new();
    s->base = new_base();
    if (!read_secret(s->config, &s->app.secret) || !open_database(s) || !open_store(s))
        return false;
    open_docs(s);
    if (!open_server(s))
        return false;
    open_events(s);
    return true;
}

static void close_all(struct serving *s)
{
    sweep_stop(s->sweep);
    server_close(s->app.server);
    store_close(s->app.store);
    for (int i = 0; i < 2; i++)
        if (s->signals[i])
            event_free(s->signals[i]);
    if (s->tick)
        event_free(s->tick);
    if (s->base)
        event_base_free(s->base);
    files_free(s->app.docs);
    throttle_free(s->app.sign_ins);
    workplace_close(&s->place);
    explicit_bzero(&s->app.secret, sizeof(s->app.secret));
}

/* ---- the command ---- */

/* As many files as the system lets us: every client is one. */
static void raise_files(int wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= (rlim_t)wanted + 100)
        return;
    limit.rlim_cur = limit.rlim_max < (rlim_t)wanted + 100 ? limit.rlim_max
                                                           : (rlim_t)wanted + 100;
    if (setrlimit(RLIMIT_NOFILE, &limit))
        log_warn("serve", "only %lu files can be open", (unsigned long)limit.rlim_cur);
}

static void greet(const struct serving *s)
{
    const char *host = strcmp(s->config->address, "0.0.0.0") ? s->config->address : "127.0.0.1";
    int port = server_port(s->app.server);

    printf("\n  竞答 jingda\n\n"
           "  API        http://%s:%d/v1/campaigns\n"
           "  文档 docs   http://%s:%d/docs/\n"
           "  状态 status http://%s:%d/readyz\n\n",
           host, port, host, port, host, port);
    if (s->place.cluster)
        printf("  演示 demo   POST /v1/sessions "
               "{\"union\":\"630102\",\"name\":\"王小明\",\"staff_number\":\"10001\"}\n\n");
    fflush(stdout);
}

static int run_serve(struct config *config, int n, char **words)
{
    struct serving s = { .config = config };

    (void)words;
    if (n)
        return misuse(&serve_command, "it takes options only");
    raise_files(config->max_connections);
    bool ok = open_all(&s);
    if (ok) {
        greet(&s);
        event_base_dispatch(s.base);
        log_info("serve", "stopped");
    }
    close_all(&s);
    return ok ? 0 : 1;
}

const struct command serve_command = {
    .name = "serve",
    .summary = "runs the server",
    .help = "jingda serve [--SETTING VALUE]...\n"
            "\n"
            "Serves the API until SIGTERM or SIGINT; then lets requests in flight finish.\n"
            "Without database_url it runs a private PostgreSQL under var, loads the\n"
            "questions and a demonstration campaign, and stops it when it ends.\n",
    .run = run_serve,
};
