#pragma once
#include <stdbool.h>
#include <stdint.h>

/*
 * What many look at: its state goes to every watcher as a server-sent event
 * (text/event-stream), whole, whenever there is a new one.
 *
 * There is one copy of a state, however many watch.  Whoever has not taken the last one
 * is passed over, and gets what is newest once there is room: so the memory is bounded,
 * and nobody waits for the slow.  Many are told a hundred at a time, other requests in
 * between.
 *
 * A comment goes out every beat_ms, so that proxies do not end the quiet stream; who
 * does not acknowledge or take anything for write_ms is cut off.  Watchers are not
 * counted among the requests in flight; the server has max_watchers of its own for all
 * watches.
 */
struct request;
struct server;
struct text;
struct watch;

/* `event` is the name of the events, and kept. */
struct watch *watch_new(struct server *server, const char *event);
/* Nobody may watch any more: once the server is closed. */
void watch_free(struct watch *watch);

/* Answers, from an act: the state that is newest, if there is one, and those that come.
 * False sets the request's error: too many watch. */
bool watch_join(struct watch *watch, struct request *req);

/* A new state: one line of JSON, copied. */
void watch_show(struct watch *watch, const struct text *state);
/* The same state, told anew for who comes later: those who watch have it already. */
void watch_renew(struct watch *watch, const struct text *state);
void watch_forget(struct watch *watch); /* who comes later waits for the next */

int64_t watch_count(const struct watch *watch); /* who watch */
