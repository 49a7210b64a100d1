#include "api/alike.h"

#include <string.h>

#include "api/sheet.h"
#include "score/score.h"
#include "store/board.h"
#include "store/store.h"
#include "util/hash.h"

int alike_per_person(int n_questions)
{
    int n = ALIKE_ANSWERS / ALIKE_WINDOW / n_questions;

    return n < 1 ? 1 : n > ALIKE_PER_PERSON ? ALIKE_PER_PERSON : n;
}

void alike_fetch(struct app *app, struct task *task, struct arena *arena,
                 struct alike *alike)
{
    const struct league *league =
        boards_league(store_boards(app->store), alike->campaign->id, 0);
    struct row rows[ALIKE_WINDOW];
    int n = league ? league_page(league, alike->board, alike->place, ALIKE_WINDOW, rows)
                   : 0;
    int64_t *people = arena_alloc(arena, ALIKE_WINDOW * sizeof(*people));

    for (int i = 0; i < n; i++)
        people[i] = rows[i].person;
    alike->is_over =
        !league || alike->place + n >= league_count(league, alike->board) || !n;
    alike->n_known = alike->place ? ALIKE_WINDOW / 2 : 0;
    alike->query = (struct attempts_of){
        .arena = arena,
        .people = people,
        .n_people = (size_t)n,
        .per_person = alike_per_person(alike->campaign->current->rules.n_questions)
    };
    store_attempts_of(app->store, task, alike->campaign->id, &alike->query);
}

static uint64_t answer_of(const struct item *item, const struct answer *answer,
                          struct arena *arena)
{
    if (!answer->is_given)
        return 0;
    if (item->question->type == QUESTION_BLANK)
        return hash_string(question_fold(arena, answer->text ? answer->text : "")) | 1;
    return answer->choices;
}

/* Empty when the paper cannot be drawn here yet. */
static void draw(struct app *app, struct arena *arena, const struct alike *alike,
                 const struct attempt *attempt, struct responses *out)
{
    struct sheet sheet;
    struct error err = { 0 };

    *out = (struct responses){ .person = attempt->person };
    if (!sheet_draw(app, arena, alike->campaign, attempt->revision, attempt->person,
                    attempt->ordinal, &sheet, &err))
        return;
    const struct answer *answers = sheet_unpack(&sheet, attempt->answers, arena);
    out->n = sheet.paper.n_items;
    out->all = arena_alloc(arena, (size_t)out->n * sizeof(*out->all));
    for (int i = 0; i < out->n; i++) {
        const struct item *item = &sheet.paper.items[i];

        out->all[i] = (struct response){
            .question = (uint64_t)(uintptr_t)item->question,
            .answer = answer_of(item, &answers[i], arena),
            .is_right = score_item(item, &answers[i], PARTIAL_NONE).is_right,
        };
    }
    likeness_sort(out);
}

static bool is_known(const struct alike *alike, int attempt)
{
    int64_t person = alike->query.out[attempt].attempt.person;

    for (int64_t i = 0; i < alike->n_known && i < (int64_t)alike->query.n_people; i++)
        if (alike->query.people[i] == person)
            return true;
    return false;
}

/* A pair of whom both stood in the window before was told of with that. */
static void keep_new(struct alike *alike)
{
    int n = 0;

    for (int i = 0; i < alike->n_pairs; i++)
        if (!is_known(alike, alike->pairs[i].a) || !is_known(alike, alike->pairs[i].b))
            alike->pairs[n++] = alike->pairs[i];
    alike->n_pairs = n;
}

void alike_compare(struct app *app, struct arena *arena, struct alike *alike)
{
    int n = (int)alike->query.n;
    struct responses *attempts =
        arena_alloc(arena, (size_t)(n + 1) * sizeof(*attempts));

    for (int i = 0; i < n; i++)
        draw(app, arena, alike, &alike->query.out[i].attempt, &attempts[i]);
    alike->n_pairs = likeness_find(attempts, n, alike->pairs);
    keep_new(alike);
}
