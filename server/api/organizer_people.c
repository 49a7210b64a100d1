/* GET /v1/organizer/campaigns/{campaign}/people: a board with full names, as pages of JSON or
 * whole as CSV.  Each part of a long CSV is the board as it is at that moment, going on
 * behind the last line. */
#include "api/routes.h"

#include "api/page.h"
#include "api/scope.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"

enum { PART = 500 }; /* lines of CSV fetched and sent at a time */

struct people_visit {
    struct page page;
    bool is_csv, is_over;
};

static void begin_csv(struct request *req)
{
    struct people_visit *v = req->state;

    v->page.limit = PART;
    csv_begin(req,
              arena_printf(&req->arena, "%s-people.csv", v->page.campaign->slug),
              "名次,姓名,人员编号,工会编码,工会,成绩,用时(秒),达成时间");
}

static void take(struct request *req)
{
    struct people_visit *v = req->state;

    if (!format_named(req, &v->is_csv) || !page_open(req, 1000, 100, &v->page) ||
        !scope_board(req, &v->page.board))
        return;
    if (v->is_csv)
        begin_csv(req);
    else
        page_fetch(req, &v->page);
}

static const struct union_node *union_of(struct request *req, const struct row *row)
{
    return unions_at(store_unions(req->app->store), row->union_index);
}

static void write_json_line(struct text *out, struct request *req, const struct page *page,
                            int i)
{
    const struct row *row = &page->rows[i];

    text_char(out, '{');
    show_int(out, "rank", row->rank);
    show_id(out, "person", row->person);
    show_string(out, "name", page->names.out[i].name);
    page_show_row(out, req, page, i);
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct people_visit *v = req->state;
    const struct page *page = &v->page;
    struct text out = { 0 };

    text_char(&out, '{');
    page_show(&out, req, page);
    for (int i = 0; i < page->n; i++) {
        if (i)
            text_char(&out, ',');
        write_json_line(&out, req, page, i);
    }
    show_next(&out, page_next(req, page));
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

static void fetch_part(struct request *req)
{
    struct people_visit *v = req->state;

    v->page.n = 0;
    page_fetch(req, &v->page);
}

static void write_csv_line(struct text *out, struct request *req, const struct page *page,
                           int i)
{
    const struct row *row = &page->rows[i];
    const char *name = page->names.out[i].name;
    char reached[MOMENT_TEXT];

    moment_format(row->figure.reached_at, page->campaign->current->rules.utc_offset_ms,
                  reached);
    text_int(out, row->rank);
    text_char(out, ',');
    text_csv(out, name ? name : "");
    text_printf(out, ",%lld,", (long long)row->person);
    text_csv(out, union_of(req, row)->code);
    text_char(out, ',');
    text_csv(out, union_of(req, row)->name);
    text_char(out, ',');
    text_points(out, row->figure.score);
    text_printf(out, ",%lld.%03lld,%s\r\n", (long long)row->figure.duration_ms / 1000,
                (long long)row->figure.duration_ms % 1000, reached);
}

static void send_part(struct request *req)
{
    struct people_visit *v = req->state;
    struct page *page = &v->page;
    struct text out = { 0 };

    for (int i = 0; i < page->n; i++)
        write_csv_line(&out, req, page, i);
    v->is_over = page->n < PART;
    if (page->n) {
        const struct row *last = &page->rows[page->n - 1];

        reply_chunk(req, &out);
        page->place =
            league_place_after(page->league, page->board, &last->figure, last->person);
    }
    if (v->is_over)
        reply_finish(req);
}

const struct route organizer_people = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/people",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "period", "union", "limit", "cursor", "format", NULL },
    .state = sizeof(struct people_visit),
    .acts = { take, report },
    .pump = { fetch_part, send_part },
};
