#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pg/query.h"
#include "store/writes.h"
#include "util/arena.h"
#include "util/task.h"

/* Reading what people did, and voiding it. */
struct store;

struct participation {
    int32_t union_id; /* 0: no union chosen yet, all else is zero */
    int32_t union_changes, n_started, n_counted;
    int32_t n_today;      /* starts on the day `today` was asked for */
    int32_t open_ordinal; /* 0: none */
    int32_t open_revision;
    int64_t open_started_at, open_deadline_at;
    int32_t draft_version; /* 0: nothing saved */
    int64_t draft_saved_at;
    struct bytes draft;
};

/* A person's participation with the draft of the open attempt; `today` is a day since 1970. */
struct participation_query {
    struct arena *arena;
    struct participation out;
};
void store_participation_get(struct store *store, struct task *task, int32_t campaign,
                             int64_t person, int32_t today,
                             struct participation_query *query);

struct attempt {
    int64_t person;
    int32_t ordinal, revision;
    int16_t state; /* enum attempt_state; 0: not there */
    bool is_counted;
    int64_t started_at, deadline_at, finished_at;
    int32_t duration_ms, score;
    int16_t n_right;
    struct bytes answers;
};

/* An attempt, open or over: both are read at one moment, so that one which is being closed is
 * always one of the two. */
struct attempt_query {
    struct arena *arena;
    struct participation open; /* its open attempt may be another */
    struct attempt out;
};
void store_attempt_get(struct store *store, struct task *task, int32_t campaign,
                       int64_t person, int32_t ordinal, struct attempt_query *query);

struct attempts_query {
    struct arena *arena;
    int limit; /* one more may be read, to know whether there is a next page */
    size_t n;
    struct attempt *out; /* without answers */
};
/* Newest first, below an ordinal. */
void store_attempts_list(struct store *store, struct task *task, int32_t campaign,
                         int64_t person, int32_t below, struct attempts_query *query);

/* Attempts that have run out, with what was saved of them: at most `limit`. */
struct expired {
    int32_t campaign, ordinal, revision;
    int64_t person, started_at, deadline_at;
    int64_t draft_saved_at;
    struct bytes draft;
};
struct expired_query {
    struct arena *arena;
    int limit;
    size_t n;
    struct expired *out;
};
void store_expired_list(struct store *store, struct task *task, struct expired_query *query);

/* Every attempt of a campaign in order of person and ordinal, for organizers. */
struct attempt_line {
    struct attempt attempt;
    const char *name;
    int32_t union_id;
    struct bytes spent; /* evidence, as api/evidence.h keeps it; data NULL: not told */
    int64_t device;     /* 0: not told */
};
struct attempt_lines {
    struct arena *arena;
    int limit;
    int64_t after_person;
    int32_t after_ordinal;
    size_t n;
    struct attempt_line *out;
};
void store_attempt_lines(struct store *store, struct task *task, int32_t campaign,
                         const int32_t *unions, size_t n_unions, struct attempt_lines *query);

enum void_outcome { VOIDED = 1, VOIDED_BEFORE, NOTHING_TO_VOID };
struct void_attempt {
    int16_t outcome;
};
/* Its task ends when it is committed; the boards show it once the feed is followed
 * (boards_follow_then). */
void store_attempt_void(struct store *store, struct task *task, int32_t campaign,
                        int64_t person, int32_t ordinal, const char *who,
                        const char *reason, struct void_attempt *out);

/* The feed, for programs that want every result once and in order. */
struct result_line {
    int16_t bucket, kind;
    int64_t seq, at, person;
    int32_t campaign, ordinal, union_id; /* ordinal 0: none */
    int32_t score, duration_ms;
    bool has_old_score; /* scored again */
    int32_t old_score;
    const int64_t *figures;
    size_t n_figures;
    const char *identities; /* a JSON array */
};
struct result_lines {
    struct arena *arena;
    int limit;
    int16_t n_buckets;
    const int64_t *after; /* by bucket */
    size_t n;
    struct result_line *out;
};
void store_results_list(struct store *store, struct task *task, struct result_lines *query);
int16_t store_buckets(const struct store *store);
