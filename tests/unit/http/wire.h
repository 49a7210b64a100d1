#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include "http/reply.h"
#include "http/server.h"
#include "http/watch.h"
#include "util/memory.h"

/* A server with a few routes and one client on a wire, on one base.  Nothing is asserted
 * inside callbacks: a test says something, lets the loop turn, and looks at what came. */
enum wire_kind { WIRE_PAIR, WIRE_SOCKET };

struct wire {
    struct event_base *base;
    struct server *server;
    struct server_options options;
    struct bufferevent *client;
    struct text got; /* all that the server sent */
    bool is_closed;  /* the server has ended its side */

    int n_after, last_status; /* what the `after` hook saw */
    bool had_route;
    char last_path[64];
    struct request *held; /* waits until wire_end_task */
    int n_acts, n_pumps;
    struct watch *watch; /* behind /watch; freed with the wire */
};

extern struct wire wire;

void wire_open(enum wire_kind kind, const struct server_options *changes);
void wire_open_default(void);
void wire_close(void);
void wire_connect(enum wire_kind kind); /* another client in place of the present one */
struct bufferevent *wire_more(void);    /* one more client, the caller's, on a socket */

void wire_say(const char *text);
void wire_say_bytes(const void *bytes, size_t n);
void wire_hang_up(void);
void wire_half_close(void);
void wire_turn(void);                     /* until nothing more happens at once */
bool wire_wait_for(const char *expected); /* in what was got, or NULL: the close */
void wire_forget(void);
void wire_end_task(enum problem problem);

int wire_count(const char *needle); /* how often it was got */
const char *wire_ask(const char *text); /* forgets, says, turns; what was got */
