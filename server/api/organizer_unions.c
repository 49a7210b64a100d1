/* GET /v1/organizer/campaigns/{campaign}/unions: participation by union, every union of the
 * subtree with what its own subtree did; from memory. */
#include "api/routes.h"

#include "api/cursor.h"
#include "api/places.h"
#include "api/scope.h"
#include "api/show.h"
#include "api/union_figures.h"
#include "http/reply.h"
#include "store/store.h"

enum { PART = 1000 };

struct unions_visit {
    const struct campaign *campaign;
    struct league *league;
    period_key period;
    int top, at; /* the union last shown, BOARD_ALL before the first */
    int64_t limit;
    bool is_csv;
};

static bool read_request(struct request *req, struct unions_visit *v)
{
    const struct unions *unions = store_unions(req->app->store);
    int64_t at = BOARD_ALL;
    bool has_cursor;

    v->campaign = campaign_named(req);
    if (!v->campaign || !league_named(req, v->campaign, &v->period, &v->league) ||
        !board_named(req, "parent", &v->top) || !scope_board(req, &v->top) ||
        !request_query_int(req, "limit", 1, 1000, 200, &v->limit) ||
        !format_named(req, &v->is_csv) || !cursor_read(req, 'o', &at, 1, &has_cursor))
        return false;
    v->at = (int)at;
    if (has_cursor && (at < 0 || at >= unions_count(unions) ||
                       (v->top != BOARD_ALL && !unions_is_within(unions, v->at, v->top))))
        return error_set(&req->task.error, PROBLEM_CURSOR_BAD);
    return true;
}

static void write_json_line(struct text *out, const struct unions *unions,
                            const struct union_figures *figures)
{
    const struct union_node *node = unions_at(unions, figures->index);

    text_char(out, '{');
    show_string(out, "code", node->code);
    show_string(out, "name", node->name);
    show_string(out, "parent",
                node->parent < 0 ? NULL : unions_at(unions, node->parent)->code);
    show_string(out, "level", node->level);
    union_figures_show(out, figures);
    text_char(out, '}');
}

static void reply_page(struct request *req, struct unions_visit *v)
{
    const struct unions *unions = store_unions(req->app->store);
    struct text out = { 0 };
    char period[MOMENT_TEXT], next[CURSOR_TEXT];
    int more = scope_next(unions, v->top, v->at);

    period_format(v->period, period);
    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_string(&out, "period", period);
    show_key(&out, "items");
    text_char(&out, '[');
    for (int64_t n = 0; more >= 0 && n < v->limit;
         n++, more = scope_next(unions, v->top, v->at)) {
        struct union_figures figures = union_figures_of(v->league, unions, more);

        if (n)
            text_char(&out, ',');
        write_json_line(&out, unions, &figures);
        v->at = more;
    }
    cursor_write('o', &(int64_t){ v->at }, 1, next);
    show_next(&out, more >= 0 ? next : NULL);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

static void report(struct request *req)
{
    struct unions_visit *v = req->state;

    if (!read_request(req, v))
        return;
    if (v->is_csv)
        csv_begin(req, arena_printf(&req->arena, "%s-unions.csv", v->campaign->slug),
                  "工会编码,工会,上级编码,层级,会员数,参赛人数,参赛率(%),作答次数,总分,人均分");
    else
        reply_page(req, v);
}

static void write_csv_line(struct text *out, const struct unions *unions,
                           const struct union_figures *f)
{
    const struct union_node *node = unions_at(unions, f->index);

    text_csv(out, node->code);
    text_char(out, ',');
    text_csv(out, node->name);
    text_char(out, ',');
    text_csv(out, node->parent < 0 ? "" : unions_at(unions, node->parent)->code);
    text_char(out, ',');
    text_csv(out, node->level ? node->level : "");
    text_char(out, ',');
    if (f->members >= 0)
        text_int(out, f->members);
    text_printf(out, ",%lld,", (long long)f->sums.heads);
    if (f->rate >= 0)
        text_points(out, f->rate);
    text_printf(out, ",%lld,", (long long)f->sums.attempts);
    text_points(out, f->sums.score);
    text_char(out, ',');
    text_points(out, f->mean);
    text_string(out, "\r\n");
}

static void send_part(struct request *req)
{
    struct unions_visit *v = req->state;
    const struct unions *unions = store_unions(req->app->store);
    struct text out = { 0 };
    int index = scope_next(unions, v->top, v->at);

    for (int n = 0; index >= 0 && n < PART; n++) {
        struct union_figures figures = union_figures_of(v->league, unions, index);

        write_csv_line(&out, unions, &figures);
        v->at = index;
        index = scope_next(unions, v->top, index);
    }
    reply_chunk(req, &out);
    if (index < 0)
        reply_finish(req);
}

const struct route organizer_unions = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/unions",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "period", "parent", "limit", "cursor", "format", NULL },
    .state = sizeof(struct unions_visit),
    .acts = { report },
    .pump = { send_part },
};
