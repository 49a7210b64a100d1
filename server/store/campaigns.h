#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "bank/bank.h"
#include "paper/paper.h"
#include "pg/rows.h"
#include "rules/rules.h"
#include "util/arena.h"

/* The campaigns in memory.  Every revision that was ever saved stays, since an attempt is
 * scored by the rules and questions it was drawn with. */
struct revision {
    int32_t number;
    struct rules rules;
    struct plan plan;
    struct arena arena;
};

/* A question that a correction has replaced for scoring. */
struct corrected {
    const struct question *question; /* what decides instead */
    int32_t number;                  /* of the correction */
};

struct campaign {
    int32_t id;
    const char *slug;
    const struct revision *current;
    int n_revisions;
    struct revision **revisions;
    int32_t n_corrections; /* of keys, that are known here */
    int n_corrected;
    struct corrected *corrected; /* in order of id, then number */
};

struct campaigns;

struct campaigns *campaigns_new(void);
void campaigns_free(struct campaigns *campaigns);

int campaigns_count(const struct campaigns *campaigns);
const struct campaign *campaigns_at(const struct campaigns *campaigns, int index);
const struct campaign *campaigns_find(const struct campaigns *campaigns, const char *slug);
const struct campaign *campaigns_find_id(const struct campaigns *campaigns, int32_t id);
const struct revision *campaign_revision(const struct campaign *campaign, int32_t number);
/* A question that some campaign has pinned; NULL: none has. */
const struct question *campaigns_question(const struct campaigns *campaigns, const char *id,
                                          int32_t revision);
/* The question that decides in the place of a pinned one, by the corrections up to `upto`: the
 * newest, but never one older than the pinned. */
const struct question *campaign_corrected(const struct campaign *campaign,
                                          const struct question *pinned, int32_t upto);

/* Loading: first the questions that campaigns have pinned, then the revisions in order, then
 * the corrections with their questions.  What is there already is passed over. */
extern const char campaigns_questions_sql[], campaigns_revisions_sql[],
    campaigns_corrections_sql[];
bool campaigns_read_questions(struct rows *rows, void *campaigns, struct error *err);
bool campaigns_read_revisions(struct rows *rows, void *campaigns, struct error *err);
bool campaigns_read_corrections(struct rows *rows, void *campaigns, struct error *err);
