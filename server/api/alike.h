#pragma once
#include "api/app.h"
#include "rank/board.h"
#include "stats/likeness.h"
#include "store/campaigns.h"
#include "store/suspects.h"

/* Attempts of one union, with all below it, that are alike in their errors
 * (stats/likeness.h). Who copies has about the score of whom it was copied from: so
 * people are compared with those who stand near on the union's board, WINDOW of them at
 * a time, each window half behind the one before; of everybody the last PER_PERSON
 * attempts that count.  Up to WINDOW people everybody is compared with everybody.
 *
 * All papers of a window are drawn again in one go, which holds the loop for about as
 * long as they have answers: of long papers fewer attempts are taken, but one of
 * everybody, so that they have about ALIKE_ANSWERS at most. */
enum {
    ALIKE_WINDOW = 200,
    ALIKE_PER_PERSON = MAX_LIKE / ALIKE_WINDOW,
    ALIKE_ANSWERS = 16000
};

/* 1 .. ALIKE_PER_PERSON, for papers of so many questions. */
int alike_per_person(int n_questions);

struct alike {
    const struct campaign *campaign;
    int board;
    int64_t place;   /* of the window on the board; goes on by half of it */
    bool is_over;    /* the board ends within this window */
    int64_t n_known; /* people of it that the window before had too */
    struct attempts_of query;
    int n_pairs;
    struct likeness pairs[MAX_PAIRS];
};

/* Asks for the attempts of the window at `place`. */
void alike_fetch(struct app *app, struct task *task, struct arena *arena,
                 struct alike *alike);
/* When that has succeeded: some milliseconds of work. */
void alike_compare(struct app *app, struct arena *arena, struct alike *alike);
