#include "command/command.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <event2/event.h>

#include "api/aside.h"
#include "api/app.h"
#include "api/closing.h"
#include "api/counting.h"
#include "api/files.h"
#include "api/reading.h"
#include "api/rescore.h"
#include "api/shelf.h"
#include "api/throttle.h"
#include "api/tokens.h"
#include "api/walls.h"
#include "command/supervise.h"
#include "http/server.h"
#include "log/log.h"
#include "pg/cluster.h"
#include "store/store.h"
#include "util/clock.h"

/* OWN_FILES: beside its clients a process has the database's connections, files being
 * served, and clients it refuses. */
enum { DRAIN_MS = 10000, OWN_FILES = 500, DATABASE_PRIORITY = 0, N_PRIORITIES = 3 };

struct serving {
    struct config *config;
    struct workplace place;
    struct event_base *base;
    struct app app;
    struct sweep *sweep;
    struct counting *counting;
    struct rescore *rescore;
    struct event *tick, *signals[2];
    bool is_draining;
    _Atomic int64_t *heads; /* shared by the workers; NULL: one worker */
    int port_fd;  /* keeps a port that was chosen for all of them */
    int ready_fd; /* of a worker: where to say that it serves */
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

    if (which == ACCESS_LOG_OFF || (which == ACCESS_LOG_ERRORS && req->status < 400))
        return;
    log_info("access",
             "request=%s address=%s method=%s path=%s status=%d person=%" PRId64 " us=%" PRId64,
             req->id, req->address, req->method, req->path, req->status,
             req->session ? req->session->person : 0,
             clock_us() - req->began_us);
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

    struct loading loading = { .format = FORMAT_JSON, .is_demonstration = true };

    bool ok = load_questions(session, &loading, 1, (char *[]){ (char *)config->questions });
    for (size_t i = 0; ok && i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(path, sizeof(path), "%.4000s/%s", config->questions, parts[i].file);
        ok = parts[i].load(session, path);
    }
    if (!ok)
        log_warn("serve", "the demonstration could not be loaded");
}

/* Before there are workers: one of them is enough to make and migrate the database. */
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
                                     .heads = s->heads,
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

static void open_clients(struct serving *s)
{
    s->app.clients = files_new();
    files_add_tree(s->app.clients, s->config->clients, "app");
    files_add_tree(s->app.clients, s->config->clients, "wall");
}

/* Half of the connections stay for those who take part. */
static int most_watchers(const struct config *config)
{
    int half = config->max_connections / 2;

    return config->max_watchers < half ? config->max_watchers : half;
}

static bool open_server(struct serving *s)
{
    struct server_options options = server_defaults;
    struct error err;

    options.address = s->config->address;
    options.port = s->config->port;
    options.shares_port = s->config->workers > 1;
    options.routes = api_routes;
    options.app = &s->app;
    options.before = sign_in;
    options.after = log_access;
    options.max_connections = s->config->max_connections;
    options.max_requests = s->config->max_requests;
    options.max_watchers = most_watchers(s->config);
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
    s->counting = counting_start(s->base, &s->app);
    s->rescore = rescore_start(s->base, &s->app);
}

/* Of three priorities the middle one is that of clients, and of whatever does not say; the last
 * is for work that can wait.  The database comes first: between some clients the loop looks whether it has answered, or
 * each batch would wait until thousands of others were heard.  Not more often: each look
 * asks the kernel about all of those again. */
static struct event_base *new_base(void)
{
    struct event_config *config = event_config_new();
    struct timeval interval = { .tv_usec = 20000 };

    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    event_config_set_max_dispatch_interval(config, &interval, 1000, DATABASE_PRIORITY + 1);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    event_base_priority_init(base, N_PRIORITIES);
    return base;
}

static bool open_worker(struct serving *s)
{
    s->app.config = s->config;
    s->app.started_at = clock_wall_ms();
    s->app.sign_ins = throttle_new();
    s->app.tokens = tokens_new();
    s->app.pages = shelf_new();
    s->base = new_base();
    if (!open_store(s))
        return false;
    s->app.readings = readings_new(s->base, s->app.store);
    s->app.asides = asides_new(s->base);
    open_docs(s);
    open_clients(s);
    if (!open_server(s))
        return false;
    s->app.walls = walls_new(s->base, &s->app);
    open_events(s);
    return true;
}

static void close_worker(struct serving *s)
{
    sweep_stop(s->sweep);
    counting_stop(s->counting);
    rescore_stop(s->rescore);
    server_close(s->app.server);
    readings_free(s->app.readings);
    asides_free(s->app.asides);
    store_close(s->app.store);
    walls_free(s->app.walls);
    for (int i = 0; i < 2; i++)
        if (s->signals[i])
            event_free(s->signals[i]);
    if (s->tick)
        event_free(s->tick);
    if (s->base)
        event_base_free(s->base);
    files_free(s->app.docs);
    files_free(s->app.clients);
    throttle_free(s->app.sign_ins);
    tokens_free(s->app.tokens);
    shelf_free(s->app.pages);
}

/* ---- the command ---- */

/* As many files as the system lets us: every client is one.  Where it does not let us have
 * so many clients, they are told so instead of waiting for a descriptor. */
static void raise_files(struct config *config)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)config->max_connections + OWN_FILES;

    if (getrlimit(RLIMIT_NOFILE, &limit))
        return;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur <= 2 * OWN_FILES)
            return;
    }
    if (limit.rlim_cur < wanted) {
        config->max_connections = (int)limit.rlim_cur - OWN_FILES;
        log_warn("serve", "only %lu files can be open: max_connections=%d",
                 (unsigned long)limit.rlim_cur, config->max_connections);
    }
}

/* Asked of the folder: the supervisor of several workers has read no files. */
static bool has_page(const struct serving *s, const char *page)
{
    char path[4096];

    snprintf(path, sizeof(path), "%.4000s/%s/index.html", s->config->clients, page);
    return !access(path, R_OK);
}

static void greet_pages(const struct serving *s, const char *host, int port)
{
    if (has_page(s, "app"))
        printf("  应用 app    http://%s:%d/\n", host, port);
    if (has_page(s, "wall"))
        printf("  大屏 wall   http://%s:%d/wall\n", host, port);
    if (!has_page(s, "app") || !has_page(s, "wall"))
        printf("  应用或大屏未构建：安装 Node 和 npm，运行 make clients，再启动。\n"
               "  The app or the wall is not built: install Node and npm, make clients,"
               " start again.\n");
}

static void greet(void *context)
{
    const struct serving *s = context;
    const char *host = strcmp(s->config->address, "0.0.0.0") ? s->config->address : "127.0.0.1";
    int port = s->app.server ? server_port(s->app.server) : s->config->port;

    printf("\n  竞答 jingda\n\n");
    greet_pages(s, host, port);
    printf("  API        http://%s:%d/v1/campaigns\n"
           "  文档 docs   http://%s:%d/docs/\n"
           "  状态 status http://%s:%d/readyz\n\n",
           host, port, host, port, host, port);
    if (s->place.cluster)
        printf("  演示 demo   POST /v1/sessions "
               "{\"union\":\"630102\",\"name\":\"王小明\",\"staff_number\":\"10001\"}\n\n");
    fflush(stdout);
}

static int run_worker(struct serving *s, void (*ready)(void *))
{
    bool ok = open_worker(s);

    if (ok) {
        ready(s);
        event_base_dispatch(s->base);
        log_info("serve", "stopped");
    }
    close_worker(s);
    return ok ? 0 : 1;
}

static void tell_ready(void *context)
{
    const struct serving *s = context;

    if (write(s->ready_fd, "r", 1) != 1)
        log_warn("serve", "the supervisor does not listen");
}

static int work(int fd, void *context)
{
    struct serving *s = context;

    s->ready_fd = fd;
    int status = run_worker(s, tell_ready);
    workplace_close(&s->place); /* only frees: the database is the supervisor's */
    log_close();
    return status;
}

static void tick(void *context)
{
    struct serving *s = context;

    log_flush();
    if (s->place.cluster)
        cluster_tend(s->place.cluster);
}

/* Workers that shall share a port cannot each take a free one: it is chosen here. */
static bool choose_port(struct serving *s)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);
    int yes = 1;

    if (s->config->port)
        return true;
    s->port_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->port_fd < 0 ||
        setsockopt(s->port_fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes)) ||
        bind(s->port_fd, (struct sockaddr *)&address, sizeof(address)) ||
        getsockname(s->port_fd, (struct sockaddr *)&address, &size))
        return false;
    s->config->port = ntohs(address.sin_port);
    return true;
}

static int run_workers(struct serving *s)
{
    struct supervised supervised = { .n_workers = s->config->workers,
                                     .work = work,
                                     .all_ready = greet,
                                     .tick = tick,
                                     .context = s };
    size_t size = MAX_BUCKETS * sizeof(*s->heads);

    s->heads = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s->heads == MAP_FAILED || !choose_port(s)) {
        fprintf(stderr, "jingda: cannot prepare the workers: %s\n", strerror(errno));
        return 1;
    }
    int status = supervise(&supervised);
    munmap((void *)s->heads, size);
    return status;
}

static int run_serve(struct config *config, int n, char **words)
{
    struct serving s = { .config = config };
    int status = 1;

    (void)words;
    if (n)
        return misuse(&serve_command, "it takes options only");
    raise_files(config);
    if (read_secret(config, &s.app.secret) && open_database(&s))
        status = config->workers > 1 ? run_workers(&s) : run_worker(&s, greet);
    workplace_close(&s.place);
    explicit_bzero(&s.app.secret, sizeof(s.app.secret));
    return status;
}

const struct command serve_command = {
    .name = "serve",
    .summary = "runs the server",
    .help = "jingda serve [--SETTING VALUE]...\n"
            "\n"
            "Serves the API until SIGTERM or SIGINT; then lets requests in flight finish.\n"
            "Without database_url it runs a private PostgreSQL under var, loads the\n"
            "questions and a demonstration campaign, and stops it when it ends.\n"
            "With workers > 1, that many processes serve the port; one that dies is\n"
            "started again.\n",
    .run = run_serve,
};
