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

struct campaign {
    int32_t id;
    const char *slug;
    const struct revision *current;
    int n_revisions;
    struct revision **revisions;
    int32_t n_corrections; /* of keys, that are known here */
};

struct campaigns;

struct campaigns *campaigns_new(void);
void campaigns_free(struct campaigns *campaigns);

int campaigns_count(const struct campaigns *campaigns);
const struct campaign *campaigns_at(const struct campaigns *campaigns, int index);
const struct campaign *campaigns_find(const struct campaigns *campaigns, const char *slug);
const struct campaign *campaigns_find_id(const struct campaigns *campaigns, int32_t id);
const struct revision *campaign_revision(const struct campaign *campaign, int32_t number);

/* Loading: first the questions that campaigns have pinned, then the revisions in order.
 * What is there already is passed over. */
extern const char campaigns_questions_sql[], campaigns_revisions_sql[];
bool campaigns_read_questions(struct rows *rows, void *campaigns, struct error *err);
bool campaigns_read_revisions(struct rows *rows, void *campaigns, struct error *err);
