#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "pg/query.h"
#include "store/batch.h"
#include "util/arena.h"

/* The four writes of a contest, each a row of a batch (store/batch.h).  The first members
 * are given, those behind `outcome` are the answer, in the arena.  What each does and when
 * stands with its function in schema/004_writes.sql. */
struct store;

enum choose_outcome { CHOSEN = 1, CHOSEN_BEFORE, UNION_CHANGED, NO_CHANGE_LEFT };

struct choose_union {
    struct batch_row row;
    struct arena *arena;
    int32_t union_id;
    int16_t outcome;
    int32_t union_now, changes; /* as it is after the call */
    int64_t seq;
    const int64_t *figures;
    size_t n_figures;
};

enum start_outcome {
    STARTED = 1, RESUMED, RAN_OUT, NO_UNION_CHOSEN, NOT_OPEN_YET, CLOSED, DAY_SPENT,
    TOTAL_SPENT,
};

struct start_attempt {
    struct batch_row row;
    struct arena *arena;
    int16_t outcome;
    int32_t ordinal, revision;
    int64_t started_at, deadline_at, now;
    int32_t draft_version; /* 0: nothing saved */
    int64_t draft_saved_at;
    struct bytes draft;
};

enum save_outcome { SAVED = 1, NEWER_THERE, SAVE_NOT_OPEN, SAVE_TOO_LATE };

struct save_draft {
    struct batch_row row;
    int32_t ordinal, version; /* version 0: newer than any */
    struct bytes answers;
    int16_t outcome;
    int32_t version_now;
    int64_t saved_at;
};

enum hand_in_outcome {
    HANDED_IN = 1, HANDED_IN_BEFORE, NO_SUCH_ATTEMPT, TIME_IS_OVER, NOT_OVER_YET,
    DRAFT_IS_NEWER, KEYS_CORRECTED, /* meanwhile: score it again */
};

enum attempt_state { ATTEMPT_HANDED_IN = 1, ATTEMPT_EXPIRED, ATTEMPT_VOIDED };

struct hand_in {
    struct batch_row row;
    struct arena *arena;
    int32_t ordinal, score;
    int16_t n_right;
    int32_t claimed_ms; /* -1: not said */
    int32_t corrections; /* of the campaign, that the score takes account of */
    struct bytes spent;  /* evidence (api/evidence.h); data NULL: not said */
    int64_t device;      /* the same; 0: not said */
    struct bytes answers;
    bool is_closing; /* closes what ran out: answers are those of the draft */
    int64_t draft_saved_at;
    struct bytes late; /* data NULL: none */
    int16_t outcome, state;
    bool is_counted;
    int32_t revision, duration_ms;
    int64_t started_at, deadline_at, finished_at;
    int32_t score_kept;
    int16_t n_right_kept;
    struct bytes answers_kept; /* HANDED_IN_BEFORE: what was stored */
    int32_t union_id;
    int64_t seq;
    const int64_t *figures;
    size_t n_figures;
    int64_t draft_saved_at_now; /* TIME_IS_OVER, DRAFT_IS_NEWER: the draft to close with */
    struct bytes draft;
};

/* `row.person` and `row.campaign` are part of what is given.  A union change and a hand-in
 * end their task when the boards show them. */
void store_choose_union(struct store *store, struct task *task, struct choose_union *row);
void store_start(struct store *store, struct task *task, struct start_attempt *row);
void store_save(struct store *store, struct task *task, struct save_draft *row);
void store_hand_in(struct store *store, struct task *task, struct hand_in *row);
