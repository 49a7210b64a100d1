#include "formats/table.h"

#include <stdio.h>
#include <string.h>

#include "bank/fold.h"
#include "bank/question.h"

enum { HEADINGS_WITHIN = 5 };

#define CHOICE(letter, i)                                                              \
    {                                                                                  \
        PART_CHOICE + (i), "选项" letter, "选择题的选项；没有的留空。",                \
            "a choice; empty when there is none"                                       \
    }

const struct table_heading table_headings[N_PARTS] = {
    { PART_ID, "编号",
      "小写字母、数字和连字符，全库唯一。留空时按题目内容自动编号，重复导入不会重复入库"
      "。",
      "small letters, digits, hyphens; made from the content when empty" },
    { PART_TYPE, "题型", "单选、多选、判断或填空。",
      "single, multiple, judge or blank" },
    { PART_TOPIC, "主题", "小写字母、数字和连字符；留空时用导入时指定的主题。",
      "a slug; when empty, the one given with the import" },
    { PART_DIFFICULTY, "难度", "易、中、难，或 1、2、3；留空为中。",
      "easy, middle, hard, or 1, 2, 3" },
    { PART_STEM, "题干", "4到400个字。填空题用四个下划线 ____ 表示空格，有且只有一处。",
      "4 to 400 characters; a blank has its gap ____ once" },
    CHOICE("A", 0),
    CHOICE("B", 1),
    CHOICE("C", 2),
    CHOICE("D", 3),
    CHOICE("E", 4),
    CHOICE("F", 5),
    CHOICE("G", 6),
    CHOICE("H", 7),
    { PART_KEY, "答案",
      "单选填一个字母，多选填几个字母（ABD），判断填对或错，填空填答案，几种写法之间用 "
      "| 或；隔开。",
      "letters, true or false, or the answers of a blank with | between them" },
    { PART_EXPLANATION, "解析", "4到600个字；留空时写明正确答案。",
      "4 to 600 characters; when empty, the right answer" },
    { PART_DOCUMENT, "出处", "法律、文件或书的名称；留空时用导入时指定的出处。",
      "the document; when empty, the one given with the import" },
    { PART_LOCATOR, "出处位置", "第几条、第几页或日期。", "article, page or date" },
    { PART_GRADE, "出处等级", "A 或 B，可留空。", "A or B, or empty" },
    { PART_CONFLICTS, "冲突组", "不能同卷出现的题写同一个组名；几个组之间用空格隔开。",
      "groups whose questions never meet in one paper" },
    { PART_REVIEW, "复核", "复核日期，例如 2026-11-22，可留空。",
      "the date of the second reading" },
};

static const struct {
    const char *name; /* folded */
    int part;         /* -1: a column that says nothing of a question */
} names[] = {
    { "编号", PART_ID },
    { "id", PART_ID },
    { "试题编号", PART_ID },
    { "题型", PART_TYPE },
    { "type", PART_TYPE },
    { "类型", PART_TYPE },
    { "题目类型", PART_TYPE },
    { "试题类型", PART_TYPE },
    { "主题", PART_TOPIC },
    { "topic", PART_TOPIC },
    { "难度", PART_DIFFICULTY },
    { "difficulty", PART_DIFFICULTY },
    { "难易度", PART_DIFFICULTY },
    { "题干", PART_STEM },
    { "stem", PART_STEM },
    { "题目", PART_STEM },
    { "题目内容", PART_STEM },
    { "试题内容", PART_STEM },
    { "试题", PART_STEM },
    { "question", PART_STEM },
    { "答案", PART_KEY },
    { "key", PART_KEY },
    { "正确答案", PART_KEY },
    { "参考答案", PART_KEY },
    { "标准答案", PART_KEY },
    { "answer", PART_KEY },
    { "解析", PART_EXPLANATION },
    { "explanation", PART_EXPLANATION },
    { "答案解析", PART_EXPLANATION },
    { "试题解析", PART_EXPLANATION },
    { "出处", PART_DOCUMENT },
    { "sourcedocument", PART_DOCUMENT },
    { "source", PART_DOCUMENT },
    { "document", PART_DOCUMENT },
    { "来源", PART_DOCUMENT },
    { "出处位置", PART_LOCATOR },
    { "locator", PART_LOCATOR },
    { "出处等级", PART_GRADE },
    { "grade", PART_GRADE },
    { "冲突组", PART_CONFLICTS },
    { "互斥组", PART_CONFLICTS },
    { "conflicts", PART_CONFLICTS },
    { "复核", PART_REVIEW },
    { "复核日期", PART_REVIEW },
    { "review", PART_REVIEW },
    { "序号", -1 },
    { "题号", -1 },
    { "备注", -1 },
    { "分值", -1 },
    { "分数", -1 },
    { "no", -1 },
    { "note", -1 },
    { "points", -1 },
};

enum { N_NAMES = sizeof(names) / sizeof(names[0]), UNKNOWN = -2 };

bool table_is_formula(const char *text)
{
    while (*text == '\'')
        text++;
    return *text && strchr("=+-@\t\r", *text);
}

void table_open(struct table *table, struct entries *out)
{
    *table = (struct table){ .out = out };
    arena_init(&table->row_arena);
}

void table_close(struct table *table)
{
    arena_done(&table->row_arena);
}

/* "选项a", "a选项", "choicea", "optiona" and "a": which choice; -1: none. */
static int choice_of(const char *folded)
{
    static const char *const before[] = { "选项", "choice", "option", "", NULL };

    for (int i = 0; before[i]; i++) {
        size_t n = strlen(before[i]);

        if (!strncmp(folded, before[i], n) && folded[n] >= 'a' && folded[n] <= 'h' &&
            (!folded[n + 1] || !strcmp(folded + n + 1, "选项")))
            return folded[n] - 'a';
    }
    return -1;
}

static int heading_part(struct table *table, const char *text)
{
    char *folded = question_fold(&table->row_arena, text);
    char *note = strchr(folded, '('); /* 题干（必填） */

    if (note && note != folded)
        *note = '\0';
    int choice = choice_of(folded);
    if (choice >= 0)
        return PART_CHOICE + choice;
    for (int i = 0; i < N_NAMES; i++)
        if (!strcmp(folded, names[i].name))
            return names[i].part;
    return UNKNOWN;
}

/* A B ... Z AA AB ... */
static void write_letters(int column, char out[4])
{
    int n = 0;
    char letters[4];

    for (column++; column && n < 3; column = (column - 1) / 26)
        letters[n++] = (char)('A' + (column - 1) % 26);
    for (int i = 0; i < n; i++)
        out[i] = letters[n - 1 - i];
    out[n] = '\0';
}

/* At most `most` bytes of a text, cut between characters. */
static int cut(const char *text, int most)
{
    int n = (int)strnlen(text, (size_t)most + 1);

    if (n <= most)
        return n;
    for (n = most; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80;)
        n--;
    return n;
}

static const char *column_name(struct table *table, int column, const char *heading)
{
    char letters[4];

    write_letters(column, letters);
    if (!heading)
        return arena_string(&table->out->arena, letters);
    return arena_printf(&table->out->arena, "%s %.*s", letters, cut(heading, 36),
                        heading);
}

static bool are_headings(struct table *table)
{
    int n = 0;
    bool has_stem = false;

    for (int i = 0; i < TABLE_COLUMNS; i++) {
        int part = table->cells[i] ? heading_part(table, table->cells[i]) : UNKNOWN;

        n += part >= 0;
        has_stem |= part == PART_STEM;
    }
    return has_stem && n >= 2;
}

static bool part_is_taken(const struct table *table, int part, int before)
{
    for (int i = 0; i < before; i++)
        if (table->columns[i] && !table->is_ignored[i] && (int)table->parts[i] == part)
            return true;
    return false;
}

static void take_headings(struct table *table, int row)
{
    table->has_headings = true;
    for (int i = 0; i < TABLE_COLUMNS; i++) {
        const char *text = table->cells[i];
        int part = text ? heading_part(table, text) : UNKNOWN;

        if (!text)
            continue;
        table->columns[i] = column_name(table, i, text);
        table->is_ignored[i] = part < 0 || part_is_taken(table, part, i);
        if (part == UNKNOWN)
            entries_wrong(table->out, row, table->columns[i], "没有这个列名",
                          "there is no such column");
        else if (part >= 0 && table->is_ignored[i])
            entries_wrong(table->out, row, table->columns[i], "列名重复",
                          "the column stands twice");
        else if (part >= 0)
            table->parts[i] = (enum part)part;
    }
}

/* Where the parts would stand that a row does not have: mistakes are told there. */
static void point_columns(const struct table *table, struct entry *entry)
{
    for (int i = 0; i < TABLE_COLUMNS; i++)
        if (table->columns[i] && !table->is_ignored[i])
            entry->parts[table->parts[i]].column = table->columns[i];
}

static void refuse_cell(struct table *table, struct entry *entry, int column, int row,
                        const char *zh, const char *en)
{
    entry->parts[table->parts[column]].is_told = true;
    entries_wrong(table->out, row, table->columns[column], zh, en);
}

static void take_cell(struct table *table, struct entry *entry, int column, int row)
{
    const char *text = table->cells[column];

    if (!text && !table->wrong_zh[column])
        return;
    if (!table->columns[column])
        entries_wrong(table->out, row, column_name(table, column, NULL),
                      "这一列没有列名", "the column has no heading");
    else if (table->is_ignored[column])
        return;
    else if (table->wrong_zh[column])
        refuse_cell(table, entry, column, row, table->wrong_zh[column],
                    table->wrong_en[column]);
    else if (text_characters(text) > FORMAT_MAX_CELL)
        refuse_cell(table, entry, column, row, "超过4000个字",
                    "is longer than 4,000 characters");
    else
        entry_say(table->out, entry, table->parts[column], row, table->columns[column],
                  *text == '\'' && table_is_formula(text) ? text + 1 : text);
}

static bool is_empty(const struct table *table)
{
    for (int i = 0; i < TABLE_COLUMNS; i++)
        if (table->cells[i] || table->wrong_zh[i])
            return false;
    return true;
}

static void clear_row(struct table *table)
{
    memset(table->cells, 0, sizeof(table->cells));
    memset(table->wrong_zh, 0, sizeof(table->wrong_zh));
    arena_done(&table->row_arena);
}

static bool is_blank(const char *text)
{
    size_t space;

    while ((space = fold_space(text)))
        text += space;
    return !*text;
}

void table_cell(struct table *table, int column, const char *text)
{
    if (column < 0 || column >= TABLE_COLUMNS || is_blank(text))
        return;
    table->cells[column] = arena_string(&table->row_arena, text);
}

void table_bad_cell(struct table *table, int column, const char *zh, const char *en)
{
    if (column < 0 || column >= TABLE_COLUMNS)
        return;
    table->wrong_zh[column] = zh;
    table->wrong_en[column] = en;
}

static void take_row(struct table *table, int row)
{
    struct entry *entry = entries_add(table->out, row);

    point_columns(table, entry);
    for (int i = 0; i < TABLE_COLUMNS; i++)
        take_cell(table, entry, i, row);
}

void table_row(struct table *table, int row)
{
    if (!is_empty(table) && !table->has_failed && !entries_are_full(table->out)) {
        if (table->has_headings)
            take_row(table, row);
        else if (are_headings(table))
            take_headings(table, row);
        else if (++table->n_tried >= HEADINGS_WITHIN)
            table->has_failed = true;
    }
    clear_row(table);
}

bool table_end(struct table *table, struct error *err)
{
    return table->has_headings ||
           refuse(
               err, "表格开头没有列名行（至少要有“题干”和“答案”两列）",
               "the table does not begin with its headings (题干 and 答案 at least)");
}
