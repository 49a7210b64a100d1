/* Problems as HTTP tells them: a status for each fault, and the document of RFC 9457.
 */
#include <stdio.h>
#include <string.h>

#include "http/reply.h"
#include "http/room.h"
#include "log/log.h"
#include "util/encode.h"
#include "util/memory.h"

static const int status_of[] = {
    [FAULT_NONE] = 200,           [FAULT_INVALID] = 400,
    [FAULT_UNKNOWN] = 401,        [FAULT_FORBIDDEN] = 403,
    [FAULT_MISSING] = 404,        [FAULT_CONFLICT] = 409,
    [FAULT_TOO_MUCH] = 429,       [FAULT_BUSY] = 503,
    [FAULT_BROKEN] = 500,         [FAULT_TOO_LARGE] = 413,
    [FAULT_NOT_ALLOWED] = 405,    [FAULT_WRONG_TYPE] = 415,
    [FAULT_TIMEOUT] = 408,        [FAULT_HEADERS_TOO_LARGE] = 431,
    [FAULT_NOT_ACCEPTABLE] = 406,
};

/* Two problems have a status that no fault stands for. */
int problem_status(enum problem problem)
{
    if (problem == PROBLEM_METHOD_UNKNOWN)
        return 501;
    if (problem == PROBLEM_HTTP_VERSION)
        return 505;
    return status_of[error_fault(problem)];
}

static void add_headers(struct request *req, enum problem problem, int status)
{
    struct exchange *ex = exchange_of(req);
    bool is_bad_token =
        problem == PROBLEM_TOKEN_BAD || problem == PROBLEM_TOKEN_EXPIRED;

    if (status == 401)
        reply_header(req, "WWW-Authenticate",
                     is_bad_token ? "Bearer realm=\"jingda\", error=\"invalid_token\""
                                  : "Bearer realm=\"jingda\"");
    if (status == 405 && ex->allow)
        reply_header(req, "Allow", ex->allow);
    if ((status == 503 || status == 429) && !(ex->given & GIVEN_RETRY))
        reply_header(req, "Retry-After", problem == PROBLEM_STARTING ? "5" : "2");
    reply_header(req, "Content-Language", req->language == ENGLISH ? "en" : "zh-CN");
}

static void member(struct text *out, const char *name, const char *value, size_t n)
{
    text_char(out, ',');
    text_json_string(out, name);
    text_char(out, ':');
    text_json(out, value, n);
}

/* A sentence cut to its buffer may end within a character. */
static size_t whole_length(const char *text)
{
    size_t n = strlen(text);

    for (int i = 0; i < 4 && n && !utf8_is_valid(text, n); i++)
        n--;
    return utf8_is_valid(text, n) ? n : 0;
}

static int append(const char *bytes, size_t n, void *text)
{
    text_append(text, bytes, n);
    return 0;
}

static void add_members(struct text *out, json_t *extra)
{
    const char *name;
    json_t *value;

    json_object_foreach(extra, name, value)
    {
        text_char(out, ',');
        text_json_string(out, name);
        text_char(out, ':');
        json_dump_callback(value, append, out, JSON_COMPACT | JSON_ENCODE_ANY);
    }
}

static void write_document(struct text *out, const struct request *req,
                           const struct error *err, int status)
{
    const char *code = error_code(err->problem);
    const char *title = error_title(err->problem, req->language);
    const char *detail = err->detail[req->language];

    text_string(out, "{\"type\":\"urn:jingda:problem:");
    text_string(out, code);
    text_char(out, '"');
    member(out, "title", title, strlen(title));
    text_printf(out, ",\"status\":%d", status);
    member(out, "detail", detail, whole_length(detail));
    member(out, "code", code, strlen(code));
    if (err->where[0])
        member(out, "where", err->where, whole_length(err->where));
    member(out, "request_id", req->id, strlen(req->id));
}

void reply_problem(struct request *req, const struct error *err, json_t *extra)
{
    int status = problem_status(err->problem);
    struct error shown = *err;
    TEXT(out);

    if (error_fault(err->problem) == FAULT_BROKEN) {
        log_error("request", "id=%s path=%s why=\"%s\"", req->id, req->path,
                  err->detail[ENGLISH]);
        error_set(&shown, PROBLEM_BROKEN, req->id);
    }
    add_headers(req, shown.problem, status);
    write_document(&out, req, &shown, status);
    add_members(&out, extra);
    text_char(&out, '}');
    json_decref(extra);
    reply_bytes(req, status, "application/problem+json", out.data, out.length);
}
