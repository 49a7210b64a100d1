#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "bank/question.h"
#include "rank/board.h"
#include "util/arena.h"
#include "util/error.h"

/*
 * The rules of a campaign: one JSON document (schema/rules.schema.json says the same),
 * read into this struct and checked whole.  Nothing here depends on a database or a
 * clock.
 *
 * Required are campaign, title, window, paper (with its sections, each with count and
 * points) and clock (with limit_seconds).  What is left out is:
 *
 *   time_zone    Asia/Shanghai
 *   quota        no limit, neither in total nor a day
 *   paper        repeat fresh, shuffle_choices true, no exposure_cap;
 *                a section draws from any type, topic and difficulty
 *   clock        grace_seconds 5
 *   scoring      multiple all_or_nothing
 *   counts       best
 *   order        keys score, duration, reached; ties strict
 *   boards       periods none: only the overall board
 *   unions       within all; changes 1
 *   reveal       after_hand_in
 *   practice     after_close
 */
enum { MAX_SECTIONS = 16, MAX_TOPICS = 16, MAX_QUESTIONS = 200 };

enum repeat { REPEAT_FRESH, REPEAT_INDEPENDENT, REPEAT_SAME };
enum counts { COUNTS_BEST, COUNTS_SUM, COUNTS_FIRST, COUNTS_LAST, COUNTS_DAILY_BEST };
enum partial { PARTIAL_NONE, PARTIAL_NOTHING_WRONG };
enum reveal { REVEAL_NOTHING, REVEAL_SCORE, REVEAL_AFTER_HAND_IN, REVEAL_AFTER_CLOSE };
enum practising { PRACTICE_NEVER, PRACTICE_OPEN, PRACTICE_AFTER_CLOSE };

struct section {
    int type;     /* enum question_type, or -1 for any */
    int n_topics; /* 0 for any */
    const char *topics[MAX_TOPICS];
    int difficulty; /* 1..3, or 0 for any */
    int count;      /* questions drawn */
    int64_t points; /* hundredths for each */
};

struct rules {
    const char *slug; /* "campaign": name in addresses, question_is_slug */
    const char *title;
    const char *description; /* may be NULL */
    int utc_offset_ms; /* "time_zone": Asia/Shanghai, Asia/Urumqi, UTC or +HH:MM */

    /* "window": {"opens", "closes"}: closes is exclusive */
    int64_t opens_at, closes_at;
    /* "quota": {"total", "per_day"}: attempts; 0 is no limit */
    int quota_total, quota_day;

    /* "paper": {"repeat", "shuffle_choices", "exposure_cap", "sections"} */
    enum repeat repeat;
    bool shuffle_choices;
    int64_t exposure_cap; /* percent of the papers that a question may be in; 0: any */
    int n_sections;
    struct section sections[MAX_SECTIONS];

    /* "clock": {"limit_seconds", "grace_seconds"} */
    int64_t limit_ms, grace_ms;
    /* "scoring": {"multiple": "all_or_nothing" or "nothing_wrong"} */
    enum partial partial;
    /* "counts": best, sum, first, last, sum_of_daily_best */
    enum counts counts;
    /* "order": {"keys": [...], "ties": "strict" or "shared"} */
    struct order order;
    /* "boards": {"periods": ["day", ...]} */
    bool board_day, board_week, board_month;
    /* "unions": {"within": code of the top that takes part, "changes": how often one
     * may change}; NULL for all */
    const char *union_top;
    int union_changes;
    /* "reveal": nothing, score, after_hand_in, after_close */
    enum reveal reveal;
    /* "practice": never, open (from the opening on), after_close: when the questions may be
     * practised, with their keys */
    enum practising practice;

    int n_questions;     /* of a paper */
    int64_t full_points; /* hundredths */
};

/* Each ends with NULL. */
extern const char *const counts_names[], *const reveal_names[], *const repeat_names[];
extern const char *const partial_names[], *const practice_names[];
extern const char *const order_key_names[]; /* "score", "duration", "reached" */

/* Reads and checks the document; unknown fields are refused.  err->where is a JSON
 * pointer to what is wrong.  Strings are copied to the arena. */
bool rules_read(const json_t *json, struct arena *arena, struct rules *out,
                struct error *err) __attribute__((warn_unused_result));

/* May the rules of a campaign that has attempts change from `was` to `now`?  What
 * decides scores and ranks may not (slug, time zone, counts, order, scoring, boards);
 * texts, window, quota, clock, paper for attempts started later, unions, reveal and
 * practice may. */
bool rules_may_follow(const struct rules *was, const struct rules *now,
                      struct error *err) __attribute__((warn_unused_result));
