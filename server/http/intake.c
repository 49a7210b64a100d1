/*
 * llhttp hands over pieces of the request line and the headers as they come, cut
 * anywhere. The target and the values of a few headers are gathered in one growing
 * text; everything else is counted and forgotten.  The parser is paused when the
 * headers are complete and when the message is, so that all decisions are taken outside
 * of it.
 */
#include "http/room.h"

#include <string.h>
#include <strings.h>

enum { MAX_HEADERS = 100, MAX_FRAMING = 16 << 10 };

static const struct known {
    const char *name;
    bool is_single; /* a second one is an error; otherwise the last counts */
} known[N_HEADERS] = {
    [HEADER_HOST] = { "host", true },
    [HEADER_USER_AGENT] = { "user-agent", false },
    [HEADER_AUTHORIZATION] = { "authorization", true },
    [HEADER_ACCEPT_LANGUAGE] = { "accept-language", false },
    [HEADER_ACCEPT_ENCODING] = { "accept-encoding", false },
    [HEADER_IF_NONE_MATCH] = { "if-none-match", true },
    [HEADER_CONTENT_TYPE] = { "content-type", true },
    [HEADER_CONTENT_ENCODING] = { "content-encoding", true },
    [HEADER_TRANSFER_ENCODING] = { "transfer-encoding", true },
    [HEADER_EXPECT] = { "expect", true },
    [HEADER_FORWARDED_FOR] = { "x-forwarded-for", false },
};

const char *intake_value(const struct exchange *ex, enum header header)
{
    return ex->value_at[header] ? ex->head.data + ex->value_at[header] - 1 : NULL;
}

static int on_target(llhttp_t *parser, const char *at, size_t n)
{
    struct exchange *ex = parser->data;

    text_append(&ex->head, at, n);
    return 0;
}

static int on_target_complete(llhttp_t *parser)
{
    struct exchange *ex = parser->data;

    text_char(&ex->head, '\0');
    return 0;
}

/* Names longer than any known one are cut: they stay unknown. */
static int on_name(llhttp_t *parser, const char *at, size_t n)
{
    struct exchange *ex = parser->data;
    size_t room = sizeof(ex->name) - ex->name_length;

    n = n < room ? n : room;
    memcpy(ex->name + ex->name_length, at, n);
    ex->name_length += n;
    return 0;
}

static enum header find(const char *name, size_t n)
{
    for (int i = 0; i < N_HEADERS; i++)
        if (strlen(known[i].name) == n && !strncasecmp(known[i].name, name, n))
            return (enum header)i;
    return HEADER_OTHER;
}

static int stop(struct exchange *ex, enum problem problem, const char *why)
{
    error_set(&ex->req.task.error, problem, why);
    return HPE_USER;
}

static int on_name_complete(llhttp_t *parser)
{
    struct exchange *ex = parser->data;
    size_t n = ex->name_length;

    ex->name_length = 0;
    if (++ex->n_headers > MAX_HEADERS)
        return stop(ex, PROBLEM_HEADERS_TOO_MANY, NULL);
    if (!n)
        return stop(ex, PROBLEM_HTTP_SYNTAX, "a header without a name");
    /* after the head these are trailers, which nobody wants */
    ex->header = ex->is_head_done ? HEADER_OTHER : find(ex->name, n);
    if (ex->header == HEADER_OTHER)
        return 0;
    if (ex->value_at[ex->header] && known[ex->header].is_single)
        return stop(ex, PROBLEM_HTTP_SYNTAX, "a header stands twice");
    ex->value_at[ex->header] = ex->head.length + 1;
    return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t n)
{
    struct exchange *ex = parser->data;

    if (ex->header != HEADER_OTHER)
        text_append(&ex->head, at, n);
    return 0;
}

static int on_value_complete(llhttp_t *parser)
{
    struct exchange *ex = parser->data;
    struct text *head = &ex->head;

    if (ex->header == HEADER_OTHER)
        return 0;
    while (
        head->length >= ex->value_at[ex->header] &&
        (head->data[head->length - 1] == ' ' || head->data[head->length - 1] == '\t'))
        head->length--;
    text_char(head, '\0');
    ex->header = HEADER_OTHER;
    return 0;
}

/* Upgrade is not spoken here: without this the parser would take what follows for
 * another protocol. */
static int on_head_complete(llhttp_t *parser)
{
    struct exchange *ex = parser->data;

    parser->upgrade = 0;
    ex->is_head_done = true;
    return HPE_PAUSED;
}

static int on_body(llhttp_t *parser, const char *at, size_t n)
{
    struct exchange *ex = parser->data;

    if (ex->req.route->body == BODY_NONE)
        return stop(ex, PROBLEM_BODY_UNEXPECTED, NULL);
    if (n > ex->body_limit - ex->body.length) {
        error_set(&ex->req.task.error, PROBLEM_BODY_TOO_LARGE, (int)ex->body_limit);
        return HPE_USER;
    }
    text_append(&ex->body, at, n);
    return 0;
}

static int on_message_complete(llhttp_t *parser)
{
    struct exchange *ex = parser->data;

    ex->is_message_done = true;
    return HPE_PAUSED;
}

const llhttp_settings_t intake_settings = {
    .on_url = on_target,
    .on_url_complete = on_target_complete,
    .on_header_field = on_name,
    .on_header_field_complete = on_name_complete,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_head_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

static bool is_token(unsigned char byte)
{
    return byte > ' ' && byte < 0x7f;
}

/* Why the parser stopped, and at which byte. */
static void explain(struct exchange *ex, const llhttp_t *parser, unsigned char byte)
{
    struct error *err = &ex->req.task.error;
    enum llhttp_errno why = llhttp_get_errno(parser);

    if (err->problem != PROBLEM_NONE)
        return;
    if (why == HPE_INVALID_METHOD && is_token(byte))
        error_set(err, PROBLEM_METHOD_UNKNOWN);
    else if (why == HPE_INVALID_VERSION || why == HPE_PAUSED_H2_UPGRADE)
        error_set(err, PROBLEM_HTTP_VERSION);
    else
        error_set(err, PROBLEM_HTTP_SYNTAX, llhttp_get_error_reason(parser));
}

/* llhttp unfolds header lines that begin with a blank; proxies disagree about them, so
 * they are refused. */
static bool is_folded(struct conn *conn, const char *p, size_t n)
{
    const char *end = p + n, *line = conn->ended_line ? p : memchr(p, '\n', n);

    if (line && !conn->ended_line)
        line++;
    while (line && line < end) {
        if (*line == ' ' || *line == '\t')
            return true;
        line = memchr(line, '\n', (size_t)(end - line));
        line = line ? line + 1 : NULL;
    }
    if (n)
        conn->ended_line = end[-1] == '\n';
    return false;
}

static size_t execute(struct conn *conn, const char *p, size_t n)
{
    enum llhttp_errno why = llhttp_execute(&conn->parser, p, n);

    if (why == HPE_OK)
        return n;
    size_t used = (size_t)(llhttp_get_error_pos(&conn->parser) - p);
    if (why != HPE_PAUSED)
        explain(conn->exchange, &conn->parser, used < n ? (unsigned char)p[used] : 0);
    return used;
}

size_t intake_head(struct conn *conn, const char *p, size_t n)
{
    struct error *err = &conn->exchange->req.task.error;
    size_t limit = conn->server->options.max_header_bytes;
    size_t room = conn->n_head < limit ? limit - conn->n_head : 0;
    size_t used = execute(conn, p, n < room ? n : room);

    conn->n_head += used;
    if (err->problem != PROBLEM_NONE)
        return used;
    if (is_folded(conn, p, used))
        error_set(err, PROBLEM_HTTP_SYNTAX, "folded header");
    else if (!conn->exchange->is_head_done && conn->n_head >= limit)
        error_set(err, PROBLEM_HEADERS_TOO_LARGE, (int)limit);
    return used;
}

/* Chunk sizes, extensions and trailers are bounded too: by what chunks of one byte
 * need. */
size_t intake_body(struct conn *conn, const char *p, size_t n)
{
    struct exchange *ex = conn->exchange;
    size_t used = execute(conn, p, n);

    conn->n_raw += used;
    if (ex->req.task.error.problem == PROBLEM_NONE && !ex->is_message_done &&
        conn->n_raw > 6 * ex->body.length + MAX_FRAMING)
        error_set(&ex->req.task.error, PROBLEM_BODY_TOO_LARGE, (int)ex->body_limit);
    return used;
}
