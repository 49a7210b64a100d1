#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/app.h"
#include "paper/paper.h"
#include "store/campaigns.h"
#include "util/text.h"

/* What may be practised, and how a question looks that is.  A campaign's rules say when
 * its questions may be (rules.h, practice); but a question that a running campaign
 * keeps back may not be practised in another either, or its keys would be had there. */
struct practice {
    const struct app *app;
    int64_t now;
    int n_keepers; /* running campaigns that keep their questions back */
    const struct campaign **keepers;
};

/* As it is at this moment. */
struct practice practice_now(struct request *req);

/* May the campaign's questions be practised?  And from when; 0: never. */
bool practice_is_open(const struct practice *practice, const struct campaign *campaign);
int64_t practice_opens_at(const struct campaign *campaign);
/* The same, with the problem to tell. */
bool practice_check(const struct practice *practice, const struct campaign *campaign,
                    struct error *err);
/* May this question of the campaign? */
bool practice_allows(const struct practice *practice, const struct campaign *campaign,
                     const struct question *question);

/* All questions of the campaign, as they are practised. */
const struct question **practice_questions(const struct campaign *campaign,
                                           struct arena *arena, int *n_out);
/* The one with this id; NULL if the campaign has it not. */
const struct question *practice_find(const struct campaign *campaign, const char *id);
/* Does an answer to this revision of it still mean the same?  A correction changes no
 * choice. */
bool practice_has_choices_of(const struct campaign *campaign, const char *id,
                             int32_t revision);

/* The question with its choices in the order of this person's turn; nothing is stored.
 */
struct item practice_draw(const struct practice *practice, int64_t person,
                          const struct question *question, int32_t turn);

/* "question","revision","type","topic","stem","choices" (null for a blank). */
void practice_show(struct text *out, const struct item *item);
/* "key","explanation","source": only where practice_allows, or the rules reveal it. */
void practice_show_key(struct text *out, const struct item *item);

/* Days since 1970 in the campaign's zone, and when such a day begins. */
int32_t practice_day(const struct campaign *campaign, int64_t ms);
int64_t practice_day_begins(const struct campaign *campaign, int32_t day);
