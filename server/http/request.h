#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>
#include "util/arena.h"
#include "util/error.h"
#include "util/task.h"
#include "util/text.h"

/*
 * A request and its acts.  A route lists its acts; each is called once, in order, when all
 * that the act before it began (req->task) has succeeded.  A failure, or an act that sets
 * req->task.error, answers the request with a problem document and skips the rest.  The
 * last act answers.  An act that has answered early ends the request: the rest is skipped.
 */
struct app; /* what the api hands to its acts; http never looks inside */
struct conn;
struct route;
struct request;
typedef void (*act_fn)(struct request *req);

enum { MAX_ACTS = 10, MAX_PUMPS = 4, MAX_PARAMS = 4, MAX_QUERY = 16 };

enum access { /* checked by the server's `before` act, see http/server.h */
    ACCESS_PUBLIC, ACCESS_PERSON, ACCESS_ORGANIZER,
};

enum body {
    BODY_NONE, BODY_JSON, BODY_OPTIONAL_JSON,
    BODY_BYTES, /* of any type and maybe empty, in req->body_bytes */
};

struct route {
    const char *method; /* a GET route serves HEAD too */
    const char *path;   /* "/v1/campaigns/{campaign}/attempts/{ordinal}" ; a last step of
                           "{rest...}" takes all that follows */
    enum access access;
    enum body body;
    size_t body_limit;         /* 0: that of the server, 64 KiB */
    const char *const *query;  /* names of the parameters allowed, ends with NULL */
    bool takes_any_query;      /* a page: what links carry along is ignored */
    bool serves_early;         /* answers also while the server starts, drains or is full */
    size_t state;              /* bytes of req->state */
    act_fn acts[MAX_ACTS];
    act_fn pump[MAX_PUMPS]; /* after an act called reply_stream: repeated, in turn, each
                       when what the one before began has succeeded and the client has
                       taken most of what was sent, until reply_finish.  A failure cuts the
                       reply off.  A turn must send or begin something, or finish. */
};

struct pair {
    const char *name, *value;
};

struct request {
    struct task task;
    struct arena arena; /* lives until the reply is handed to the socket and nothing is
                           awaited */
    struct app *app;
    const struct route *route;
    struct conn *conn;
    void *state;

    const char *method, *path; /* path still percent-encoded, without the query; both are
                                  "-" when the request could not be read */
    const char *params[MAX_PARAMS]; /* decoded steps of the route's {names}, in order */
    int n_query;
    struct pair query[MAX_QUERY]; /* decoded */
    json_t *body;                 /* NULL, or an object owned by the request */
    const char *body_bytes;       /* as it came, and a NUL */
    size_t body_size;
    const char *content_type;
    const char *authorization;    /* the header's value or NULL */
    const char *if_none_match, *user_agent;
    bool takes_gzip;              /* by Accept-Encoding */
    char address[48];             /* of the peer; from X-Forwarded-For if it is trusted */
    enum language language;       /* from Accept-Language; Chinese unless English is asked */
    char id[24];                  /* in the log and in X-Request-Id */

    const struct session *session; /* who asks, set by the `before` act; NULL if public */
    int64_t began_us;              /* monotonic, when the last byte had come */
    int status;                    /* of the reply; 0 until answered; 499 when the client
                                      went away before */
};

/* A query parameter's value, NULL when absent. */
const char *request_query(const struct request *req, const char *name);
/* An integer parameter in min..max; absent gives `otherwise`.  False sets req->task.error. */
bool request_query_int(struct request *req, const char *name, int64_t min, int64_t max,
                       int64_t otherwise, int64_t *out);
/* A path parameter that is an integer of 1..max, without leading zeros; false sets
 * req->task.error to `unknown`, whose sentence may name the text by one %s. */
bool request_param_int(struct request *req, int param, int64_t max, enum problem unknown,
                       int64_t *out);
