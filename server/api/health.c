/* GET /healthz: the process lives.  GET /readyz: it can serve.  GET /metrics: Prometheus. */
#include "api/routes.h"

#include <inttypes.h>

#include "api/show.h"
#include "http/reply.h"
#include "http/server.h"
#include "store/store.h"

static void reply_status(struct request *req, const char *status)
{
    struct text out = { 0 };

    text_char(&out, '{');
    show_string(&out, "status", status);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

static void report_health(struct request *req)
{
    reply_status(req, "ok");
}

const struct route health_get = {
    .method = "GET",
    .path = "/healthz",
    .serves_early = true,
    .acts = { report_health },
};

/* Not served early: while starting or draining the server itself answers 503. */
static void report_ready(struct request *req)
{
    if (store_is_up(req->app->store))
        reply_status(req, "ready");
    else
        error_set(&req->task.error, PROBLEM_DATABASE_AWAY);
}

const struct route ready_get = {
    .method = "GET",
    .path = "/readyz",
    .acts = { report_ready },
};

static void write_latency(struct text *out, const struct server_counts *counts)
{
    int64_t sum = 0, bound = 100;

    text_string(out, "# TYPE jingda_http_seconds histogram\n");
    for (size_t i = 0; i < sizeof(counts->latency_us) / sizeof(counts->latency_us[0]); i++) {
        sum += counts->latency_us[i];
        if (i + 1 < sizeof(counts->latency_us) / sizeof(counts->latency_us[0]))
            text_printf(out, "jingda_http_seconds_bucket{le=\"%g\"} %" PRId64 "\n",
                        (double)bound / 1e6, sum);
        bound *= 2;
    }
    text_printf(out,
                "jingda_http_seconds_bucket{le=\"+Inf\"} %" PRId64 "\n"
                "jingda_http_seconds_sum %g\njingda_http_seconds_count %" PRId64 "\n",
                sum, (double)counts->latency_total_us / 1e6, sum);
}

static void write_http(struct text *out, const struct server_counts *counts)
{
    text_printf(out,
                "jingda_http_connections %" PRId64 "\n"
                "jingda_http_requests_in_flight %" PRId64 "\n"
                "jingda_http_watchers %" PRId64 "\n"
                "jingda_http_connections_total %" PRId64 "\n"
                "jingda_http_connections_refused_total %" PRId64 "\n"
                "jingda_http_requests_total %" PRId64 "\n"
                "jingda_http_requests_bad_total %" PRId64 "\n"
                "jingda_http_requests_shed_total %" PRId64 "\n"
                "jingda_http_timeouts_total %" PRId64 "\n",
                counts->connections, counts->requests_in_flight, counts->watchers, counts->accepted,
                counts->refused_connections, counts->requests, counts->bad_requests,
                counts->shed, counts->timeouts);
    for (int i = 1; i <= 5; i++)
        text_printf(out, "jingda_http_replies_total{class=\"%dxx\"} %" PRId64 "\n", i,
                    counts->by_status[i]);
    write_latency(out, counts);
}

static void report_metrics(struct request *req)
{
    TEXT(out);

    text_printf(&out, "jingda_up 1\njingda_start_time_seconds %.3f\n",
                (double)req->app->started_at / 1000);
    write_http(&out, server_counts(req->app->server));
    store_metrics(req->app->store, &out);
    reply_bytes(req, 200, "text/plain; version=0.0.4; charset=utf-8", out.data, out.length);
}

const struct route metrics_get = {
    .method = "GET",
    .path = "/metrics",
    .acts = { report_metrics },
};
