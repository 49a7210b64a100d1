#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/arena.h"
#include "util/task.h"

/* Correcting the keys of a campaign, and what came of it; schema/009_corrections.sql
 * says how it goes, store/rescoring.h is how it is done. */
struct store;

enum correct_outcome {
    CORRECTED = 1,
    IN_FORCE, /* all of it, before this */
    NOT_IN_BANK,
    NEVER_PINNED,
    OTHER_TYPE,
    OTHER_CHOICES,
};

struct correct {
    struct arena *arena;
    int16_t outcome;
    int32_t number;       /* of the campaign's last correction; 0: there is none */
    const char *question; /* the first that is wrong, from NOT_IN_BANK on */
};
/* False, with why, when the outcome is a refusal. */
bool correct_is_made(int outcome, const char *question, struct error *err);
void store_correct(struct store *store, struct task *task, int32_t campaign,
                   const char *const *questions, size_t n_questions, const char *who,
                   const char *reason, struct correct *out);

enum correction_pass { PASS_COUNTING = 1, PASS_APPLYING, PASS_DONE };

struct correction {
    int32_t number;
    const char *questions; /* a JSON array of {"id","revision"} */
    const char *who, *reason;
    int64_t at, finished_at; /* 0: not yet */
    int16_t pass;            /* enum correction_pass, of the bucket that is least far */
    int64_t of_about, n_seen, n_affected, n_changed, n_applied;
};

struct corrections {
    struct arena *arena;
    int limit; /* one more may be read, to know whether there is a next page */
    size_t n;
    struct correction *out;
};
/* Newest first, below a number. */
void store_corrections_list(struct store *store, struct task *task, int32_t campaign,
                            int32_t below, struct corrections *query);

/* Who had an attempt that a correction changes, in order of bucket and person. */
struct moved_line {
    int16_t bucket;
    int64_t person;
    const char *name;
    int32_t union_id, n_attempts;
    int64_t score_before, rank_before; /* overall; rank 0: on no board */
};
struct moved_lines {
    struct arena *arena;
    int limit;
    int16_t after_bucket;
    int64_t after_person;
    size_t n;
    struct moved_line *out;
};
void store_moved_list(struct store *store, struct task *task, int32_t campaign,
                      int32_t number, struct moved_lines *query);
