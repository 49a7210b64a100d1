/*
 * Reading XLSX: of the archive the workbook (which sheet comes first), its relations
 * (where that sheet, the shared strings and the styles are), the shared strings, the
 * styles (which cells are dates or percents: their text is not what people see), and
 * the sheet itself, row by row into the table that CSV shares.
 */
#include "formats/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/archive.h"
#include "formats/xml.h"
#include "util/memory.h"

enum { MAX_CELL_BYTES = 64 << 10, MAX_STYLES = 65536 };

enum kind { KIND_GENERAL, KIND_DATE, KIND_PERCENT };

struct book {
    struct archive *archive;
    struct text bytes;                          /* of the part being read */
    char relation[64];                          /* of the first sheet */
    char sheet[256], strings[256], styles[256]; /* where they are */

    struct arena arena;
    const char **shared;
    size_t n_shared, room_shared;

    struct {
        int id;
        enum kind kind;
    } formats[1000]; /* of one's own */
    int n_formats;
    enum kind *cell_kinds;
    size_t n_cell_kinds;
    bool is_in_cell_formats;

    struct table table;
    struct text text; /* of the cell, the string */
    bool takes_text;
    int phonetic; /* inside of so many readings of a word, which are not its text */
    int row, column;
    char type[12];
    size_t style;
    bool has_value;
};

/* ---- the workbook and its relations ---- */

static void on_workbook(struct xml *xml, const char *name, const char **attributes)
{
    struct book *book = xml->context;
    const char *state = xml_attribute(attributes, "state");
    const char *relation = xml_attribute(attributes, "id");

    if (strcmp(name, "sheet") || *book->relation || !relation ||
        (state && strcmp(state, "visible")))
        return;
    snprintf(book->relation, sizeof(book->relation), "%s", relation);
}

static void place(char out[256], const char *target)
{
    snprintf(out, 256, "%s%s", *target == '/' ? "" : "xl/", target + (*target == '/'));
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), size = strlen(end);

    return n >= size && !strcmp(text + n - size, end);
}

static void on_relation(struct xml *xml, const char *name, const char **attributes)
{
    struct book *book = xml->context;
    const char *id = xml_attribute(attributes, "Id");
    const char *type = xml_attribute(attributes, "Type");
    const char *target = xml_attribute(attributes, "Target");

    if (strcmp(name, "Relationship") || !id || !type || !target)
        return;
    if (!strcmp(id, book->relation))
        place(book->sheet, target);
    else if (ends_with(type, "/sharedStrings"))
        place(book->strings, target);
    else if (ends_with(type, "/styles"))
        place(book->styles, target);
}

static bool read_part(struct book *book, const char *name, const struct xml *events,
                      struct error *err)
{
    struct xml xml = *events;

    xml.context = book;
    return archive_read(book->archive, name, &book->bytes, err) &&
           xml_read(&xml, book->bytes.data, book->bytes.length, err);
}

/* ---- shared strings ---- */

/* Excel writes a carriage return so; nobody sees it. */
static void drop_returns(char *text)
{
    static const char mark[] = "_x000D_";

    for (char *found = text; (found = strstr(found, mark));)
        memmove(found, found + sizeof(mark) - 1, strlen(found + sizeof(mark) - 1) + 1);
}

static void on_string_open(struct xml *xml, const char *name, const char **attributes)
{
    struct book *book = xml->context;

    (void)attributes;
    if (!strcmp(name, "si"))
        text_clear(&book->text);
    book->phonetic += !strcmp(name, "rPh");
    book->takes_text = !strcmp(name, "t") && !book->phonetic;
}

static void on_string_close(struct xml *xml, const char *name)
{
    struct book *book = xml->context;

    book->phonetic -= !strcmp(name, "rPh");
    book->takes_text = false;
    if (strcmp(name, "si"))
        return;
    if (book->n_shared == book->room_shared) {
        book->room_shared = book->room_shared ? book->room_shared * 2 : 1024;
        book->shared =
            memory_resize(book->shared, book->room_shared * sizeof(*book->shared));
    }
    text_string(&book->text, "");
    drop_returns(book->text.data);
    book->shared[book->n_shared++] = arena_string(&book->arena, book->text.data);
}

static void on_text(struct xml *xml, const char *bytes, size_t n)
{
    struct book *book = xml->context;

    if (book->takes_text && book->text.length + n <= MAX_CELL_BYTES)
        text_append(&book->text, bytes, n);
}

/* ---- styles ---- */

static enum kind kind_of_code(const char *code)
{
    bool is_percent = false;

    for (const char *p = code; *p; p++) {
        if (*p == '"') {
            while (p[1] && *++p != '"')
                ;
        } else if (*p == '[') {
            while (p[1] && *++p != ']')
                ;
        } else if (*p == '\\' && p[1]) {
            p++;
        } else if (strchr("yYdDhHsS", *p)) {
            return strncmp(code, "General", 7) ? KIND_DATE : KIND_GENERAL;
        }
        is_percent |= *p == '%';
    }
    return is_percent ? KIND_PERCENT : KIND_GENERAL;
}

static enum kind kind_of_id(const struct book *book, int id)
{
    for (int i = 0; i < book->n_formats; i++)
        if (book->formats[i].id == id)
            return book->formats[i].kind;
    if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
        (id >= 50 && id <= 58))
        return KIND_DATE;
    return id == 9 || id == 10 ? KIND_PERCENT : KIND_GENERAL;
}

static void on_style_open(struct xml *xml, const char *name, const char **attributes)
{
    struct book *book = xml->context;
    const char *id = xml_attribute(attributes, "numFmtId");
    const char *code = xml_attribute(attributes, "formatCode");
    int most = sizeof(book->formats) / sizeof(book->formats[0]);

    if (!strcmp(name, "cellXfs"))
        book->is_in_cell_formats = true;
    if (!strcmp(name, "numFmt") && id && code && book->n_formats < most) {
        book->formats[book->n_formats].id = atoi(id);
        book->formats[book->n_formats++].kind = kind_of_code(code);
    }
    if (!strcmp(name, "xf") && book->is_in_cell_formats &&
        book->n_cell_kinds < MAX_STYLES) {
        book->cell_kinds = memory_resize(
            book->cell_kinds, (book->n_cell_kinds + 1) * sizeof(*book->cell_kinds));
        book->cell_kinds[book->n_cell_kinds++] = kind_of_id(book, id ? atoi(id) : 0);
    }
}

static void on_style_close(struct xml *xml, const char *name)
{
    struct book *book = xml->context;

    if (!strcmp(name, "cellXfs"))
        book->is_in_cell_formats = false;
}

/* ---- the sheet ---- */

/* "AB12": the column from 0; -1 when it has no letters. */
static int column_of(const char *place)
{
    int column = 0;

    for (int i = 0; place[i] >= 'A' && place[i] <= 'Z' && i < 3; i++)
        column = column * 26 + place[i] - 'A' + 1;
    return column - 1;
}

static void open_row(struct book *book, const char **attributes)
{
    const char *number = xml_attribute(attributes, "r");

    book->row = number ? atoi(number) : book->row + 1;
    book->column = -1;
}

static void open_cell(struct book *book, const char **attributes)
{
    const char *at = xml_attribute(attributes, "r");
    const char *type = xml_attribute(attributes, "t");
    const char *style = xml_attribute(attributes, "s");
    int column = at ? column_of(at) : -1;

    book->column = column >= 0 ? column : book->column + 1;
    snprintf(book->type, sizeof(book->type), "%s", type ? type : "n");
    book->style = style ? (size_t)strtoul(style, NULL, 10) : 0;
    book->has_value = false;
    text_clear(&book->text);
}

static void on_cell_open(struct xml *xml, const char *name, const char **attributes)
{
    struct book *book = xml->context;

    if (!strcmp(name, "row"))
        open_row(book, attributes);
    else if (!strcmp(name, "c"))
        open_cell(book, attributes);
    book->phonetic += !strcmp(name, "rPh");
    book->takes_text = !book->phonetic && (!strcmp(name, "v") || !strcmp(name, "t"));
    book->has_value |= book->takes_text;
}

/* 1925 and 0.1 as people see them, not 1.925E3 or 0.10000000000000001. */
static void take_number(struct book *book, const char *text)
{
    enum kind kind =
        book->style < book->n_cell_kinds ? book->cell_kinds[book->style] : KIND_GENERAL;
    char shown[64], *end;
    double value = strtod(text, &end);

    if (kind == KIND_DATE)
        table_bad_cell(&book->table, book->column,
                       "这是日期格式的单元格，请改为文本格式后重新填写",
                       "this cell is a date; make it a text and write it anew");
    else if (kind == KIND_PERCENT)
        table_bad_cell(&book->table, book->column,
                       "这是百分比格式的单元格，请改为文本格式后重新填写",
                       "this cell is a percentage; make it a text and write it anew");
    else if (*end || end == text)
        table_cell(&book->table, book->column, text);
    else if (value > 1e15 || value < -1e15)
        table_bad_cell(&book->table, book->column,
                       "数字太长，Excel 已丢失末尾的位数，请改为文本格式后重新填写",
                       "a number so long has lost its last digits; write it as a text");
    else {
        snprintf(shown, sizeof(shown), "%.15g", value);
        table_cell(&book->table, book->column, shown);
    }
}

static void take_value(struct book *book)
{
    const char *text = book->text.data;

    drop_returns(book->text.data);
    if (!strcmp(book->type, "s")) {
        size_t i = (size_t)strtoul(text, NULL, 10);

        if (i < book->n_shared)
            table_cell(&book->table, book->column, book->shared[i]);
    } else if (!strcmp(book->type, "e")) {
        table_bad_cell(&book->table, book->column, "单元格的公式出错",
                       "the formula of this cell is in error");
    } else if (!strcmp(book->type, "b")) {
        table_cell(&book->table, book->column, *text == '1' ? "TRUE" : "FALSE");
    } else if (!strcmp(book->type, "n")) {
        take_number(book, text);
    } else {
        table_cell(&book->table, book->column, text);
    }
}

static void on_cell_close(struct xml *xml, const char *name)
{
    struct book *book = xml->context;

    book->phonetic -= !strcmp(name, "rPh");
    book->takes_text = false;
    if (!strcmp(name, "c") && book->has_value && book->text.length)
        take_value(book);
    else if (!strcmp(name, "row"))
        table_row(&book->table, book->row);
    if (entries_are_full(book->table.out) || book->table.has_failed)
        xml_stop(xml, NULL, NULL);
}

static bool read_all(struct book *book, struct error *err)
{
    static const struct xml workbook = { .open = on_workbook },
                            relations = { .open = on_relation };
    static const struct xml strings = { .open = on_string_open,
                                        .close = on_string_close,
                                        .text = on_text };
    static const struct xml styles = { .open = on_style_open, .close = on_style_close };
    static const struct xml sheet = { .open = on_cell_open,
                                      .close = on_cell_close,
                                      .text = on_text };

    if (!read_part(book, "xl/workbook.xml", &workbook, err) ||
        !read_part(book, "xl/_rels/workbook.xml.rels", &relations, err))
        return false;
    if (!*book->sheet)
        return refuse(err, "工作簿里没有可见的工作表",
                      "the workbook has no visible sheet");
    if (*book->strings && !read_part(book, book->strings, &strings, err))
        return false;
    if (*book->styles && !read_part(book, book->styles, &styles, err))
        return false;
    return read_part(book, book->sheet, &sheet, err) && table_end(&book->table, err);
}

bool xlsx_read(const void *bytes, size_t n, struct entries *out, struct error *err)
{
    struct book *book = memory_new(sizeof(*book));
    bool ok = false;

    arena_init(&book->arena);
    table_open(&book->table, out);
    book->archive = archive_open(bytes, n, err);
    if (book->archive)
        ok = read_all(book, err);
    archive_close(book->archive);
    table_close(&book->table);
    arena_done(&book->arena);
    text_done(&book->bytes);
    text_done(&book->text);
    free(book->shared);
    free(book->cell_kinds);
    free(book);
    return ok;
}
