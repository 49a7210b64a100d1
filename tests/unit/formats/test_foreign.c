/* GIFT, Moodle XML and QTI as other programs write them. */
#include "gathered.h"

static const char gift[] =
    "// single\n"
    "::Q1::电气火灾应使用哪种灭火器？{=二氧化碳 #正确 ~水 #会导电 ~泡沫 ####总反馈}\n"
    "\n"
    "// multiple: no '=' at all; weights in percent, negatives for wrong\n"
    "::Q2::下列属于直辖市的是{~%50%北京 ~%50%上海 ~%-50%广州 ~%-50%深圳}\n"
    "\n"
    "// true/false\n"
    "::Q3::水的化学式是 H2O。{TRUE #答错时的反馈 #答对时的反馈}\n"
    "\n"
    "// short answer\n"
    "::Q4::中国的首都是{=北京 =%50%北平 =Beijing}\n"
    "\n"
    "// numeric, range, tolerance\n"
    "::Q5::圆周率{#3.1416:0.001}\n"
    "\n"
    "::Q6::1 到 5 之间的数{#1..5}\n";

static void the_vectors_of_gift(void **state)
{
    GATHERED found = gather(gift);

    (void)state;
    assert_int_equal(found.format, FORMAT_GIFT);
    assert_int_equal(json_array_size(found.questions), 4);
    static const struct expected rows[] = {
        { 0, "type", "single" },
        { 0, "stem", "电气火灾应使用哪种灭火器？" },
        { 0, "choices/0", "二氧化碳" },
        { 0, "choices/2", "泡沫" },
        { 0, "key", "A" },
        { 0, "explanation", "正确答案：二氧化碳。总反馈" },
        { 1, "type", "multiple" },
        { 1, "key", "AB" },
        { 2, "type", "judge" },
        { 2, "key", "true" },
        { 3, "stem", "中国的首都是____" },
        { 3, "key/0", "北京" },
        { 3, "key/1", "Beijing" },
        { 0 },
    };
    assert_each_member(&found, rows);
    assert_null(member(&found, 3, "key/2"));
    assert_told(&found, "11[] answers that earn a part were left out",
                "14[] a numerical question cannot be taken",
                "16[] a numerical question cannot be taken");
}

static void gift_has_gaps_escapes_html_and_other_kinds(void **state)
{
    GATHERED found =
        gather("$CATEGORY: a/b\n\n"
               "只有说明，没有题目。\n\n"
               "::g::Qinghai \\{省\\} 的省会是{=西宁}，对吗？\n\n"
               "[html]<p>1 &lt; 2 <b>成立</b></p>{T}\n\n"
               "首都是{~上海 =北\\=京 ~a\\nb}。\n\n"
               "连线{=甲 -> 乙 =丙 -> 丁}\n\n"
               "谈谈认识{}\n\n"
               "不配对{=甲\n\n"
               "// [id:g-7] [tag:topic:t-7] [tag:difficulty:3] [tag:other]\n"
               "第七题说的是对的。{FALSE}\n");

    (void)state;
    assert_int_equal(json_array_size(found.questions), 4);
    static const struct expected rows[] = {
        { 0, "stem", "Qinghai {省} 的省会是____，对吗？" },
        { 1, "stem", "1 < 2 成立" },
        { 2, "stem", "首都是（　　）。" },
        { 2, "choices/1", "北=京" },
        { 2, "choices/2", "a\nb" },
        { 3, "id", "g-7" },
        { 3, "topic", "t-7" },
        { 0 },
    };
    assert_each_member(&found, rows);
    assert_told(&found, "11[] a matching question", "13[] an essay",
                "15[] the braces do not match");
}

static const char moodle[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<quiz>\n"
    " <question type=\"category\"><category><text>$course$/top/安全</text></category>"
    "</question>\n"
    " <question type=\"multichoice\"><name><text>Q1</text></name><questiontext "
    "format=\"html\"><text><![CDATA[<p>哪个&nbsp;对？</p><p>请选</p>]]></text></"
    "questiontext>\n"
    "  <generalfeedback format=\"html\"><text>因为 A &amp;amp; B 之故</text>"
    "</generalfeedback><defaultgrade>1.0</defaultgrade><penalty>0.3333333</penalty>"
    "<hidden>0</hidden><idnumber>q-17</idnumber>\n"
    "  <single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>ABCD"
    "</answernumbering>\n"
    "  <answer fraction=\"100\" format=\"html\"><text>甲</text><feedback "
    "format=\"html\">"
    "<text>不是答案</text></feedback></answer>\n"
    "  <answer fraction=\"0\" format=\"html\"><text>乙</text></answer></question>\n"
    " <question type=\"truefalse\"><questiontext><text>水会流动。</text></questiontext>"
    "<answer fraction=\"100\"><text>true</text></answer><answer fraction=\"0\">"
    "<text>false</text></answer></question>\n"
    " <question type=\"shortanswer\"><questiontext format=\"plain_text\"><text>首都是"
    "_____。</text></questiontext><usecase>0</usecase><answer "
    "fraction=\"100\"><text>北京"
    "</text></answer><answer fraction=\"50\"><text>北平</text></answer></question>\n"
    " <question type=\"multichoice\"><questiontext format=\"plain_text\"><text>选几个？"
    "</text></questiontext><answer fraction=\"50\" "
    "format=\"plain_text\"><text>甲</text>"
    "</answer><answer fraction=\"-100\" format=\"plain_text\"><text>乙</text></answer>"
    "<answer fraction=\"50\" "
    "format=\"plain_text\"><text>丙</text></answer><single>false"
    "</single></question>\n"
    " <question "
    "type=\"essay\"><questiontext><text>谈谈。</text></questiontext></question>\n"
    " <question "
    "type=\"shortanswer\"><questiontext><text>什么都行？</text></questiontext>"
    "<answer fraction=\"100\"><text>*</text></answer></question>\n"
    "</quiz>\n";

static void the_vectors_of_moodle(void **state)
{
    GATHERED found = gather(moodle);

    (void)state;
    assert_int_equal(found.format, FORMAT_MOODLE);
    assert_int_equal(json_array_size(found.questions), 4);
    assert_members(&found, { 0, "id", "q-17" }, { 0, "stem", "哪个\u00a0对？\n请选" },
                   { 0, "explanation", "因为 A & B 之故" }, { 0, "key", "A" });
    assert_int_equal(
        json_array_size(json_object_get(json_array_get(found.questions, 0), "choices")),
        2);
    assert_members(&found, { 1, "key", "true" }, { 2, "stem", "首都是____。" },
                   { 2, "key/0", "北京" });
    assert_null(member(&found, 2, "key/1"));
    assert_member(&found, 3, "key", "AC");
    assert_told(&found, "10[] answers that earn a part were left out",
                "12[essay] this type cannot be taken",
                "13[shortanswer] an answer has the wildcard");
}

static void a_file_of_latex_is_read(void **state)
{
    static const struct expected rows[] = {
        { 0, "stem", "电气设备起火，应先使用哪一种灭火剂？" },
        { 0, "choices/1", "干粉 & 沙土" },
        { 0, "key", "B" },
        { 0, "explanation", "切断电源后再用干粉。" },
        { 1, "type", "multiple" },
        { 1, "key", "AB" },
        { 2, "stem", "疏散通道可以临时堆放物品。" },
        { 2, "key", "false" },
        { 3, "stem", "中国的火警电话是 ____ 。" },
        { 3, "key/0", "119" },
        { 0 },
    };

    (void)state;
    GATHERED found = gather_file(SOURCE_ROOT "/tests/files/quiz-moodle.xml");
    assert_int_equal(found.format, FORMAT_MOODLE);
    assert_int_equal(json_array_size(found.questions), 4);
    assert_each_member(&found, rows);
    assert_told(&found, "[questiontext] it has a picture, a sound or a formula",
                "[] answers that earn a part", "[numerical] this type",
                "[essay] this type");
}

#define ITEM(cardinality, type, values, body)                                          \
    "<?xml version=\"1.0\"?>\n<assessmentItem "                                        \
    "xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"q17\" "           \
    "title=\"x\" "                                                                     \
    "adaptive=\"false\" timeDependent=\"false\"><responseDeclaration "                 \
    "identifier=\"RESPONSE\" cardinality=\"" cardinality "\" baseType=\"" type         \
    "\">" values "</responseDeclaration><outcomeDeclaration identifier=\"SCORE\" "     \
    "cardinality=\"single\" baseType=\"float\"/><itemBody>\n" body                     \
    "\n</itemBody><responseProcessing template=\"http://www.imsglobal.org/question/"   \
    "qti_v2p1/rptemplates/match_correct\"/></assessmentItem>\n"

static void the_vectors_of_qti_2(void **state)
{
    GATHERED single = gather(ITEM(
        "single", "identifier", "<correctResponse><value>B</value></correctResponse>",
        "<p>请看\n   题目。</p><choiceInteraction responseIdentifier=\"RESPONSE\" "
        "shuffle=\"true\""
        " maxChoices=\"1\"><prompt>哪一个？</prompt><simpleChoice identifier=\"A\" "
        "fixed=\"false\">甲</simpleChoice><simpleChoice identifier=\"B\">\n  "
        "<p>乙</p>\n"
        "</simpleChoice></choiceInteraction>"));
    GATHERED multiple = gather(
        ITEM("multiple", "identifier",
             "<mapping lowerBound=\"0\" defaultValue=\"0\"><mapEntry mapKey=\"B\" "
             "mappedValue=\"1\"/><mapEntry mapKey=\"C\" mappedValue=\"1\"/><mapEntry "
             "mapKey=\"A\" "
             "mappedValue=\"-1\"/></mapping>",
             "<choiceInteraction responseIdentifier=\"RESPONSE\" "
             "maxChoices=\"0\"><prompt>哪几个？"
             "</prompt><simpleChoice identifier=\"A\">甲</simpleChoice><simpleChoice "
             "identifier=\"B\">乙</simpleChoice><simpleChoice "
             "identifier=\"C\">丙</simpleChoice>"
             "</choiceInteraction>"));
    GATHERED judge = gather(ITEM(
        "single", "identifier",
        "<correctResponse><value>false</value></correctResponse>",
        "<choiceInteraction responseIdentifier=\"RESPONSE\" "
        "maxChoices=\"1\"><prompt>对不对呢？"
        "</prompt><simpleChoice identifier=\"true\">Yes</simpleChoice><simpleChoice "
        "identifier=\"false\">No</simpleChoice></choiceInteraction>"));
    GATHERED blank = gather(ITEM(
        "single", "string",
        "<correctResponse><value>北京</value></correctResponse><mapping "
        "defaultValue=\"0\"><mapEntry mapKey=\"北京\" mappedValue=\"1\"/><mapEntry "
        "mapKey=\"Beijing\" mappedValue=\"1\" caseSensitive=\"false\"/></mapping>",
        "<p>首都是<textEntryInteraction responseIdentifier=\"RESPONSE\" "
        "expectedLength=\"20\"/>。</p>"));
    GATHERED other = gather(
        ITEM("ordered", "identifier", "",
             "<orderInteraction responseIdentifier=\"RESPONSE\"><prompt>排序</prompt>"
             "</orderInteraction>"));

    (void)state;
    assert_all_well(&single, 1);
    assert_int_equal(single.format, FORMAT_QTI);
    assert_members(&single, { 0, "stem", "请看 题目。\n哪一个？" },
                   { 0, "choices/1", "乙" }, { 0, "key", "B" });
    assert_all_well(&multiple, 1);
    assert_member(&multiple, 0, "key", "BC");
    assert_all_well(&judge, 1);
    assert_members(&judge, { 0, "type", "judge" }, { 0, "key", "false" });
    assert_all_well(&blank, 1);
    assert_members(&blank, { 0, "stem", "首都是____。" }, { 0, "key/1", "Beijing" });
    assert_told(&other, "just one choiceInteraction");
}

static void qti_3_only_looks_otherwise(void **state)
{
    GATHERED found = gather(
        "<qti-assessment-item xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" "
        "identifier=\"q\" time-dependent=\"false\"><qti-response-declaration "
        "identifier=\"RESPONSE\" base-type=\"identifier\" cardinality=\"single\">"
        "<qti-correct-response><qti-value>A</qti-value></qti-correct-response>"
        "</qti-response-declaration><qti-item-body><qti-choice-interaction "
        "response-identifier=\"RESPONSE\" "
        "max-choices=\"1\"><qti-prompt>哪一个？</qti-prompt>"
        "<qti-simple-choice identifier=\"A\">甲</qti-simple-choice><qti-simple-choice "
        "identifier=\"B\">乙</qti-simple-choice></qti-choice-interaction></"
        "qti-item-body>"
        "</qti-assessment-item>");

    (void)state;
    assert_all_well(&found, 1);
    assert_members(&found, { 0, "type", "single" }, { 0, "key", "A" });
}

static void entities_depth_and_broken_xml_are_refused(void **state)
{
    GATHERED laughs = gather("<!DOCTYPE quiz [<!ENTITY a 'ha'>]><quiz>&a;</quiz>");
    GATHERED outside =
        gather("<!DOCTYPE quiz SYSTEM \"file:///etc/passwd\"><quiz><question/></quiz>");
    GATHERED deep =
        gather("<quiz><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
               "<a><a><a><a><a><a><a><a><a><a><a><a><a><a>");
    GATHERED broken = gather("<quiz>\n<question>\n</quiz>");

    (void)state;
    assert_refused(&laughs, "DOCTYPE");
    assert_refused(&outside, "DOCTYPE");
    assert_refused(&deep, "nested too deeply");
    assert_refused(&broken, "line 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_gift),
        cmocka_unit_test(gift_has_gaps_escapes_html_and_other_kinds),
        cmocka_unit_test(the_vectors_of_moodle),
        cmocka_unit_test(a_file_of_latex_is_read),
        cmocka_unit_test(the_vectors_of_qti_2),
        cmocka_unit_test(qti_3_only_looks_otherwise),
        cmocka_unit_test(entities_depth_and_broken_xml_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
