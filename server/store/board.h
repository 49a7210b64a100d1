#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pg/session.h"
#include "rank/board.h"
#include "util/task.h"

/*
 * The boards of all campaigns in memory (rank/board.h), filled from the database in one
 * snapshot and then kept by the feed.  The feed has a gapless sequence for each bucket; what
 * is applied is always a whole beginning of it.  Our own writes are applied as soon as they
 * are committed, when they are next in sequence; else, and when others have written, the
 * feed is read from where we are.
 *
 * Workers of one machine tell each other how far the feed goes (`heads`, shared memory, one
 * number for each bucket), so that what one has acknowledged the next read of any other
 * waits for.
 */
struct boards;
struct campaigns;
struct unions;
struct pool;

/* `heads` is borrowed; NULL: there is no other worker. */
struct boards *boards_new(const struct campaigns *campaigns, const struct unions *unions,
                          int16_t n_buckets, _Atomic int64_t *heads);
void boards_free(struct boards *boards);

/* Fills all boards; within a transaction that reads one snapshot. */
bool boards_fill(struct boards *boards, struct session *session, struct db_error *err)
    __attribute__((warn_unused_result));

/* From now on the feed is read over this pool.  `on_unknown` is called when an entry names a
 * campaign or a union that is not in memory yet: load it, then call boards_follow. */
void boards_start(struct boards *boards, struct pool *pool, void (*on_unknown)(void *),
                  void *context);
/* Reads the feed of every bucket as far as it goes. */
void boards_follow(struct boards *boards);
/* The same; the task goes on when everything committed before this call is applied. */
void boards_follow_then(struct boards *boards, struct task *task);

/* The same, if a worker of this machine has acknowledged more of the bucket than is applied
 * here; else nothing is begun. */
void boards_catch_up(struct boards *boards, int16_t bucket, struct task *task);

/* One entry of the feed. */
struct entry {
    int16_t bucket;
    int64_t seq;
    int32_t campaign, union_id;
    int64_t person;
    const int64_t *figures; /* five for each period: period, score, duration, reached,
                               attempts; score -1: off the board */
    size_t n_figures;
};

/* Applies an entry of our own that was just committed; false if an earlier one is missing:
 * then wait with boards_follow_then. */
bool boards_apply(struct boards *boards, const struct entry *entry);

/* How far the feed of a bucket is applied. */
int64_t boards_applied(const struct boards *boards, int16_t bucket);

/* NULL when nobody stands there. */
struct league *boards_league(const struct boards *boards, int32_t campaign, period_key period);

struct boards_counts {
    int64_t leagues, people, bytes, applied;
};
struct boards_counts boards_counts(const struct boards *boards);
