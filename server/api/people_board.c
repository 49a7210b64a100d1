/* GET /v1/campaigns/{campaign}/boards/people: a page of a board, with masked names. */
#include "api/routes.h"

#include <string.h>

#include "api/page.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"

/* The page that has me in its middle; empty when I am not on the board. */
static bool open_around_me(struct request *req, struct page *page)
{
    const char *around = request_query(req, "around");
    struct row me;

    if (!around)
        return true;
    if (strcmp(around, "me") || request_query(req, "cursor"))
        return error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "around");
    if (!req->session)
        return error_set(&req->task.error, PROBLEM_SIGN_IN);
    if (!page->league ||
        !league_find(page->league, page->board, req->session->person, &me)) {
        page->league = NULL;
        return true;
    }
    int64_t own = league_place_after(page->league, page->board, &me.figure, me.person) - 1;
    page->place = own > page->limit / 2 ? own - page->limit / 2 : 0;
    return true;
}

static void catch_up(struct request *req)
{
    if (req->session)
        store_catch_up(req->app->store, &req->task, req->session->person);
}

static void take_page(struct request *req)
{
    struct page *page = req->state;

    if (page_open(req, 100, 20, page) && open_around_me(req, page))
        page_fetch(req, page);
}

static void write_row(struct text *out, struct request *req, const struct page *page, int i)
{
    const struct row *row = &page->rows[i];
    const struct name *name = &page->names.out[i];
    const struct union_node *node =
        unions_at(store_unions(req->app->store), row->union_index);
    const char *full = name->name ? name->name : "";

    text_char(out, '{');
    show_int(out, "rank", row->rank);
    show_string(out, "name", name->shows_name ? full : name_masked(&req->arena, full));
    show_key(out, "union");
    text_char(out, '{');
    show_string(out, "code", node->code);
    show_string(out, "name", node->name);
    text_char(out, '}');
    show_points(out, "score", row->figure.score);
    show_int(out, "duration_ms", row->figure.duration_ms);
    show_time(out, "reached_at", row->figure.reached_at,
              page->campaign->current->rules.utc_offset_ms);
    show_bool(out, "is_me", req->session && req->session->person == row->person);
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct page *page = req->state;
    char period[MOMENT_TEXT];
    struct text out = { 0 };

    period_format(page->period, period);
    text_char(&out, '{');
    show_string(&out, "campaign", page->campaign->slug);
    show_string(&out, "period", period);
    show_string(&out, "union",
                page->board == BOARD_ALL
                    ? NULL
                    : unions_at(store_unions(req->app->store), page->board)->code);
    show_int(&out, "of", page->league ? league_count(page->league, page->board) : 0);
    show_key(&out, "items");
    text_char(&out, '[');
    for (int i = 0; i < page->n; i++) {
        if (i)
            text_char(&out, ',');
        write_row(&out, req, page, i);
    }
    show_next(&out, page_next(req, page));
    text_char(&out, '}');
    reply_header(req, "Vary", "Authorization");
    reply_text_tagged(req, &out);
}

const struct route people_board_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/boards/people",
    .query = (const char *const[]){ "period", "union", "limit", "cursor", "around", NULL },
    .state = sizeof(struct page),
    .acts = { catch_up, take_page, report },
};
