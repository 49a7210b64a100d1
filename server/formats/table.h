#pragma once
#include "formats/entry.h"

/* The template that CSV and XLSX share: a line of headings, then a question a row.
 * Readers hand over their cells in order; the headings are looked for in the first
 * rows, in Chinese or English, in any order.
 *
 *   编号 题型 主题 难度 题干 选项A..选项H 答案 解析 出处 出处位置 出处等级 冲突组 复核
 */
enum { TABLE_COLUMNS = 64 };

struct table {
    struct entries *out;
    int row; /* the one being read */
    bool has_headings, has_failed;
    int n_tried; /* rows that were not the headings */
    enum part parts[TABLE_COLUMNS];
    const char *columns[TABLE_COLUMNS]; /* "E 题干"; NULL: no heading */
    bool is_ignored[TABLE_COLUMNS];
    const char *cells[TABLE_COLUMNS]; /* of the row, in `row_arena` */
    const char *wrong_zh[TABLE_COLUMNS], *wrong_en[TABLE_COLUMNS];
    struct arena row_arena;
};

/* In what order an export has the columns, and how they are called there. */
extern const struct table_heading {
    enum part part;
    const char *name;
    const char *help_zh, *help_en;
} table_headings[N_PARTS];

void table_open(struct table *table, struct entries *out);
void table_close(struct table *table);
/* A cell of the present row; columns count from 0. */
void table_cell(struct table *table, int column, const char *text);
/* A cell whose kind cannot be taken as text: it is a mistake if its column is used. */
void table_bad_cell(struct table *table, int column, const char *zh, const char *en);
/* The present row is over; it had this number. */
void table_row(struct table *table, int row);
/* False: no headings were found. */
bool table_end(struct table *table, struct error *err);

/* A text that a spreadsheet would take for a formula; exports put an apostrophe before
 * it, and a table's reader takes that away. */
bool table_is_formula(const char *text);
