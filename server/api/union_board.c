/* GET /v1/campaigns/{campaign}/boards/unions: the children of a union, ordered by a measure
 * (api/union_ranking.h). */
#include "api/routes.h"

#include "api/cursor.h"
#include "api/listing.h"
#include "api/places.h"
#include "api/show.h"
#include "api/union_ranking.h"
#include "http/reply.h"
#include "store/store.h"

struct board_visit {
    const struct campaign *campaign;
    struct league *league;
    period_key period;
    int parent;
    enum measure measure;
    int64_t limit, from;
    struct union_ranking ranking;
};

static bool read_request(struct request *req, struct board_visit *v)
{
    v->campaign = campaign_named(req);
    return v->campaign && league_named(req, v->campaign, &v->period, &v->league) &&
           board_named(req, "parent", &v->parent) && measure_named(req, &v->measure) &&
           request_query_int(req, "limit", 1, 200, 50, &v->limit) &&
           cursor_read_one(req, 'b', 0, INT64_MAX, &v->from);
}

static void show_line(struct text *out, struct request *req, size_t i)
{
    struct board_visit *v = req->state;

    union_ranking_show(out, &v->ranking, (int)i);
}

static void show_lines(struct text *out, struct request *req, struct board_visit *v)
{
    v->ranking = union_ranking_of(
        &req->arena, v->league, store_unions(req->app->store),
        v->campaign->current->rules.union_top, v->parent, v->measure);
    struct listing listing = { .from = (size_t)v->from,
                               .n = (size_t)v->ranking.n,
                               .limit = (size_t)v->limit,
                               .show = show_line,
                               .kind = 'b' };
    listing_show(out, req, &listing);
}

static void report(struct request *req)
{
    struct board_visit *v = req->state;
    char period[MOMENT_TEXT];
    struct text out = { 0 };

    if (!read_request(req, v))
        return;
    period_format(v->period, period);
    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_string(&out, "period", period);
    show_string(&out, "measure", measure_names[v->measure]);
    show_string(&out, "parent",
                v->parent == BOARD_ALL
                    ? NULL
                    : unions_at(store_unions(req->app->store), v->parent)->code);
    show_lines(&out, req, v);
    text_char(&out, '}');
    reply_text_tagged(req, &out);
}

const struct route union_board_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/boards/unions",
    .query = (const char *const[]){ "parent", "period", "measure", "limit", "cursor", NULL },
    .state = sizeof(struct board_visit),
    .acts = { report },
};
