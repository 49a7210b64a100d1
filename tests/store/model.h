#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "rank/board.h"
#include "rank/unions.h"
#include "rules/rules.h"
#include "store/writes.h"

/* What a contest should come to, written as plainly as can be and without a look at how
 * the server does it: every attempt is kept, and every figure is worked out from all of
 * them whenever somebody asks. */
enum { MODEL_ATTEMPTS = 200, MODEL_PEOPLE = 24 };

struct model_attempt {
    int ordinal;
    int state; /* enum attempt_state */
    bool is_counted;
    int64_t started_at, deadline_at, finished_at;
    int64_t duration_ms, score;
    int n_right;
};

struct model_person {
    int64_t id;
    int union_index; /* -1: none chosen */
    int changes;
    int n_started, n_today;
    int64_t today; /* days since 1970, of the last start */
    bool is_open;
    struct model_attempt open;
    int draft_version; /* 0: nothing saved */
    int64_t draft_saved_at, draft_score;
    int n; /* attempts that are over */
    struct model_attempt attempts[MODEL_ATTEMPTS];
};

struct model {
    const struct rules *rules;
    struct model_person people[MODEL_PEOPLE];
};

int64_t model_day(const struct model *model, int64_t ms);

/* A person's figure in a period; false: none. */
bool model_figure(const struct model *model, const struct model_person *person,
                  period_key period, struct figure *out, int *n_counted);

/* Is the person on this board in this period, and with which rank? */
int64_t model_rank(const struct model *model, const struct unions *unions,
                   const struct model_person *person, period_key period, int board);
int64_t model_count(const struct model *model, const struct unions *unions,
                    period_key period, int board);
struct union_sums model_sums(const struct model *model, const struct unions *unions,
                             period_key period, int board, bool subtree);

/* What starting should come to at this moment. */
enum start_outcome model_start(const struct model *model,
                               const struct model_person *person, int64_t now);
bool model_is_over(const struct model *model, const struct model_person *person,
                   int64_t now);
/* The attempt with this ordinal that is over; NULL: none. */
struct model_attempt *model_attempt(struct model_person *person, int ordinal);
/* The open attempt is over, with these figures. */
void model_close(struct model_person *person, int state, bool is_counted,
                 int64_t finished_at, int64_t score, int n_right);
