/* GET /v1/me/favourites: the questions I have starred, of which a campaign lets me see
 * the key.  PUT and DELETE /v1/me/favourites/{question}: a question that I may see is
 * starred, or no longer; done twice, it is the same. */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/cursor.h"
#include "api/listing.h"
#include "api/notebook.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"

/* Where a question may be seen, and as what. */
struct view {
    const struct campaign *campaign; /* NULL: nowhere */
    struct item item;
    bool may_practise;
};

/* By practice in any of the campaigns, or in what was revealed of the person's own
 * attempts; of these the notes are needed. */
static struct view view_of(const struct notebook *notebook, const char *id)
{
    struct view view = { 0 };

    for (int i = 0; i < notebook->n_campaigns; i++) {
        const struct campaign *campaign = notebook->campaigns[i];
        const struct question *question = practice_find(campaign, id);

        if (question && practice_allows(&notebook->practice, campaign, question)) {
            view = (struct view){ .campaign = campaign, .may_practise = true };
            paper_draw_one(question, NULL, &view.item);
            return view;
        }
    }
    for (int i = 0; notebook->slots && i < notebook->n_campaigns; i++) {
        const struct note *note = notebook_find(notebook, notebook->campaigns[i], id);

        if (note) {
            view.campaign = notebook->campaigns[i];
            paper_draw_one(note->item.question, NULL, &view.item);
            return view;
        }
    }
    return view;
}

/* ---- the list ---- */

struct line {
    const struct favourite *favourite;
    struct view view;
};

struct favourites_visit {
    int64_t limit, from;
    bool needs_past;
    struct notebook notebook;
    struct line *lines;
};

static void take(struct request *req)
{
    struct favourites_visit *v = req->state;
    const struct campaign *campaign = notebook_campaign(req);

    if (task_has_failed(&req->task) ||
        !request_query_int(req, "limit", 1, 100, 20, &v->limit) ||
        !cursor_read_one(req, 's', 0, INT64_MAX, &v->from))
        return;
    notebook_read(req, campaign, NOTEBOOK_FAVOURITES, &v->notebook);
}

/* The attempts are read only for questions that cannot be practised anywhere. */
static void take_past(struct request *req)
{
    struct favourites_visit *v = req->state;
    const struct favourites_query *favourites = &v->notebook.favourites;

    for (size_t i = 0; i < favourites->n && !v->needs_past; i++)
        v->needs_past = !view_of(&v->notebook, favourites->out[i].question).campaign;
    if (v->needs_past)
        store_past_list(req->app->store, &req->task, req->session->person,
                        &v->notebook.past);
}

static int latest_first(const void *a, const void *b)
{
    const struct favourite *one = ((const struct line *)a)->favourite;
    const struct favourite *other = ((const struct line *)b)->favourite;

    if (one->at != other->at)
        return one->at > other->at ? -1 : 1;
    return strcmp(one->question, other->question);
}

static struct line *gather(struct request *req, const struct notebook *notebook,
                           int *n_out)
{
    const struct favourites_query *query = &notebook->favourites;
    struct line *lines = arena_alloc(&req->arena, (query->n + 1) * sizeof(*lines));
    int n = 0;

    for (size_t i = 0; i < query->n; i++) {
        lines[n].favourite = &query->out[i];
        lines[n].view = view_of(notebook, query->out[i].question);
        n += lines[n].view.campaign != NULL;
    }
    qsort(lines, (size_t)n, sizeof(*lines), latest_first);
    *n_out = n;
    return lines;
}

static void show_favourite(struct text *out, struct request *req, size_t i)
{
    struct favourites_visit *v = req->state;
    const struct line *line = &v->lines[i];
    const struct view *view = &line->view;

    text_char(out, '{');
    show_string(out, "campaign", view->campaign->slug);
    practice_show(out, &view->item);
    practice_show_key(out, &view->item);
    show_bool(out, "may_practise", view->may_practise);
    show_time(out, "starred_at", line->favourite->at,
              view->campaign->current->rules.utc_offset_ms);
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct favourites_visit *v = req->state;
    int n;

    if (v->needs_past && !notebook_note(req, &v->notebook))
        return;
    v->lines = gather(req, &v->notebook, &n);
    struct listing listing = { .from = (size_t)v->from,
                               .n = (size_t)n,
                               .limit = (size_t)v->limit,
                               .show = show_favourite,
                               .kind = 's',
                               .has_total = true };
    listing_reply(req, &listing);
}

const struct route favourites_get = {
    .method = "GET",
    .path = "/v1/me/favourites",
    .access = ACCESS_PERSON,
    .query = (const char *const[]){ "campaign", "limit", "cursor", NULL },
    .state = sizeof(struct favourites_visit),
    .acts = { take, take_past, report },
};

/* ---- starring ---- */

struct star_visit {
    struct notebook notebook;
    bool is_seen;
    struct star star;
};

static bool question_named(struct request *req)
{
    return (strlen(req->params[0]) <= 64 && question_is_slug(req->params[0])) ||
           error_set(&req->task.error, PROBLEM_NO_SUCH_QUESTION, "?");
}

/* The attempts are read only for a question that cannot be practised anywhere. */
static void look(struct request *req)
{
    struct star_visit *v = req->state;

    if (!question_named(req))
        return;
    notebook_read(req, NULL, 0, &v->notebook);
    v->is_seen = view_of(&v->notebook, req->params[0]).campaign;
    if (!v->is_seen)
        notebook_read(req, NULL, NOTEBOOK_PAST, &v->notebook);
}

static void write_star(struct request *req, bool is_starred)
{
    struct star_visit *v = req->state;

    v->star.row.person = req->session->person;
    v->star.question = req->params[0];
    v->star.is_starred = is_starred;
    store_star(req->app->store, &req->task, &v->star);
}

static void star(struct request *req)
{
    struct star_visit *v = req->state;

    if (!v->is_seen) {
        if (!notebook_note(req, &v->notebook))
            return;
        if (!view_of(&v->notebook, req->params[0]).campaign) {
            error_set(&req->task.error, PROBLEM_NO_SUCH_QUESTION, req->params[0]);
            return;
        }
    }
    write_star(req, true);
}

static void unstar(struct request *req)
{
    if (question_named(req))
        write_star(req, false);
}

static void report_star(struct request *req)
{
    struct star_visit *v = req->state;

    if (v->star.outcome == NO_ROOM_FOR_STAR)
        error_set(&req->task.error, PROBLEM_FAVOURITES_FULL, MAX_FAVOURITES);
    else
        reply_empty(req, 204);
}

const struct route favourites_put = {
    .method = "PUT",
    .path = "/v1/me/favourites/{question}",
    .access = ACCESS_PERSON,
    .state = sizeof(struct star_visit),
    .acts = { look, star, report_star },
};

const struct route favourites_delete = {
    .method = "DELETE",
    .path = "/v1/me/favourites/{question}",
    .access = ACCESS_PERSON,
    .state = sizeof(struct star_visit),
    .acts = { unstar, report_star },
};
