#include "../paper/sample.h"
#include "score/score.h"

/* The keys of the samples: single B, multiple ACD, judge false, blank 1925 or 一九二五.
 */
enum { A = 1, B = 2, C = 4, D = 8, E = 16 };

static struct mark score(struct arena *arena, enum question_type type, int64_t points,
                         struct answer answer, enum partial partial)
{
    struct item item = { .question = sample_question(arena, "a", 1, type, 1),
                         .points = points };

    return score_item(&item, &answer, partial);
}

static void choices_earn_what_the_table_says(void **state)
{
    static const struct {
        enum question_type type;
        uint16_t chosen;
        bool is_right;
        int64_t none, nothing_wrong; /* points, by the rule for multiple questions */
    } table[] = {
        { QUESTION_SINGLE, B, true, 1000, 1000 },
        { QUESTION_SINGLE, A, false, 0, 0 },
        { QUESTION_SINGLE, A | B, false, 0, 0 },
        { QUESTION_JUDGE, B, true, 1000, 1000 },
        { QUESTION_JUDGE, A, false, 0, 0 },
        { QUESTION_MULTIPLE, A | C | D, true, 1000, 1000 },
        { QUESTION_MULTIPLE, A | C, false, 0, 666 },
        { QUESTION_MULTIPLE, D, false, 0, 333 },
        { QUESTION_MULTIPLE, B, false, 0, 0 },
        { QUESTION_MULTIPLE, A | B, false, 0, 0 },
        { QUESTION_MULTIPLE, A | B | C | D, false, 0, 0 },
        { QUESTION_MULTIPLE, A | C | D | E, false, 0, 0 },
        { QUESTION_MULTIPLE, A | C | D | 1 << 7, false, 0, 0 }, /* no such choice */
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct answer answer = { .is_given = true, .choices = table[i].chosen };
        struct mark none = score(*state, table[i].type, 1000, answer, PARTIAL_NONE);
        struct mark some =
            score(*state, table[i].type, 1000, answer, PARTIAL_NOTHING_WRONG);

        assert_int_equal(none.is_right, table[i].is_right);
        assert_int_equal(some.is_right, table[i].is_right);
        assert_int_equal(none.points, table[i].none);
        assert_int_equal(some.points, table[i].nothing_wrong);
    }
}

static void no_answer_earns_nothing(void **state)
{
    for (int type = QUESTION_SINGLE; type <= QUESTION_BLANK; type++) {
        struct mark mark = score(*state, (enum question_type)type, 1000,
                                 (struct answer){ 0 }, PARTIAL_NOTHING_WRONG);

        assert_false(mark.is_right);
        assert_int_equal(mark.points, 0);
    }
}

static void a_blank_is_right_however_it_is_typed(void **state)
{
    static const struct {
        const char *text;
        bool is_right;
    } table[] = {
        { "1925", true },     { "１９２５", true },    { " 19 25 。", true },
        { "一九二五", true }, { "1926", false },       { "1925年", false },
        { "192", false },     { "一九二五五", false },
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct answer answer = { .is_given = true, .text = table[i].text };
        struct mark mark = score(*state, QUESTION_BLANK, 250, answer, PARTIAL_NONE);

        assert_int_equal(mark.is_right, table[i].is_right);
        assert_int_equal(mark.points, table[i].is_right ? 250 : 0);
    }
}

static void an_answer_of_the_other_kind_is_wrong(void **state)
{
    struct answer text = { .is_given = true, .text = "B" };
    struct answer choice = { .is_given = true, .choices = A };

    assert_int_equal(score(*state, QUESTION_SINGLE, 100, text, PARTIAL_NONE).points, 0);
    assert_int_equal(
        score(*state, QUESTION_MULTIPLE, 100, text, PARTIAL_NOTHING_WRONG).points, 0);
    assert_int_equal(score(*state, QUESTION_BLANK, 100, choice, PARTIAL_NONE).points,
                     0);
}

/* A single shown as C A B D E, a multiple half right, and a blank. */
static void small_paper(struct arena *arena, struct paper *out,
                        struct answer answers[3])
{
    static const struct item items[] = {
        { .points = 250, .choices = { 2, 0, 1, 3, 4 } },
        { .points = 300, .choices = { 4, 3, 2, 1, 0 } },
        { .points = 150 },
    };

    out->n_items = 3;
    out->items = arena_alloc(arena, sizeof(items));
    memcpy(out->items, items, sizeof(items));
    out->items[0].question = sample_question(arena, "a", 1, QUESTION_SINGLE, 1);
    out->items[1].question = sample_question(arena, "a", 2, QUESTION_MULTIPLE, 1);
    out->items[2].question = sample_question(arena, "a", 3, QUESTION_BLANK, 1);
    answers[0] = (struct answer){ .is_given = true, .choices = B };
    answers[1] = (struct answer){ .is_given = true, .choices = A | D };
    answers[2] = (struct answer){ 0 };
}

static void a_paper_earns_the_sum(void **state)
{
    struct paper paper;
    struct answer answers[3];
    struct mark marks[3];

    small_paper(*state, &paper, answers);
    struct result result = score_paper(&paper, answers, PARTIAL_NOTHING_WRONG, marks);
    assert_int_equal(result.points, 250 + 200);
    assert_int_equal(result.n_right, 1);
    assert_true(marks[0].is_right);
    assert_int_equal(marks[1].points, 200);
    assert_int_equal(marks[2].points, 0);
    result = score_paper(&paper, answers, PARTIAL_NONE, NULL);
    assert_int_equal(result.points, 250);
}

static void the_result_is_written_with_keys_and_reasons(void **state)
{
    struct paper paper;
    struct answer answers[3];
    struct mark marks[3];
    TEXT(text);

    small_paper(*state, &paper, answers);
    score_paper(&paper, answers, PARTIAL_NOTHING_WRONG, marks);
    score_write(&paper, answers, marks, &text);
    json_t *json = json_loads(text.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    json_t *expected = json_pack(
        "{s:i, s:s, s:s, s:f, s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, "
        "s:s}],"
        " s:s, s:i, s:{s:[s]}, s:{s:[s]}, s:b, s:f, s:s, s:{s:s, s:s}}",
        "number", 1, "type", "single", "stem", "第1题：____", "points", 2.5, "choices",
        "label", "A", "text", "甲2", "label", "B", "text", "甲0", "label", "C", "text",
        "甲1", "label", "D", "text", "甲3", "label", "E", "text", "甲4", "question",
        "a-001", "revision", 2, "key", "choices", "C", "answer", "choices", "C",
        "right", 1, "earned", 2.5, "explanation", "书上有说明。", "source", "document",
        "工会法", "locator", "第二条");
    assert_true(json_equal(json_array_get(json, 0), expected));
    json_decref(expected);
    json_decref(json);
}

static void the_whole_key_is_shown_in_the_order_shown(void **state)
{
    struct paper paper;
    struct answer answers[3];
    struct mark marks[3];
    TEXT(text);

    small_paper(*state, &paper, answers);
    score_paper(&paper, answers, PARTIAL_NOTHING_WRONG, marks);
    score_write(&paper, answers, marks, &text);
    assert_non_null(strstr(text.data, "\"question\":\"a-002\",\"revision\":3,"
                                      "\"key\":{\"choices\":[\"B\",\"C\",\"E\"]},"
                                      "\"answer\":{\"choices\":[\"B\",\"E\"]},"
                                      "\"right\":false,\"earned\":2,"));
}

static void an_unanswered_blank_shows_its_key_and_no_answer(void **state)
{
    struct paper paper;
    struct answer answers[3];
    struct mark marks[3];
    TEXT(text);

    small_paper(*state, &paper, answers);
    score_paper(&paper, answers, PARTIAL_NONE, marks);
    score_write(&paper, answers, marks, &text);
    assert_non_null(strstr(text.data, "\"key\":{\"text\":\"1925\"},\"answer\":null,"
                                      "\"right\":false,\"earned\":0,"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(choices_earn_what_the_table_says),
        TEST(no_answer_earns_nothing),
        TEST(a_blank_is_right_however_it_is_typed),
        TEST(an_answer_of_the_other_kind_is_wrong),
        TEST(a_paper_earns_the_sum),
        TEST(the_result_is_written_with_keys_and_reasons),
        TEST(the_whole_key_is_shown_in_the_order_shown),
        TEST(an_unanswered_blank_shows_its_key_and_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
