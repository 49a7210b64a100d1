#include "formats/table.h"

#include <csv.h>
#include <string.h>

#include "util/memory.h"

struct reader {
    struct table table;
    int column, row;
    bool ended_by_cr; /* the row before: a line feed that follows belongs to it */
};

static void on_cell(void *bytes, size_t n, void *context)
{
    struct reader *reader = context;
    AUTO(memory_freep) char *text = memory_copy(bytes, n);

    table_cell(&reader->table, reader->column++, text);
}

/* All line ends are told, so that rows are counted as a spreadsheet shows them. */
static void on_row(int terminator, void *context)
{
    struct reader *reader = context;
    bool is_tail = terminator == '\n' && reader->ended_by_cr && !reader->column;

    reader->ended_by_cr = terminator == '\r';
    if (is_tail)
        return;
    table_row(&reader->table, ++reader->row);
    reader->column = 0;
}

/* What stands between the cells: the commonest of , tab ; in the first lines. */
static unsigned char delimiter_of(const char *text)
{
    static const char candidates[] = ",\t;";
    int counts[3] = { 0 }, lines = 0, best = 0;
    bool is_quoted = false;

    for (const char *p = text; *p && lines < 5; p++) {
        const char *found = strchr(candidates, *p);

        if (*p == '"')
            is_quoted = !is_quoted;
        else if (found && !is_quoted)
            counts[found - candidates]++;
        lines += *p == '\n' && !is_quoted;
    }
    for (int i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return (unsigned char)candidates[best];
}

/* Spaces inside a text are the text's. */
static int is_space(unsigned char c)
{
    (void)c;
    return 0;
}

bool csv_read(const char *bytes, size_t n, struct entries *out, struct error *err)
{
    struct reader reader = { 0 };
    struct csv_parser parser;

    table_open(&reader.table, out);
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    csv_set_delim(&parser, delimiter_of(bytes));
    csv_set_space_func(&parser, is_space);
    if (csv_parse(&parser, bytes, n, on_cell, on_row, &reader) != n ||
        csv_fini(&parser, on_cell, on_row, &reader))
        entries_wrong(out, reader.row + 1, NULL, "引号不配对，其后的内容没有读",
                      "the quotation marks do not match; nothing after it was read");
    csv_free(&parser);
    bool ok = table_end(&reader.table, err);
    table_close(&reader.table);
    return ok;
}

static void write_cell(struct text *out, const char *text)
{
    text_char(out, '"');
    if (table_is_formula(text))
        text_char(out, '\'');
    for (; *text; text++) {
        if (*text == '"')
            text_char(out, '"');
        text_char(out, *text);
    }
    text_char(out, '"');
}

static void write_row(struct text *out, const json_t *question)
{
    const char *parts[N_PARTS];
    struct arena arena;

    arena_init(&arena);
    entry_parts(question, &arena, parts);
    for (int i = 0; i < N_PARTS; i++) {
        const char *text = parts[table_headings[i].part];

        if (i)
            text_char(out, ',');
        if (text)
            write_cell(out, text);
    }
    text_string(out, "\r\n");
    arena_done(&arena);
}

bool csv_write_all(const json_t *questions, struct text *out, struct error *err)
{
    json_t *question;
    size_t i;

    (void)err;
    text_string(out, "\xef\xbb\xbf"); /* by which Excel knows UTF-8 */
    for (i = 0; i < N_PARTS; i++)
        text_printf(out, "%s%s", i ? "," : "", table_headings[i].name);
    text_string(out, "\r\n");
    json_array_foreach((json_t *)questions, i, question) write_row(out, question);
    return true;
}
