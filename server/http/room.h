#pragma once
#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/util.h>
#include <llhttp.h>
#include "http/request.h"
#include "http/server.h"
#include "util/list.h"

/* What the files of this room share; no other room includes it. */

struct bufferevent;
struct evconnlistener;
struct router;
struct watch;

/* The headers whose values are kept; all others are only counted. */
enum header {
    HEADER_HOST, HEADER_USER_AGENT, HEADER_AUTHORIZATION, HEADER_ACCEPT_LANGUAGE,
    HEADER_ACCEPT_ENCODING,
    HEADER_IF_NONE_MATCH, HEADER_CONTENT_TYPE, HEADER_CONTENT_ENCODING,
    HEADER_TRANSFER_ENCODING, HEADER_EXPECT,
    HEADER_FORWARDED_FOR, N_HEADERS, HEADER_OTHER = N_HEADERS
};

/* Headers of the reply that a default would otherwise fill in. */
enum given { GIVEN_CACHE = 1, GIVEN_RETRY = 2, GIVEN_ETAG = 4 };

/* A request with what only this room sees of it.  It exists from the first byte of the
 * request line until the reply is handed to the socket and nothing is awaited any more. */
struct exchange {
    struct request req; /* first: one is the other */
    struct server *server;
    struct link link; /* among the server's spare ones; or among those who watch */

    struct text head;           /* target and kept values, each with its NUL */
    size_t value_at[N_HEADERS]; /* place in `head`, plus one; 0 is absent */
    char name[24];              /* of the header being read */
    size_t name_length;
    enum header header;
    int n_headers;
    struct text body;
    size_t body_limit;
    bool is_head_done, is_message_done;

    const char *allow; /* of a path that knows other methods */
    struct text extra; /* headers added to the reply */
    unsigned given;

    struct watch *watch;       /* this is one of its watchers; `link` is among them then */
    uint64_t state_seen, turn; /* of the watch: the last sent, and the last visited in */

    int act, pump, idle_pumps;
    bool is_running;   /* inside an act */
    bool is_counted;   /* among those in flight */
    bool is_streaming; /* reply_stream was called */
    bool is_over;      /* the reply is complete; only pending work can still hold it */
    bool is_bodiless;  /* HEAD */
    bool is_chunked;   /* the reply */
    bool is_old;       /* HTTP/1.0 */
    bool keeps_alive;
};

static inline struct exchange *exchange_of(struct request *req)
{
    return (struct exchange *)req;
}

enum state { IDLE, HEAD, BODY, ACTING, FLUSHING, LINGERING, CLOSED };

struct conn {
    struct link link;
    struct server *server;
    struct bufferevent *bev; /* NULL when CLOSED */
    struct exchange *exchange;
    llhttp_t parser;
    struct event clock; /* the limit of the present state */
    enum state state;
    int n_holds;         /* calls on the stack that still use it */
    size_t n_head;       /* bytes of the head, with blank lines before it */
    size_t n_raw;        /* bytes of the body with its framing, or thrown away */
    bool ended_line;     /* the last byte of the head so far ended a line */
    bool is_clock_stale; /* the state was entered anew */
    bool is_whole;       /* all of the request has come */
    bool has_eof;
    char address[48];
};

enum clock { CLOCK_IDLE, CLOCK_HEAD, CLOCK_BODY, CLOCK_WRITE, CLOCK_LINGER, N_CLOCKS };

struct server {
    struct event_base *base;
    struct server_options options;
    struct router *router;
    struct evconnlistener *listener;
    struct event *relisten; /* accepts again after descriptors had run out */
    struct event *lag; /* comes late when there is more to do than time */
    int64_t lag_due_us, last_lag_us, lag_us; /* lag_us: the less of the last two */
    struct timeval clocks[N_CLOCKS];
    struct link conns, spares;
    int n_spares;
    struct server_counts counts;
    bool is_ready, is_draining, is_closed;
    struct event *drained;
    void (*done)(void *);
    void *done_context;

    char id_prefix[16];
    uint64_t n_ids;
    time_t date_s;
    char date[40];
    struct text scratch; /* of whoever writes a reply's head */
};

const char *server_date(struct server *server); /* for the Date header */
void server_conn_gone(struct server *server);   /* after one has left server->conns */

void conn_enter(struct conn *conn, enum state state); /* conn.c */

/* reader.c */
void reader_advance(struct conn *conn);
/* Answers with a problem before the request's acts, or before there is a request. */
void reader_refuse(struct conn *conn, enum problem problem);

/* intake.c: the parser's callbacks gather a request. */
extern const llhttp_settings_t intake_settings;
const char *intake_value(const struct exchange *ex, enum header header);
/* Feed the parser a piece of a request's head or body; how many bytes it took.  What is
 * wrong stands in req->task.error afterwards. */
size_t intake_head(struct conn *conn, const char *p, size_t n);
size_t intake_body(struct conn *conn, const char *p, size_t n);

/* admit.c: whether a request may go on once its head, or its body, has come; false sets
 * req->task.error. */
bool admit_head(struct conn *conn, struct exchange *ex);
bool admit_body(struct exchange *ex);

/* headers.c: what the values of some headers mean. */
enum language headers_language(const char *accept_language);
bool headers_is_json(const char *content_type);
bool headers_takes_gzip(const char *accept_encoding);
/* The last address a proxy put in X-Forwarded-For; false when it is none. */
bool headers_forwarded(const char *forwarded_for, char out[48]);
bool headers_has_tag(const char *if_none_match, const char *tag);

/* query.c */
/* Decodes %xx, and + as a space if asked.  False for a bad escape, a control character or
 * what is not UTF-8; `out` has room for n + 1 bytes. */
bool query_decode(const char *text, size_t n, bool is_form, char *out);
bool query_read(struct request *req, const char *query);

/* request.c */
struct exchange *exchange_new(struct conn *conn);
void exchange_end(struct exchange *ex, bool is_told); /* told: to the `after` hook */
void request_run(struct request *req); /* the acts, as far as they can go */

/* watch.c */
void watch_go_on(struct exchange *ex); /* its socket has taken some */
void watch_leave(struct exchange *ex);

int problem_status(enum problem problem);
