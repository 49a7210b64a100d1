/* POST /v1/organizer/campaigns/{campaign}/people/{person}/attempts/{ordinal}/void: an attempt
 * stops counting; every board follows at once, and the audit keeps who did it and why. */
#include "api/routes.h"

#include "api/places.h"
#include "api/scope.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/attempts.h"
#include "store/board.h"
#include "store/people.h"
#include "store/store.h"
#include "util/fields.h"

struct void_visit {
    const struct campaign *campaign;
    const char *reason;
    int64_t person, ordinal;
    struct participation_query participation;
    struct void_attempt result;
};

static const struct field void_fields[] = {
    FIELD_STRING(struct void_visit, reason, 1, 500),
    { 0 },
};

static void find(struct request *req)
{
    struct void_visit *v = req->state;

    v->campaign = campaign_named(req);
    if (!v->campaign ||
        !request_param_int(req, 1, INT64_MAX, PROBLEM_NO_PERSON, &v->person) ||
        !request_param_int(req, 2, 1000000, PROBLEM_NO_ATTEMPT, &v->ordinal) ||
        !fields_read(void_fields, req->body, v, &req->task.error))
        return;
    v->participation.arena = &req->arena;
    store_participation_get(req->app->store, &req->task, v->campaign->id, v->person, 0,
                            &v->participation);
}

static void void_it(struct request *req)
{
    struct void_visit *v = req->state;
    int board = unions_find(store_unions(req->app->store), v->participation.out.union_id);

    if (board < 0) {
        error_set(&req->task.error, PROBLEM_NO_ATTEMPT);
        return;
    }
    if (!scope_board(req, &board))
        return;
    store_attempt_void(req->app->store, &req->task, v->campaign->id, v->person,
                       (int32_t)v->ordinal, scope_who(req), v->reason, &v->result);
}

static void follow(struct request *req)
{
    struct void_visit *v = req->state;

    if (v->result.outcome == NOTHING_TO_VOID)
        error_set(&req->task.error, PROBLEM_NO_ATTEMPT);
    else
        boards_follow_then(store_boards(req->app->store), &req->task);
}

static void report(struct request *req)
{
    struct void_visit *v = req->state;
    const struct league *league =
        boards_league(store_boards(req->app->store), v->campaign->id, 0);
    struct text out = { 0 };

    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_id(&out, "person", v->person);
    show_int(&out, "ordinal", v->ordinal);
    show_string(&out, "state", "voided");
    show_key(&out, "standing");
    text_string(&out, "{\"overall\":");
    show_place(&out, league, BOARD_ALL, v->person,
               v->campaign->current->rules.utc_offset_ms);
    text_string(&out, "}}");
    reply_text(req, 200, &out);
}

const struct route void_post = {
    .method = "POST",
    .path = "/v1/organizer/campaigns/{campaign}/people/{person}/attempts/{ordinal}/void",
    .access = ACCESS_ORGANIZER,
    .body = BODY_JSON,
    .state = sizeof(struct void_visit),
    .acts = { find, void_it, follow, report },
};
