/* Writing questions as XLSX. */
#include "formats/table.h"

#include "formats/entry.h"
#include "formats/formats.h"
#include "formats/xlsx_file.h"
#include "util/memory.h"

struct writer {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *plain, *head;
};

static double width_of(enum part part)
{
    switch (part) {
    case PART_STEM:
    case PART_EXPLANATION:
        return 48;
    case PART_DOCUMENT:
        return 24;
    case PART_ID:
    case PART_TOPIC:
    case PART_LOCATOR:
        return 16;
    default:
        return part >= PART_CHOICE && part <= PART_LAST_CHOICE ? 16 : 9;
    }
}

static void write_headings(struct writer *writer)
{
    for (int i = 0; i < N_PARTS; i++) {
        lxw_col_t column = (lxw_col_t)i;

        worksheet_set_column(writer->sheet, column, column,
                             width_of(table_headings[i].part), writer->plain);
        worksheet_write_string(writer->sheet, 0, column, table_headings[i].name,
                               writer->head);
    }
    worksheet_freeze_panes(writer->sheet, 1, 0);
}

/* What people may choose from. */
static void offer(struct writer *writer, enum part part, const char **list)
{
    lxw_data_validation choice = { .validate = LXW_VALIDATION_TYPE_LIST,
                                   .value_list = (void *)list };

    choice.error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION;
    for (lxw_col_t i = 0; i < N_PARTS; i++)
        if (table_headings[i].part == part)
            worksheet_data_validation_range(writer->sheet, 1, i, 2000, i, &choice);
}

static void write_question(struct writer *writer, lxw_row_t row, const json_t *question)
{
    const char *parts[N_PARTS];
    struct arena arena;

    arena_init(&arena);
    entry_parts(question, &arena, parts);
    for (int i = 0; i < N_PARTS; i++) {
        const char *text = parts[table_headings[i].part];

        /* the reader takes an apostrophe before a formula away */
        if (text && *text == '\'' && table_is_formula(text))
            text = arena_printf(&arena, "'%s", text);
        if (text)
            worksheet_write_string(writer->sheet, row, (lxw_col_t)i, text,
                                   writer->plain);
    }
    arena_done(&arena);
}

static void write_help(struct writer *writer)
{
    static const char *const examples[][N_PARTS] = {
        { "", "单选", "union-law", "易", "工会的最高领导机关是（　　）。",
          "全国代表大会", "执行委员会", "主席团", "书记处", "", "", "", "", "A",
          "由工会的组织制度规定。", "中国工会章程", "第九条" },
        { "", "判断", "union-law", "易", "工会是职工自愿结合的群众组织。", "", "", "",
          "", "", "", "", "", "对", "工会法第二条。", "中华人民共和国工会法",
          "第二条" },
        { "", "填空", "history", "中", "中华全国总工会成立于____年。", "", "", "", "",
          "", "", "", "", "1925|一九二五", "1925年5月1日，第二次全国劳动大会。",
          "中国工运史", "1925-05-01" },
    };

    writer->sheet = workbook_add_worksheet(writer->book, "说明");
    worksheet_set_column(writer->sheet, 0, 0, 12, NULL);
    worksheet_set_column(writer->sheet, 1, 2, 60, NULL);
    for (lxw_row_t i = 0; i < N_PARTS; i++) {
        worksheet_write_string(writer->sheet, i, 0, table_headings[i].name,
                               writer->head);
        worksheet_write_string(writer->sheet, i, 1, table_headings[i].help_zh, NULL);
        worksheet_write_string(writer->sheet, i, 2, table_headings[i].help_en, NULL);
    }
    worksheet_write_string(writer->sheet, N_PARTS + 1, 0, "示例", writer->head);
    for (int i = 0; i < N_PARTS; i++)
        worksheet_write_string(writer->sheet, N_PARTS + 2, (lxw_col_t)i,
                               table_headings[i].name, writer->head);
    for (lxw_row_t row = 0; row < sizeof(examples) / sizeof(examples[0]); row++)
        for (int i = 0; i < N_PARTS; i++)
            if (examples[row][i] && *examples[row][i])
                worksheet_write_string(writer->sheet, N_PARTS + 3 + row, (lxw_col_t)i,
                                       examples[row][i], writer->plain);
}

static void fill(struct writer *writer, const json_t *questions)
{
    json_t *question;
    size_t i;

    writer->plain = workbook_add_format(writer->book);
    format_set_num_format(writer->plain, "@"); /* text: what is typed stays as it is */
    writer->head = workbook_add_format(writer->book);
    format_set_bold(writer->head);
    writer->sheet = workbook_add_worksheet(writer->book, "题目");
    write_headings(writer);
    offer(writer, PART_TYPE, (const char *[]){ "单选", "多选", "判断", "填空", NULL });
    offer(writer, PART_DIFFICULTY, (const char *[]){ "1", "2", "3", NULL });
    json_array_foreach((json_t *)questions, i, question)
        write_question(writer, (lxw_row_t)i + 1, question);
    write_help(writer);
}

bool xlsx_write(const json_t *questions, struct text *out, struct error *err)
{
    struct xlsx_file file;
    bool ok = xlsx_open(&file);

    if (ok)
        fill(&(struct writer){ .book = file.book }, questions);
    ok = xlsx_close(&file, out) && ok;
    return ok || refuse(err, "无法写出 XLSX 文件", "the XLSX file cannot be written");
}

bool format_template(struct text *out, struct error *err)
{
    AUTO(json_decrefp) json_t *none = json_array();

    return xlsx_write(none, out, err);
}
