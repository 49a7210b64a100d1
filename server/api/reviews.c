/* GET /v1/me/reviews: what is to be reviewed today, without keys: the cards that are
 * due, most overdue first, then new ones from my mistakes and favourites, as many as a
 * day takes.  They are answered as in practice (practice_answer.c), and then come no
 * more today. */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/notebook.h"
#include "api/show.h"
#include "http/reply.h"

enum { NEW_A_DAY = 20 };

struct due {
    const struct campaign *campaign;
    const struct question *question;
    const struct card *card; /* NULL: a new one */
};

struct reviews_visit {
    int64_t limit;
    struct notebook notebook;
    int n_due, n_new, n_done, n_made; /* the last two: today */
    struct due *due;                  /* n_due, then n_new */
};

static void take(struct request *req)
{
    struct reviews_visit *v = req->state;
    const struct campaign *campaign = notebook_campaign(req);

    if (!task_has_failed(&req->task) &&
        request_query_int(req, "limit", 1, 100, 20, &v->limit))
        notebook_read(req, campaign,
                      NOTEBOOK_CARDS | NOTEBOOK_FAVOURITES | NOTEBOOK_PAST,
                      &v->notebook);
}

static const struct question *allowed(const struct notebook *notebook,
                                      const struct campaign *campaign, const char *id)
{
    const struct question *question = practice_find(campaign, id);

    return question && practice_allows(&notebook->practice, campaign, question)
               ? question
               : NULL;
}

static const struct campaign *campaign_of(const struct notebook *notebook,
                                          const struct card *card)
{
    for (int i = 0; i < notebook->n_campaigns; i++)
        if (notebook->campaigns[i]->id == card->campaign)
            return notebook->campaigns[i];
    return NULL;
}

static void add_card(struct reviews_visit *v, const struct card *card)
{
    const struct campaign *campaign = campaign_of(&v->notebook, card);
    int64_t now = v->notebook.practice.now;
    int32_t today = practice_day(campaign, now);

    v->n_done += practice_day(campaign, card->last_at) == today;
    v->n_made += practice_day(campaign, card->made_at) == today;
    if (card->due_at > now)
        return;
    const struct question *question = allowed(&v->notebook, campaign, card->question);
    if (question)
        v->due[v->n_due++] = (struct due){ campaign, question, card };
}

static int most_overdue_first(const void *a, const void *b)
{
    const struct card *one = ((const struct due *)a)->card;
    const struct card *other = ((const struct due *)b)->card;

    if (one->due_at != other->due_at)
        return one->due_at < other->due_at ? -1 : 1;
    return strcmp(one->question, other->question);
}

/* A new card, unless the day has enough or the question is among the new already. */
static void add_new(struct reviews_visit *v, const struct campaign *campaign,
                    const struct question *question)
{
    struct due *news = v->due + v->n_due;

    if (!question || v->n_made + v->n_new >= NEW_A_DAY)
        return;
    for (int i = 0; i < v->n_new; i++)
        if (!strcmp(news[i].question->id, question->id))
            return;
    news[v->n_new++] = (struct due){ campaign, question, NULL };
}

static void add_mistakes(struct request *req, struct reviews_visit *v)
{
    int n;
    const struct note **mistakes = notebook_mistakes(&v->notebook, &req->arena, &n);

    for (int i = 0; i < n; i++) {
        const char *id = mistakes[i]->item.question->id;

        if (!notebook_card(&v->notebook, mistakes[i]->campaign, id))
            add_new(v, mistakes[i]->campaign,
                    allowed(&v->notebook, mistakes[i]->campaign, id));
    }
}

/* In the first campaign where it may be practised, if there is a card in none. */
static void add_favourite(struct reviews_visit *v, const char *id)
{
    const struct notebook *notebook = &v->notebook;
    const struct campaign *first = NULL;

    for (int i = 0; i < notebook->n_campaigns; i++) {
        if (notebook_card(notebook, notebook->campaigns[i], id))
            return;
        if (!first && allowed(notebook, notebook->campaigns[i], id))
            first = notebook->campaigns[i];
    }
    if (first)
        add_new(v, first, practice_find(first, id));
}

static void gather(struct request *req, struct reviews_visit *v)
{
    const struct notebook *notebook = &v->notebook;

    v->due =
        arena_alloc(&req->arena, (notebook->cards.n + NEW_A_DAY) * sizeof(*v->due));
    for (size_t i = 0; i < notebook->cards.n; i++)
        add_card(v, &notebook->cards.out[i]);
    qsort(v->due, (size_t)v->n_due, sizeof(*v->due), most_overdue_first);
    add_mistakes(req, v);
    for (size_t i = 0; i < notebook->favourites.n; i++)
        add_favourite(v, notebook->favourites.out[i].question);
}

static void show_due(struct text *out, struct request *req, const struct due *due)
{
    struct reviews_visit *v = req->state;
    int32_t turn = (due->card ? due->card->last_turn : 0) + 1;
    struct item item =
        practice_draw(&v->notebook.practice, req->session->person, due->question, turn);

    text_char(out, '{');
    show_string(out, "campaign", due->campaign->slug);
    practice_show(out, &item);
    show_int(out, "turn", turn);
    show_time(out, "due_at", due->card ? due->card->due_at : 0,
              due->campaign->current->rules.utc_offset_ms);
    show_bool(out, "is_new", !due->card);
    show_bool(out, "is_favourite",
              notebook_is_favourite(&v->notebook, due->question->id));
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct reviews_visit *v = req->state;
    struct text out = { 0 };

    if (!notebook_note(req, &v->notebook))
        return;
    gather(req, v);
    text_char(&out, '{');
    show_int(&out, "due", v->n_due);
    show_int(&out, "new", v->n_new);
    show_int(&out, "done_today", v->n_done);
    show_key(&out, "items");
    text_char(&out, '[');
    for (int i = 0; i < v->n_due + v->n_new && i < v->limit; i++) {
        if (i)
            text_char(&out, ',');
        show_due(&out, req, &v->due[i]);
    }
    text_string(&out, "]}");
    reply_text(req, 200, &out);
}

const struct route reviews_get = {
    .method = "GET",
    .path = "/v1/me/reviews",
    .access = ACCESS_PERSON,
    .query = (const char *const[]){ "campaign", "limit", NULL },
    .state = sizeof(struct reviews_visit),
    .acts = { take, report },
};
