#include "sample.h"

static void rules_of(struct rules *rules, const struct section *sections, int n)
{
    *rules = (struct rules){ .n_sections = n };
    for (int i = 0; i < n; i++) {
        rules->sections[i] = sections[i];
        rules->n_questions += sections[i].count;
    }
}

/* Six questions: two topics, of each an easy single, an easy judge and a hard single.
 */
static void six(struct arena *arena, const struct question *out[6])
{
    static const char *const topics[] = { "history", "union-law" };

    for (int i = 0; i < 2; i++) {
        out[i * 3] = sample_question(arena, topics[i], 2, QUESTION_SINGLE, 1);
        out[i * 3 + 1] = sample_question(arena, topics[i], 1, QUESTION_JUDGE, 1);
        out[i * 3 + 2] = sample_question(arena, topics[i], 0, QUESTION_SINGLE, 3);
    }
}

static void sections_take_what_fits_them(void **state)
{
    static const struct section sections[] = {
        { .type = QUESTION_JUDGE, .count = 1 },
        { .type = QUESTION_SINGLE, .difficulty = 3, .count = 2 },
        { .type = -1, .difficulty = 2, .count = 0 },
        { .type = QUESTION_SINGLE,
          .difficulty = 1,
          .count = 1,
          .n_topics = 2,
          .topics = { "culture", "union-law" } },
    };
    struct rules rules;
    struct plan plan;
    struct error err;
    const struct question *questions[6];

    six(*state, questions);
    rules_of(&rules, sections, 4);
    assert_true(plan_make(&rules, questions, 6, *state, &plan, &err));
    assert_ptr_equal(plan.rules, &rules);
    assert_int_equal(plan.pools[0].n, 2);
    assert_int_equal(plan.pools[1].n, 2);
    assert_int_equal(plan.pools[2].n, 0);
    assert_int_equal(plan.pools[3].n, 1); /* the one of the other topic is left out */
    assert_ptr_equal(plan.pools[3].questions[0], questions[3]);
}

static void pools_are_in_order_of_id_whatever_the_order_given(void **state)
{
    static const struct section any = { .type = -1, .count = 1 };
    struct rules rules;
    struct plan plan, turned_plan;
    struct error err;
    const struct question *questions[6], *turned[6];

    six(*state, questions);
    for (int i = 0; i < 6; i++)
        turned[i] = questions[5 - i];
    rules_of(&rules, &any, 1);
    assert_true(plan_make(&rules, questions, 6, *state, &plan, &err));
    assert_true(plan_make(&rules, turned, 6, *state, &turned_plan, &err));
    for (int i = 0; i < 6; i++)
        assert_ptr_equal(plan.pools[0].questions[i], turned_plan.pools[0].questions[i]);
    for (int i = 1; i < 6; i++)
        assert_true(strcmp(plan.pools[0].questions[i - 1]->id,
                           plan.pools[0].questions[i]->id) < 0);
}

static void a_section_with_too_few_questions_is_refused(void **state)
{
    static const struct section sections[] = {
        { .type = QUESTION_SINGLE, .count = 4 },
        { .type = QUESTION_JUDGE, .count = 3 },
    };
    struct rules rules;
    struct plan plan = { 0 };
    struct error err;
    const struct question *questions[6];

    six(*state, questions);
    rules_of(&rules, sections, 2);
    assert_false(plan_make(&rules, questions, 6, *state, &plan, &err));
    assert_int_equal(err.problem, PROBLEM_POOL_SMALL);
    assert_string_equal(err.where, "/paper/sections/1/count");
    assert_string_equal(
        err.detail[ENGLISH],
        "Section 2 draws 3 questions and the bank has only 2 that fit.");
    assert_null(plan.rules);
}

static void sections_that_could_draw_the_same_question_are_refused(void **state)
{
    static const struct section sections[] = {
        { .type = QUESTION_JUDGE, .count = 1 },
        { .type = QUESTION_SINGLE, .difficulty = 1, .count = 1 },
        { .type = -1, .n_topics = 1, .topics = { "union-law" }, .count = 1 },
    };
    struct rules rules;
    struct plan plan;
    struct error err;
    const struct question *questions[6];

    six(*state, questions);
    rules_of(&rules, sections, 3);
    assert_false(plan_make(&rules, questions, 6, *state, &plan, &err));
    assert_int_equal(err.problem, PROBLEM_POOL_OVERLAP);
    assert_string_equal(err.where, "/paper/sections/2");
    assert_string_equal(err.detail[ENGLISH],
                        "Sections 2 and 3 can draw the same question (union-law-002).");
}

static void an_empty_bank_is_too_small(void **state)
{
    static const struct section any = { .type = -1, .count = 1 };
    struct rules rules;
    struct plan plan;
    struct error err;

    rules_of(&rules, &any, 1);
    assert_false(plan_make(&rules, NULL, 0, *state, &plan, &err));
    assert_int_equal(err.problem, PROBLEM_POOL_SMALL);
}

static void a_pool_too_small_for_the_cap_is_refused(void **state)
{
    static const struct section sections[] = {
        { .type = QUESTION_JUDGE, .count = 1 },                   /* of 2: 50 % */
        { .type = QUESTION_SINGLE, .difficulty = 3, .count = 1 }, /* of 2 */
        { .type = QUESTION_SINGLE, .difficulty = 1, .count = 2 }, /* of 2: all */
    };
    struct rules rules;
    struct plan plan;
    struct error err;
    const struct question *questions[6];

    six(*state, questions);
    rules_of(&rules, sections, 2);
    rules.exposure_cap = 50;
    assert_true(plan_make(&rules, questions, 6, *state, &plan, &err));
    rules.exposure_cap = 33;
    assert_false(plan_make(&rules, questions, 6, *state, &plan, &err));
    rules_of(&rules, sections, 3);
    rules.exposure_cap = 60;
    assert_false(plan_make(&rules, questions, 6, *state, &plan, &err));
    assert_int_equal(err.problem, PROBLEM_POOL_EXPOSED);
    assert_string_equal(err.where, "/paper/sections/2/count");
    assert_string_equal(err.detail[ENGLISH],
                        "Section 3 draws 2 of 2 questions: each is in more than 60% of the "
                        "papers; at least 4 questions are needed.");
    assert_string_equal(err.detail[CHINESE],
                        "第3部分要抽 2 题，题库中有 2 题符合条件，每题的曝光率会超过 60%；"
                        "至少需要 4 题。");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sections_take_what_fits_them),
        TEST(pools_are_in_order_of_id_whatever_the_order_given),
        TEST(a_section_with_too_few_questions_is_refused),
        TEST(sections_that_could_draw_the_same_question_are_refused),
        TEST(an_empty_bank_is_too_small),
        TEST(a_pool_too_small_for_the_cap_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
