/* GET /v1/organizer/campaigns/{campaign}/attempts: every attempt that is over, in order
 * of person and ordinal, as pages of JSON or whole as CSV, read from the database in
 * parts; with what their clients told besides the answers, when that is asked for. */
#include "api/routes.h"

#include <string.h>

#include "api/cursor.h"
#include "api/listing.h"
#include "api/evidence.h"
#include "api/scope.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"
#include "rank/board.h"
#include "store/attempts.h"
#include "store/store.h"

enum { PART = 1000 };

#define HEADINGS                                                                                                   \
    "人员编号,姓名,工会编码,工会,第几次,状态,是否计入,开始时间,交卷时间,用时(秒)," \
    "成绩,答对题数"

struct attempts_visit {
    const struct campaign *campaign;
    bool is_csv, has_evidence;
    int64_t limit;
    const int32_t *unions; /* of the organizer's subtree; NULL: all */
    size_t n_unions;
    struct arena part; /* of the lines being sent */
    struct attempt_lines query;
};

static bool gather_scope(struct request *req, struct attempts_visit *v)
{
    int top;

    if (!scope_top(req, &top))
        return false;
    v->unions = scope_ids(req, top, &v->n_unions);
    return true;
}

static void fetch(struct request *req)
{
    struct attempts_visit *v = req->state;

    store_attempt_lines(req->app->store, &req->task, v->campaign->id, v->unions,
                        v->n_unions, &v->query);
}

static bool evidence_named(struct request *req, bool *out)
{
    const char *text = request_query(req, "evidence");

    *out = text && !strcmp(text, "true");
    return !text || *out || !strcmp(text, "false") ||
           error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "evidence");
}

static void take(struct request *req)
{
    struct attempts_visit *v = req->state;
    int64_t after[2] = { 0 };
    bool has_cursor;

    v->campaign = campaign_named(req);
    if (!v->campaign || !format_named(req, &v->is_csv) ||
        !evidence_named(req, &v->has_evidence) ||
        !request_query_int(req, "limit", 1, 1000, 100, &v->limit) ||
        !cursor_read(req, 'l', after, 2, &has_cursor) || !gather_scope(req, v))
        return;
    v->query.arena = &req->arena;
    v->query.after_person = after[0];
    v->query.after_ordinal = (int32_t)after[1];
    v->query.limit = v->is_csv ? PART : (int)v->limit + 1;
    if (v->is_csv)
        csv_begin(req, arena_printf(&req->arena, "%s-attempts.csv", v->campaign->slug),
                  v->has_evidence ? HEADINGS ",设备,各题用时(秒)" : HEADINGS);
    else
        fetch(req);
}

static const char *const state_names[] = { "", "handed_in", "expired", "voided" };
static const char *const state_names_zh[] = { "", "已交卷", "超时", "已作废" };

static const struct union_node *union_of(struct request *req,
                                         const struct attempt_line *line)
{
    const struct unions *unions = store_unions(req->app->store);
    int index = unions_find(unions, line->union_id);

    return unions_at(unions, index < 0 ? 0 : index);
}

static int spent_at(const struct attempt_line *line, size_t i)
{
    const uint8_t *place = (const uint8_t *)line->spent.data + i * SPENT_BYTES;

    return place[0] << 8 | place[1];
}

static void show_evidence(struct text *out, const struct attempt_line *line)
{
    show_key(out, "device");
    if (line->device)
        text_printf(out, "\"%016llx\"", (unsigned long long)line->device);
    else
        text_string(out, "null");
    show_key(out, "spent_ms");
    if (!line->spent.data) {
        text_string(out, "null");
        return;
    }
    text_char(out, '[');
    for (size_t i = 0; i < line->spent.size / SPENT_BYTES; i++) {
        if (i)
            text_char(out, ',');
        text_int(out, spent_at(line, i) * SPENT_UNIT_MS);
    }
    text_char(out, ']');
}

static void show_line(struct text *out, struct request *req, size_t i)
{
    const struct attempts_visit *v = req->state;
    const struct attempt_line *line = &v->query.out[i];
    int offset_ms = v->campaign->current->rules.utc_offset_ms;
    const struct attempt *attempt = &line->attempt;

    text_char(out, '{');
    show_id(out, "person", attempt->person);
    show_string(out, "name", line->name);
    show_string(out, "union", union_of(req, line)->code);
    show_int(out, "ordinal", attempt->ordinal);
    show_string(out, "state", state_names[attempt->state]);
    show_bool(out, "is_counted", attempt->is_counted);
    show_time(out, "started_at", attempt->started_at, offset_ms);
    show_time(out, "finished_at", attempt->finished_at, offset_ms);
    show_int(out, "duration_ms", attempt->duration_ms);
    show_points(out, "score", attempt->score);
    show_int(out, "right", attempt->n_right);
    if (v->has_evidence)
        show_evidence(out, line);
    text_char(out, '}');
}

static const char *next_behind(struct request *req, size_t last)
{
    struct attempts_visit *v = req->state;
    const struct attempt *attempt = &v->query.out[last].attempt;

    return cursor_make(req, 'l', (int64_t[]){ attempt->person, attempt->ordinal }, 2);
}

static void report(struct request *req)
{
    struct attempts_visit *v = req->state;
    struct listing listing = { .n = v->query.n,
                               .limit = (size_t)v->limit,
                               .show = show_line,
                               .next = next_behind };

    listing_reply(req, &listing);
}

static void fetch_part(struct request *req)
{
    struct attempts_visit *v = req->state;

    v->query.arena = &v->part;
    fetch(req);
}

/* The questions in the order of the paper, with spaces between. */
static void put_evidence(struct text *out, const struct attempt_line *line)
{
    text_char(out, ',');
    if (line->device)
        text_printf(out, "%016llx", (unsigned long long)line->device);
    text_char(out, ',');
    for (size_t i = 0; i < line->spent.size / SPENT_BYTES; i++)
        text_printf(out, "%s%d.%d", i ? " " : "", spent_at(line, i) / 10,
                    spent_at(line, i) % 10);
}

static void write_csv_line(struct text *out, struct request *req,
                           const struct attempt_line *line, int offset_ms)
{
    const struct attempts_visit *v = req->state;
    const struct attempt *attempt = &line->attempt;
    char started[MOMENT_TEXT], finished[MOMENT_TEXT];

    moment_format(attempt->started_at, offset_ms, started);
    moment_format(attempt->finished_at, offset_ms, finished);
    text_printf(out, "%lld,", (long long)attempt->person);
    text_csv(out, line->name);
    text_char(out, ',');
    text_csv(out, union_of(req, line)->code);
    text_char(out, ',');
    text_csv(out, union_of(req, line)->name);
    text_printf(out, ",%d,%s,%s,%s,%s,%d.%03d,", attempt->ordinal,
                state_names_zh[attempt->state], attempt->is_counted ? "是" : "否",
                started, finished, attempt->duration_ms / 1000,
                attempt->duration_ms % 1000);
    text_points(out, attempt->score);
    text_printf(out, ",%d", attempt->n_right);
    if (v->has_evidence)
        put_evidence(out, line);
    text_string(out, "\r\n");
}

static void send_part(struct request *req)
{
    struct attempts_visit *v = req->state;
    size_t n = v->query.n;
    struct text out = { 0 };

    for (size_t i = 0; i < n; i++)
        write_csv_line(&out, req, &v->query.out[i],
                       v->campaign->current->rules.utc_offset_ms);
    if (n) {
        v->query.after_person = v->query.out[n - 1].attempt.person;
        v->query.after_ordinal = v->query.out[n - 1].attempt.ordinal;
        reply_chunk(req, &out);
    }
    arena_done(&v->part);
    if (n < PART)
        reply_finish(req);
}

const struct route organizer_attempts = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/attempts",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "limit", "cursor", "format", "evidence", NULL },
    .state = sizeof(struct attempts_visit),
    .acts = { take, report },
    .pump = { fetch_part, send_part },
};
