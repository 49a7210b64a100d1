/* POST /v1/campaigns/{campaign}/attempts: starts an attempt, or gives the open one again.
 * GET the same: what I did so far.  GET .../{ordinal}: one attempt, open or over. */
#include "api/routes.h"

#include "api/closing.h"
#include "api/cursor.h"
#include "api/listing.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/attempts.h"
#include "store/store.h"

enum { MAX_ORDINAL = 1000000 };

/* ---- starting ---- */

struct start_visit {
    const struct campaign *campaign;
    struct start_attempt start;
    struct closing closing; /* of an earlier attempt that has run out */
};

static void ask_start(struct request *req)
{
    struct start_visit *v = req->state;

    v->start = (struct start_attempt){
        .row = { .person = req->session->person, .campaign = v->campaign->id },
        .arena = &req->arena,
    };
    store_start(req->app->store, &req->task, &v->start);
}

static void start(struct request *req)
{
    struct start_visit *v = req->state;

    if (req->body && json_object_size(req->body)) {
        const char *name = json_object_iter_key(json_object_iter(req->body));

        error_set(&req->task.error, PROBLEM_FIELD_UNKNOWN, name);
        return;
    }
    v->campaign = campaign_named(req);
    if (v->campaign)
        ask_start(req);
}

static void close_old(struct request *req)
{
    struct start_visit *v = req->state;
    const struct start_attempt *old = &v->start;
    struct overdue overdue = { .campaign = v->campaign->id,
                               .ordinal = old->ordinal,
                               .revision = old->revision,
                               .person = req->session->person,
                               .draft_saved_at = old->draft_saved_at,
                               .draft = old->draft };

    if (old->outcome == RAN_OUT &&
        !closing_begin(req->app, &req->task, &req->arena, &overdue, &v->closing,
                       &req->task.error))
        return;
}

static void start_again(struct request *req)
{
    struct start_visit *v = req->state;

    if (v->start.outcome == RAN_OUT)
        ask_start(req);
}

/* Why there is no attempt; false when there is one. */
static bool is_refused(const struct start_visit *v, struct error *err)
{
    const struct rules *rules = &v->campaign->current->rules;
    char when[MOMENT_TEXT];

    switch ((enum start_outcome)v->start.outcome) {
    case STARTED:
    case RESUMED: return false;
    case RAN_OUT: error_set(err, PROBLEM_BUSY); break; /* a draft came in between */
    case NO_UNION_CHOSEN: error_set(err, PROBLEM_UNION_NOT_CHOSEN); break;
    case NOT_OPEN_YET:
        moment_format(rules->opens_at, rules->utc_offset_ms, when);
        error_set(err, PROBLEM_NOT_OPEN_YET, when);
        break;
    case CLOSED:
        moment_format(rules->closes_at, rules->utc_offset_ms, when);
        error_set(err, PROBLEM_CLOSED, when);
        break;
    case DAY_SPENT: error_set(err, PROBLEM_QUOTA_DAY, rules->quota_day); break;
    case TOTAL_SPENT: error_set(err, PROBLEM_QUOTA_TOTAL, rules->quota_total); break;
    }
    return true;
}

static void report_start(struct request *req)
{
    struct start_visit *v = req->state;
    const struct start_attempt *start = &v->start;
    struct error *err = &req->task.error;
    struct sheet sheet;
    struct text out = { 0 };

    if (is_refused(v, err) ||
        !sheet_draw(req->app, &req->arena, v->campaign, start->revision,
                    req->session->person, start->ordinal, &sheet, err))
        return;
    struct shown_open open = { .sheet = &sheet,
                               .started_at = start->started_at,
                               .deadline_at = start->deadline_at,
                               .now = start->now,
                               .saved_version = start->draft_version,
                               .saved_at = start->draft_saved_at };
    if (start->draft_version)
        open.saved = sheet_unpack(&sheet, start->draft, &req->arena);
    text_reserve(&out, SHEET_JSON);
    text_char(&out, '{');
    show_open(&out, req->app, &open);
    text_char(&out, '}');
    reply_text(req, start->outcome == STARTED ? 201 : 200, &out);
}

const struct route attempts_post = {
    .method = "POST",
    .path = "/v1/campaigns/{campaign}/attempts",
    .access = ACCESS_PERSON,
    .body = BODY_OPTIONAL_JSON,
    .state = sizeof(struct start_visit),
    .acts = { start, close_old, start_again, report_start },
};

/* ---- what I did ---- */

struct list_visit {
    const struct campaign *campaign;
    int64_t limit;
    struct attempts_query query;
};

static void read_list(struct request *req)
{
    struct list_visit *v = req->state;
    int64_t below = MAX_ORDINAL;

    v->campaign = campaign_named(req);
    if (!v->campaign || !request_query_int(req, "limit", 1, 100, 20, &v->limit) ||
        !cursor_read_one(req, 'a', 1, MAX_ORDINAL, &below))
        return;
    v->query.arena = &req->arena;
    v->query.limit = (int)v->limit + 1; /* one more, to know whether a next page exists */
    store_attempts_list(req->app->store, &req->task, v->campaign->id, req->session->person,
                        (int32_t)below, &v->query);
}

static struct shown_result shown(const struct sheet *sheet, const struct attempt *attempt)
{
    return (struct shown_result){ .sheet = sheet,
                                  .state = attempt->state,
                                  .is_counted = attempt->is_counted,
                                  .started_at = attempt->started_at,
                                  .deadline_at = attempt->deadline_at,
                                  .finished_at = attempt->finished_at,
                                  .duration_ms = attempt->duration_ms,
                                  .score = attempt->score,
                                  .n_right = attempt->n_right };
}

/* A line of the list needs the rules of its time, not its paper. */
static void show_line(struct text *out, struct request *req, size_t i)
{
    struct list_visit *v = req->state;
    const struct attempt *attempt = &v->query.out[i];
    struct sheet sheet = { .campaign = v->campaign,
                           .revision = campaign_revision(v->campaign, attempt->revision),
                           .person = req->session->person,
                           .ordinal = attempt->ordinal };

    if (!sheet.revision)
        sheet.revision = v->campaign->current;
    struct shown_result result = shown(&sheet, attempt);
    text_char(out, '{');
    show_result(out, &result, store_now(req->app->store), &req->arena);
    text_char(out, '}');
}

static const char *next_below(struct request *req, size_t last)
{
    struct list_visit *v = req->state;

    return cursor_make(req, 'a', &(int64_t){ v->query.out[last].ordinal }, 1);
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

const struct route attempts_list = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/attempts",
    .access = ACCESS_PERSON,
    .query = (const char *const[]){ "limit", "cursor", NULL },
    .state = sizeof(struct list_visit),
    .acts = { read_list, report_list },
};

/* ---- one attempt ---- */

struct get_visit {
    const struct campaign *campaign;
    int64_t ordinal, now;
    struct attempt_query query;
};

static void read_one(struct request *req)
{
    struct get_visit *v = req->state;

    v->campaign = campaign_named(req);
    if (!v->campaign ||
        !request_param_int(req, 1, MAX_ORDINAL, PROBLEM_NO_ATTEMPT, &v->ordinal))
        return;
    v->now = store_now(req->app->store);
    v->query.arena = &req->arena;
    store_attempt_get(req->app->store, &req->task, v->campaign->id, req->session->person,
                      (int32_t)v->ordinal, &v->query);
}

static void write_open(struct text *out, struct request *req, const struct sheet *sheet)
{
    struct get_visit *v = req->state;
    const struct participation *p = &v->query.open;
    struct shown_open open = { .sheet = sheet,
                               .started_at = p->open_started_at,
                               .deadline_at = p->open_deadline_at,
                               .now = v->now,
                               .saved_version = p->draft_version,
                               .saved_at = p->draft_saved_at };

    if (p->draft_version)
        open.saved = sheet_unpack(sheet, p->draft, &req->arena);
    show_open(out, req->app, &open);
}

static void report_one(struct request *req)
{
    struct get_visit *v = req->state;
    const struct attempt *attempt = &v->query.out;
    bool is_over = attempt->state, is_open = v->query.open.open_ordinal == v->ordinal;
    struct sheet sheet;
    struct text out = { 0 };

    if (!is_over && !is_open) {
        error_set(&req->task.error, PROBLEM_NO_ATTEMPT);
        return;
    }
    if (!sheet_draw(req->app, &req->arena, v->campaign,
                    is_over ? attempt->revision : v->query.open.open_revision,
                    req->session->person, (int32_t)v->ordinal, &sheet, &req->task.error))
        return;
    text_char(&out, '{');
    if (is_over) {
        struct shown_result result = shown(&sheet, attempt);

        result.answers = sheet_unpack(&sheet, attempt->answers, &req->arena);
        show_result(&out, &result, v->now, &req->arena);
    } else {
        write_open(&out, req, &sheet);
    }
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

const struct route attempts_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/attempts/{ordinal}",
    .access = ACCESS_PERSON,
    .state = sizeof(struct get_visit),
    .acts = { read_one, report_one },
};
