#include "command/table.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "util/encode.h"
#include "util/memory.h"
#include "util/text.h"

enum { MAX_COLUMNS = 16 };

struct table {
    const char *file;
    const struct table_column *columns;
    size_t n_columns;
    int at[MAX_COLUMNS]; /* the listed column of each heading, -1: none */
    int n_headings, n_cells, line, n_mistakes;
    json_t *rows, *row;
};

static void mistake(struct table *table, const char *column, const char *zh, const char *en)
{
    struct error err;

    error_set(&err, PROBLEM_FILE_CELL, table->line, column, zh, en);
    if (++table->n_mistakes <= 100)
        complain(table->file, &err);
}

static void heading(struct table *table, const char *text)
{
    int found = -1;

    for (size_t i = 0; i < table->n_columns; i++)
        if (!strcmp(table->columns[i].name, text))
            found = (int)i;
    if (found < 0)
        mistake(table, text, "没有这个列名", "there is no such column");
    for (int i = 0; i < table->n_headings; i++)
        if (found >= 0 && table->at[i] == found)
            mistake(table, text, "列名重复", "the column stands twice");
    if (table->n_headings < MAX_COLUMNS)
        table->at[table->n_headings++] = found;
}

static json_t *number(struct table *table, const struct table_column *column,
                      const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (*end || value < 0 || value > column->max) {
        mistake(table, column->name, "应为不小于零的整数", "should be a whole number from 0 on");
        return json_null();
    }
    return json_integer(value);
}

static void cell(struct table *table, const char *text)
{
    int place = table->n_cells++;

    if (place >= table->n_headings) {
        if (*text)
            mistake(table, "-", "多出一列", "there is a column too many");
        return;
    }
    if (table->at[place] < 0)
        return;
    const struct table_column *column = &table->columns[table->at[place]];
    if (!*text && column->is_required)
        mistake(table, column->name, "不能为空", "must not be empty");
    else if (!column->is_number && text_characters(text) > (size_t)column->max)
        mistake(table, column->name, "太长", "is too long");
    else if (*text)
        json_object_set_new(table->row, column->key,
                            column->is_number ? number(table, column, text)
                                              : json_string(text));
}

static void on_cell(void *bytes, size_t n, void *context)
{
    struct table *table = context;
    AUTO(memory_freep) char *text = memory_copy(bytes, n);

    if (table->line == 1)
        heading(table, text);
    else
        cell(table, text);
}

static void check_headings(struct table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        bool is_there = !table->columns[i].is_required;

        for (int h = 0; h < table->n_headings; h++)
            is_there |= table->at[h] == (int)i;
        if (!is_there)
            mistake(table, table->columns[i].name, "缺少这一列", "the column is missing");
    }
}

static void on_row(int terminator, void *context)
{
    struct table *table = context;

    (void)terminator;
    if (table->line == 1)
        check_headings(table);
    for (int i = table->n_cells; table->line > 1 && i < table->n_headings; i++)
        if (table->at[i] >= 0 && table->columns[table->at[i]].is_required)
            mistake(table, table->columns[table->at[i]].name, "不能为空",
                    "must not be empty");
    if (table->line > 1) {
        json_object_set_new(table->row, "line", json_integer(table->line));
        json_array_append_new(table->rows, table->row);
        table->row = json_object();
    }
    table->n_cells = 0;
    table->line++;
}

static bool read_bytes(const char *file, struct text *out)
{
    FILE *stream = fopen(file, "re");
    size_t n;

    if (!stream)
        return false;
    do {
        n = fread(text_reserve(out, 65536), 1, 65536, stream);
        out->length += n;
    } while (n);
    fclose(stream);
    return true;
}

static bool parse(struct table *table, const char *bytes, size_t n)
{
    struct csv_parser parser;
    struct error err;

    if (n >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
        bytes += 3, n -= 3;
    if (!utf8_is_valid(bytes, n)) {
        error_set(&err, PROBLEM_NOT_UTF8);
        complain(table->file, &err);
        return false;
    }
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    if (csv_parse(&parser, bytes, n, on_cell, on_row, table) != n ||
        csv_fini(&parser, on_cell, on_row, table))
        mistake(table, "-", "引号不配对", "the quotation marks do not match");
    csv_free(&parser);
    return !table->n_mistakes;
}

json_t *table_read(const char *file, const struct table_column *columns, size_t n)
{
    struct table table = { .file = file, .columns = columns, .n_columns = n, .line = 1 };
    struct error err;
    TEXT(bytes);

    if (!read_bytes(file, &bytes)) {
        error_set(&err, PROBLEM_FILE_UNREADABLE, file, strerror(errno));
        complain("jingda", &err);
        return NULL;
    }
    table.rows = json_array();
    table.row = json_object();
    bool ok = parse(&table, bytes.data, bytes.length);
    if (table.n_mistakes > 100)
        fprintf(stderr, "%s: … %d\n", file, table.n_mistakes);
    json_decref(table.row);
    if (ok)
        return table.rows;
    json_decref(table.rows);
    return NULL;
}
