/* CSV and XLSX in the template. */
#include "gathered.h"

#include <zip.h>

static void files_of_real_programs_are_read(void **state)
{
    static const struct {
        const char *name;
        enum format format;
    } files[] = {
        { "exam.xlsx", FORMAT_XLSX },
        { "exam-gb18030.csv", FORMAT_CSV },
        { "exam-utf8.csv", FORMAT_CSV },
        { "exam-unicode.txt", FORMAT_CSV },
    };
    json_t *first = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[4096];

        snprintf(path, sizeof(path), SOURCE_ROOT "/tests/files/%s", files[i].name);
        GATHERED found = gather_file(path);
        assert_all_well(&found, 300);
        assert_int_equal(found.format, files[i].format);
        if (!first)
            first = json_incref(found.questions);
        assert_true(json_equal(first, found.questions));
    }
    json_decref(first);
}

static void words_widths_and_english_are_taken(void **state)
{
    GATHERED found =
        gather("题库导出,,,\n"
               "Type,Stem（必填）,Choice A,B选项,选项C,KEY,Difficulty,备注\n"
               "单项选择题,哪一个对？,甲,乙,,ｂ,hard,不用管\n"
               "TRUEFALSE,工会是群众组织。,,,,TRUE,,\n"
               "判断,选项写出来的判断题。,正确,错误,,B,,\n"
               "多选,答案用顿号隔开。,甲,乙,丙,\"A、C\",易,\n"
               "单选,答案写的是选项本身。,甲,乙,丙,乙,易,\n"
               "填空,有________空格的题。,,,,一；壹|1,,\n"
               ",没有题型也没关系。,甲,乙,,A,,\n");

    (void)state;
    assert_all_well(&found, 7);
    assert_member(&found, 0, "key", "B");
    assert_int_equal(json_integer_value(json_object_get(
                         json_array_get(found.questions, 0), "difficulty")),
                     3);
    static const struct expected rows[] = {
        { 1, "key", "true" },
        { 2, "key", "false" },
        { 3, "key", "AC" },
        { 4, "key", "B" },
        { 5, "stem", "有____空格的题。" },
        { 5, "key/2", "1" },
        { 6, "type", "single" },
        { 6, "explanation", "正确答案：甲。" },
        { 6, "source/document", "document" },
        { 0 },
    };
    assert_each_member(&found, rows);
}

static void every_mistake_is_named_by_row_and_column(void **state)
{
    GATHERED found = gather("题型,题干,选项A,选项B,答案,新列,答案\r\n"
                            "\r\n"
                            "单选,\"两行的\r\n题干\",甲,乙,C,,\r\n"
                            "单选,只有一个选项。,甲,,A,,\r\n"
                            "简答,说说看法吧。,,,好,,,多出来的\r\n"
                            "判断,这一题是对的。,,,对,,\r\n"
                            "判断,这一题是对的,,,错,,\r\n"
                            "判断,\"引号没有配对,,,错,,\r\n");

    (void)state;
    assert_true(found.ok);
    assert_told(&found, "1[F 新列] there is no such column",
                "1[G 答案] the column stands twice",
                "3[E 答案] the key has a letter without a choice",
                "4[D 选项B] there is only one choice", "5[A 题型] the type should be",
                "5[H] the column has no heading",
                "7[B 题干] it is the question of row 6",
                "quotation marks do not match");
    assert_int_equal(json_array_size(found.questions), 1);
}

static void a_cell_that_is_too_long_is_named(void **state)
{
    TEXT(text);

    (void)state;
    text_string(&text, "题型,题干,答案\n判断,");
    for (int i = 0; i < 4001; i++)
        text_string(&text, "长");
    text_string(&text, ",对\n");
    GATHERED found = gather(text.data);
    assert_told(&found, "2[B 题干] is longer than 4,000 characters");
}

static void a_table_without_headings_is_refused(void **state)
{
    struct format_presets none = { 0 };
    const char text[] = "一,二\n三,四\n";
    GATHERED found = gather_with(&none, FORMAT_CSV, text, strlen(text));

    (void)state;
    assert_refused(&found, "headings");
}

/* ---- XLSX by hand, for what no program writes on demand ---- */

static void add(zip_t *zip, const char *name, const char *text)
{
    zip_source_t *source = zip_source_buffer(zip, strdup(text), strlen(text), 1);

    assert_true(zip_file_add(zip, name, source, 0) >= 0);
}

/* A workbook with this sheet; styles: 1 is a date, 2 a percentage, 3 a date of its own.
 */
static void make(struct text *out, const char *rows)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    zip_stat_t about;
    TEXT(sheet);

    zip_source_keep(source);
    add(zip, "xl/workbook.xml",
        "<x:workbook xmlns:x='m' xmlns:r='r'><x:sheets><x:sheet name='0' "
        "state='hidden' r:id='h'/>"
        "<x:sheet name='1' r:id='a'/></x:sheets></x:workbook>");
    add(zip, "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id='a' Type='t/worksheet' Target='/xl/s.xml'/>"
        "<Relationship Id='b' Type='t/sharedStrings' Target='strings.xml'/>"
        "<Relationship Id='c' Type='t/styles' Target='styles.xml'/></Relationships>");
    add(zip, "xl/strings.xml",
        "<sst><si><t>题干</t></si><si><r><t>答</t></r><r><t>案</t></r><rPh><t>dá</t></"
        "rPh></si>"
        "<si><t>题型</t></si></sst>");
    add(zip, "xl/styles.xml",
        "<styleSheet><numFmts><numFmt numFmtId='170' "
        "formatCode='yyyy\"年\"m\"月\"'/></numFmts>"
        "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/>"
        "<xf numFmtId='14'/><xf numFmtId='9'/><xf "
        "numFmtId='170'/></cellXfs></styleSheet>");
    text_printf(&sheet,
                "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c>"
                "<c r='C1' t='s'><v>1</v></c><c t='s'><v>2</v></c></row>%s</sheetData>"
                "</worksheet>",
                rows);
    add(zip, "xl/s.xml", sheet.data);
    assert_int_equal(zip_close(zip), 0);
    zip_source_stat(source, &about);
    zip_source_open(source);
    zip_source_read(source, text_reserve(out, about.size), about.size);
    out->length = about.size;
    zip_source_close(source);
    zip_source_free(source);
}

static void kinds_of_cells_are_told_apart(void **state)
{
    TEXT(file);

    (void)state;
    make(&file,
         "<row r='2'><c r='A2' t='inlineStr'><is><t>成立于____年。_x000D_</t></is></c>"
         "<c r='C2'><v>1925</v></c><c r='D2' t='str'><f>A1</f><v>填空</v></c></row>"
         "<row r='4'><c r='A4' t='inlineStr'><is><t>这句话是对的。</t></is></c>"
         "<c r='C4' t='b'><v>1</v></c></row>"
         "<row><c r='A5' t='inlineStr'><is><t>比例是____。</t></is></c>"
         "<c r='C5'><v>0.10000000000000001</v></c></row>"
         "<row r='9'><c r='A9' t='inlineStr'><is><t>日期是____。</t></is></c>"
         "<c r='C9' s='1'><v>41392</v></c></row>"
         "<row r='10'><c r='A10' t='inlineStr'><is><t>月份是____。</t></is></c>"
         "<c r='C10' s='3'><v>41392</v></c></row>"
         "<row r='11'><c r='A11' t='inlineStr'><is><t>比率是____。</t></is></c>"
         "<c r='C11' s='2'><v>0.5</v></c></row>"
         "<row r='12'><c r='A12' t='e'><v>#REF!</v></c><c r='C12'><v>1</v></c></row>"
         "<row r='13'><c r='A13' t='inlineStr'><is><t>号码是____。</t></is></c>"
         "<c r='C13'><v>6.3010219900101E+17</v></c></row>");
    GATHERED found = gather_with(&gather_presets, FORMAT_AUTO, file.data, file.length);
    assert_int_equal(found.format, FORMAT_XLSX);
    assert_int_equal(json_array_size(found.questions), 3);
    assert_members(&found, { 0, "stem", "成立于____年。" }, { 0, "key/0", "1925" },
                   { 1, "key", "true" }, { 2, "key/0", "0.1" });
    assert_told(&found, "9[C 答案] this cell is a date",
                "10[C 答案] this cell is a date",
                "11[C 答案] this cell is a percentage",
                "12[A 题干] the formula of this cell is in error",
                "13[C 答案] a number so long");
    assert_null(strstr(found.told.data, "missing")); /* a fault is told once */
}

static void old_and_broken_workbooks_are_refused(void **state)
{
    TEXT(file);

    (void)state;
    make(&file, "<row r='2'><c r='A2' t='inlineStr'><is><t>这句话是对的。");
    GATHERED broken = gather_with(&gather_presets, FORMAT_AUTO, file.data, file.length);
    GATHERED cut =
        gather_with(&gather_presets, FORMAT_AUTO, file.data, file.length / 2);
    GATHERED old = gather("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old");

    assert_refused(&broken, "not well-formed");
    assert_refused(&cut, "not a sound archive");
    assert_refused(&old, "save an old .xls as .xlsx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_real_programs_are_read),
        cmocka_unit_test(words_widths_and_english_are_taken),
        cmocka_unit_test(every_mistake_is_named_by_row_and_column),
        cmocka_unit_test(a_cell_that_is_too_long_is_named),
        cmocka_unit_test(a_table_without_headings_is_refused),
        cmocka_unit_test(kinds_of_cells_are_told_apart),
        cmocka_unit_test(old_and_broken_workbooks_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
