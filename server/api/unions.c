/* GET /v1/unions: the children of a union, or a search; GET /v1/unions/{code}. */
#include "api/routes.h"

#include "api/cursor.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"

enum { MOST = 200 };

static void write_union(struct text *out, const struct unions *unions, int index,
                        bool with_path)
{
    text_char(out, '{');
    show_union(out, unions, index);
    if (with_path)
        show_path(out, unions, index);
    text_char(out, '}');
}

static void reply_list(struct request *req, const int *found, int n, int64_t limit,
                       bool with_path)
{
    const struct unions *unions = store_unions(req->app->store);
    struct text out = { 0 };
    char next[CURSOR_TEXT];

    text_string(&out, "{\"items\":[");
    for (int i = 0; i < n && i < limit; i++) {
        if (i)
            text_char(&out, ',');
        write_union(&out, unions, found[i], with_path);
    }
    if (n > limit)
        cursor_write('u', &(int64_t){ found[limit - 1] }, 1, next);
    show_next(&out, n > limit ? next : NULL);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

/* One more than the limit, to know whether a next page exists. */
static int list_children(const struct unions *unions, int first, int after, int64_t limit,
                         int *out)
{
    int n = 0;

    if (after >= 0)
        first = unions_at(unions, after)->next_sibling;
    for (int i = first; i >= 0 && n <= limit; i = unions_at(unions, i)->next_sibling)
        out[n++] = i;
    return n;
}

static void list(struct request *req)
{
    const struct unions *unions = store_unions(req->app->store);
    const char *parent = request_query(req, "parent"), *search = request_query(req, "search");
    struct error *err = &req->task.error;
    int64_t limit, after = -1;
    int found[MOST + 1], first = unions_first_top(unions);
    bool has_cursor;

    if (!request_query_int(req, "limit", 1, MOST, 50, &limit) ||
        !cursor_read(req, 'u', &after, 1, &has_cursor))
        return;
    if (after < -1 || after >= unions_count(unions)) {
        error_set(err, PROBLEM_CURSOR_BAD);
        return;
    }
    if (search && (parent || !*search || text_characters(search) > 60)) {
        error_set(err, PROBLEM_PARAMETER_BAD, "search");
        return;
    }
    if (search) {
        int n = unions_search(unions, search, (int)after, (int)limit + 1, found);

        reply_list(req, found, n, limit, true);
        return;
    }
    if (parent) {
        int index = unions_find_code(unions, parent);

        if (index < 0) {
            error_set(err, PROBLEM_NO_UNION, parent);
            return;
        }
        first = unions_at(unions, index)->first_child;
    }
    reply_list(req, found, list_children(unions, first, (int)after, limit, found), limit,
               false);
}

const struct route unions_list = {
    .method = "GET",
    .path = "/v1/unions",
    .query = (const char *const[]){ "parent", "search", "limit", "cursor", NULL },
    .acts = { list },
};

static void get(struct request *req)
{
    const struct unions *unions = store_unions(req->app->store);
    int index = unions_find_code(unions, req->params[0]);
    struct text out = { 0 };

    if (index < 0) {
        error_set(&req->task.error, PROBLEM_NO_UNION, req->params[0]);
        return;
    }
    write_union(&out, unions, index, true);
    reply_text(req, 200, &out);
}

const struct route unions_get = {
    .method = "GET",
    .path = "/v1/unions/{code}",
    .acts = { get },
};
