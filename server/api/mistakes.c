/* GET /v1/me/mistakes: the questions that I answered wrong, in attempts that the rules
 * reveal or in practice, and not right since. */
#include "api/routes.h"

#include "api/cursor.h"
#include "api/notebook.h"
#include "api/show.h"
#include "http/reply.h"

struct mistakes_visit {
    int64_t limit, from;
    struct notebook notebook;
};

static void take(struct request *req)
{
    struct mistakes_visit *v = req->state;
    const struct campaign *campaign = notebook_campaign(req);
    bool has_cursor;

    if (task_has_failed(&req->task) ||
        !request_query_int(req, "limit", 1, 100, 20, &v->limit) ||
        !cursor_read(req, 'm', &v->from, 1, &has_cursor))
        return;
    if (v->from < 0) {
        error_set(&req->task.error, PROBLEM_CURSOR_BAD);
        return;
    }
    notebook_read(req, campaign, NOTEBOOK_CARDS | NOTEBOOK_FAVOURITES | NOTEBOOK_PAST,
                  &v->notebook);
}

static void show_mistake(struct text *out, const struct notebook *notebook,
                         const struct note *note)
{
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
    struct text out = { 0 };
    char next[CURSOR_TEXT];
    int n, i;

    if (!notebook_note(req, &v->notebook))
        return;
    const struct note **mistakes = notebook_mistakes(&v->notebook, &req->arena, &n);
    text_char(&out, '{');
    show_int(&out, "total", n);
    show_key(&out, "items");
    text_char(&out, '[');
    for (i = (int)(v->from < n ? v->from : n); i < n && i < v->from + v->limit; i++) {
        if (i > v->from)
            text_char(&out, ',');
        show_mistake(&out, &v->notebook, mistakes[i]);
    }
    cursor_write('m', &(int64_t){ i }, 1, next);
    show_next(&out, i < n ? next : NULL);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

const struct route mistakes_get = {
    .method = "GET",
    .path = "/v1/me/mistakes",
    .access = ACCESS_PERSON,
    .query = (const char *const[]){ "campaign", "limit", "cursor", NULL },
    .state = sizeof(struct mistakes_visit),
    .acts = { take, report },
};
