/* GET /v1/organizer/questions/{id}: all that a question ever was, newest first.  PUT
 * the same: its next revision, or a new question.  Campaigns keep the revisions that
 * they have pinned. */
#include "api/routes.h"

#include <string.h>

#include "api/scope.h"
#include "api/show.h"
#include "bank/question.h"
#include "http/reply.h"
#include "store/people.h"
#include "store/questions.h"
#include "store/store.h"
#include "util/memory.h"

enum { MOST_REVISIONS = 100 };

/* Not of any campaign: the time of most. */
enum { CHINA_OFFSET_MS = 8 * 3600000 };

static void show_revision(struct text *out, int32_t revision, int64_t saved_at)
{
    show_int(out, "revision", revision);
    show_time(out, "saved_at", saved_at, CHINA_OFFSET_MS);
}

/* ---- reading ---- */

struct question_visit {
    struct question_lines query;
};

static void ask(struct request *req)
{
    struct question_visit *v = req->state;

    if (!scope_whole(req))
        return;
    v->query = (struct question_lines){ .arena = &req->arena, .limit = MOST_REVISIONS };
    store_question_revisions(req->app->store, &req->task, req->params[0], &v->query);
}

static void report(struct request *req)
{
    struct question_visit *v = req->state;
    struct text out = { 0 };

    if (!v->query.n) {
        error_set(&req->task.error, PROBLEM_NOT_IN_BANK, req->params[0]);
        return;
    }
    text_char(&out, '{');
    show_string(&out, "id", req->params[0]);
    show_key(&out, "revisions");
    for (size_t i = 0; i < v->query.n; i++) {
        const struct question_line *line = &v->query.out[i];

        text_string(&out, i ? ",{" : "[{");
        show_revision(&out, line->revision, line->saved_at);
        show_key(&out, "question");
        text_string(&out, line->body);
        text_char(&out, '}');
    }
    text_string(&out, "]}");
    reply_text(req, 200, &out);
}

const struct route question_get = {
    .method = "GET",
    .path = "/v1/organizer/questions/{id}",
    .access = ACCESS_ORGANIZER,
    .state = sizeof(struct question_visit),
    .acts = { ask, report },
};

/* ---- saving ---- */

struct save_visit {
    struct saved_question saved;
};

static void save(struct request *req)
{
    struct save_visit *v = req->state;
    struct error *err = &req->task.error;
    struct question question;
    char twin[TWIN_TEXT];

    if (!scope_whole(req) || !question_read(req->body, &req->arena, &question, err))
        return;
    if (strcmp(question.id, req->params[0])) {
        error_set(err, PROBLEM_QUESTION_BAD, question.id, "“id”与地址中的不同",
                  "its \"id\" is not that of the address");
        error_within(err, "/id");
        return;
    }
    AUTO(memory_freep) char *body = json_dumps(req->body, JSON_COMPACT);
    question_twin(req->body, twin);
    store_question_save(req->app->store, &req->task, question.id, body, twin,
                        scope_who(req), &v->saved);
}

static void report_saved(struct request *req)
{
    struct save_visit *v = req->state;
    struct text out = { 0 };

    text_char(&out, '{');
    show_string(&out, "id", req->params[0]);
    show_revision(&out, v->saved.revision, v->saved.saved_at);
    text_char(&out, '}');
    reply_text(req, v->saved.is_new ? 201 : 200, &out);
}

const struct route question_put = {
    .method = "PUT",
    .path = "/v1/organizer/questions/{id}",
    .access = ACCESS_ORGANIZER,
    .body = BODY_JSON,
    .state = sizeof(struct save_visit),
    .acts = { save, report_saved },
};
