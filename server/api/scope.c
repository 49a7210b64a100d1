#include "api/scope.h"

#include <string.h>

#include "api/app.h"
#include "http/reply.h"
#include "rank/board.h"
#include "rank/unions.h"
#include "store/people.h"
#include "store/store.h"

bool scope_top(struct request *req, int *out)
{
    int32_t id = req->session->organizer->union_id;

    *out = BOARD_ALL;
    if (!id)
        return true;
    *out = unions_find(store_unions(req->app->store), id);
    return *out >= 0 || error_set(&req->task.error, PROBLEM_NO_RIGHT);
}

bool scope_whole(struct request *req)
{
    return !req->session->organizer->union_id ||
           error_set(&req->task.error, PROBLEM_NO_RIGHT);
}

const char *scope_who(struct request *req)
{
    const struct organizer *organizer = req->session->organizer;

    return arena_printf(&req->arena, "key %d (%s)", organizer->key, organizer->label);
}

bool scope_board(struct request *req, int *board)
{
    int top;

    if (!scope_top(req, &top))
        return false;
    if (top == BOARD_ALL)
        return true;
    if (*board == BOARD_ALL)
        *board = top;
    return unions_is_within(store_unions(req->app->store), *board, top) ||
           error_set(&req->task.error, PROBLEM_NO_RIGHT);
}

const int32_t *scope_ids(struct request *req, int board, size_t *n)
{
    const struct unions *unions = store_unions(req->app->store);

    *n = 0;
    if (board == BOARD_ALL)
        return NULL;
    int32_t *out = arena_alloc(
        &req->arena, ((size_t)unions_at(unions, board)->n_below + 1) * sizeof(*out));
    for (int i = scope_next(unions, board, BOARD_ALL); i >= 0;
         i = scope_next(unions, board, i))
        out[(*n)++] = unions_at(unions, i)->id;
    return out;
}

int scope_next(const struct unions *unions, int top, int index)
{
    if (index == BOARD_ALL)
        return top == BOARD_ALL ? unions_first_top(unions) : top;
    if (unions_at(unions, index)->first_child >= 0)
        return unions_at(unions, index)->first_child;
    for (; index >= 0 && index != top; index = unions_at(unions, index)->parent)
        if (unions_at(unions, index)->next_sibling >= 0)
            return unions_at(unions, index)->next_sibling;
    return -1;
}

bool format_named(struct request *req, bool *is_csv)
{
    const char *format = request_query(req, "format");

    *is_csv = format && !strcmp(format, "csv");
    return !format || *is_csv || !strcmp(format, "json") ||
           error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "format");
}

void csv_begin(struct request *req, const char *file, const char *headings)
{
    struct text text = { 0 };

    reply_header(req, "Content-Disposition",
                 arena_printf(&req->arena, "attachment; filename=\"%s\"", file));
    reply_stream(req, 200, "text/csv; charset=utf-8");
    text_printf(&text, "\xef\xbb\xbf%s\r\n", headings);
    reply_chunk(req, &text);
}
