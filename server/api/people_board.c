/* GET /v1/campaigns/{campaign}/boards/people: a page of a board, with masked names; what many
 * ask for is written once (api/shelf.h). */
#include "api/routes.h"

#include <string.h>

#include "api/page.h"
#include "api/shelf.h"
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

static struct edition edition_of(struct request *req, const struct page *page)
{
    return (struct edition){
        .league = page->league,
        .period = page->period,
        .version = page->league ? league_version(page->league, page->board) : 0,
        .names_epoch = store_names_epoch(req->app->store),
    };
}

/* A page and where it stands on the shelf; "around me" is everybody's own. */
struct board_visit {
    struct page page;
    const char *address; /* NULL: not to be shelved */
    struct edition edition;
};

static const char *address_of(struct request *req)
{
    char *out = arena_string(&req->arena, req->path);

    if (request_query(req, "around"))
        return NULL;
    for (int i = 0; i < req->n_query; i++)
        out = arena_printf(&req->arena, "%s&%s=%s", out, req->query[i].name,
                           req->query[i].value);
    return out;
}

static void take_page(struct request *req)
{
    struct board_visit *v = req->state;
    struct shelved shelved;

    if (!page_open(req, 100, 20, &v->page) || !open_around_me(req, &v->page))
        return;
    v->address = address_of(req);
    v->edition = edition_of(req, &v->page);
    reply_header(req, "Vary", "Authorization");
    if (v->address && shelf_find(req->app->pages, v->address, &v->edition,
                                 req->session ? req->session->person : 0, &shelved)) {
        if (!reply_if_unchanged(req, shelved.tag))
            reply_bytes(req, 200, "application/json", shelved.body,
                        shelved.size);
        return;
    }
    page_fetch(req, &v->page);
}

static void write_row(struct text *out, struct request *req, const struct page *page, int i)
{
    const struct row *row = &page->rows[i];

    text_char(out, '{');
    show_int(out, "rank", row->rank);
    show_string(out, "name", name_shown(&req->arena, &page->names.out[i]));
    page_show_row(out, req, page, i);
    show_bool(out, "is_me", req->session && req->session->person == row->person);
    text_char(out, '}');
}

/* Only what is the same for everybody else is kept. */
static void shelve(struct request *req, const struct board_visit *v, const struct text *body)
{
    const struct page *page = &v->page;

    for (int i = 0; i < page->n; i++)
        if (req->session && req->session->person == page->rows[i].person)
            return;
    if (v->address)
        shelf_put(req->app->pages, v->address, &v->edition, page->names.people, page->n,
                  body, reply_tag(body->data, body->length));
}

static void report(struct request *req)
{
    struct board_visit *v = req->state;
    struct page *page = &v->page;
    struct text out = { 0 };

    text_char(&out, '{');
    page_show(&out, req, page);
    for (int i = 0; i < page->n; i++) {
        if (i)
            text_char(&out, ',');
        write_row(&out, req, page, i);
    }
    show_next(&out, page_next(req, page));
    show_string(&out, "previous", page_previous(req, page));
    text_char(&out, '}');
    shelve(req, v, &out);
    reply_text_tagged(req, &out);
}

const struct route people_board_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/boards/people",
    .query = (const char *const[]){ "period", "union", "limit", "cursor", "around", NULL },
    .state = sizeof(struct board_visit),
    .acts = { catch_up, take_page, report },
};
