/* The gate before the acts: what HTTP, the router, the route's declarations and the
 * state of the server demand of a request, asked in this order. */
#include "http/room.h"

#include <string.h>
#include <strings.h>

#include "http/router.h"
#include "util/fields.h"

enum { MAX_DEPTH = 32, MAX_LAG_US = 500000 };

static bool has_body(const llhttp_t *parser)
{
    return parser->flags & F_CHUNKED || parser->content_length > 0;
}

static void copy_values(struct conn *conn, struct exchange *ex)
{
    struct request *req = &ex->req;
    const char *proxy = conn->server->options.trusted_proxy;
    const char *forwarded = intake_value(ex, HEADER_FORWARDED_FOR);

    req->method = llhttp_method_name((llhttp_method_t)conn->parser.method);
    req->path = ex->head.data;
    req->authorization = intake_value(ex, HEADER_AUTHORIZATION);
    req->if_none_match = intake_value(ex, HEADER_IF_NONE_MATCH);
    req->user_agent = intake_value(ex, HEADER_USER_AGENT);
    req->content_type = intake_value(ex, HEADER_CONTENT_TYPE);
    req->language = headers_language(intake_value(ex, HEADER_ACCEPT_LANGUAGE));
    req->takes_gzip = headers_takes_gzip(intake_value(ex, HEADER_ACCEPT_ENCODING));
    if (forwarded && proxy && !strcmp(proxy, conn->address))
        headers_forwarded(forwarded, req->address);
    ex->is_bodiless = !strcmp(req->method, "HEAD");
    ex->is_old = conn->parser.http_minor == 0;
}

static bool check_version(const llhttp_t *parser, struct error *err)
{
    if (parser->http_major != 1 || parser->http_minor > 1)
        return error_set(err, PROBLEM_HTTP_VERSION);
    if (parser->method == HTTP_CONNECT || parser->method > HTTP_SOURCE)
        return error_set(err, PROBLEM_METHOD_UNKNOWN);
    return true;
}

/* Exactly one Host in HTTP/1.1, and one that could be a host. */
static bool check_host(const struct exchange *ex, struct error *err)
{
    const char *host = intake_value(ex, HEADER_HOST);

    if (!host && !ex->is_old)
        return error_set(err, PROBLEM_HTTP_HOST);
    if (host && host[strcspn(host, " \t/\\@?#,")])
        return error_set(err, PROBLEM_HTTP_HOST);
    return true;
}

/* No coding but chunked, and that not from HTTP/1.0: proxies disagree about the rest.
 */
static bool check_coding(const struct exchange *ex, struct error *err)
{
    const char *transfer = intake_value(ex, HEADER_TRANSFER_ENCODING);
    const char *content = intake_value(ex, HEADER_CONTENT_ENCODING);

    if (transfer && (ex->is_old || strcasecmp(transfer, "chunked")))
        return error_set(err, PROBLEM_HTTP_SYNTAX, "transfer coding");
    if (content && strcasecmp(content, "identity"))
        return error_set(err, PROBLEM_CONTENT_TYPE);
    return true;
}

/* Cuts the query off the path, in place.  Absolute targets and "*" have no use here. */
static bool split_target(struct exchange *ex, const char **query, struct error *err)
{
    char *target = ex->head.data, *mark = strpbrk(target, "?#");

    *query = NULL;
    if (target[0] != '/' || strchr(target, '#'))
        return error_set(err, PROBLEM_HTTP_TARGET);
    if (mark) {
        *mark = '\0';
        *query = mark + 1;
    }
    return true;
}

static bool check_server(const struct server *server, const struct route *route,
                         struct error *err)
{
    if (route->serves_early)
        return true;
    if (server->is_draining)
        return error_set(err, PROBLEM_STOPPING);
    if (!server->is_ready)
        return error_set(err, PROBLEM_STARTING);
    return true;
}

/* Asked when the body has come, so that a refusal costs the client its connection neither,
 * nor us the next one. */
static bool check_load(const struct server *server, const struct route *route,
                       struct error *err)
{
    if (route->serves_early ||
        (server->counts.requests_in_flight < server->options.max_requests &&
         server->lag_us < MAX_LAG_US))
        return true;
    return error_set(err, PROBLEM_BUSY);
}

static bool check_body(const llhttp_t *parser, struct exchange *ex, struct error *err)
{
    const struct route *route = ex->req.route;

    ex->body_limit =
        route->body_limit ? route->body_limit : ex->server->options.max_body_bytes;
    if (!has_body(parser))
        return true;
    if (route->body == BODY_NONE && !(parser->flags & F_CHUNKED))
        return error_set(err, PROBLEM_BODY_UNEXPECTED);
    if (!(parser->flags & F_CHUNKED) && parser->content_length > ex->body_limit)
        return error_set(err, PROBLEM_BODY_TOO_LARGE, (int)ex->body_limit);
    bool is_json = route->body == BODY_JSON || route->body == BODY_OPTIONAL_JSON;
    if (is_json && !headers_is_json(ex->req.content_type))
        return error_set(err, PROBLEM_CONTENT_TYPE);
    return true;
}

/* Whoever does not speak HTTP well is not listened to any longer: what follows may be
 * something else than it seems. */
static bool check_protocol(const llhttp_t *parser, struct exchange *ex,
                           const char **query, struct error *err)
{
    bool is_good = check_version(parser, err) && check_host(ex, err) &&
                   check_coding(ex, err) && split_target(ex, query, err);

    ex->keeps_alive = is_good && llhttp_should_keep_alive(parser);
    return is_good;
}

bool admit_head(struct conn *conn, struct exchange *ex)
{
    struct request *req = &ex->req;
    struct error *err = &req->task.error;
    const char *query;

    conn->is_whole = !has_body(&conn->parser);
    copy_values(conn, ex);
    return check_protocol(&conn->parser, ex, &query, err) &&
           router_find(conn->server->router, req, &ex->allow) &&
           check_server(conn->server, req->route, err) &&
           (req->route->takes_any_query || query_read(req, query)) &&
           check_body(&conn->parser, ex, err);
}

static bool read_json(struct exchange *ex)
{
    struct request *req = &ex->req;

    req->body =
        fields_parse(req->body_bytes, req->body_size, MAX_DEPTH, &req->task.error);
    if (!req->body)
        return false;
    return json_is_object(req->body) ||
           error_set(&req->task.error, PROBLEM_BODY_MISSING);
}

bool admit_body(struct exchange *ex)
{
    struct request *req = &ex->req;
    enum body kind = req->route->body;

    req->body_bytes = ex->body.data ? ex->body.data : "";
    req->body_size = ex->body.length;
    if (!check_server(ex->server, req->route, &req->task.error) ||
        !check_load(ex->server, req->route, &req->task.error))
        return false;
    if (kind == BODY_JSON && !req->body_size)
        return error_set(&req->task.error, PROBLEM_BODY_MISSING);
    if ((kind == BODY_JSON || kind == BODY_OPTIONAL_JSON) && req->body_size)
        return read_json(ex);
    return true;
}
