/*
 * GET /v1/organizer/campaigns/{campaign}/suspects?kind=: attempts for a person to look
 * at, as pages of JSON or whole as CSV.  Nothing is voided by it.
 *
 *   fast: right faster than anybody reads (stats/haste.h), found as attempts are
 * counted
 *
 *   alike: pairs that made the same errors (stats/likeness.h), compared when asked, in
 *   windows of a board (api/alike.h)
 *
 *   device: several people on one device, as clients tell
 *
 * Each part, be it a page or a piece of the CSV, is one asking of the database of
 * bounded size; a page may be empty and still have a next.
 */
#include "api/routes.h"

#include <string.h>

#include "api/alike.h"
#include "api/cursor.h"
#include "api/places.h"
#include "api/scope.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"

enum { PART = 500, PART_DEVICES = 100 };

struct suspects_visit;

struct kind {
    const char *name, *headings;
    char cursor;
    int64_t most; /* items of a part */
    void (*fetch)(struct request *req, struct suspects_visit *v);
    /* Writes what was fetched, and says where to go on. */
    void (*write)(struct text *out, struct request *req, struct suspects_visit *v);
};

struct suspects_visit {
    const struct kind *kind;
    const struct campaign *campaign;
    bool is_csv, is_over;
    int64_t limit, after[2];
    int board;
    const int32_t *unions; /* NULL: all */
    size_t n_unions;
    struct arena part; /* of a piece of the CSV */
    struct arena *arena;
    struct hasty_lines hasty;
    struct sharers sharers;
    struct alike alike;
};

static const struct union_node *union_of(struct request *req, int32_t id)
{
    const struct unions *unions = store_unions(req->app->store);
    int index = unions_find(unions, id);

    return unions_at(unions, index < 0 ? 0 : index);
}

static int offset_of(const struct suspects_visit *v)
{
    return v->campaign->current->rules.utc_offset_ms;
}

static void begin_item(struct text *out)
{
    text_string(out, out->data[out->length - 1] == '[' ? "{" : ",{");
}

/* ---- an attempt, whatever is the matter with it ---- */

static const char *const state_names[] = { "", "handed_in", "expired", "voided" };
static const char *const state_names_zh[] = { "", "已交卷", "超时", "已作废" };

static void show_attempt(struct text *out, struct request *req,
                         const struct attempt_line *line, int offset_ms)
{
    const struct attempt *attempt = &line->attempt;

    show_id(out, "person", attempt->person);
    show_string(out, "name", line->name);
    show_string(out, "union", union_of(req, line->union_id)->code);
    show_int(out, "ordinal", attempt->ordinal);
    show_string(out, "state", state_names[attempt->state]);
    show_time(out, "started_at", attempt->started_at, offset_ms);
    show_time(out, "finished_at", attempt->finished_at, offset_ms);
    show_int(out, "duration_ms", attempt->duration_ms);
    show_points(out, "score", attempt->score);
    show_int(out, "right", attempt->n_right);
}

/* person, name, union's code and name, ordinal, state, when, how long, score, right */
static void put_attempt(struct text *out, struct request *req,
                        const struct attempt_line *line, int offset_ms)
{
    const struct attempt *attempt = &line->attempt;
    const struct union_node *of = union_of(req, line->union_id);
    char finished[MOMENT_TEXT];

    moment_format(attempt->finished_at, offset_ms, finished);
    text_printf(out, "%lld,", (long long)attempt->person);
    text_csv(out, line->name);
    text_char(out, ',');
    text_csv(out, of->code);
    text_char(out, ',');
    text_csv(out, of->name);
    text_printf(out, ",%d,%s,%s,%d.%03d,", attempt->ordinal,
                state_names_zh[attempt->state], finished, attempt->duration_ms / 1000,
                attempt->duration_ms % 1000);
    text_points(out, attempt->score);
    text_printf(out, ",%d", attempt->n_right);
}

/* ---- fast ---- */

static void fetch_fast(struct request *req, struct suspects_visit *v)
{
    v->hasty = (struct hasty_lines){ .arena = v->arena,
                                     .limit = (int)v->limit,
                                     .after = { v->after[0], v->after[1] } };
    store_hasty_lines(req->app->store, &req->task, v->campaign->id, v->unions,
                      v->n_unions, &v->hasty);
}

static void write_fast_item(struct text *out, struct request *req,
                            const struct suspects_visit *v,
                            const struct hasty_line *hasty)
{
    if (v->is_csv) {
        put_attempt(out, req, &hasty->line, offset_of(v));
        text_printf(out, ",%d,", hasty->n_given);
        if (hasty->n_quick >= 0)
            text_int(out, hasty->n_quick);
        text_string(out, "\r\n");
        return;
    }
    begin_item(out);
    show_attempt(out, req, &hasty->line, offset_of(v));
    show_int(out, "given", hasty->n_given);
    show_int_or_null(out, "quick", hasty->n_quick, -1);
    text_char(out, '}');
}

static void write_fast(struct text *out, struct request *req, struct suspects_visit *v)
{
    for (size_t i = 0; i < v->hasty.n; i++)
        write_fast_item(out, req, v, &v->hasty.out[i]);
    v->is_over = v->hasty.is_over;
    memcpy(v->after, v->hasty.last, sizeof(v->after));
}

/* ---- alike ---- */

static void fetch_alike(struct request *req, struct suspects_visit *v)
{
    v->alike = (struct alike){ .campaign = v->campaign,
                               .board = v->board,
                               .place = v->after[0] };
    alike_fetch(req->app, &req->task, v->arena, &v->alike);
}

static void write_pair(struct text *out, struct request *req,
                       const struct suspects_visit *v, const struct likeness *pair)
{
    const struct attempt_line *lines = v->alike.query.out;

    if (v->is_csv) {
        text_printf(out, "%d,%d,%d,%d,", pair->n_met, pair->exact_errors, pair->errors,
                    pair->differences);
        put_attempt(out, req, &lines[pair->a], offset_of(v));
        text_char(out, ',');
        put_attempt(out, req, &lines[pair->b], offset_of(v));
        text_string(out, "\r\n");
        return;
    }
    begin_item(out);
    show_int(out, "met", pair->n_met);
    show_int(out, "exact_errors", pair->exact_errors);
    show_int(out, "errors", pair->errors);
    show_int(out, "differences", pair->differences);
    text_string(out, ",\"attempts\":[{");
    show_attempt(out, req, &lines[pair->a], offset_of(v));
    text_string(out, "},{");
    show_attempt(out, req, &lines[pair->b], offset_of(v));
    text_string(out, "}]}");
}

static void write_alike(struct text *out, struct request *req, struct suspects_visit *v)
{
    alike_compare(req->app, v->arena, &v->alike);
    for (int i = 0; i < v->alike.n_pairs; i++)
        write_pair(out, req, v, &v->alike.pairs[i]);
    v->is_over = v->alike.is_over;
    v->after[0] = v->alike.place + ALIKE_WINDOW / 2;
}

/* ---- device ---- */

static void fetch_devices(struct request *req, struct suspects_visit *v)
{
    v->sharers = (struct sharers){ .arena = v->arena,
                                   .limit = (int)v->limit,
                                   .after = v->after[0] };
    store_sharers(req->app->store, &req->task, v->campaign->id, v->unions, v->n_unions,
                  &v->sharers);
}

static void put_sharer(struct text *out, struct request *req,
                       const struct sharer *sharer)
{
    const struct union_node *of = union_of(req, sharer->union_id);

    text_printf(out, "%016llx,%lld,%lld,", (unsigned long long)sharer->device,
                (long long)sharer->n_people, (long long)sharer->person);
    text_csv(out, sharer->name);
    text_char(out, ',');
    text_csv(out, of->code);
    text_char(out, ',');
    text_csv(out, of->name);
    text_printf(out, ",%lld\r\n", (long long)sharer->attempts);
}

static void show_sharer(struct text *out, struct request *req,
                        const struct sharer *sharer)
{
    text_string(out, out->data[out->length - 1] == '[' ? "{" : ",{");
    show_id(out, "person", sharer->person);
    show_string(out, "name", sharer->name);
    show_string(out, "union", union_of(req, sharer->union_id)->code);
    show_int(out, "attempts", sharer->attempts);
    text_char(out, '}');
}

/* The people of a device stand together. */
static void show_device(struct text *out, struct request *req,
                        const struct sharer *first, const struct sharer *end)
{
    begin_item(out);
    show_key(out, "device");
    text_printf(out, "\"%016llx\"", (unsigned long long)first->device);
    show_int(out, "people", first->n_people);
    text_string(out, ",\"who\":[");
    for (const struct sharer *one = first; one < end; one++)
        show_sharer(out, req, one);
    text_string(out, "]}");
}

static void write_devices(struct text *out, struct request *req,
                          struct suspects_visit *v)
{
    const struct sharers *sharers = &v->sharers;

    for (size_t i = 0, end; i < sharers->n; i = end) {
        for (end = i + 1;
             end < sharers->n && sharers->out[end].device == sharers->out[i].device;
             end++)
            continue;
        if (!v->is_csv)
            show_device(out, req, &sharers->out[i], &sharers->out[end]);
        for (size_t k = i; v->is_csv && k < end; k++)
            put_sharer(out, req, &sharers->out[k]);
    }
    v->is_over = sharers->is_over;
    v->after[0] = sharers->last;
}

/* ---- the request ---- */

#define ATTEMPT_HEADINGS(which)                                                        \
    which "人员编号," which "姓名," which "工会编码," which "工会," which              \
          "第几次," which "状态," which "交卷时间," which "用时(秒)," which            \
          "成绩," which "答对题数"

static const struct kind kinds[] = {
    { "fast", ATTEMPT_HEADINGS("") ",作答题数,不足1秒答对的题数", 'h', PART, fetch_fast,
      write_fast },
    { "alike",
      "共同题数,相同错误,共同答错,答案不同," ATTEMPT_HEADINGS(
          "甲") "," ATTEMPT_HEADINGS("乙"),
      'k', PART, fetch_alike, write_alike },
    { "device", "设备,人数,人员编号,姓名,工会编码,工会,作答次数", 'd', PART_DEVICES,
      fetch_devices, write_devices },
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool kind_named(struct request *req, const struct kind **out)
{
    const char *name = request_query(req, "kind");

    for (int i = 0; name && i < N_KINDS; i++)
        if (!strcmp(kinds[i].name, name)) {
            *out = &kinds[i];
            return true;
        }
    return error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "kind");
}

static bool read_place(struct request *req, struct suspects_visit *v)
{
    bool has_cursor;

    v->after[0] = v->kind->cursor == 'd' ? INT64_MIN : 0;
    if (!cursor_read(req, v->kind->cursor, v->after, 2, &has_cursor))
        return false;
    return v->kind->cursor == 'd' || v->after[0] >= 0 ||
           error_set(&req->task.error, PROBLEM_CURSOR_BAD);
}

static void begin_csv(struct request *req, struct suspects_visit *v)
{
    v->limit = v->kind->most;
    v->arena = &v->part;
    csv_begin(req,
              arena_printf(&req->arena, "%s-%s.csv", v->campaign->slug, v->kind->name),
              v->kind->headings);
}

static void take(struct request *req)
{
    struct suspects_visit *v = req->state;

    v->campaign = campaign_named(req);
    if (!v->campaign || !kind_named(req, &v->kind) || !format_named(req, &v->is_csv) ||
        !request_query_int(req, "limit", 1, v->kind->most, 100, &v->limit) ||
        !board_named(req, "union", &v->board) || !scope_board(req, &v->board) ||
        !read_place(req, v))
        return;
    v->unions = scope_ids(req, v->board, &v->n_unions);
    v->arena = &req->arena;
    if (v->is_csv)
        begin_csv(req, v);
    else
        v->kind->fetch(req, v);
}

static void report(struct request *req)
{
    struct suspects_visit *v = req->state;
    struct text out = { 0 };
    char next[CURSOR_TEXT];

    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_string(&out, "kind", v->kind->name);
    show_string(&out, "union",
                v->board == BOARD_ALL
                    ? NULL
                    : unions_at(store_unions(req->app->store), v->board)->code);
    text_string(&out, ",\"items\":[");
    v->kind->write(&out, req, v);
    if (!v->is_over)
        cursor_write(v->kind->cursor, v->after, 2, next);
    show_next(&out, v->is_over ? NULL : next);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

static void fetch_part(struct request *req)
{
    struct suspects_visit *v = req->state;

    v->kind->fetch(req, v);
}

static void send_part(struct request *req)
{
    struct suspects_visit *v = req->state;
    struct text out = { 0 };

    v->kind->write(&out, req, v);
    arena_done(&v->part);
    reply_chunk(req, &out);
    if (v->is_over)
        reply_finish(req);
}

const struct route organizer_suspects = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/suspects",
    .access = ACCESS_ORGANIZER,
    .query =
        (const char *const[]){ "kind", "union", "limit", "cursor", "format", NULL },
    .state = sizeof(struct suspects_visit),
    .acts = { take, report },
    .pump = { fetch_part, send_part },
};
