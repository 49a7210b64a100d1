#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>
#include "bank/question.h"
#include "rules/rules.h"
#include "util/arena.h"
#include "util/error.h"
#include "util/text.h"

/*
 * A paper: the questions drawn for one attempt, in the order and with the choices as
 * shown. It is a function of the plan and the seeds, stored nowhere: drawing it again
 * gives the same, for scoring and for an audit.
 *
 * A plan is what one revision of a campaign draws from: for each section of the rules,
 * its pool of pinned questions.  repeat "fresh": each section's pool is put in an order
 * of the person's own and each attempt takes the next slice; "independent": each
 * attempt draws anew; "same": one paper for everybody.
 *
 * Whatever the rules, no paper has a question twice, nor two that share a conflict
 * group, be they in one section or in two.
 *
 * Fresh papers take each section's pool in cycles.  In a cycle nobody meets a question
 * twice, and it is over only in a paper that has taken all that was left of it, except
 * what shares a group with a question of that paper.  What is left over so comes first
 * in the next cycle and has no second place there.  So without conflicts nobody meets a
 * question again before the pool is used up; with them no sooner than in the paper that
 * takes the last of the pool that fits.  After plan->epoch papers (512, or as many as
 * use up the largest pool) a person begins anew, as with another seed: this bounds what
 * drawing costs.  How papers are dealt is told in paper/dealer.h.
 *
 * From the first release on, what a plan and two seeds give may never change, or
 * attempts could no longer be scored as they were taken: the order of pools, EPOCH, the
 * generator with its seeding and streams, the dealer, the two shuffles.  test_paper.c
 * has papers that tell.
 */
enum { MAX_PAPER = MAX_QUESTIONS, SEED_BYTES = 32, EPOCH = 512 };

struct plan {
    const struct rules *rules;
    struct pool {
        const struct question **questions; /* in order of id */
        uint32_t *groups; /* `width` for each question: paper/groups.h */
        int n;
    } pools[MAX_SECTIONS];
    int n_groups, width;
    int epoch; /* papers */
};

/* Distributes the questions (with different ids, in any order) over the sections; one
 * that fits none is left out.  False when a section has too few, two sections could
 * draw the same question, so many are in conflict that a paper might run short, or a
 * pool is too small for the rules' exposure cap: over many papers a question is in
 * count / pool of them, but for what conflicts in groups shift.  Keeps pointers to rules
 * and questions; the pools are in the arena. */
bool plan_make(const struct rules *rules, const struct question *const *questions,
               int n, struct arena *arena, struct plan *out, struct error *err)
    __attribute__((warn_unused_result));

struct item { /* one question of a paper */
    const struct question *question;
    int64_t points;               /* hundredths */
    uint8_t choices[MAX_CHOICES]; /* shown place -> place in the question */
};

struct paper {
    int n_items;
    struct item *items; /* in the arena */
};

/* The two seeds come from HMACs (auth/secret.h).  `person_seed` is the same for all
 * attempts of a person in a campaign (for "same": for everybody), and decides fresh
 * slices and all of the "same" paper; otherwise `attempt_seed` decides independent
 * draws, the order of questions within a section and of choices.  A judge question's
 * choices keep their order.  ordinal counts a person's attempts from 1.  Cannot fail:
 * the plan was checked. */
void paper_draw(const struct plan *plan, const uint8_t person_seed[SEED_BYTES],
                const uint8_t attempt_seed[SEED_BYTES], int ordinal,
                struct arena *arena, struct paper *out);
/* The same, for many papers of one person: see paper/dealer.h. */
struct dealing;
void paper_draw_on(struct dealing *dealing, const struct plan *plan,
                   const uint8_t person_seed[SEED_BYTES],
                   const uint8_t attempt_seed[SEED_BYTES], int ordinal,
                   struct arena *arena, struct paper *out);

/* One question by itself, its choices in an order of this seed; NULL: in its own order. */
void paper_draw_one(const struct question *question, const uint8_t *seed, struct item *out);

/* The questions as a JSON array, without keys: number, type, stem, points, and choices
 * with their labels A, B, ... in the order shown. */
void paper_write(const struct paper *paper, struct text *out);
/* [{"label","text"}]: the choices as shown. */
void paper_write_choices(const struct item *item, struct text *out);
/* One question, without the braces, so that more can be said of it. */
void paper_write_item(const struct item *item, int number, struct text *out);

/* Answers, as stored: what was answered to each item, in terms of the question's own
 * choices so that they mean something without the paper. */
struct answer {
    bool is_given;
    uint16_t choices; /* bit i: choice i of the question */
    const char *text; /* blank: as typed, trimmed, 1..MAX_ANSWER_BYTES; else NULL */
};

/* Reads a client's JSON array [{"number":1,"choices":["A"]},{"number":7,"text":"..."}]:
 * numbers in the paper and at most once, labels in the item, in any order and at most
 * once, one label where one is asked; a text of at most 60 characters.  An empty list
 * of choices or an empty text is no answer.  `out` has n_items; it is written only on
 * success.  Where a mistake is, is told from the array on: "/3/choices". */
bool answers_read(const json_t *json, const struct paper *paper, struct arena *arena,
                  struct answer *out, struct error *err)
    __attribute__((warn_unused_result));
/* The answer to one question by itself: its "choices" and its "text", of which the client
 * gave one and the other is NULL. */
bool answers_read_one(const json_t *choices, const char *text, const struct item *item,
                      struct arena *arena, struct answer *out, struct error *err)
    __attribute__((warn_unused_result));
/* The same array, from answers: for resuming. */
void answers_write(const struct paper *paper, const struct answer *answers,
                   struct text *out);
/* One answer, {"choices":["A","C"]} with the labels shown or {"text":"..."}; null if
 * none. */
void answers_write_one(const struct item *item, const struct answer *answer,
                       struct text *out);
/* {"choices":[...]} with the labels under which these choices of the question are
 * shown. */
void answers_write_choices(const struct item *item, uint16_t choices, struct text *out);

/* Packed for the database; one text for one meaning.  Unpacking checks every byte. */
size_t answers_pack(const struct answer *answers, int n, struct arena *arena,
                    uint8_t **out);
bool answers_unpack(const uint8_t *bytes, size_t size, struct arena *arena,
                    struct answer *out, int n) __attribute__((warn_unused_result));
