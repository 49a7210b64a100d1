/* GET /v1/campaigns/{campaign}/practice: questions to practise, without keys.  First
 * come those that the person has not met, in an order of the person's own, then the
 * others, the one not seen for the longest time first: asked again, it goes on where it
 * was left. */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/notebook.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"
#include "util/hash.h"

enum only { ONLY_ANY, ONLY_NEW, ONLY_MISTAKES, ONLY_FAVOURITES };
static const char *const only_names[] = { "", "new", "mistakes", "favourites", NULL };

struct candidate {
    const struct question *question;
    const struct card *card; /* NULL: not met yet */
    uint64_t chance;
};

struct practice_visit {
    const struct campaign *campaign;
    const char *topic;
    int64_t limit;
    enum only only;
    struct notebook notebook;
};

static bool only_named(struct request *req, enum only *out)
{
    const char *only = request_query(req, "only");

    for (int i = 1; only && only_names[i]; i++)
        if (!strcmp(only, only_names[i])) {
            *out = (enum only)i;
            return true;
        }
    return !only || error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "only");
}

static void take(struct request *req)
{
    struct practice_visit *v = req->state;
    struct practice practice = practice_now(req);

    v->campaign = campaign_named(req);
    v->topic = request_query(req, "topic");
    if (!v->campaign || !request_query_int(req, "limit", 1, 50, 10, &v->limit) ||
        !only_named(req, &v->only) ||
        !practice_check(&practice, v->campaign, &req->task.error))
        return;
    notebook_read(req, v->campaign,
                  NOTEBOOK_CARDS | NOTEBOOK_FAVOURITES |
                      (v->only == ONLY_MISTAKES ? NOTEBOOK_PAST : 0),
                  &v->notebook);
}

static bool is_wanted(const struct practice_visit *v, const struct candidate *candidate)
{
    const struct question *question = candidate->question;
    const struct note *note;

    if (v->topic && strcmp(v->topic, question->topic))
        return false;
    switch (v->only) {
    case ONLY_ANY:
        break;
    case ONLY_NEW:
        if (candidate->card)
            return false;
        break;
    case ONLY_MISTAKES:
        note = notebook_find(&v->notebook, v->campaign, question->id);
        if (!note || note->is_right)
            return false;
        break;
    case ONLY_FAVOURITES:
        if (!notebook_is_favourite(&v->notebook, question->id))
            return false;
        break;
    }
    return practice_allows(&v->notebook.practice, v->campaign, question);
}

static int by_need(const void *a, const void *b)
{
    const struct candidate *one = a, *other = b;
    int64_t at = one->card ? one->card->last_at : 0;
    int64_t other_at = other->card ? other->card->last_at : 0;

    if (at != other_at)
        return at < other_at ? -1 : 1;
    return (one->chance > other->chance) - (one->chance < other->chance);
}

/* The candidates, those to practise first in front. */
static struct candidate *gather(struct request *req, struct practice_visit *v,
                                int *n_out)
{
    int n, n_wanted = 0;
    const struct question **questions =
        practice_questions(v->campaign, &req->arena, &n);
    struct candidate *out = arena_alloc(&req->arena, (size_t)n * sizeof(*out));

    for (int i = 0; i < n; i++) {
        struct candidate *candidate = &out[n_wanted];

        candidate->question = questions[i];
        candidate->card = notebook_card(&v->notebook, v->campaign, questions[i]->id);
        candidate->chance =
            (hash_string(questions[i]->id) ^ (uint64_t)req->session->person) *
            0x9e3779b97f4a7c15u;
        n_wanted += is_wanted(v, candidate);
    }
    qsort(out, (size_t)n_wanted, sizeof(*out), by_need);
    *n_out = n_wanted;
    return out;
}

static void show_candidate(struct text *out, struct request *req,
                           const struct candidate *candidate)
{
    struct practice_visit *v = req->state;
    int32_t turn = (candidate->card ? candidate->card->last_turn : 0) + 1;
    struct item item = practice_draw(&v->notebook.practice, req->session->person,
                                     candidate->question, turn);

    text_char(out, '{');
    practice_show(out, &item);
    show_int(out, "turn", turn);
    show_bool(out, "is_favourite",
              notebook_is_favourite(&v->notebook, candidate->question->id));
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct practice_visit *v = req->state;
    struct text out = { 0 };
    int n;

    if (v->only == ONLY_MISTAKES && !notebook_note(req, &v->notebook))
        return;
    struct candidate *candidates = gather(req, v, &n);
    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_int(&out, "matching", n);
    show_key(&out, "items");
    text_char(&out, '[');
    for (int i = 0; i < n && i < v->limit; i++) {
        if (i)
            text_char(&out, ',');
        show_candidate(&out, req, &candidates[i]);
    }
    text_string(&out, "]}");
    reply_text(req, 200, &out);
}

const struct route practice_list = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/practice",
    .access = ACCESS_PERSON,
    .query = (const char *const[]){ "topic", "limit", "only", NULL },
    .state = sizeof(struct practice_visit),
    .acts = { take, report },
};
