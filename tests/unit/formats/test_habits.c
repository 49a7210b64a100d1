/* What programs in use write and the descriptions of the formats do not say. */
#include "gathered.h"

static void answers_of_gift_have_kinds_of_their_own(void **state)
{
    GATHERED found = gather("::a::[html]<p>哪种<b>颜色</b>？</p>{\n"
                            "\t=[plain]1 &lt; 2\n\t~[html]<i>蓝</i> #[html]不对\n"
                            "\t~绿<sup>2</sup>\n\t####[plain]见<手册>。}\n\n"
                            "首都是{=[moodle]北京 =[markdown]*京*}。\n");

    (void)state;
    assert_all_well(&found, 2);
    assert_members(&found, { 0, "stem", "哪种颜色？" }, { 0, "choices/0", "1 &lt; 2" },
                   { 0, "choices/1", "蓝" }, { 0, "choices/2", "绿²" },
                   { 0, "explanation", "见<手册>。" });
    assert_members(&found, { 1, "key/0", "北京" }, { 1, "key/1", "*京*" });
}

#define QUESTION(type, stem, rest)                                                     \
    "<question type='" type "'><questiontext format='html'><text><![CDATA[" stem       \
    "]]></text></questiontext>" rest "</question>\n"
#define ANSWER(fraction, text)                                                         \
    "<answer fraction='" fraction "' format='html'><text><![CDATA[" text               \
    "]]></text></answer>"

static void pictures_sounds_and_formulas_are_refused(void **state)
{
    GATHERED moodle = gather(
        "<quiz>\n" QUESTION("multichoice",
                            "<p>图中是<img src='@@PLUGINFILE@@/a.png'/>？</p>",
                            ANSWER("100", "猫") ANSWER("0", "狗"))
            QUESTION("multichoice", "下列哪一幅画的是猫？",
                     ANSWER("100", "<img src='a.png'/>") ANSWER("0", "狗"))
                QUESTION("truefalse",
                         "<a href='@@PLUGINFILE@@/a.mp3'>录音</a>里说的是对的。",
                         ANSWER("100", "true"))
                    QUESTION(
                        "truefalse", "解说里有图的题可以导入。",
                        ANSWER("100", "true") "<generalfeedback format='html'><text>"
                                              "<![CDATA[见图<img "
                                              "src='a.png'/>，并参阅手册。]]></text></"
                                              "generalfeedback>") "</quiz>");
    GATHERED gift = gather("[html]图中<img src\\=\"a.png\">是什么？{=猫 ~狗}\n");

    (void)state;
    assert_told(&moodle, "2[questiontext] it has a picture", "3[questiontext] it has",
                "4[questiontext] it has");
    assert_int_equal(json_array_size(moodle.questions), 1);
    assert_told(&gift, "1[] it has a picture");
}

static void one_right_choice_makes_a_single(void **state)
{
    GATHERED found = gather("<quiz>" QUESTION(
        "multichoice", "只有一个对的是哪一个？",
        "<single>false</single>" ANSWER("100", "甲") ANSWER("-100", "乙")) "</quiz>");

    (void)state;
    assert_members(&found, { 0, "type", "single" }, { 0, "key", "A" });
    assert_told(&found, "1[] only one choice is right");
}

static void true_and_false_are_read_in_other_words(void **state)
{
    GATHERED found = gather("<quiz>\n" QUESTION(
        "truefalse", "大写的也是对的。", ANSWER("0", "False") ANSWER("100", "True"))
                                QUESTION("truefalse", "中文的也能读懂。",
                                         ANSWER("0", "正确") ANSWER("100", "错误"))
                                    QUESTION("truefalse", "别的词就说不清了。",
                                             ANSWER("100", "maybe")) "</quiz>");

    (void)state;
    assert_members(&found, { 0, "key", "true" }, { 1, "key", "false" });
    assert_told(&found, "4[truefalse] no answer is right");
}

static void what_editors_write_becomes_characters(void **state)
{
    GATHERED found =
        gather("<quiz>" QUESTION("shortanswer",
                                 "<h3>面积</h3><table><tr>在20&deg;C时</tr></"
                                 "table>10<sup>-3</sup>米&ndash;H<sub>2</sub>O",
                                 ANSWER("100", "1&times;2&le;3")) "</quiz>");

    (void)state;
    assert_all_well(&found, 1);
    assert_members(&found, { 0, "stem", "面积\n在20°C时\n10⁻³米–H2O____" },
                   { 0, "key/0", "1×2≤3" });
}

/* "国标" in GB2312, which expat does not know. */
static void xml_may_be_of_chinese_encodings(void **state)
{
    GATHERED found = gather("<?xml version='1.0' encoding='GB2312'?><quiz>" QUESTION(
        "truefalse", "\xb9\xfa\xb1\xea\xb1\xea\xd7\xbc",
        ANSWER("100", "true")) "</quiz>");

    (void)state;
    assert_all_well(&found, 1);
    assert_member(&found, 0, "stem", "国标标准");
}

#define ITEM(cardinality, correct, body, rest)                                         \
    "<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1' identifier='q'>" \
    "<responseDeclaration identifier='RESPONSE' cardinality='" cardinality             \
    "'><correctResponse><value>" correct "</value></correctResponse>"                  \
    "</responseDeclaration><itemBody>" body "</itemBody>" rest "</assessmentItem>"
#define TWO(prompt, one, other)                                                        \
    "<choiceInteraction responseIdentifier='RESPONSE'><prompt>" prompt                 \
    "</prompt><simpleChoice identifier='" one                                          \
    "'>甲</simpleChoice><simpleChoice identifier='" other                              \
    "'>乙</simpleChoice></choiceInteraction>"

static void items_of_qti_have_long_names_and_feedback(void **state)
{
    GATHERED uuids =
        gather(ITEM("single", "choice-0d4a9f46-3b6f-4a9b-a1d0-123456780002",
                    TWO("<h2>选择</h2>x<sup>2</sup>是哪一个？",
                        "choice-0d4a9f46-3b6f-4a9b-a1d0-123456780001",
                        "choice-0d4a9f46-3b6f-4a9b-a1d0-123456780002"),
                    ""));
    GATHERED feedback = gather(
        ITEM("multiple", "A",
             TWO("哪一个是对的？", "A", "B") "<feedbackBlock identifier='A'>答案是甲。"
                                             "</feedbackBlock>",
             "<modalFeedback identifier='A'>对了。</modalFeedback>"));
    GATHERED picture = gather(ITEM(
        "single", "A", "<p><img src='a.png'/></p>" TWO("是哪一个？", "A", "B"), ""));
    GATHERED template = gather(
        "<assessmentItem identifier='q'><responseDeclaration cardinality='single'/>"
        "<templateDeclaration identifier='N'/><itemBody><h2>题</h2><p><printedVariable "
        "identifier='N'/>是几？</p><textEntryInteraction/></itemBody></"
        "assessmentItem>");
    GATHERED old = gather("<questestinterop><item/></questestinterop>");

    (void)state;
    assert_all_well(&uuids, 1);
    assert_members(&uuids, { 0, "stem", "选择\nx²是哪一个？" }, { 0, "key", "B" });
    assert_members(&feedback, { 0, "type", "single" }, { 0, "stem", "哪一个是对的？" },
                   { 0, "explanation", "答案是甲。\n对了。" });
    assert_told(&picture, "1[] it has a picture");
    assert_told(&template, "1[] it is made of template variables");
    assert_told(&old,
                "1[] this is QTI 1.2, which cannot be read; export it as QTI 2.1 or"
                " newer.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_of_gift_have_kinds_of_their_own),
        cmocka_unit_test(pictures_sounds_and_formulas_are_refused),
        cmocka_unit_test(one_right_choice_makes_a_single),
        cmocka_unit_test(true_and_false_are_read_in_other_words),
        cmocka_unit_test(what_editors_write_becomes_characters),
        cmocka_unit_test(xml_may_be_of_chinese_encodings),
        cmocka_unit_test(items_of_qti_have_long_names_and_feedback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
