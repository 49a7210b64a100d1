#pragma once
#include <stdbool.h>
#include <stddef.h>

struct bufferevent;
struct conn;
struct iovec;
struct request;
struct server;
struct task;

/* One connection.  It belongs to itself: it goes when its socket is closed and the
 * request it may have open waits for nothing any more. */
void conn_open(struct server *server, struct bufferevent *bev, const char *address,
               bool is_welcome);    /* if not it is told "busy" before it has asked */
void conn_drain(struct conn *conn); /* closes it if it is idle */
void conn_shut(struct conn *conn);  /* at once */

/* The rest is for requests and replies. */
void conn_send(struct conn *conn, struct iovec *pieces, int n); /* bytes are copied */
/* The same, but not copied: `done` is called when they are needed no longer, maybe at
 * once. */
void conn_send_lent(struct conn *conn, const void *bytes, size_t n,
                    void (*done)(const void *bytes, size_t n, void *context),
                    void *context);
bool conn_is_drained(const struct conn *conn); /* all that was sent is taken */
bool conn_is_clogged(const struct conn *conn); /* much is sent that is not yet taken */
void conn_over(struct conn *conn);             /* its request is done with */
void conn_on_task(struct task *task);          /* a request's task may go on */
/* Calls with its request. */
void conn_call(struct conn *conn, void (*call)(struct request *));
/* From now on a peer that acknowledges nothing for write_ms is gone. */
void conn_mind_silence(struct conn *conn);
