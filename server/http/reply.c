/*
 * A reply's head is written by hand into one text and leaves with the body in one call
 * to the kernel.  What HEAD, 204 and 304 must not have is left out here, whatever the
 * act gave.
 */
#include "http/reply.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/uio.h>

#include "http/conn.h"
#include "http/room.h"
#include "util/memory.h"

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 204, "No Content" },
    { 301, "Moved Permanently" },
    { 302, "Found" },
    { 303, "See Other" },
    { 304, "Not Modified" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
};

static const char *reason(int status)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Other";
}

static bool has_control(const char *value)
{
    for (; *value; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7f)
            return true;
    return false;
}

static void header(struct text *out, const char *name, const char *value)
{
    text_string(out, name);
    text_append(out, ": ", 2);
    text_string(out, value);
    text_append(out, "\r\n", 2);
}

void reply_header(struct request *req, const char *name, const char *value)
{
    struct exchange *ex = exchange_of(req);

    if (has_control(value))
        return;
    if (!strcasecmp(name, "Cache-Control"))
        ex->given |= GIVEN_CACHE;
    if (!strcasecmp(name, "Retry-After"))
        ex->given |= GIVEN_RETRY;
    if (!strcasecmp(name, "ETag"))
        ex->given |= GIVEN_ETAG;
    header(&ex->extra, name, value);
}

static void write_length(const struct exchange *ex, struct text *out, size_t n)
{
    if (ex->is_streaming) {
        if (ex->is_chunked)
            header(out, "Transfer-Encoding", "chunked");
        return;
    }
    text_string(out, "Content-Length: ");
    text_int(out, (int64_t)n);
    text_append(out, "\r\n", 2);
}

static void write_connection(const struct exchange *ex, struct text *out)
{
    if (!ex->keeps_alive)
        header(out, "Connection", "close");
    else if (ex->is_old)
        header(out, "Connection", "keep-alive");
}

static bool may_have_body(int status)
{
    return status != 204 && status != 304;
}

static void write_head(struct exchange *ex, const char *content_type, size_t n)
{
    struct text *out = &ex->server->scratch;
    int status = ex->req.status;

    text_clear(out);
    text_string(out, "HTTP/1.1 ");
    text_int(out, status);
    text_char(out, ' ');
    text_string(out, reason(status));
    text_string(out, "\r\nDate: ");
    text_string(out, server_date(ex->server));
    text_append(out, "\r\n", 2);
    if (content_type && may_have_body(status))
        header(out, "Content-Type", content_type);
    if (may_have_body(status))
        write_length(ex, out, n);
    if (!(ex->given & GIVEN_CACHE))
        header(out, "Cache-Control", ex->given & GIVEN_ETAG ? "no-cache" : "no-store");
    header(out, "X-Request-Id", ex->req.id);
    write_connection(ex, out);
    text_append(out, ex->extra.data, ex->extra.length);
    text_append(out, "\r\n", 2);
}

static void send_all(struct exchange *ex, const char *content_type, const void *bytes,
                     size_t n)
{
    struct text *head = &ex->server->scratch;
    bool has_body = n && may_have_body(ex->req.status) && !ex->is_bodiless;

    if (ex->server->is_draining)
        ex->keeps_alive = false;
    write_head(ex, content_type, n);
    struct iovec pieces[] = {
        { head->data, head->length },
        { (void *)bytes, n },
    };
    conn_send(ex->req.conn, pieces, has_body ? 2 : 1);
}

void reply_bytes(struct request *req, int status, const char *content_type,
                 const void *bytes, size_t n)
{
    struct exchange *ex = exchange_of(req);

    assert(!req->status);
    req->status = status;
    send_all(ex, content_type, bytes, n);
    ex->is_over = true;
}

void reply_text(struct request *req, int status, struct text *json)
{
    reply_bytes(req, status, "application/json", json->data, json->length);
    text_done(json);
}

static int append(const char *bytes, size_t n, void *text)
{
    text_append(text, bytes, n);
    return 0;
}

void reply_json(struct request *req, int status, json_t *json)
{
    TEXT(text);

    json_dump_callback(json, append, &text, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(json);
    reply_text(req, status, &text);
}

void reply_empty(struct request *req, int status)
{
    reply_bytes(req, status, NULL, NULL, 0);
}

bool reply_if_unchanged(struct request *req, uint64_t tag)
{
    char etag[24];

    snprintf(etag, sizeof(etag), "\"%016llx\"", (unsigned long long)tag);
    reply_header(req, "ETag", etag);
    bool reads = !strcmp(req->method, "GET") || !strcmp(req->method, "HEAD");
    if (!reads || !headers_has_tag(req->if_none_match, etag))
        return false;
    reply_empty(req, 304);
    return true;
}

void reply_stream(struct request *req, int status, const char *content_type)
{
    struct exchange *ex = exchange_of(req);

    assert(!req->status);
    req->status = status;
    ex->is_streaming = true;
    ex->is_chunked = !ex->is_old;
    if (ex->is_old && !ex->is_bodiless)
        ex->keeps_alive = false; /* the end of the reply is that of the connection */
    send_all(ex, content_type, NULL, 0);
    ex->is_over = ex->is_bodiless;
}

void reply_chunk(struct request *req, struct text *bytes)
{
    struct exchange *ex = exchange_of(req);
    char size[24];
    int n = snprintf(size, sizeof(size), "%zx\r\n", bytes->length);
    struct iovec pieces[] = {
        { size, (size_t)n },
        { bytes->data, bytes->length },
        { (char[]){ '\r', '\n' }, 2 },
    };

    assert(ex->is_streaming);
    if (bytes->length && !ex->is_over) {
        ex->idle_pumps = 0;
        if (ex->is_chunked)
            conn_send(req->conn, pieces, 3);
        else
            conn_send(req->conn, pieces + 1, 1);
    }
    text_done(bytes);
}

void reply_finish(struct request *req)
{
    struct exchange *ex = exchange_of(req);
    char end[] = "0\r\n\r\n";

    assert(ex->is_streaming);
    if (ex->is_chunked && !ex->is_over)
        conn_send(req->conn, &(struct iovec){ end, sizeof(end) - 1 }, 1);
    ex->is_over = true;
}

/* Eight bytes at a time; the multiplier and the last steps are those of MurmurHash3's
 * finalizer, by A. Appleby. */
uint64_t reply_tag(const void *bytes, size_t n)
{
    uint64_t hash = n, word;

    for (size_t i = 0; i < n; i += sizeof(word)) {
        word = 0;
        memcpy(&word, (const char *)bytes + i, n - i < sizeof(word) ? n - i : sizeof(word));
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    hash *= 0xc4ceb9fe1a85ec53u;
    return hash ^ hash >> 33;
}

void reply_text_tagged(struct request *req, struct text *json)
{
    if (reply_if_unchanged(req, reply_tag(json->data, json->length)))
        text_done(json);
    else
        reply_text(req, 200, json);
}
