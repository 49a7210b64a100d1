/* GET /v1/organizer/campaigns/{campaign}/corrections/{number}/people: whom a correction
 * concerns, with score and rank before it was applied and now, as pages of JSON or
 * whole as CSV.  What is now is read from the boards. */
#include "api/routes.h"

#include "api/cursor.h"
#include "api/listing.h"
#include "api/scope.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/board.h"
#include "store/corrections.h"
#include "store/store.h"

enum { PART = 500 };

struct moved_visit {
    const struct campaign *campaign;
    bool is_csv;
    int64_t limit, number;
    struct corrections correction;
    struct arena part; /* of the lines being sent */
    struct moved_lines query;
};

static void fetch(struct request *req)
{
    struct moved_visit *v = req->state;

    store_moved_list(req->app->store, &req->task, v->campaign->id, (int32_t)v->number,
                     &v->query);
}

static void take(struct request *req)
{
    struct moved_visit *v = req->state;
    int64_t after[2] = { 0 };
    bool has_cursor;

    v->campaign = campaign_named(req);
    if (!v->campaign || !scope_whole(req) ||
        !request_param_int(req, 1, 1000000, PROBLEM_NO_CORRECTION, &v->number) ||
        !format_named(req, &v->is_csv) ||
        !request_query_int(req, "limit", 1, 1000, 100, &v->limit) ||
        !cursor_read(req, 'm', after, 2, &has_cursor))
        return;
    if (after[0] < 0 || after[0] >= MAX_BUCKETS) {
        error_set(&req->task.error, PROBLEM_CURSOR_BAD);
        return;
    }
    v->query = (struct moved_lines){ .arena = &req->arena,
                                     .limit = v->is_csv ? PART : (int)v->limit + 1,
                                     .after_bucket = (int16_t)after[0],
                                     .after_person = after[1] };
    v->correction = (struct corrections){ .arena = &req->arena, .limit = 1 };
    store_corrections_list(req->app->store, &req->task, v->campaign->id,
                           (int32_t)v->number + 1, &v->correction);
    if (!v->is_csv)
        fetch(req);
}

static int union_of(struct request *req, const struct moved_line *line)
{
    int index = unions_find(store_unions(req->app->store), line->union_id);

    return index < 0 ? 0 : index;
}

/* Where the person stands now; false: on no board. */
static bool find_now(struct request *req, const struct moved_line *line,
                     struct row *out)
{
    struct moved_visit *v = req->state;
    const struct league *overall =
        boards_league(store_boards(req->app->store), v->campaign->id, 0);

    return overall && league_find(overall, BOARD_ALL, line->person, out);
}

static void show_standing(struct text *out, const char *name, bool is_placed,
                          int64_t rank, int64_t score)
{
    show_key(out, name);
    if (!is_placed) {
        text_string(out, "null");
        return;
    }
    text_char(out, '{');
    show_int(out, "rank", rank);
    show_points(out, "score", score);
    text_char(out, '}');
}

static void show_line(struct text *out, struct request *req, size_t i)
{
    struct moved_visit *v = req->state;
    const struct moved_line *line = &v->query.out[i];
    struct row now = { 0 };
    bool is_placed = find_now(req, line, &now);

    text_char(out, '{');
    show_id(out, "person", line->person);
    show_string(out, "name", line->name);
    show_union_brief(out, store_unions(req->app->store), union_of(req, line));
    show_int(out, "attempts", line->n_attempts);
    show_standing(out, "before", line->rank_before, line->rank_before,
                  line->score_before);
    show_standing(out, "now", is_placed, now.rank, now.figure.score);
    text_char(out, '}');
}

static const char *next_behind(struct request *req, size_t last)
{
    struct moved_visit *v = req->state;
    const struct moved_line *line = &v->query.out[last];

    return cursor_make(req, 'm', (int64_t[]){ line->bucket, line->person }, 2);
}

static void report_page(struct request *req)
{
    struct moved_visit *v = req->state;
    struct listing listing = { .n = v->query.n,
                               .limit = (size_t)v->limit,
                               .show = show_line,
                               .next = next_behind };

    listing_reply(req, &listing);
}

static void report(struct request *req)
{
    struct moved_visit *v = req->state;

    if (!v->correction.n || v->correction.out[0].number != v->number)
        error_set(&req->task.error, PROBLEM_NO_CORRECTION);
    else if (v->is_csv)
        csv_begin(
            req,
            arena_printf(&req->arena, "%s-correction-%d.csv", v->campaign->slug,
                         (int)v->number),
            "人员编号,姓名,工会编码,工会,重新评分次数,原成绩,原名次,现成绩,现名次");
    else
        report_page(req);
}

static void fetch_part(struct request *req)
{
    struct moved_visit *v = req->state;

    v->query.arena = &v->part;
    fetch(req);
}

/* ,score,rank with nothing for who is on no board */
static void write_csv_standing(struct text *out, bool is_placed, int64_t rank,
                               int64_t score)
{
    text_char(out, ',');
    if (is_placed)
        text_points(out, score);
    text_char(out, ',');
    if (is_placed)
        text_int(out, rank);
}

static void write_csv_line(struct text *out, struct request *req,
                           const struct moved_line *line)
{
    const struct union_node *node =
        unions_at(store_unions(req->app->store), union_of(req, line));
    struct row now = { 0 };
    bool is_placed = find_now(req, line, &now);

    text_printf(out, "%lld,", (long long)line->person);
    text_csv(out, line->name);
    text_char(out, ',');
    text_csv(out, node->code);
    text_char(out, ',');
    text_csv(out, node->name);
    text_printf(out, ",%d", line->n_attempts);
    write_csv_standing(out, line->rank_before, line->rank_before, line->score_before);
    write_csv_standing(out, is_placed, now.rank, now.figure.score);
    text_string(out, "\r\n");
}

static void send_part(struct request *req)
{
    struct moved_visit *v = req->state;
    size_t n = v->query.n;
    struct text out = { 0 };

    for (size_t i = 0; i < n; i++)
        write_csv_line(&out, req, &v->query.out[i]);
    if (n) {
        v->query.after_bucket = v->query.out[n - 1].bucket;
        v->query.after_person = v->query.out[n - 1].person;
        reply_chunk(req, &out);
    }
    arena_done(&v->part);
    if (n < PART)
        reply_finish(req);
}

const struct route moved_list = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/corrections/{number}/people",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "limit", "cursor", "format", NULL },
    .state = sizeof(struct moved_visit),
    .acts = { take, report },
    .pump = { fetch_part, send_part },
};
