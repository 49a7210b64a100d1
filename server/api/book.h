#pragma once
#include "formats/xlsx_file.h"
#include "http/request.h"
#include "pg/query.h"
#include "stats/measure.h"

/* A workbook of figures with one sheet: a line of headings that stays in view and
 * filters, and the lines below it, written cell by cell from the left. */
struct book_column {
    const char *heading;
    double width; /* in characters */
};

enum book_look {
    LOOK_PLAIN,
    LOOK_WRAPPED,
    LOOK_PERCENT,
    LOOK_KEY,
    LOOK_TENTHS,
    LOOK_HUNDREDTHS,
    LOOKS
};

struct book {
    struct xlsx_file file;
    lxw_worksheet *sheet;
    lxw_format *looks[LOOKS]; /* plain: NULL */
    lxw_row_t row;
    lxw_col_t column; /* the next cell */
    int n_columns;
};

bool book_open(struct book *book, const char *name, const struct book_column *columns,
               int n_columns, struct error *err) __attribute__((warn_unused_result));
void book_line(struct book *book); /* begins one */
void book_text(struct book *book, const char *text, enum book_look look);
void book_number(struct book *book, int64_t number);
/* A cell stays empty when there is nothing to say. */
void book_measured(struct book *book, struct measured value, enum book_look look);
void book_seconds(struct book *book, struct measured ms);
void book_discrimination(struct book *book, const struct discrimination *of);
void book_skip(struct book *book, int n_cells);
/* Appends the whole. */
bool book_close(struct book *book, struct text *out, struct error *err)
    __attribute__((warn_unused_result));

/* Answers with a workbook as a file of this name. */
void book_reply(struct request *req, const struct bytes *file, const char *filename);
