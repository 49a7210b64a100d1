/* GET /v1/campaigns/{campaign}/boards/unions: the children of a union, each with its whole
 * subtree, ordered by a measure; then by heads, then by code. */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/cursor.h"
#include "api/places.h"
#include "api/show.h"
#include "api/union_figures.h"
#include "http/reply.h"
#include "store/store.h"

enum measure { SUM, MEAN, RATE, HEADS };
static const char *const measure_names[] = { "sum", "mean", "rate", "heads", NULL };

static bool measure_named(struct request *req, enum measure *out)
{
    const char *name = request_query(req, "measure");

    *out = SUM;
    for (int i = 0; name && measure_names[i]; i++)
        if (!strcmp(name, measure_names[i])) {
            *out = (enum measure)i;
            return true;
        }
    return !name || error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "measure");
}

static int64_t measured(const struct union_figures *f, enum measure measure)
{
    switch (measure) {
    case SUM: return f->sums.score;
    case MEAN: return f->mean;
    case RATE: return f->rate;
    case HEADS: return f->sums.heads;
    }
    return 0;
}

struct ordering {
    const struct unions *unions;
    enum measure measure;
};

static int compare(const void *a, const void *b, void *context)
{
    const struct union_figures *x = a, *y = b;
    const struct ordering *by = context;
    int64_t d = measured(y, by->measure) - measured(x, by->measure);

    if (!d)
        d = y->sums.heads - x->sums.heads;
    if (!d)
        d = strcmp(unions_at(by->unions, x->index)->code,
                   unions_at(by->unions, y->index)->code);
    return (d > 0) - (d < 0);
}

/* Whose children are shown if the request does not say: the top that takes part. */
static int first_of(const struct unions *unions, const struct rules *rules, int parent)
{
    if (parent == BOARD_ALL && rules->union_top)
        parent = unions_find_code(unions, rules->union_top);
    return parent < 0 ? unions_first_top(unions) : unions_at(unions, parent)->first_child;
}

static struct union_figures *gather(struct request *req, const struct league *league,
                                    int first, int *n_out)
{
    const struct unions *unions = store_unions(req->app->store);
    int n = 0;

    for (int i = first; i >= 0; i = unions_at(unions, i)->next_sibling)
        n++;
    struct union_figures *all = arena_alloc(&req->arena, (size_t)n * sizeof(*all));
    *n_out = n;
    n = 0;
    for (int i = first; i >= 0; i = unions_at(unions, i)->next_sibling)
        all[n++] = union_figures_of(league, unions, i);
    return all;
}

static void write_line(struct text *out, const struct unions *unions,
                       const struct union_figures *all, int i, enum measure measure)
{
    const struct union_node *node = unions_at(unions, all[i].index);
    int rank = i;

    while (rank && measured(&all[rank - 1], measure) == measured(&all[i], measure) &&
           all[rank - 1].sums.heads == all[i].sums.heads)
        rank--;
    text_char(out, '{');
    show_int(out, "rank", rank + 1);
    show_string(out, "code", node->code);
    show_string(out, "name", node->name);
    union_figures_show(out, &all[i]);
    text_char(out, '}');
}

struct board_visit {
    const struct campaign *campaign;
    struct league *league;
    period_key period;
    int parent;
    enum measure measure;
    int64_t limit, from;
};

static bool read_request(struct request *req, struct board_visit *v)
{
    bool has_cursor;

    v->campaign = campaign_named(req);
    return v->campaign && league_named(req, v->campaign, &v->period, &v->league) &&
           board_named(req, "parent", &v->parent) && measure_named(req, &v->measure) &&
           request_query_int(req, "limit", 1, 200, 50, &v->limit) &&
           cursor_read(req, 'b', &v->from, 1, &has_cursor) &&
           (v->from >= 0 || error_set(&req->task.error, PROBLEM_CURSOR_BAD));
}

static void write_lines(struct text *out, struct request *req, const struct board_visit *v)
{
    const struct unions *unions = store_unions(req->app->store);
    int first = first_of(unions, &v->campaign->current->rules, v->parent), n;
    struct union_figures *all = gather(req, v->league, first, &n);
    struct ordering by = { unions, v->measure };
    char next[CURSOR_TEXT];
    int64_t end = v->from + v->limit;

    qsort_r(all, (size_t)n, sizeof(*all), compare, &by);
    for (int64_t i = v->from; i < end && i < n; i++) {
        if (i > v->from)
            text_char(out, ',');
        write_line(out, unions, all, (int)i, v->measure);
    }
    cursor_write('b', &end, 1, next);
    show_next(out, end < n ? next : NULL);
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
    show_key(&out, "items");
    text_char(&out, '[');
    write_lines(&out, req, v);
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
