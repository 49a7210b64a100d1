/* What is exported is read again as the very same questions, in every format. */
#include "gathered.h"

/* Texts that each format has its own trouble with; ' is for " and ^ for '. */
static const char odd[] =
    "[{'id':'odd-1','type':'single','topic':'t-1','difficulty':3,"
    "'stem':'= 1 < 2 & 3 > 2 {x} ~ # : \\\\n %50% "
    "（A）','choices':['=A','-1','\\\\','甲\\n乙',"
    "'a|b','%5%','{}','A. B'],'key':'B','explanation':'答案：A\\n解析：B ]]> "
    "####x','source':"
    "{'document':'【书】,^x^','locator':'a  b] [tag:x]','grade':'B'}},"
    "{'id':'odd-2','type':'multiple','topic':'t-1','difficulty':1,'stem':'下列属于A. "
    "甲 B. 乙的是',"
    "'choices':['*','^=1','答案：','// "
    "x'],'key':'ACD','explanation':'@见上文。','source':"
    "{'document':'d','locator':'l'},'conflicts':['a-1','b'],'review':{'pass':3,"
    "'date':'2026-01-02'}},"
    "{'id':'odd-3','type':'blank','topic':'t-1','difficulty':2,'stem':'____"
    "年，\\n（　　）成立',"
    "'key':['a|b','c；d','e\\\\','*','1 -> "
    "2','=x','%7%'],'explanation':'<b>书</b>&amp;','source':"
    "{'document':'d','locator':'l'}},"
    "{'id':'odd-4','type':'judge','topic':'t-1','difficulty':2,'stem':'1. "
    "工会（对）是群众组织（　　）',"
    "'key':false,'explanation':'::x:: $CATEGORY: y',"
    "'source':{'document':'d','locator':'l'},'conflicts':[],"
    "'review':{'pass':2,'date':'2026-01-02','digest':'0123456789ab'}},"
    "{'id':'odd-5','type':'single','topic':'t-1','difficulty':2,'stem':'// "
    "[html]下列哪个',"
    "'choices':['[html]对','[错]'],'key':'A','explanation':'[plain]没有别的说明。','source':"
    "{'document':'d','locator':'l'}},"
    "{'id':'odd-6','type':'blank','topic':'t-1','difficulty':2,'stem':'中国的首都是____"
    "',"
    "'key':['T'],'explanation':'没有别的说明。','source':{'document':'d','locator':'l'}"
    "}]";

static json_t *parse(const char *quoted)
{
    char *text = memory_copy(quoted, strlen(quoted));
    json_error_t why;

    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p == '^' ? '\'' : *p;
    json_t *json = json_loads(text, 0, &why);
    if (!json)
        fail_msg("%s at %d", why.text, why.position);
    free(text);
    return json;
}

static void assert_same_after(enum format format, const json_t *questions,
                              bool is_found)
{
    struct error err = { 0 };
    struct format_presets none = { 0 };
    json_t *question;
    size_t i;
    TEXT(file);

    if (!format_write(format, questions, &file, &err))
        fail_msg("%s: %s", format_names[format], err.detail[ENGLISH]);
    GATHERED found =
        gather_with(&none, is_found ? FORMAT_AUTO : format, file.data, file.length);
    if (!found.ok || *found.told.data)
        fail_msg("%s: %s %s", format_names[format], found.err.detail[ENGLISH],
                 found.told.data);
    assert_int_equal(found.format, format);
    assert_int_equal(json_array_size(found.questions), json_array_size(questions));
    json_array_foreach((json_t *)questions, i, question)
    {
        json_t *again = json_array_get(found.questions, i);

        if (!json_equal(question, again))
            fail_msg("%s: %s became %s", format_names[format],
                     json_dumps(question, JSON_COMPACT),
                     json_dumps(again, JSON_COMPACT));
    }
}

static void the_whole_bank_survives_every_format(void **state)
{
    AUTO(json_decrefp) json_t *bank = the_bank();

    (void)state;
    assert_true(json_array_size(bank) >= 600);
    for (int format = 0; format < N_FORMATS; format++)
        assert_same_after((enum format)format, bank, true);
}

static void odd_texts_survive_every_format(void **state)
{
    AUTO(json_decrefp) json_t *questions = parse(odd);

    (void)state;
    for (int format = 0; format < N_FORMATS; format++)
        assert_same_after((enum format)format, questions, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_bank_survives_every_format),
        cmocka_unit_test(odd_texts_survive_every_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
