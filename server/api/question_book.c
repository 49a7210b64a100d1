/* A workbook of the questions' statistics. */
#include "api/question_figures.h"

#include "api/book.h"

static const struct book_column columns[] = {
    { "题目编号", 18 },   { "修订", 6 },          { "在用", 6 },
    { "主题", 14 },       { "题型", 8 },          { "难度", 6 },
    { "题干", 60 },       { "答案", 16 },         { "出现次数", 10 },
    { "作答次数", 10 },   { "答对次数", 10 },     { "答对率P", 10 },
    { "区分度D", 10 },    { "点二列相关", 12 },   { "题目与其余相关", 14 },
    { "选A", 9 },         { "选B", 9 },           { "选C", 9 },
    { "选D", 9 },         { "选E", 9 },           { "选F", 9 },
    { "选G", 9 },         { "选H", 9 },           { "其他答案", 10 },
    { "有效干扰项", 11 }, { "平均用时(秒)", 13 }, { "曝光率", 9 },
};
enum { N_COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void put_choices(struct book *book, const struct question_figure *item)
{
    const struct question *question = item->question;

    for (int i = 0; i < question->n_choices; i++)
        book_measured(book, measure_ratio(item->tally.chosen[i], item->tally.shown),
                      item->decided->key >> i & 1 ? LOOK_KEY : LOOK_PERCENT);
    book_skip(book, MAX_CHOICES - question->n_choices);
    if (question->type == QUESTION_BLANK)
        book_number(book, item->tally.other);
    else
        book_skip(book, 1);
}

static void put_item(struct book *book, const struct question_figure *item,
                     int64_t attempts)
{
    const struct question *question = item->question;
    const struct tally *tally = &item->tally;
    char letters[MAX_CHOICES + 1];
    const char *key = question_letters(item->decided, letters);

    book_line(book);
    book_text(book, question->id, LOOK_PLAIN);
    book_number(book, question->revision);
    book_text(book, item->is_pinned ? "是" : "否", LOOK_PLAIN);
    book_text(book, question->topic, LOOK_PLAIN);
    book_text(book, question_type_names_zh[question->type], LOOK_PLAIN);
    book_number(book, question->difficulty);
    book_text(book, question->stem, LOOK_WRAPPED);
    book_text(book, key ? key : item->decided->shown, LOOK_PLAIN);
    book_number(book, tally->shown);
    book_number(book, tally->given);
    book_number(book, tally->right);
    book_measured(book, measure_ratio(tally->right, tally->shown), LOOK_PERCENT);
    book_discrimination(book, &item->discrimination);
    put_choices(book, item);
    book_measured(book, measure_distractors(tally, item->decided), LOOK_PERCENT);
    book_seconds(book, measure_spent_ms(tally));
    book_measured(book, measure_ratio(tally->shown, attempts), LOOK_PERCENT);
}

bool question_book(const void *context, struct text *out, struct error *err)
{
    const struct question_figures *figures = context;
    struct book book;

    if (!book_open(&book, "题目统计", columns, N_COLUMNS, err))
        return false;
    for (size_t i = 0; i < figures->n; i++)
        put_item(&book, &figures->items[i], figures->query.attempts);
    return book_close(&book, out, err);
}
