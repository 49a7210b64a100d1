/* Files of questions from organizers.  POST /v1/organizer/imports begins a dry run and says
 * where to look; GET /v1/organizer/imports/{id} tells how far it is and every line's result;
 * POST /v1/organizer/imports/{id}/application takes what was checked, whole. */
#include "api/routes.h"

#include <stdio.h>
#include <string.h>

#include "api/reading.h"
#include "api/scope.h"
#include "api/show.h"
#include "bank/question.h"
#include "http/reply.h"
#include "store/question_files.h"
#include "store/store.h"

enum { CHINA_MS = 8 * 3600 * 1000 };

/* ---- sending a file ---- */

struct sending {
    enum format format;
    struct format_presets presets;
    int64_t id;
};

static bool slug_named(struct request *req, const char *name, const char **out)
{
    *out = request_query(req, name);
    return !*out || (strlen(*out) <= 50 && question_is_slug(*out)) ||
           error_set(&req->task.error, PROBLEM_PARAMETER_BAD, name);
}

static bool take_presets(struct request *req, struct sending *v)
{
    const char *format = request_query(req, "format");
    const char *document = request_query(req, "source");
    int64_t difficulty;

    v->format = FORMAT_AUTO;
    if (format && !format_find(format, &v->format))
        return error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "format");
    if (document && (!*document || text_characters(document) > 120))
        return error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "source");
    if (!slug_named(req, "theme", &v->presets.theme) ||
        !slug_named(req, "topic", &v->presets.topic) ||
        !request_query_int(req, "difficulty", 1, 3, 0, &difficulty))
        return false;
    v->presets.document = document;
    v->presets.difficulty = (int)difficulty;
    return true;
}

static void begin(struct request *req)
{
    struct sending *v = req->state;

    if (scope_whole(req) && take_presets(req, v))
        store_import_begin(req->app->store, &req->task, scope_who(req),
                           READING_LEASE_MS, &v->id);
}

static void start_reading(struct request *req)
{
    struct sending *v = req->state;
    struct text out = { 0 };

    if (!v->id) {
        error_set(&req->task.error, PROBLEM_IMPORTS_BUSY);
        return;
    }
    readings_begin(req->app->readings, v->id, v->format, &v->presets, req->body_bytes,
                   req->body_size);
    reply_header(
        req, "Location",
        arena_printf(&req->arena, "/v1/organizer/imports/%lld", (long long)v->id));
    text_char(&out, '{');
    show_id(&out, "id", v->id);
    show_string(&out, "state", "reading");
    text_char(&out, '}');
    reply_text(req, 202, &out);
}

const struct route imports_post = {
    .method = "POST",
    .path = "/v1/organizer/imports",
    .access = ACCESS_ORGANIZER,
    .body = BODY_BYTES,
    .body_limit = FORMAT_MAX_BYTES,
    .query = (const char *const[]){ "format", "theme", "topic", "difficulty", "source",
                                    NULL },
    .state = sizeof(struct sending),
    .acts = { begin, start_reading },
};

/* ---- looking ---- */

static const char *state_of(const struct import_query *import)
{
    return import->has_expired ? "failed" : import->state;
}

static void show_message(struct text *out, const struct request *req, const char *zh,
                         const char *en)
{
    show_string(out, "message", req->language == CHINESE ? zh : en);
}

static void show_import_line(struct text *out, const struct request *req,
                             const struct import_line *line)
{
    char zh[120], en[120];
    const char *twin = line->duplicate_of;

    text_char(out, '{');
    show_int(out, "row", line->row);
    show_string(out, "column", *line->column ? line->column : NULL);
    show_string(out, "result", line->result);
    show_string(out, "question", line->question);
    show_string(out, "duplicate_of", twin);
    if (twin) {
        snprintf(zh, sizeof(zh), "与题库中的“%.64s”是同一道题。", twin);
        snprintf(en, sizeof(en), "It is the question \"%.64s\" of the bank.", twin);
        show_message(out, req, zh, en);
    } else {
        show_message(out, req, line->zh, line->en);
    }
    text_char(out, '}');
}

static void show_counts(struct text *out, const struct import_query *import)
{
    show_key(out, "counts");
    text_char(out, '{');
    show_int(out, "added", import->added);
    show_int(out, "changed", import->changed);
    show_int(out, "unchanged", import->unchanged);
    show_int(out, "duplicate", import->duplicate);
    show_int(out, "wrong", import->wrong);
    text_char(out, '}');
}

static void show_import(struct text *out, const struct request *req,
                        const struct import_query *import, size_t most)
{
    size_t n = import->n < most ? import->n : most;

    text_char(out, '{');
    show_id(out, "id", import->id);
    show_string(out, "state", state_of(import));
    show_time(out, "created_at", import->created_at, CHINA_MS);
    show_string(out, "format", import->format);
    show_int(out, "read", import->n_read);
    show_int(out, "rows", import->n_rows);
    if (import->has_expired)
        show_message(out, req, "读取中断，请重新上传。",
                     "The reading was interrupted; send the file again.");
    else
        show_message(out, req, import->zh, import->en);
    show_counts(out, import);
    show_key(out, "lines");
    text_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            text_char(out, ',');
        show_import_line(out, req, &import->lines[i]);
    }
    text_char(out, ']');
    if (import->n > n)
        show_int(out, "next", import->lines[n - 1].number);
    else
        show_string(out, "next", NULL);
    text_char(out, '}');
}

struct looking {
    struct import_query import;
    int64_t limit;
    int16_t outcome;
};

static bool result_named(struct request *req, const char **out)
{
    static const char *const results[] = { "added",     "changed", "unchanged",
                                           "duplicate", "wrong",   NULL };

    *out = request_query(req, "result");
    for (int i = 0; *out && results[i]; i++)
        if (!strcmp(*out, results[i]))
            return true;
    return !*out || error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "result");
}

static void find(struct request *req)
{
    struct looking *v = req->state;
    int64_t after;

    if (!scope_whole(req) ||
        !request_param_int(req, 0, INT64_MAX, PROBLEM_NO_IMPORT, &v->import.id) ||
        !request_query_int(req, "limit", 1, 1000, 200, &v->limit) ||
        !request_query_int(req, "after", 0, INT32_MAX, 0, &after) ||
        !result_named(req, &v->import.result))
        return;
    v->import.arena = &req->arena;
    v->import.after = (int)after;
    v->import.limit = (int)v->limit + 1; /* to know whether there is a next page */
    store_import_get(req->app->store, &req->task, &v->import);
}

static void report(struct request *req)
{
    struct looking *v = req->state;
    struct text out = { 0 };

    if (!v->import.is_found) {
        error_set(&req->task.error, PROBLEM_NO_IMPORT);
        return;
    }
    show_import(&out, req, &v->import, (size_t)v->limit);
    reply_text(req, 200, &out);
}

const struct route imports_get = {
    .method = "GET",
    .path = "/v1/organizer/imports/{id}",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "after", "limit", "result", NULL },
    .state = sizeof(struct looking),
    .acts = { find, report },
};

/* ---- applying ---- */

static void apply(struct request *req)
{
    struct looking *v = req->state;

    if (scope_whole(req) &&
        request_param_int(req, 0, INT64_MAX, PROBLEM_NO_IMPORT, &v->import.id))
        store_import_apply(req->app->store, &req->task, v->import.id, scope_who(req),
                           &v->outcome);
}

static void look_again(struct request *req)
{
    struct looking *v = req->state;

    if (v->outcome == NO_SUCH_IMPORT)
        error_set(&req->task.error, PROBLEM_NO_IMPORT);
    else if (v->outcome == NOT_CHECKED)
        error_set(&req->task.error, PROBLEM_IMPORT_NOT_CHECKED);
    else if (v->outcome == NO_LONGER_SO)
        error_set(&req->task.error, PROBLEM_IMPORT_STALE);
    if (v->outcome != APPLIED && v->outcome != APPLIED_BEFORE)
        return;
    v->import.arena = &req->arena;
    v->import.limit = 0;
    store_import_get(req->app->store, &req->task, &v->import);
}

const struct route imports_apply = {
    .method = "POST",
    .path = "/v1/organizer/imports/{id}/application",
    .access = ACCESS_ORGANIZER,
    .state = sizeof(struct looking),
    .acts = { apply, look_again, report },
};
