#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pg/query.h"
#include "store/corrections.h"
#include "util/arena.h"
#include "util/task.h"

/* The work behind a correction, step by step (schema/009_corrections.sql): where it
 * goes on, the attempts there, and what was found of them. */
struct rescoring {    /* a cursor that is not at its end */
    int32_t campaign; /* 0: there is none */
    int32_t number;
    int16_t bucket, pass;
    int64_t person; /* the last that was taken; 0: none yet */
    int32_t ordinal;
};

/* The next to go on with: campaigns and their corrections one after the other, and
 * nothing is applied before all is counted. */
void store_rescoring_next(struct store *store, struct task *task,
                          struct rescoring *out);

struct old_attempt { /* one that may have to be scored again */
    int64_t person;
    int32_t ordinal, revision, score, corrections;
    int16_t n_right;
    struct bytes answers;
};
struct old_attempts {
    struct arena *arena;
    int limit;
    size_t n;
    struct old_attempt *out;
};
void store_rescoring_read(struct store *store, struct task *task,
                          const struct rescoring *from, struct old_attempts *query);

struct changes { /* of attempts, an array for each column */
    size_t n;
    int64_t *person;
    int32_t *ordinal, *old_score, *new_score;
    int16_t *old_right, *new_right;
    int64_t *score_before, *rank_before; /* overall; -1 and 0: on no board */
};
struct counted {
    int64_t to_person; /* the last attempt that was seen */
    int32_t to_ordinal;
    bool is_last; /* of the bucket */
    int32_t n_seen, n_affected;
    struct changes changes;
};
/* is_moved: false if somebody else has moved the cursor; then nothing was kept. */
void store_rescoring_count(struct store *store, struct task *task,
                           const struct rescoring *from, const struct counted *counted,
                           bool *is_moved);

struct rescored {
    bool is_moved, is_over; /* of the bucket */
    int64_t person;
    int32_t ordinal;
    int32_t held_us; /* how long nobody could hand in */
};
void store_rescoring_apply(struct store *store, struct task *task,
                           const struct rescoring *from, int limit,
                           struct rescored *out);
