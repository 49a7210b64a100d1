#include "api/book.h"

#include "http/reply.h"

static lxw_format *format(struct book *book, enum book_look look, const char *number)
{
    lxw_format *made = workbook_add_format(book->file.book);

    if (number)
        format_set_num_format(made, number);
    return book->looks[look] = made;
}

static void add_looks(struct book *book)
{
    format(book, LOOK_PERCENT, "0.0%");
    format(book, LOOK_TENTHS, "0.0");
    format(book, LOOK_HUNDREDTHS, "0.00");
    format_set_text_wrap(format(book, LOOK_WRAPPED, NULL));
    lxw_format *key = format(book, LOOK_KEY, "0.0%");
    format_set_bold(key);
    format_set_font_color(key, 0x1B7F3B);
}

static void write_headings(struct book *book, const struct book_column *columns)
{
    lxw_format *heading = workbook_add_format(book->file.book);

    format_set_bold(heading);
    format_set_bg_color(heading, 0xDDE6F0);
    for (lxw_col_t i = 0; i < book->n_columns; i++) {
        worksheet_set_column(book->sheet, i, i, columns[i].width, NULL);
        worksheet_write_string(book->sheet, 0, i, columns[i].heading, heading);
    }
    worksheet_freeze_panes(book->sheet, 1, 1);
}

static bool fail(struct error *err)
{
    return error_set(err, PROBLEM_BROKEN, "-");
}

bool book_open(struct book *book, const char *name, const struct book_column *columns,
               int n_columns, struct error *err)
{
    TEXT(nothing);

    *book = (struct book){ .n_columns = n_columns };
    if (!xlsx_open(&book->file))
        return xlsx_close(&book->file, &nothing) || fail(err);
    book->sheet = workbook_add_worksheet(book->file.book, name);
    add_looks(book);
    write_headings(book, columns);
    return true;
}

void book_line(struct book *book)
{
    book->row++;
    book->column = 0;
}

void book_text(struct book *book, const char *text, enum book_look look)
{
    worksheet_write_string(book->sheet, book->row, book->column++, text ? text : "",
                           book->looks[look]);
}

void book_number(struct book *book, int64_t number)
{
    worksheet_write_number(book->sheet, book->row, book->column++, (double)number,
                           NULL);
}

void book_measured(struct book *book, struct measured value, enum book_look look)
{
    if (value.is_defined)
        worksheet_write_number(book->sheet, book->row, book->column, value.value,
                               book->looks[look]);
    book->column++;
}

void book_seconds(struct book *book, struct measured ms)
{
    ms.value /= 1000;
    book_measured(book, ms, LOOK_TENTHS);
}

void book_discrimination(struct book *book, const struct discrimination *of)
{
    for (int i = 0; i < DISCRIMINATIONS; i++)
        book_measured(book, of->by[i], LOOK_HUNDREDTHS);
}

void book_skip(struct book *book, int n_cells)
{
    book->column += (lxw_col_t)n_cells;
}

bool book_close(struct book *book, struct text *out, struct error *err)
{
    worksheet_autofilter(book->sheet, 0, 0, book->row, (lxw_col_t)book->n_columns - 1);
    return xlsx_close(&book->file, out) || fail(err);
}

void book_reply(struct request *req, const struct bytes *file, const char *filename)
{
    static const char type[] =
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    reply_header(req, "Content-Disposition",
                 arena_printf(&req->arena, "attachment; filename=\"%s\"", filename));
    reply_bytes(req, 200, type, file->data, file->size);
}
