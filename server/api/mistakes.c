/* GET /v1/me/mistakes: the questions that I answered wrong, in attempts that the rules
 * reveal or in practice, and not right since. */
#include "api/routes.h"

#include "api/cursor.h"
#include "api/listing.h"
#include "api/notebook.h"
#include "api/show.h"

struct mistakes_visit {
    int64_t limit, from;
    struct notebook notebook;
    const struct note **mistakes;
};

static void take(struct request *req)
{
    struct mistakes_visit *v = req->state;
    const struct campaign *campaign = notebook_campaign(req);

    if (task_has_failed(&req->task) ||
        !request_query_int(req, "limit", 1, 100, 20, &v->limit) ||
        !cursor_read_one(req, 'm', 0, INT64_MAX, &v->from))
        return;
    notebook_read(req, campaign, NOTEBOOK_CARDS | NOTEBOOK_FAVOURITES | NOTEBOOK_PAST,
                  &v->notebook);
}

static void show_mistake(struct text *out, struct request *req, size_t i)
{
    struct mistakes_visit *v = req->state;
    const struct notebook *notebook = &v->notebook;
    const struct note *note = v->mistakes[i];
    const struct question *question = note->item.question;

    text_char(out, '{');
    show_string(out, "campaign", note->campaign->slug);
    practice_show(out, &note->item);
    show_key(out, "answer");
    answers_write_one(&note->item, &note->answer, out);
    practice_show_key(out, &note->item);
    show_int(out, "times_wrong", note->n_wrong);
    show_time(out, "wrong_at", note->at, note->campaign->current->rules.utc_offset_ms);
    show_string(out, "given_in", note->is_practice ? "practice" : "attempt");
    show_bool(out, "may_practise",
              practice_find(note->campaign, question->id) &&
                  practice_allows(&notebook->practice, note->campaign, question));
    show_bool(out, "is_favourite", notebook_is_favourite(notebook, question->id));
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct mistakes_visit *v = req->state;
    int n;

    if (!notebook_note(req, &v->notebook))
        return;
    v->mistakes = notebook_mistakes(&v->notebook, &req->arena, &n);
    struct listing listing = { .from = (size_t)v->from,
                               .n = (size_t)n,
                               .limit = (size_t)v->limit,
                               .show = show_mistake,
                               .kind = 'm',
                               .has_total = true };
    listing_reply(req, &listing);
}

const struct route mistakes_get = {
    .method = "GET",
    .path = "/v1/me/mistakes",
    .access = ACCESS_PERSON,
    .query = (const char *const[]){ "campaign", "limit", "cursor", NULL },
    .state = sizeof(struct mistakes_visit),
    .acts = { take, report },
};
