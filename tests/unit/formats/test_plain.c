/* Text as teachers type it. */
#include "gathered.h"

static void a_paper_with_sections_is_read(void **state)
{
    GATHERED found = gather("消防知识竞赛试题\n"
                            "一、单选题（每题2分，共4分）\n"
                            "1. 电气火灾应使用哪种灭火器？（ B ）\n"
                            "A. 水\n"
                            "B、干粉\n"
                            "Ｃ．泡沫\n"
                            "解析：水会导电，\n"
                            "不能使用。\n"
                            "2、中国的火警电话是（　　）。\n"
                            "A.110  B.119　C、120 D：122\n"
                            "【答案】Ｂ【解析】各地相同，请记牢。\n"
                            "二、多项选择题\n"
                            "（3）下列可以灭火的是：(A、C)\n"
                            "(A)水 (B)油 (C)沙\n"
                            "三、判断题\n"
                            "4．灭火器要定期检查。（√）\n"
                            "第5题 灭火器可以锁起来（×）\n"
                            "四、填空题\n"
                            "6. 灭火器每（12）个月检查一次。\n"
                            "7) 火警电话是____。\n"
                            "参考答案：119|一一九\n"
                            "难度：难\n");

    (void)state;
    assert_all_well(&found, 7);
    assert_int_equal(found.format, FORMAT_PLAIN);
    static const struct expected rows[] = {
        { 0, "type", "single" },
        { 0, "stem", "电气火灾应使用哪种灭火器？（　　）" },
        { 0, "choices/2", "泡沫" },
        { 0, "key", "B" },
        { 0, "explanation", "水会导电，\n不能使用。" },
        { 1, "choices/1", "119" },
        { 1, "choices/3", "122" },
        { 1, "key", "B" },
        { 1, "explanation", "各地相同，请记牢。" },
        { 2, "type", "multiple" },
        { 2, "key", "AC" },
        { 2, "stem", "下列可以灭火的是：（　　）" },
        { 3, "key", "true" },
        { 3, "stem", "灭火器要定期检查。" },
        { 4, "key", "false" },
        { 4, "stem", "灭火器可以锁起来" },
        { 5, "stem", "灭火器每____个月检查一次。" },
        { 5, "key/0", "12" },
        { 6, "key/1", "一一九" },
        { 0 },
    };
    assert_each_member(&found, rows);
}

static void a_type_may_stand_before_each_question(void **state)
{
    GATHERED found = gather("【单选题】1. 先做哪一件？\nA. 甲\nB. 乙\n答案：A\n"
                            "2. 【判断题】这句话是对的。\n答案：错\n"
                            "(多选题)3. 选哪几个？\nA. 甲\nB. 乙\nC. 丙\n答案：AC\n");

    (void)state;
    assert_all_well(&found, 3);
    assert_members(&found, { 0, "type", "single" }, { 1, "type", "judge" },
                   { 2, "type", "multiple" });
}

static void without_types_the_answers_tell(void **state)
{
    GATHERED found = gather("1. 选一个。\nA. 甲\nB. 乙\n答案：B\n\n"
                            "2. 选两个。\nA. 甲\nB. 乙\nC. 丙\n答案：BC\n\n"
                            "3. 这句话是对的。\n答案：正确\n\n"
                            "没有编号的____题。\n答案：填空\n");

    (void)state;
    assert_all_well(&found, 4);
    assert_members(&found, { 0, "type", "single" }, { 1, "type", "multiple" },
                   { 2, "type", "judge" }, { 3, "type", "blank" });
}

/* The same letters with an answer of their own are part of the text. */
static void brackets_that_are_not_the_answer_stay(void **state)
{
    GATHERED found = gather("1. 维生素（A）有什么作用？\nA. 明目\nB. 止血\n答案：B\n"
                            "2. 维生素（C）存在于（　　）。\nA. 肉\nB. 柑橘\n答案：B\n"
                            "3. 长度是1.5米\nA. 对的说法\nB. 错的说法\n答案：A\n");

    (void)state;
    assert_all_well(&found, 3);
    assert_members(&found, { 0, "stem", "维生素（A）有什么作用？" },
                   { 1, "stem", "维生素（C）存在于（　　）。" },
                   { 2, "stem", "长度是1.5米" });
}

static void every_mistake_is_named_with_its_line(void **state)
{
    GATHERED found = gather("一、单选题\n"
                            "1. 没有答案的题。\nA. 甲\nB. 乙\n"
                            "2. 答案不在选项里。（D）\nA. 甲\nB. 乙\n"
                            "二、简答题\n"
                            "3. 谈谈认识。\n答案：略\n"
                            "三、判断题\n"
                            "4. 不对不错的题。\n答案：也许\n"
                            "5. 写了两个答案。\n答案：对\n答案：错\n");

    (void)state;
    assert_true(found.ok);
    assert_int_equal(json_array_size(found.questions), 1);
    assert_told(&found, "2[答案] the key is missing",
                "5[题干的括号] the key has a letter without a choice",
                "9[题型] the type should be", "13[答案] the key of a judge question",
                "16[答案] it stands twice");
}

static void a_text_without_questions_is_refused(void **state)
{
    GATHERED found = gather("今天天气不错。\n明天也是。\n");

    (void)state;
    assert_refused(&found, "no question");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_with_sections_is_read),
        cmocka_unit_test(a_type_may_stand_before_each_question),
        cmocka_unit_test(without_types_the_answers_tell),
        cmocka_unit_test(brackets_that_are_not_the_answer_stay),
        cmocka_unit_test(every_mistake_is_named_with_its_line),
        cmocka_unit_test(a_text_without_questions_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
