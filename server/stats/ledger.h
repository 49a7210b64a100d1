#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "paper/paper.h"
#include "score/score.h"
#include "stats/tally.h"

/*
 * What a stretch of attempts changes in the counters, added up in memory before it is
 * stored. A line is kept for each question by campaign and union, and of the whole
 * campaign (union 0); a question is meant in the revision that the paper was drawn
 * with, so that its choices are the same for everybody counted.
 */
struct ledger;

struct ledger_line {
    int32_t campaign, union_id, revision;
    const char *question; /* borrowed from the bank */
    struct tally tally;
    uint32_t cells; /* for ledger_next */
};

struct ledger_cell { /* of a line's histogram */
    uint32_t line, next;
    int bin;
    int32_t shown, right;
};

struct ledger_turnout { /* attempts */
    int32_t campaign, union_id;
    int64_t attempts;
};

struct ledger *ledger_new(void);
void ledger_free(struct ledger *ledger);
void ledger_clear(struct ledger *ledger);

/* An attempt as it is counted.  `drawn` are the questions that its paper was drawn
 * with, which name the lines; the paper's own may be corrected. */
struct counted {
    int32_t campaign, union_id;
    const struct question *const *drawn;
    const struct paper *paper;
    const struct answer *answers;
    const struct mark *marks;
    const uint8_t *spent; /* two bytes for each question; NULL: not told */
};

/* sign: 1 counts it, -1 takes it back. */
void ledger_count(struct ledger *ledger, const struct counted *counted, int sign);

/* In the order of their keys (campaign, union, question, revision), which is the order
 * to lock their rows in.  They stay the ledger's. */
size_t ledger_lines(struct ledger *ledger, const struct ledger_line **out);
size_t ledger_turnouts(struct ledger *ledger, const struct ledger_turnout **out);
/* The cell of a line behind this one, in no order; after NULL the first, NULL after the
 * last. */
const struct ledger_cell *ledger_next(const struct ledger *ledger,
                                      const struct ledger_line *line,
                                      const struct ledger_cell *cell);
/* How many rows it would store; cells, which have none of their own, weigh in. */
size_t ledger_size(const struct ledger *ledger);
