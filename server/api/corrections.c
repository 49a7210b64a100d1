/* POST /v1/organizer/campaigns/{campaign}/corrections: the newest revisions of some
 * questions decide from now on; what they had decided is scored again in the background
 * (api/rescore.h). GET the same: the corrections so far.  GET .../{number}: one, and
 * how far it is. */
#include "api/routes.h"

#include <string.h>

#include "api/cursor.h"
#include "api/listing.h"
#include "api/scope.h"
#include "api/sheet.h"
#include "api/show.h"
#include "bank/question.h"
#include "http/reply.h"
#include "store/corrections.h"
#include "store/store.h"
#include "util/fields.h"

enum { MOST_QUESTIONS = 100 };

static void show_correction(struct text *out, const struct campaign *campaign,
                            const struct correction *correction)
{
    static const char *const states[] = { "", "counting", "applying", "done" };
    int offset = campaign->current->rules.utc_offset_ms;

    text_char(out, '{');
    show_string(out, "campaign", campaign->slug);
    show_int(out, "number", correction->number);
    show_key(out, "questions");
    text_string(out, correction->questions);
    show_string(out, "reason", correction->reason);
    show_string(out, "who", correction->who);
    show_time(out, "at", correction->at, offset);
    show_string(out, "state", states[correction->pass]);
    show_key(out, "progress");
    text_char(out, '{');
    show_int(out, "seen", correction->n_seen);
    show_int(out, "of_about", correction->of_about);
    show_int(out, "affected", correction->n_affected);
    show_int(out, "changed", correction->n_changed);
    show_int(out, "applied", correction->n_applied);
    text_char(out, '}');
    if (correction->finished_at)
        show_time(out, "finished_at", correction->finished_at, offset);
    else
        show_string(out, "finished_at", NULL);
    text_char(out, '}');
}

/* ---- correcting ---- */

struct correct_visit {
    const struct campaign *campaign;
    json_t *questions;
    const char *reason;
    struct correct correct;
    struct corrections made;
};

static const struct field correct_fields[] = {
    FIELD_ARRAY(struct correct_visit, questions, 1, MOST_QUESTIONS),
    FIELD_STRING(struct correct_visit, reason, 1, 500),
    { 0 },
};

static bool read_ids(struct request *req, const char **out)
{
    struct correct_visit *v = req->state;
    size_t i;
    json_t *value;

    json_array_foreach(v->questions, i, value)
    {
        out[i] = json_string_value(value);
        if (!out[i] || !question_is_slug(out[i])) {
            error_set(&req->task.error, PROBLEM_FIELD_TYPE, "questions",
                      "题目编号的数组", "an array of ids of questions");
            return error_within(&req->task.error, "/questions/%zu", i);
        }
    }
    return true;
}

static void correct(struct request *req)
{
    struct correct_visit *v = req->state;
    const char *ids[MOST_QUESTIONS];

    v->campaign = campaign_named(req);
    if (!v->campaign || !scope_whole(req) ||
        !fields_read(correct_fields, req->body, v, &req->task.error) ||
        !read_ids(req, ids))
        return;
    v->correct.arena = &req->arena;
    store_correct(req->app->store, &req->task, v->campaign->id, ids,
                  json_array_size(v->questions), scope_who(req), v->reason,
                  &v->correct);
}

/* False: it was made, or was made before. */
static bool is_refused(struct request *req)
{
    struct correct_visit *v = req->state;
    const struct correct *correct = &v->correct;
    size_t i;
    json_t *value;

    if (correct_is_made(correct->outcome, correct->question, &req->task.error))
        return false;
    json_array_foreach(v->questions, i,
                       value) if (!strcmp(json_string_value(value), correct->question))
    {
        error_within(&req->task.error, "/questions/%zu", i);
        break;
    }
    return true;
}

/* What was made, and that this server knows it, before it is told. */
static void look(struct request *req)
{
    struct correct_visit *v = req->state;

    if (is_refused(req))
        return;
    if (v->correct.outcome == CORRECTED)
        store_load_then(req->app->store, &req->task);
    v->made = (struct corrections){ .arena = &req->arena, .limit = 1 };
    store_corrections_list(req->app->store, &req->task, v->campaign->id,
                           v->correct.number + 1, &v->made);
}

static void report_correct(struct request *req)
{
    struct correct_visit *v = req->state;
    bool is_made = v->correct.outcome == CORRECTED;
    struct text out = { 0 };

    text_char(&out, '{');
    show_key(&out, "correction");
    if (v->made.n)
        show_correction(&out, v->campaign, v->made.out);
    else
        text_string(&out, "null");
    text_char(&out, '}');
    if (is_made)
        reply_header(req, "Location",
                     arena_printf(&req->arena,
                                  "/v1/organizer/campaigns/%s/corrections/%d",
                                  v->campaign->slug, v->correct.number));
    reply_text(req, is_made ? 202 : 200, &out);
}

const struct route corrections_post = {
    .method = "POST",
    .path = "/v1/organizer/campaigns/{campaign}/corrections",
    .access = ACCESS_ORGANIZER,
    .body = BODY_JSON,
    .state = sizeof(struct correct_visit),
    .acts = { correct, look, report_correct },
};

/* ---- what was corrected ---- */

struct list_visit {
    const struct campaign *campaign;
    int64_t limit;
    struct corrections query;
};

static void read_list(struct request *req)
{
    struct list_visit *v = req->state;
    int64_t below = INT32_MAX;

    v->campaign = campaign_named(req);
    if (!v->campaign || !scope_whole(req) ||
        !request_query_int(req, "limit", 1, 100, 20, &v->limit) ||
        !cursor_read_one(req, 'k', 1, INT32_MAX, &below))
        return;
    v->query = (struct corrections){ .arena = &req->arena, .limit = (int)v->limit + 1 };
    store_corrections_list(req->app->store, &req->task, v->campaign->id, (int32_t)below,
                           &v->query);
}

static void show_line(struct text *out, struct request *req, size_t i)
{
    struct list_visit *v = req->state;

    show_correction(out, v->campaign, &v->query.out[i]);
}

static const char *next_below(struct request *req, size_t last)
{
    struct list_visit *v = req->state;

    return cursor_make(req, 'k', &(int64_t){ v->query.out[last].number }, 1);
}

static void report_list(struct request *req)
{
    struct list_visit *v = req->state;
    struct listing listing = { .n = v->query.n,
                               .limit = (size_t)v->limit,
                               .show = show_line,
                               .next = next_below };

    listing_reply(req, &listing);
}

const struct route corrections_list = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/corrections",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "limit", "cursor", NULL },
    .state = sizeof(struct list_visit),
    .acts = { read_list, report_list },
};

static void read_one(struct request *req)
{
    struct list_visit *v = req->state;
    int64_t number;

    v->campaign = campaign_named(req);
    if (!v->campaign || !scope_whole(req) ||
        !request_param_int(req, 1, 1000000, PROBLEM_NO_CORRECTION, &number))
        return;
    v->query = (struct corrections){ .arena = &req->arena, .limit = 1 };
    store_corrections_list(req->app->store, &req->task, v->campaign->id,
                           (int32_t)number + 1, &v->query);
    v->limit = number;
}

static void report_one(struct request *req)
{
    struct list_visit *v = req->state;
    struct text out = { 0 };

    if (!v->query.n || v->query.out[0].number != v->limit) {
        error_set(&req->task.error, PROBLEM_NO_CORRECTION);
        return;
    }
    show_correction(&out, v->campaign, &v->query.out[0]);
    reply_text(req, 200, &out);
}

const struct route corrections_get = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/corrections/{number}",
    .access = ACCESS_ORGANIZER,
    .state = sizeof(struct list_visit),
    .acts = { read_one, report_one },
};
