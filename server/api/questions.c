/*
 * GET /v1/organizer/questions            the newest of every question: pages of JSON,
 * or a file in any format GET /v1/organizer/questions/template   the table to fill in
 *
 * A file is made at once and whole, so the number of its questions is bounded; larger
 * ones are made by jingda export.
 */
#include "api/routes.h"

#include <string.h>

#include "api/listing.h"
#include "api/scope.h"
#include "bank/question.h"
#include "formats/formats.h"
#include "http/reply.h"
#include "store/question_files.h"
#include "store/store.h"
#include "util/encode.h"
#include "util/fields.h"
#include "util/memory.h"

enum { MOST_IN_FILE = 3000, MOST_IDS = 1000, MAX_ID = 64 };

struct questions_visit {
    enum format format;
    int64_t limit;
    char after[MAX_ID + 1];
    struct bank_lines query;
};

/* The mark is the last id. */
static bool read_mark(struct request *req, struct questions_visit *v)
{
    const char *mark = request_query(req, "cursor");
    size_t n = 0;

    if (mark && (!decode_base64url(mark, strlen(mark), v->after, MAX_ID, &n) ||
                 !question_is_slug(v->after)))
        return error_set(&req->task.error, PROBLEM_CURSOR_BAD);
    v->query.after = v->after;
    return true;
}

static bool read_ids(struct request *req, struct questions_visit *v)
{
    const char *text = request_query(req, "ids");
    char *rest, *copy = arena_string(&req->arena, text ? text : "");
    const char **ids;

    if (!text)
        return true;
    ids = arena_alloc(&req->arena, MOST_IDS * sizeof(*ids));
    for (char *id = strtok_r(copy, ",", &rest); id; id = strtok_r(NULL, ",", &rest)) {
        if (v->query.n_ids == MOST_IDS)
            return error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "ids");
        ids[v->query.n_ids++] = id;
    }
    v->query.ids = ids;
    return true;
}

static void fetch(struct request *req)
{
    struct questions_visit *v = req->state;
    const char *format = request_query(req, "format");

    v->format = FORMAT_JSON;
    if (!scope_whole(req))
        return;
    if (format && (!format_find(format, &v->format) || v->format == FORMAT_AUTO)) {
        error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "format");
        return;
    }
    if (!request_query_int(req, "limit", 1, 1000, 100, &v->limit) ||
        !read_mark(req, v) || !read_ids(req, v))
        return;
    if (v->format != FORMAT_JSON)
        v->limit = MOST_IN_FILE;
    v->query.arena = &req->arena;
    v->query.topic = request_query(req, "topic");
    v->query.limit = (int)v->limit + 1;
    store_bank_list(req->app->store, &req->task, &v->query);
}

static void show_body(struct text *out, struct request *req, size_t i)
{
    struct questions_visit *v = req->state;

    text_string(out, v->query.bodies[i]);
}

static const char *next_behind(struct request *req, size_t last)
{
    struct questions_visit *v = req->state;
    const char *id = v->query.names[last];
    char *out = arena_alloc(&req->arena, encode_base64url_size(strlen(id)) + 1);

    encode_base64url(id, strlen(id), out);
    return out;
}

static void report_page(struct request *req)
{
    struct questions_visit *v = req->state;
    struct listing listing = { .n = v->query.n,
                               .limit = (size_t)v->limit,
                               .show = show_body,
                               .next = next_behind };

    listing_reply(req, &listing);
}

static void reply_file(struct request *req, enum format format, const char *name,
                       const struct text *bytes)
{
    reply_header(req, "Content-Disposition",
                 arena_printf(&req->arena, "attachment; filename=\"%s.%s\"", name,
                              format_endings[format]));
    reply_bytes(req, 200, format_types[format], bytes->data, bytes->length);
}

static void report_file(struct request *req)
{
    struct questions_visit *v = req->state;
    AUTO(json_decrefp) json_t *questions = json_array();
    TEXT(bytes);

    if (v->query.n > (size_t)v->limit) {
        error_set(&req->task.error, PROBLEM_EXPORT_TOO_LARGE, (int)v->limit);
        return;
    }
    for (size_t i = 0; i < v->query.n; i++) {
        const char *body = v->query.bodies[i];

        json_array_append_new(questions,
                              fields_parse(body, strlen(body), 32, &req->task.error));
    }
    if (format_write(v->format, questions, &bytes, &req->task.error))
        reply_file(req, v->format, "questions", &bytes);
}

static void report(struct request *req)
{
    struct questions_visit *v = req->state;

    if (v->format == FORMAT_JSON)
        report_page(req);
    else
        report_file(req);
}

static void report_template(struct request *req)
{
    TEXT(bytes);

    if (scope_whole(req) && format_template(&bytes, &req->task.error))
        reply_file(req, FORMAT_XLSX, "template", &bytes);
}

const struct route questions_list = {
    .method = "GET",
    .path = "/v1/organizer/questions",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "format", "topic", "ids", "limit", "cursor", NULL },
    .state = sizeof(struct questions_visit),
    .acts = { fetch, report },
};

const struct route questions_template = {
    .method = "GET",
    .path = "/v1/organizer/questions/template",
    .access = ACCESS_ORGANIZER,
    .acts = { report_template },
};
