/* GET /v1/organizer/campaigns/{campaign}/topics: how the questions of each topic do,
 * together, as JSON, CSV or a workbook. */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/app.h"
#include "api/aside.h"
#include "api/book.h"
#include "api/question_figures.h"
#include "api/scope.h"
#include "api/show.h"
#include "http/reply.h"

struct topic {
    const char *name;
    int64_t pinned, met; /* questions; that were shown to somebody */
    struct tally tally;
    struct discriminations discriminations;
};

struct topics_visit {
    enum figures_format format;
    struct question_figures figures;
    size_t n;
    struct topic *topics;
    struct bytes book;
};

static void take(struct request *req)
{
    struct topics_visit *v = req->state;

    if (figures_format_named(req, &v->format))
        question_figures_open(req, &v->figures);
}

static void fetch(struct request *req)
{
    struct topics_visit *v = req->state;

    question_figures_fetch(req, &v->figures);
}

static int by_topic(const void *a, const void *b)
{
    const struct question_figure *one = a, *other = b;

    return strcmp(one->question->topic, other->question->topic);
}

static void add(struct topic *topic, const struct question_figure *item)
{
    topic->pinned += item->is_pinned;
    topic->met += item->tally.shown > 0;
    tally_merge(&topic->tally, &item->tally, 1);
    measure_gather(&topic->discriminations, &item->discrimination, item->tally.shown);
}

static void gather(struct request *req)
{
    struct topics_visit *v = req->state;
    struct question_figures *figures = &v->figures;

    question_figures_gather(req, figures);
    qsort(figures->items, figures->n, sizeof(*figures->items), by_topic);
    v->topics = arena_alloc(&req->arena, (figures->n + 1) * sizeof(*v->topics));
    for (size_t i = 0; i < figures->n; i++) {
        const char *name = figures->items[i].question->topic;

        if (!v->n || strcmp(v->topics[v->n - 1].name, name))
            v->topics[v->n++].name = name;
        add(&v->topics[v->n - 1], &figures->items[i]);
    }
}

static void write_topic(struct text *out, const struct topic *topic)
{
    struct measured spent = measure_spent_ms(&topic->tally);
    struct discrimination mean = measure_mean(&topic->discriminations);

    text_char(out, '{');
    show_string(out, "topic", topic->name);
    show_int(out, "questions", topic->pinned);
    show_int(out, "met", topic->met);
    show_int(out, "shown", topic->tally.shown);
    show_int(out, "given", topic->tally.given);
    show_int(out, "right", topic->tally.right);
    show_measured(out, "facility",
                  measure_ratio(topic->tally.right, topic->tally.shown));
    show_discrimination(out, &mean);
    show_int_or_null(out, "mean_ms", spent.is_defined ? (int64_t)spent.value : -1, -1);
    text_char(out, '}');
}

static void report_json(struct request *req)
{
    struct topics_visit *v = req->state;
    struct text out = { 0 };

    text_char(&out, '{');
    question_figures_show(&out, req, &v->figures);
    text_string(&out, ",\"items\":[");
    for (size_t i = 0; i < v->n; i++) {
        if (i)
            text_char(&out, ',');
        write_topic(&out, &v->topics[i]);
    }
    text_string(&out, "]}");
    reply_text(req, 200, &out);
}

static void write_line(struct text *out, const struct topic *topic)
{
    struct discrimination mean = measure_mean(&topic->discriminations);

    text_csv(out, topic->name);
    text_printf(out, ",%lld,%lld,%lld,%lld,%lld,", (long long)topic->pinned,
                (long long)topic->met, (long long)topic->tally.shown,
                (long long)topic->tally.given, (long long)topic->tally.right);
    text_measured(out, measure_ratio(topic->tally.right, topic->tally.shown), 1, 4);
    text_char(out, ',');
    text_discrimination(out, &mean);
    text_char(out, ',');
    text_measured(out, measure_spent_ms(&topic->tally), 0.001, 1);
    text_string(out, "\r\n");
}

static void report_csv(struct request *req)
{
    struct topics_visit *v = req->state;
    struct text out = { 0 };

    csv_begin(req,
              arena_printf(&req->arena, "%s-topics.csv", v->figures.campaign->slug),
              "主题,题数,出现过的题数,出现次数,作答次数,答对次数,答对率P,"
              "区分度D(平均),点二列相关(平均),题目与其余相关(平均),平均用时(秒)");
    for (size_t i = 0; i < v->n; i++)
        write_line(&out, &v->topics[i]);
    reply_chunk(req, &out);
    reply_finish(req);
}

static void put_topic(struct book *book, const struct topic *topic)
{
    struct discrimination mean = measure_mean(&topic->discriminations);

    book_line(book);
    book_text(book, topic->name, LOOK_PLAIN);
    book_number(book, topic->pinned);
    book_number(book, topic->met);
    book_number(book, topic->tally.shown);
    book_number(book, topic->tally.given);
    book_number(book, topic->tally.right);
    book_measured(book, measure_ratio(topic->tally.right, topic->tally.shown),
                  LOOK_PERCENT);
    book_discrimination(book, &mean);
    book_seconds(book, measure_spent_ms(&topic->tally));
}

static bool topic_book(const void *context, struct text *out, struct error *err)
{
    static const struct book_column columns[] = {
        { "主题", 18 },
        { "题数", 8 },
        { "出现过的题数", 13 },
        { "出现次数", 10 },
        { "作答次数", 10 },
        { "答对次数", 10 },
        { "答对率P", 10 },
        { "区分度D(平均)", 14 },
        { "点二列相关(平均)", 16 },
        { "题目与其余相关(平均)", 20 },
        { "平均用时(秒)", 13 },
    };
    const struct topics_visit *v = context;
    struct book book;

    if (!book_open(&book, "主题统计", columns, sizeof(columns) / sizeof(columns[0]),
                   err))
        return false;
    for (size_t i = 0; i < v->n; i++)
        put_topic(&book, &v->topics[i]);
    return book_close(&book, out, err);
}

static void write_book(struct request *req)
{
    struct topics_visit *v = req->state;

    gather(req);
    if (v->format == FIGURES_XLSX)
        aside_write(req->app->asides, &req->task, &req->arena, topic_book, v, &v->book);
}

static void report(struct request *req)
{
    struct topics_visit *v = req->state;

    if (v->format == FIGURES_JSON)
        report_json(req);
    else if (v->format == FIGURES_CSV)
        report_csv(req);
    else
        book_reply(
            req, &v->book,
            arena_printf(&req->arena, "%s-topics.xlsx", v->figures.campaign->slug));
}

const struct route organizer_topics = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/topics",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "union", "format", NULL },
    .state = sizeof(struct topics_visit),
    .acts = { take, fetch, write_book, report },
};
