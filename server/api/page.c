#include "api/page.h"

#include "api/cursor.h"
#include "api/sheet.h"
#include "api/show.h"
#include "store/store.h"

enum { ON = 'p', BACK = 'v' }; /* kinds of cursors */

/* A cursor is the last line that was shown, so that going on is right while people move; or
 * the first, and the page is the one before it: shorter at the top, so that none comes twice. */
static bool place_of_cursor(struct request *req, struct page *page)
{
    int64_t line[CURSOR_NUMBERS];
    bool is_back = cursor_is(req, BACK), found;

    if (!cursor_read(req, is_back ? BACK : ON, line, CURSOR_NUMBERS, &found))
        return false;
    if (found && page->league) {
        struct figure figure = { line[0], line[1], line[2] };

        page->place = league_place_after(page->league, page->board, &figure, line[3]);
        if (is_back) {
            int64_t end = league_place_before(page->league, page->board, &figure, line[3]);

            page->place = end > page->limit ? end - page->limit : 0;
            page->limit = end - page->place;
        }
    }
    return true;
}

bool page_open(struct request *req, int64_t most, int64_t preset, struct page *page)
{
    page->campaign = campaign_named(req);
    return page->campaign &&
           league_named(req, page->campaign, &page->period, &page->league) &&
           board_named(req, "union", &page->board) &&
           request_query_int(req, "limit", 1, most, preset, &page->limit) &&
           place_of_cursor(req, page);
}

void page_fetch(struct request *req, struct page *page)
{
    size_t limit = (size_t)page->limit;

    page->rows = arena_alloc(&req->arena, limit * sizeof(*page->rows));
    if (page->league)
        page->n = league_page(page->league, page->board, page->place, (int)page->limit,
                              page->rows);
    int64_t *people = arena_alloc(&req->arena, limit * sizeof(*people));
    for (int i = 0; i < page->n; i++)
        people[i] = page->rows[i].person;
    page->names = (struct names){
        .arena = &req->arena,
        .n = (size_t)page->n,
        .people = people,
        .out = arena_alloc(&req->arena, limit * sizeof(struct name)),
    };
    store_names_get(req->app->store, &req->task, &page->names);
}

void page_show(struct text *out, struct request *req, const struct page *page)
{
    char period[MOMENT_TEXT];

    period_format(page->period, period);
    show_string(out, "campaign", page->campaign->slug);
    show_string(out, "period", period);
    show_string(out, "union",
                page->board == BOARD_ALL
                    ? NULL
                    : unions_at(store_unions(req->app->store), page->board)->code);
    show_int(out, "of", page->league ? league_count(page->league, page->board) : 0);
    show_key(out, "items");
    text_char(out, '[');
}

void page_show_row(struct text *out, struct request *req, const struct page *page, int i)
{
    const struct row *row = &page->rows[i];

    show_row(out, store_unions(req->app->store), row);
    show_time(out, "reached_at", row->figure.reached_at,
              page->campaign->current->rules.utc_offset_ms);
}

static const char *cursor_of(struct request *req, char kind, const struct row *row)
{
    return cursor_make(req, kind,
                       (int64_t[]){ row->figure.score, row->figure.duration_ms,
                                    row->figure.reached_at, row->person },
                       CURSOR_NUMBERS);
}

const char *page_next(struct request *req, const struct page *page)
{
    if (!page->n || page->place + page->n >= league_count(page->league, page->board))
        return NULL;
    return cursor_of(req, ON, &page->rows[page->n - 1]);
}

const char *page_previous(struct request *req, const struct page *page)
{
    return page->n && page->place ? cursor_of(req, BACK, &page->rows[0]) : NULL;
}
