/* GET /v1/results: every result once and in order, for a program that keeps its own books.
 * The mark it returns is asked with the next time, also when nothing new was there. */
#include "api/routes.h"

#include <endian.h>
#include <string.h>

#include "api/show.h"
#include "http/reply.h"
#include "store/attempts.h"
#include "store/store.h"
#include "util/encode.h"

enum { MAX_MARK = MAX_BUCKETS * 11 };

struct results_visit {
    int64_t limit;
    int64_t *after; /* by bucket */
    struct result_lines query;
};

/* The mark is one number for each bucket, big-endian, as base64url. */
static bool read_mark(struct request *req, int64_t *after, int n)
{
    const char *text = request_query(req, "after");
    uint64_t raw[MAX_BUCKETS];
    size_t size;

    if (!text)
        return true;
    if (!decode_base64url(text, strlen(text), raw, sizeof(raw), &size) ||
        size != (size_t)n * sizeof(*raw))
        return error_set(&req->task.error, PROBLEM_CURSOR_BAD);
    for (int i = 0; i < n; i++) {
        after[i] = (int64_t)be64toh(raw[i]);
        if (after[i] < 0)
            return error_set(&req->task.error, PROBLEM_CURSOR_BAD);
    }
    return true;
}

static void read_results(struct request *req)
{
    struct results_visit *v = req->state;
    int16_t n = store_buckets(req->app->store);

    v->after = arena_alloc(&req->arena, (size_t)n * sizeof(*v->after));
    if (!read_mark(req, v->after, n) ||
        !request_query_int(req, "limit", 1, 1000, 200, &v->limit))
        return;
    v->query = (struct result_lines){ .arena = &req->arena,
                                      .limit = (int)v->limit,
                                      .n_buckets = n,
                                      .after = v->after };
    store_results_list(req->app->store, &req->task, &v->query);
}

/* The overall figure among those of all periods; null when off the board. */
static void show_overall(struct text *out, const struct result_line *line, int offset_ms)
{
    const int64_t *f = NULL;

    for (size_t i = 0; i + 5 <= line->n_figures; i += 5)
        if (!line->figures[i])
            f = line->figures + i;
    show_key(out, "overall");
    if (!f || f[1] < 0) {
        text_string(out, "null");
        return;
    }
    text_char(out, '{');
    show_points(out, "score", f[1]);
    show_int(out, "duration_ms", f[2]);
    show_time(out, "reached_at", f[3], offset_ms);
    show_int(out, "attempts", f[4]);
    text_char(out, '}');
}

static void write_line(struct text *out, struct app *app, const struct result_line *line)
{
    static const char *const kinds[] = { "", "handed_in", "expired", "voided",
                                         "union_changed", "rescored" };
    const struct campaign *campaign =
        campaigns_find_id(store_campaigns(app->store), line->campaign);
    const struct unions *unions = store_unions(app->store);
    int union_index = unions_find(unions, line->union_id);
    int offset = campaign ? campaign->current->rules.utc_offset_ms : 0;

    text_char(out, '{');
    show_string(out, "kind", kinds[line->kind]);
    show_string(out, "campaign", campaign ? campaign->slug : NULL);
    show_id(out, "person", line->person);
    show_key(out, "identities");
    text_string(out, line->identities);
    show_int_or_null(out, "ordinal", line->ordinal, 0);
    show_string(out, "union", union_index < 0 ? NULL : unions_at(unions, union_index)->code);
    show_key(out, "score");
    if (line->ordinal)
        text_points(out, line->score);
    else
        text_string(out, "null");
    if (line->has_old_score)
        show_points(out, "score_before", line->old_score);
    show_int_or_null(out, "duration_ms", line->ordinal ? line->duration_ms : -1, -1);
    show_time(out, "at", line->at, offset);
    show_overall(out, line, offset);
    text_char(out, '}');
}

static void write_mark(struct text *out, const int64_t *after, int n)
{
    uint64_t raw[MAX_BUCKETS];
    char mark[MAX_MARK + 1];

    for (int i = 0; i < n; i++)
        raw[i] = htobe64((uint64_t)after[i]);
    encode_base64url(raw, (size_t)n * sizeof(*raw), mark);
    show_next(out, mark);
}

static void report(struct request *req)
{
    struct results_visit *v = req->state;
    struct text out = { 0 };

    text_string(&out, "{\"items\":[");
    for (size_t i = 0; i < v->query.n; i++) {
        if (i)
            text_char(&out, ',');
        write_line(&out, req->app, &v->query.out[i]);
        v->after[v->query.out[i].bucket] = v->query.out[i].seq;
    }
    write_mark(&out, v->after, v->query.n_buckets);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

const struct route results_get = {
    .method = "GET",
    .path = "/v1/results",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "after", "limit", NULL },
    .state = sizeof(struct results_visit),
    .acts = { read_results, report },
};
