/* GET and PUT /v1/campaigns/{campaign}/participation: the union a person takes part for,
 * and what is left of the quota. */
#include "api/routes.h"

#include "api/show.h"
#include "http/reply.h"
#include "store/attempts.h"
#include "store/store.h"
#include "store/writes.h"
#include "util/fields.h"

struct participation_visit {
    const struct campaign *campaign;
    struct {
        const char *union_;
    } input;
    struct choose_union choose;
    int64_t now;
    struct participation_query query;
};

static void read_participation(struct request *req)
{
    struct participation_visit *v = req->state;

    v->campaign = v->campaign ? v->campaign : campaign_named(req);
    if (!v->campaign)
        return;
    v->now = store_now(req->app->store);
    v->query.arena = &req->arena;
    store_participation_get(
        req->app->store, &req->task, v->campaign->id, req->session->person,
        period_of(PERIOD_DAY, v->now, v->campaign->current->rules.utc_offset_ms) & 0xffffff,
        &v->query);
}

static void show_left(struct text *out, const char *name, int quota, int used)
{
    show_int_or_null(out, name, !quota ? -1 : used < quota ? quota - used : 0, -1);
}

static void show_open_attempt(struct text *out, const struct participation *p, int offset_ms)
{
    show_key(out, "open_attempt");
    if (!p->open_ordinal) {
        text_string(out, "null");
        return;
    }
    text_char(out, '{');
    show_int(out, "ordinal", p->open_ordinal);
    show_time(out, "started_at", p->open_started_at, offset_ms);
    show_time(out, "deadline_at", p->open_deadline_at, offset_ms);
    text_char(out, '}');
}

static void report_participation(struct request *req)
{
    struct participation_visit *v = req->state;
    const struct participation *p = &v->query.out;
    const struct rules *rules = &v->campaign->current->rules;
    const struct unions *unions = store_unions(req->app->store);
    int index = unions_find(unions, p->union_id);
    struct text out = { 0 };

    if (index < 0) {
        error_set(&req->task.error, PROBLEM_UNION_NOT_CHOSEN);
        return;
    }
    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_key(&out, "union");
    text_char(&out, '{');
    show_string(&out, "code", unions_at(unions, index)->code);
    show_string(&out, "name", unions_at(unions, index)->name);
    show_path(&out, unions, index);
    text_char(&out, '}');
    show_int(&out, "union_changes_left",
             p->union_changes < rules->union_changes ? rules->union_changes - p->union_changes
                                                     : 0);
    show_int(&out, "started", p->n_started);
    show_int(&out, "counted", p->n_counted);
    show_left(&out, "left_today", rules->quota_day, p->n_today);
    show_left(&out, "left_total", rules->quota_total, p->n_started);
    show_open_attempt(&out, p, rules->utc_offset_ms);
    show_time(&out, "now", v->now, rules->utc_offset_ms);
    text_char(&out, '}');
    reply_text(req, v->choose.outcome == CHOSEN ? 201 : 200, &out);
}

const struct route participation_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/participation",
    .access = ACCESS_PERSON,
    .state = sizeof(struct participation_visit),
    .acts = { read_participation, report_participation },
};

static const struct field choose_fields[] = {
    { .kind = FIELD_KIND_STRING, .name = "union", .min = 1, .max = 40,
      .offset = offsetof(struct participation_visit, input.union_) },
    { 0 },
};

static bool is_closed(const struct rules *rules, int64_t now, struct error *err)
{
    char when[MOMENT_TEXT];

    if (now < rules->closes_at)
        return false;
    moment_format(rules->closes_at, rules->utc_offset_ms, when);
    error_set(err, PROBLEM_CLOSED, when);
    return true;
}

/* The union takes part if it lies in the subtree that the rules name. */
static bool is_eligible(const struct unions *unions, int index, const struct rules *rules,
                        struct error *err)
{
    int top = rules->union_top ? unions_find_code(unions, rules->union_top) : -1;

    return !rules->union_top || (top >= 0 && unions_is_within(unions, index, top)) ||
           error_set(err, PROBLEM_UNION_NOT_ELIGIBLE, unions_at(unions, index)->name);
}

static void choose(struct request *req)
{
    struct participation_visit *v = req->state;
    const struct unions *unions = store_unions(req->app->store);
    struct error *err = &req->task.error;

    v->campaign = campaign_named(req);
    if (!v->campaign || !fields_read(choose_fields, req->body, v, err) ||
        is_closed(&v->campaign->current->rules, store_now(req->app->store), err))
        return;
    int index = unions_find_code(unions, v->input.union_);
    if (index < 0) {
        error_set(err, PROBLEM_NO_UNION, v->input.union_);
        return;
    }
    if (!is_eligible(unions, index, &v->campaign->current->rules, err))
        return;
    v->choose.row.person = req->session->person;
    v->choose.row.campaign = v->campaign->id;
    v->choose.arena = &req->arena;
    v->choose.union_id = unions_at(unions, index)->id;
    store_choose_union(req->app->store, &req->task, &v->choose);
}

static void read_again(struct request *req)
{
    struct participation_visit *v = req->state;

    if (v->choose.outcome == NO_CHANGE_LEFT)
        error_set(&req->task.error, PROBLEM_UNION_FIXED);
    else
        read_participation(req);
}

const struct route participation_put = {
    .method = "PUT",
    .path = "/v1/campaigns/{campaign}/participation",
    .access = ACCESS_PERSON,
    .body = BODY_JSON,
    .state = sizeof(struct participation_visit),
    .acts = { choose, read_again, report_participation },
};
