#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/practice.h"
#include "store/practice.h"

/* What a person has done in one campaign or in all, read at once: the cards, the
 * favourites, and the answers of the last attempts that the rules reveal, drawn again
 * from their seeds. The notes are what follows from these for each question: whether it
 * was answered right the last time, and how often wrong. */
enum notebook_parts {
    NOTEBOOK_CARDS = 1,
    NOTEBOOK_FAVOURITES = 2,
    NOTEBOOK_PAST = 4, /* the last PAST_ATTEMPTS */
};
enum { PAST_ATTEMPTS = 200 };

struct note {
    const struct campaign *campaign;
    struct item item; /* as it was shown then */
    struct answer answer;
    bool is_right, is_practice; /* the last answer, and where it was given */
    int64_t at;
    int n_wrong;
};

struct notebook {
    struct practice practice;
    int n_campaigns;
    const struct campaign **campaigns;
    struct cards_query cards;
    struct favourites_query favourites;
    struct past_query past;
    uint32_t mask; /* of the slots, a table by campaign and question; made by _notes */
    struct note **slots;
    int n_notes;
};

/* Begins reading; `campaign` NULL: all that there are. */
void notebook_read(struct request *req, const struct campaign *campaign, int parts,
                   struct notebook *notebook);
/* The campaign that the parameter "campaign" names; NULL when there is none, or with
 * the request's error when it is not known. */
const struct campaign *notebook_campaign(struct request *req);

/* NULL: never practised. */
const struct card *notebook_card(const struct notebook *notebook,
                                 const struct campaign *campaign, const char *question);
bool notebook_is_favourite(const struct notebook *notebook, const char *question);

/* Makes the notes of what was read; once.  False: an attempt cannot be drawn yet. */
bool notebook_note(struct request *req, struct notebook *notebook)
    __attribute__((warn_unused_result));
/* NULL: there is none. */
const struct note *notebook_find(const struct notebook *notebook,
                                 const struct campaign *campaign, const char *question);
/* Answered wrong and not right since, the latest first. */
const struct note **notebook_mistakes(const struct notebook *notebook,
                                      struct arena *arena, int *n_out);
