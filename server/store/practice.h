#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pg/query.h"
#include "recall/recall.h"
#include "store/attempts.h"
#include "store/batch.h"
#include "util/arena.h"
#include "util/task.h"

/* What people practise: cards, favourites, weeks.  The tables and the writes are in
 * schema/012_practice.sql. */
struct store;

enum { MAX_CARDS = 5000, MAX_FAVOURITES = 1000 };

/* What a person remembers of a question in a campaign. */
struct card {
    int32_t campaign, revision;
    const char *question;
    struct recall recall;
    int64_t due_at, made_at, last_at;
    int32_t last_turn; /* 0: there is no card */
    bool is_right;     /* the last answer */
    double predicted;  /* the chance to recall just before it; -1: it was the first */
    int32_t n_right, n_wrong;
    struct bytes answer; /* the last one, packed (answers_pack) */
};

struct card_query {
    struct arena *arena;
    struct card out;
};
void store_card_get(struct store *store, struct task *task, int32_t campaign,
                    int64_t person, const char *question, struct card_query *query);

/* All cards of a person in some campaigns, by campaign and question (strcmp), at most
 * MAX_CARDS for each. */
struct cards_query {
    struct arena *arena;
    const int32_t *campaigns;
    size_t n_campaigns;
    size_t n;
    struct card *out;
};
void store_cards_list(struct store *store, struct task *task, int64_t person,
                      struct cards_query *query);

enum remember_outcome { REMEMBERED = 1, CARD_MOVED_ON, NO_ROOM_FOR_CARD };

/* An answer and the memory after it.  The answer takes the place of the card's last one
 * if that was of the turn before. */
struct remember {
    struct batch_row row;
    const char *question;
    int32_t revision, turn, week, spent_ms;
    int64_t at, due_at;
    struct recall recall;
    bool is_right, is_review;
    double predicted; /* -1: the first answer */
    struct bytes answer;
    int16_t outcome;
};
void store_remember(struct store *store, struct task *task, struct remember *row);

struct favourite {
    const char *question;
    int64_t at;
};
/* By question (strcmp). */
struct favourites_query {
    struct arena *arena;
    size_t n;
    struct favourite *out;
};
void store_favourites_list(struct store *store, struct task *task, int64_t person,
                           struct favourites_query *query);

enum star_outcome { STARRED = 1, NO_ROOM_FOR_STAR };
struct star {
    struct batch_row row; /* campaign 0 */
    const char *question;
    bool is_starred;
    int16_t outcome;
};
void store_star(struct store *store, struct task *task, struct star *row);

/* How much there is to review, as kept: it holds while neither cards nor favourites nor
 * attempts nor campaigns are others, until a moment. */
struct review_counts {
    int32_t version;    /* of cards and favourites; 0: there are none */
    int32_t n_finished; /* attempts */
    int64_t campaigns;  /* a hash of what is known of them */
    int64_t holds_until;
    int32_t n_due, n_new, n_done; /* the last: today */
};
struct reviewing {
    struct batch_row row;      /* campaign 0 */
    struct review_counts now;  /* version and n_finished: as they are */
    struct review_counts kept; /* version -1: nothing was kept */
};
/* What is kept, and what it is to be compared with. */
void store_reviewing_look(struct store *store, struct task *task,
                          struct reviewing *row);
/* Keeps `now`, unless the cards or favourites have changed meanwhile. */
void store_reviewing_keep(struct store *store, struct task *task,
                          struct reviewing *row);

/* The last attempts of a person in some campaigns that are over, with their answers,
 * newest first. */
struct past_attempt {
    int32_t campaign;
    struct attempt attempt;
};
struct past_query {
    struct arena *arena;
    const int32_t *campaigns;
    size_t n_campaigns;
    int limit;
    size_t n;
    struct past_attempt *out;
};
void store_past_list(struct store *store, struct task *task, int64_t person,
                     struct past_query *query);

/* Weeks of practice, newest first. */
struct practice_week {
    int32_t week; /* days since 1970 of its Monday */
    int32_t ring; /* of people, see below; 0 for one's own */
    int64_t people, n_answers, spent_ms, n_reviews, n_right;
    double predicted; /* sum of the reviews' chances */
};
struct weeks_query {
    struct arena *arena;
    int32_t first_week;
    size_t n;
    struct practice_week *out;
};
void store_weeks_own(struct store *store, struct task *task, int64_t person,
                     const int32_t *campaigns, size_t n, struct weeks_query *query);
/* Of everybody who reviewed in the campaign, without answers and time, apart by ring:
 * unions[i] is in rings[i], and whoever was in none of these is in ring `others`. */
struct rings {
    const int32_t *unions, *rings;
    size_t n;
    int32_t others;
};
void store_weeks_of_campaign(struct store *store, struct task *task, int32_t campaign,
                             const struct rings *rings, struct weeks_query *query);
