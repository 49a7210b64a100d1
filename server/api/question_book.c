/* A workbook of the questions' statistics by libxlsxwriter, which writes to a file:
 * here one that is only memory. */
#include "api/question_figures.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* The columns, in the order of the sheet. */
static const struct {
    const char *heading;
    double width; /* in characters */
} columns[] = {
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

enum { N_COLUMNS = sizeof(columns) / sizeof(columns[0]), FIRST_CHOICE = 15 };

struct book {
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *heading, *percent, *decimal, *key, *wrapped, *seconds;
    lxw_row_t row;
    lxw_col_t column; /* the next cell */
};

static lxw_format *format(struct book *book, const char *number)
{
    lxw_format *made = workbook_add_format(book->workbook);

    format_set_num_format(made, number);
    return made;
}

static void open_sheet(struct book *book)
{
    book->sheet = workbook_add_worksheet(book->workbook, "题目统计");
    book->percent = format(book, "0.0%");
    book->decimal = format(book, "0.00");
    book->seconds = format(book, "0.0");
    book->heading = workbook_add_format(book->workbook);
    format_set_bold(book->heading);
    format_set_bg_color(book->heading, 0xDDE6F0);
    book->key = format(book, "0.0%");
    format_set_bold(book->key);
    format_set_font_color(book->key, 0x1B7F3B);
    book->wrapped = workbook_add_format(book->workbook);
    format_set_text_wrap(book->wrapped);
    for (lxw_col_t i = 0; i < N_COLUMNS; i++) {
        worksheet_set_column(book->sheet, i, i, columns[i].width, NULL);
        worksheet_write_string(book->sheet, 0, i, columns[i].heading, book->heading);
    }
    worksheet_freeze_panes(book->sheet, 1, 1);
}

static void put_text(struct book *book, const char *text, lxw_format *format)
{
    worksheet_write_string(book->sheet, book->row, book->column++, text ? text : "",
                           format);
}

static void put_number(struct book *book, int64_t number)
{
    worksheet_write_number(book->sheet, book->row, book->column++, (double)number,
                           NULL);
}

/* A cell stays empty when there is nothing to say. */
static void put_measured(struct book *book, struct measured value, double scale,
                         lxw_format *format)
{
    if (value.is_defined)
        worksheet_write_number(book->sheet, book->row, book->column,
                               value.value * scale, format);
    book->column++;
}

static void put_choices(struct book *book, const struct question_figure *item)
{
    const struct question *question = item->question;

    for (int i = 0; i < question->n_choices; i++)
        put_measured(book, measure_ratio(item->tally.chosen[i], item->tally.shown), 1,
                     item->decided->key >> i & 1 ? book->key : book->percent);
    book->column = FIRST_CHOICE + MAX_CHOICES;
}

static void put_item(struct book *book, const struct question_figure *item,
                     int64_t attempts)
{
    const struct question *question = item->question;
    const struct tally *tally = &item->tally;
    char letters[MAX_CHOICES + 1];
    const char *key = question_letters(item->decided, letters);

    book->column = 0;
    put_text(book, question->id, NULL);
    put_number(book, question->revision);
    put_text(book, item->is_pinned ? "是" : "否", NULL);
    put_text(book, question->topic, NULL);
    put_text(book, question_type_names_zh[question->type], NULL);
    put_number(book, question->difficulty);
    put_text(book, question->stem, book->wrapped);
    put_text(book, key ? key : item->decided->shown, NULL);
    put_number(book, tally->shown);
    put_number(book, tally->given);
    put_number(book, tally->right);
    put_measured(book, measure_ratio(tally->right, tally->shown), 1, book->percent);
    put_measured(book,
                 item->histogram ? measure_discrimination(item->histogram)
                                 : (struct measured){ 0 },
                 1, book->decimal);
    put_measured(book, measure_point_biserial(tally), 1, book->decimal);
    put_measured(book, measure_item_rest(tally), 1, book->decimal);
    put_choices(book, item);
    if (question->type == QUESTION_BLANK)
        worksheet_write_number(book->sheet, book->row, book->column,
                               (double)tally->other, NULL);
    book->column++;
    put_measured(book, measure_distractors(tally, item->decided), 1, book->percent);
    put_measured(book, measure_spent_ms(tally), 0.001, book->seconds);
    put_measured(book, measure_ratio(tally->shown, attempts), 1, book->percent);
}

static bool copy_out(int fd, struct text *out)
{
    struct stat about;

    if (fstat(fd, &about) || about.st_size <= 0)
        return false;
    char *to = text_reserve(out, (size_t)about.st_size);
    ssize_t n = pread(fd, to, (size_t)about.st_size, 0);
    out->length += n > 0 ? (size_t)n : 0;
    return n == about.st_size;
}

bool question_book(const struct question_figures *figures, struct text *out)
{
    int fd = memfd_create("questions", MFD_CLOEXEC);
    struct book book = { 0 };
    char path[40];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (fd >= 0)
        book.workbook = workbook_new(path);
    if (book.workbook) {
        open_sheet(&book);
        for (size_t i = 0; i < figures->n; i++) {
            book.row = (lxw_row_t)i + 1;
            put_item(&book, &figures->items[i], figures->query.attempts);
        }
        worksheet_autofilter(book.sheet, 0, 0, (lxw_row_t)figures->n, N_COLUMNS - 1);
    }
    bool ok = book.workbook && workbook_close(book.workbook) == LXW_NO_ERROR &&
              copy_out(fd, out);
    if (fd >= 0)
        close(fd);
    return ok;
}
