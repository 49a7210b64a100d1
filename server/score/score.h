#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "paper/paper.h"
#include "util/text.h"

/* How many points an answer earns.  Single, judge and multiple: all points for exactly
 * the key.  With PARTIAL_NOTHING_WRONG a multiple answer without any wrong choice earns
 * its share: points * chosen / size of the key, rounded down to a hundredth.  Blank:
 * the folded text is one of the variants. */
struct mark {
    bool is_right; /* the whole points */
    int64_t points;
};

struct mark score_item(const struct item *item, const struct answer *answer,
                       enum partial partial);

struct result {
    int64_t points;
    int n_right;
};

/* `marks` may be NULL; else it gets n_items. */
struct result score_paper(const struct paper *paper, const struct answer *answers,
                          enum partial partial, struct mark *marks);

/* The key, as a client's answer looks: {"choices":["A","C"]} with the labels shown, or
 * {"text":"..."}.  Only where score_write may be. */
void score_write_key(const struct item *item, struct text *out);

/* The questions as paper_write has them, and of each "question" and "revision", "key",
 * "answer" (null if none), "right", "earned", "explanation" and "source": {"document",
 * "locator"}, as a JSON array.  Key and answer look like a client's answer:
 * {"choices":["A","C"]} with the labels shown, or {"text":"..."}.  Only for an attempt
 * that is over and whose rules reveal it. */
void score_write(const struct paper *paper, const struct answer *answers,
                 const struct mark *marks, struct text *out);
