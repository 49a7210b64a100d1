/* GET /v1/me/reviews: what is to be reviewed today, without keys: the cards that are
 * due, most overdue first, then new ones from my mistakes and favourites, as many as a
 * day takes.  They are answered as in practice (practice_answer.c), and then come no
 * more today.
 *
 * To count them, the last papers are drawn again.  An app's first page shows only the
 * counts, and a whole herd opens it; therefore, when no question is asked for, they are
 * kept, with what they were counted from, and counted again when any of it is another.
 */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/notebook.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"
#include "util/hash.h"

enum { NEW_A_DAY = 20 };

struct due {
    const struct campaign *campaign;
    const struct question *question;
    const struct card *card; /* NULL: a new one */
};

struct reviews_visit {
    int64_t limit;
    bool is_kept; /* the counts are kept, or are to be */
    struct reviewing reviewing;
    struct notebook notebook;
    int n_due, n_new, n_done, n_made; /* the last two: today */
    int64_t next_due_at;
    struct due *due; /* n_due, then n_new */
};

static void read_notebook(struct request *req, const struct campaign *campaign)
{
    struct reviews_visit *v = req->state;

    notebook_read(req, campaign, NOTEBOOK_CARDS | NOTEBOOK_FAVOURITES | NOTEBOOK_PAST,
                  &v->notebook);
}

static void take(struct request *req)
{
    struct reviews_visit *v = req->state;
    const struct campaign *campaign = notebook_campaign(req);

    if (task_has_failed(&req->task) ||
        !request_query_int(req, "limit", 0, 100, 20, &v->limit))
        return;
    v->is_kept = !v->limit && !campaign;
    v->reviewing.row.person = req->session->person;
    if (v->is_kept)
        store_reviewing_look(req->app->store, &req->task, &v->reviewing);
    else
        read_notebook(req, campaign);
}

/* ---- what is kept ---- */

/* Of all that a count depends on but the person and the moment. */
static int64_t hash_campaigns(const struct campaigns *campaigns)
{
    TEXT(known);

    for (int i = 0; i < campaigns_count(campaigns); i++) {
        const struct campaign *campaign = campaigns_at(campaigns, i);

        text_printf(&known, "%d %d %d;", campaign->id, campaign->current->number,
                    campaign->n_corrections);
    }
    return (int64_t)hash_string(known.data ? known.data : "");
}

static bool holds(const struct reviewing *reviewing, int64_t campaigns, int64_t now)
{
    const struct review_counts *kept = &reviewing->kept;

    return kept->version == reviewing->now.version &&
           kept->n_finished == reviewing->now.n_finished &&
           kept->campaigns == campaigns && now < kept->holds_until;
}

/* Nothing was ever answered or starred. */
static bool is_blank(const struct reviewing *reviewing)
{
    return !reviewing->now.version && !reviewing->now.n_finished;
}

static void take_kept(struct request *req)
{
    struct reviews_visit *v = req->state;

    if (!v->is_kept)
        return;
    v->reviewing.now.campaigns = hash_campaigns(store_campaigns(req->app->store));
    if (is_blank(&v->reviewing))
        return;
    if (holds(&v->reviewing, v->reviewing.now.campaigns, store_now(req->app->store)))
        v->reviewing.now = v->reviewing.kept;
    else
        read_notebook(req, NULL);
}

static void sooner(int64_t *soonest, int64_t at, int64_t now)
{
    if (at > now && at < *soonest)
        *soonest = at;
}

/* The next moment when it may be another count: a day or a campaign begins or ends, a
 * card falls due. */
static int64_t held_until(const struct reviews_visit *v)
{
    int64_t now = v->notebook.practice.now, until = v->next_due_at;

    for (int i = 0; i < v->notebook.n_campaigns; i++) {
        const struct campaign *campaign = v->notebook.campaigns[i];

        sooner(&until, practice_day_begins(campaign, practice_day(campaign, now) + 1),
               now);
        sooner(&until, campaign->current->rules.opens_at, now);
        sooner(&until, campaign->current->rules.closes_at, now);
    }
    return until;
}

/* ---- counting ---- */

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
    sooner(&v->next_due_at, card->due_at, now);
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

static void count(struct request *req)
{
    struct reviews_visit *v = req->state;
    struct review_counts *counts = &v->reviewing.now;

    if (!v->notebook.campaigns)
        return;
    if (!notebook_note(req, &v->notebook))
        return;
    v->next_due_at = INT64_MAX;
    gather(req, v);
    counts->n_due = v->n_due;
    counts->n_new = v->n_new;
    counts->n_done = v->n_done;
    counts->holds_until = held_until(v);
    if (v->is_kept)
        store_reviewing_keep(req->app->store, &req->task, &v->reviewing);
}

static void report(struct request *req)
{
    struct reviews_visit *v = req->state;
    const struct review_counts *counts = &v->reviewing.now;
    struct text out = { 0 };

    text_char(&out, '{');
    show_int(&out, "due", counts->n_due);
    show_int(&out, "new", counts->n_new);
    show_int(&out, "done_today", counts->n_done);
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
    .acts = { take, take_kept, count, report },
};
