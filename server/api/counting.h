#pragma once

/* Keeps the statistics: follows the feed, as long as the server runs.
 *
 * Every entry is counted once, whatever is killed when: what a stretch of the feed
 * changes is added up in memory and stored together with how far that is, if nobody
 * else has been there meanwhile.  A hand-in is added, a void takes back what had been
 * added, a re-scoring takes back what was by the keys before and adds what is by the
 * new; a change of union takes a person's attempts along, as boards do.  So the
 * counters are at any moment those of the attempts that count, as they stood at one
 * place of the feed.
 *
 * Requests come first: it counts some papers at a time, and only when the loop has
 * nothing else to do; an overloaded server counts later.  Of several workers one counts
 * a bucket at a time. */
struct app;
struct event_base;
struct counting;

struct counting *counting_start(struct event_base *base, struct app *app);
void counting_stop(
    struct counting *counting); /* before the store is closed; NULL is fine */
