/* GET /v1/organizer/campaigns/{campaign}/questions: how every question does, as pages
 * of JSON, or whole as CSV or as a workbook. */
#include "api/routes.h"

#include <string.h>

#include "api/app.h"
#include "api/aside.h"
#include "api/book.h"
#include "api/cursor.h"
#include "api/listing.h"
#include "api/question_figures.h"
#include "api/scope.h"
#include "api/show.h"
#include "http/reply.h"

struct questions_visit {
    enum figures_format format;
    int64_t limit, from;
    struct question_figures figures;
    struct bytes book;
};

static void take(struct request *req)
{
    struct questions_visit *v = req->state;

    if (!figures_format_named(req, &v->format) ||
        !request_query_int(req, "limit", 1, 1000, 100, &v->limit) ||
        !cursor_read_one(req, 'q', 0, INT64_MAX, &v->from))
        return;
    question_figures_open(req, &v->figures);
}

static void fetch(struct request *req)
{
    struct questions_visit *v = req->state;

    question_figures_fetch(req, &v->figures);
}

/* ---- JSON ---- */

static void write_choices(struct text *out, const struct question_figure *item)
{
    const struct question *question = item->question;
    const struct tally *tally = &item->tally;

    text_char(out, '[');
    for (int i = 0; i < question->n_choices; i++) {
        char label[] = { (char)('A' + i), '\0' };
        bool is_key = item->decided->key >> i & 1;

        text_string(out, i ? ",{" : "{");
        show_string(out, "label", label);
        show_string(out, "text", question->choices[i]);
        show_bool(out, "is_key", is_key);
        show_int(out, "chosen", tally->chosen[i]);
        show_measured(out, "share", measure_ratio(tally->chosen[i], tally->shown));
        text_char(out, '}');
    }
    text_char(out, ']');
}

static void show_item(struct text *out, struct request *req, size_t i)
{
    const struct questions_visit *v = req->state;
    const struct question_figure *item = &v->figures.items[i];
    int64_t attempts = v->figures.query.attempts;
    const struct question *question = item->question;
    const struct tally *tally = &item->tally;
    struct measured spent = measure_spent_ms(tally);

    text_char(out, '{');
    show_string(out, "question", question->id);
    show_int(out, "revision", question->revision);
    show_bool(out, "is_pinned", item->is_pinned);
    show_string(out, "topic", question->topic);
    show_string(out, "type", question_type_names[question->type]);
    show_int(out, "difficulty", question->difficulty);
    show_string(out, "stem", question->stem);
    show_int(out, "shown", tally->shown);
    show_int(out, "given", tally->given);
    show_int(out, "right", tally->right);
    show_measured(out, "facility", measure_ratio(tally->right, tally->shown));
    show_discrimination(out, &item->discrimination);
    show_key(out, "choices");
    write_choices(out, item);
    show_int_or_null(out, "other", question->type == QUESTION_BLANK ? tally->other : -1,
                     -1);
    show_measured(out, "distractor_efficiency",
                  measure_distractors(tally, item->decided));
    show_int_or_null(out, "mean_ms", spent.is_defined ? (int64_t)spent.value : -1, -1);
    show_int(out, "timed", tally->n_spent);
    show_measured(out, "exposure", measure_ratio(tally->shown, attempts));
    text_char(out, '}');
}

static void report_json(struct request *req)
{
    struct questions_visit *v = req->state;
    const struct question_figures *figures = &v->figures;
    struct listing listing = { .from = (size_t)v->from,
                               .n = figures->n,
                               .limit = (size_t)v->limit,
                               .show = show_item,
                               .kind = 'q' };
    struct text out = { 0 };

    text_char(&out, '{');
    question_figures_show(&out, req, figures);
    listing_show(&out, req, &listing);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

/* ---- CSV ---- */

static void write_line(struct text *out, const struct question_figure *item,
                       int64_t attempts)
{
    const struct question *question = item->question;
    const struct tally *tally = &item->tally;
    char letters[MAX_CHOICES + 1];
    const char *key = question_letters(item->decided, letters);

    text_csv(out, question->id);
    text_printf(out, ",%d,%s,", question->revision, item->is_pinned ? "是" : "否");
    text_csv(out, question->topic);
    text_printf(out, ",%s,%d,", question_type_names_zh[question->type],
                question->difficulty);
    text_csv(out, question->stem);
    text_char(out, ',');
    text_csv(out, key ? key : item->decided->shown);
    text_printf(out, ",%lld,%lld,%lld,", (long long)tally->shown,
                (long long)tally->given, (long long)tally->right);
    text_measured(out, measure_ratio(tally->right, tally->shown), 1, 4);
    text_char(out, ',');
    text_discrimination(out, &item->discrimination);
    text_char(out, ',');
    for (int i = 0; i < MAX_CHOICES; i++) {
        if (i < question->n_choices)
            text_int(out, tally->chosen[i]);
        text_char(out, ',');
    }
    if (question->type == QUESTION_BLANK)
        text_int(out, tally->other);
    text_char(out, ',');
    text_measured(out, measure_distractors(tally, item->decided), 100, 2);
    text_char(out, ',');
    text_measured(out, measure_spent_ms(tally), 0.001, 1);
    text_char(out, ',');
    text_measured(out, measure_ratio(tally->shown, attempts), 100, 2);
    text_string(out, "\r\n");
}

static void report_csv(struct request *req)
{
    struct questions_visit *v = req->state;
    const struct question_figures *figures = &v->figures;
    struct text out = { 0 };

    csv_begin(
        req, arena_printf(&req->arena, "%s-questions.csv", figures->campaign->slug),
        "题目编号,修订,在用,主题,题型,难度,题干,答案,出现次数,作答次数,答对次数,"
        "答对率P,区分度D,点二列相关,题目与其余相关,选A,选B,选C,选D,选E,选F,选G,选H,"
        "其他答案,有效干扰项(%),平均用时(秒),曝光率(%)");
    for (size_t i = 0; i < figures->n; i++)
        write_line(&out, &figures->items[i], figures->query.attempts);
    reply_chunk(req, &out);
    reply_finish(req);
}

static void gather(struct request *req)
{
    struct questions_visit *v = req->state;

    question_figures_gather(req, &v->figures);
    if (v->format == FIGURES_XLSX)
        aside_write(req->app->asides, &req->task, &req->arena, question_book,
                    &v->figures, &v->book);
}

static void report(struct request *req)
{
    struct questions_visit *v = req->state;

    if (v->format == FIGURES_JSON)
        report_json(req);
    else if (v->format == FIGURES_CSV)
        report_csv(req);
    else
        book_reply(
            req, &v->book,
            arena_printf(&req->arena, "%s-questions.xlsx", v->figures.campaign->slug));
}

const struct route organizer_questions = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/questions",
    .access = ACCESS_ORGANIZER,
    .query =
        (const char *const[]){ "union", "topic", "format", "limit", "cursor", NULL },
    .state = sizeof(struct questions_visit),
    .acts = { take, fetch, gather, report },
};
