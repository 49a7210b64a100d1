#include "sample.h"
#include "chi.h"

static void draw(const struct plan *plan, unsigned person, unsigned attempt,
                 int ordinal, struct arena *arena, struct paper *out)
{
    uint8_t person_seed[SEED_BYTES], attempt_seed[SEED_BYTES];

    sample_seed(person_seed, person);
    sample_seed(attempt_seed, 1000000 + attempt);
    paper_draw(plan, person_seed, attempt_seed, ordinal, arena, out);
}

static bool same_items(const struct paper *a, const struct paper *b)
{
    for (int i = 0; i < a->n_items; i++)
        if (a->items[i].question != b->items[i].question ||
            memcmp(a->items[i].choices, b->items[i].choices, MAX_CHOICES))
            return false;
    return a->n_items == b->n_items;
}

static bool has(const struct paper *paper, const struct question *question)
{
    for (int i = 0; i < paper->n_items; i++)
        if (paper->items[i].question == question)
            return true;
    return false;
}

static bool same_questions(const struct paper *a, const struct paper *b)
{
    for (int i = 0; i < a->n_items; i++)
        if (!has(b, a->items[i].question))
            return false;
    return a->n_items == b->n_items;
}

/* Three sections: 4 of 9 single, 3 of 5 judge, 2 of 2 blank. */
static void mixed_plan(struct arena *arena, enum repeat repeat, struct plan *out)
{
    static const struct section sections[] = {
        { .type = QUESTION_SINGLE, .count = 4, .points = 250 },
        { .type = QUESTION_JUDGE, .count = 3, .points = 100 },
        { .type = QUESTION_BLANK, .count = 2, .points = 500 },
    };
    static const int sizes[] = { 9, 5, 2 };
    struct rules *rules = arena_alloc(arena, sizeof(*rules));
    const struct question *questions[16];
    struct error err;
    int n = 0;

    *rules = (struct rules){
        .repeat = repeat, .shuffle_choices = true, .n_sections = 3, .n_questions = 9
    };
    for (int i = 0; i < 3; i++) {
        rules->sections[i] = sections[i];
        for (int j = 0; j < sizes[i]; j++)
            questions[n++] =
                sample_question(arena, question_type_names[sections[i].type], j,
                                (enum question_type)sections[i].type, 1);
    }
    assert_true(plan_make(rules, questions, n, arena, out, &err));
}

static void each_section_gives_its_count_in_its_place(void **state)
{
    struct plan plan;
    struct paper paper;

    for (int repeat = REPEAT_FRESH; repeat <= REPEAT_SAME; repeat++) {
        mixed_plan(*state, (enum repeat)repeat, &plan);
        for (int ordinal = 1; ordinal <= 50; ordinal++) {
            draw(&plan, 1, (unsigned)ordinal, ordinal, *state, &paper);
            assert_int_equal(paper.n_items, 9);
            for (int i = 0; i < 9; i++) {
                const struct item *item = &paper.items[i];

                assert_int_equal(item->question->type, i < 4   ? QUESTION_SINGLE
                                                       : i < 7 ? QUESTION_JUDGE
                                                               : QUESTION_BLANK);
                assert_int_equal(item->points, i < 4 ? 250 : i < 7 ? 100 : 500);
            }
        }
    }
}

static void no_paper_has_a_question_twice(void **state)
{
    struct plan plan;
    struct paper paper;

    for (int repeat = REPEAT_FRESH; repeat <= REPEAT_SAME; repeat++) {
        sample_plan(*state, (enum repeat)repeat, QUESTION_JUDGE, 13, 9, &plan);
        for (int ordinal = 1; ordinal <= 100; ordinal++) {
            draw(&plan, 1, (unsigned)ordinal, ordinal, *state, &paper);
            for (int i = 0; i < 9; i++)
                for (int j = 0; j < i; j++)
                    assert_ptr_not_equal(paper.items[i].question,
                                         paper.items[j].question);
        }
    }
}

static void the_same_seeds_give_the_same_paper(void **state)
{
    struct plan plan;
    struct paper paper, again;

    for (int repeat = REPEAT_FRESH; repeat <= REPEAT_SAME; repeat++) {
        mixed_plan(*state, (enum repeat)repeat, &plan);
        for (int ordinal = 1; ordinal <= 20; ordinal++) {
            draw(&plan, 3, (unsigned)ordinal, ordinal, *state, &paper);
            draw(&plan, 3, (unsigned)ordinal, ordinal, *state, &again);
            assert_true(same_items(&paper, &again));
        }
    }
}

static const char *write_items(struct arena *arena, const struct paper *paper)
{
    TEXT(drawn);

    for (int i = 0; i < paper->n_items; i++) {
        const struct item *item = &paper->items[i];

        text_printf(&drawn, i ? " %s:" : "%s:", item->question->id);
        for (int j = 0; j < item->question->n_choices; j++)
            text_printf(&drawn, "%d", item->choices[j]);
    }
    return arena_string(arena, drawn.data);
}

/* Of two sections, with groups within each and across. */
static void tied_plan(struct arena *arena, enum repeat repeat, struct plan *out)
{
    struct rules *rules = arena_alloc(arena, sizeof(*rules));
    const struct question *questions[30];
    struct error err;

    *rules = (struct rules){
        .repeat = repeat, .shuffle_choices = true, .n_sections = 2, .n_questions = 5
    };
    rules->sections[0] = (struct section){ .type = QUESTION_MULTIPLE, .count = 3 };
    rules->sections[1] = (struct section){ .type = QUESTION_JUDGE, .count = 2 };
    for (int i = 0; i < 30; i++)
        questions[i] = sample_question(arena, i < 20 ? "m" : "j", i,
                                       i < 20 ? QUESTION_MULTIPLE : QUESTION_JUDGE, 1);
    for (int i = 0; i < 30; i += 2)
        sample_conflict(questions[i], i % 4 ? "even" : i % 8 ? "four" : "eight");
    assert_true(plan_make(rules, questions, 30, arena, out, &err));
}

/* An audit years later must draw what was drawn then: these papers may never change. */
static void a_paper_drawn_once_is_drawn_so_for_ever(void **state)
{
    static const struct {
        enum repeat repeat;
        int ordinal;
        const char *items;
    } drawn[] = {
        { REPEAT_FRESH, 1, "m-016:34012 m-001:20341 m-013:12043 j-029:01 j-026:01" },
        { REPEAT_FRESH, 2, "m-004:34012 m-011:20341 m-003:12043 j-022:01 j-024:01" },
        { REPEAT_FRESH, 8, "m-001:34012 m-017:20341 m-016:12043 j-022:01 j-025:01" },
        { REPEAT_FRESH, 77, "m-003:34012 m-011:20341 m-010:12043 j-028:01 j-021:01" },
        { REPEAT_FRESH, 512, "m-007:34012 m-015:20341 m-000:12043 j-026:01 j-027:01" },
        { REPEAT_FRESH, 513, "m-004:34012 m-006:20341 m-015:12043 j-023:01 j-029:01" },
        { REPEAT_INDEPENDENT, 3,
          "m-005:34012 m-004:20341 m-017:12043 j-026:01 j-024:01" },
        { REPEAT_SAME, 4, "m-001:30124 m-016:32410 m-013:32401 j-026:01 j-029:01" },
    };

    for (size_t i = 0; i < sizeof(drawn) / sizeof(drawn[0]); i++) {
        struct plan plan;
        struct paper paper;

        tied_plan(*state, drawn[i].repeat, &plan);
        draw(&plan, 1, 1, drawn[i].ordinal, *state, &paper);
        assert_string_equal(write_items(*state, &paper), drawn[i].items);
    }
}

static bool share_group(const struct question *a, const struct question *b)
{
    for (int i = 0; i < a->n_conflicts; i++)
        for (int j = 0; j < b->n_conflicts; j++)
            if (!strcmp(a->conflicts[i], b->conflicts[j]))
                return true;
    return false;
}

static void no_paper_has_two_questions_that_share_a_group(void **state)
{
    for (int repeat = REPEAT_FRESH; repeat <= REPEAT_SAME; repeat++) {
        struct plan plan;
        struct paper paper;

        tied_plan(*state, (enum repeat)repeat, &plan);
        for (unsigned ordinal = 1; ordinal <= 200; ordinal++) {
            draw(&plan, ordinal % 7, ordinal, (int)ordinal, *state, &paper);
            for (int i = 0; i < paper.n_items; i++)
                for (int j = 0; j < i; j++)
                    assert_false(
                        share_group(paper.items[i].question, paper.items[j].question));
        }
    }
}

static void fresh_papers_share_no_question_until_the_pool_is_used(void **state)
{
    struct plan plan;
    struct paper papers[5];

    sample_plan(*state, REPEAT_FRESH, QUESTION_JUDGE, 40, 8, &plan);
    for (int i = 0; i < 5; i++) {
        draw(&plan, 7, (unsigned)i, i + 1, *state, &papers[i]);
        for (int j = 0; j < i; j++)
            for (int k = 0; k < 8; k++)
                assert_false(has(&papers[j], papers[i].items[k].question));
    }
}

static void
another_attempt_seed_changes_the_order_but_not_the_fresh_questions(void **state)
{
    struct plan plan;
    struct paper one, other;

    sample_plan(*state, REPEAT_FRESH, QUESTION_SINGLE, 100, 20, &plan);
    draw(&plan, 7, 1, 3, *state, &one);
    draw(&plan, 7, 2, 3, *state, &other);
    assert_true(same_questions(&one, &other));
    assert_false(same_items(&one, &other));
}

static void independent_papers_depend_on_the_attempt_alone(void **state)
{
    struct plan plan;
    struct paper one, other;

    sample_plan(*state, REPEAT_INDEPENDENT, QUESTION_SINGLE, 100, 20, &plan);
    draw(&plan, 1, 5, 1, *state, &one);
    draw(&plan, 2, 5, 9, *state, &other);
    assert_true(same_items(&one, &other));
    draw(&plan, 1, 6, 1, *state, &other);
    assert_false(same_questions(&one, &other));
}

static void the_same_paper_is_the_same_in_every_attempt(void **state)
{
    struct plan plan;
    struct paper first, other;

    sample_plan(*state, REPEAT_SAME, QUESTION_MULTIPLE, 100, 20, &plan);
    draw(&plan, 1, 1, 1, *state, &first);
    for (unsigned attempt = 2; attempt < 50; attempt++) {
        draw(&plan, 1, attempt, (int)attempt, *state, &other);
        assert_true(same_items(&first, &other));
    }
    draw(&plan, 2, 1, 1, *state, &other);
    assert_false(same_questions(&first, &other));
}

static void the_order_within_a_section_is_uniform(void **state)
{
    int observed[6][6] = { 0 };
    struct plan plan;

    sample_plan(*state, REPEAT_FRESH, QUESTION_JUDGE, 6, 6, &plan);
    for (unsigned attempt = 0; attempt < 12000; attempt++) {
        struct arena arena;
        struct paper paper;

        arena_init(&arena);
        draw(&plan, 1, attempt, 1, &arena, &paper);
        for (int i = 0; i < 6; i++)
            observed[i][paper.items[i].question->revision - 1]++;
        arena_done(&arena);
    }
    for (int i = 0; i < 6; i++)
        assert_true(chi_square(observed[i], 6, 2000) < chi_square_limit(5));
}

/* All 120 orders of five choices. */
static void the_order_of_choices_is_uniform(void **state)
{
    static int observed[100000], orders[200];
    struct plan plan;
    int n = 0;

    sample_plan(*state, REPEAT_FRESH, QUESTION_MULTIPLE, 10, 10, &plan);
    for (unsigned attempt = 0; attempt < 6000; attempt++) {
        struct arena arena;
        struct paper paper;

        arena_init(&arena);
        draw(&plan, 1, attempt, 1, &arena, &paper);
        for (int i = 0; i < 10; i++) {
            int order = 0;

            for (int j = 0; j < 5; j++)
                order = order * 10 + paper.items[i].choices[j];
            observed[order]++;
        }
        arena_done(&arena);
    }
    for (int order = 0; order < 100000; order++)
        if (observed[order])
            orders[n++] = observed[order];
    assert_int_equal(n, 120);
    assert_true(chi_square(orders, 120, 500) < chi_square_limit(119));
}

static void the_choices_of_judge_questions_stay_in_order(void **state)
{
    struct plan plan;
    struct paper paper;

    sample_plan(*state, REPEAT_FRESH, QUESTION_JUDGE, 50, 10, &plan);
    for (int ordinal = 1; ordinal <= 50; ordinal++) {
        draw(&plan, 1, (unsigned)ordinal, ordinal, *state, &paper);
        for (int i = 0; i < 10; i++) {
            assert_int_equal(paper.items[i].choices[0], 0);
            assert_int_equal(paper.items[i].choices[1], 1);
        }
    }
}

/* How often each choice of a question drawn by itself stands in each place. */
static void a_question_by_itself_has_its_choices_in_the_order_of_the_seed(void **state)
{
    const struct question *single = sample_question(*state, "a", 1, QUESTION_SINGLE, 1);
    const struct question *judge = sample_question(*state, "a", 2, QUESTION_JUDGE, 1);
    int n[5][5] = { 0 };
    struct item item, again;
    uint8_t seed[SEED_BYTES];

    for (unsigned i = 0; i < 1000; i++) {
        sample_seed(seed, i);
        paper_draw_one(single, seed, &item);
        paper_draw_one(single, seed, &again);
        assert_memory_equal(item.choices, again.choices, 5);
        for (int place = 0; place < 5; place++)
            n[place][item.choices[place]]++;
        paper_draw_one(judge, seed, &item);
        assert_true(item.choices[0] == 0 && item.choices[1] == 1);
    }
    for (int i = 0; i < 25; i++)
        assert_in_range(n[i / 5][i % 5], 140, 260);
    paper_draw_one(single, NULL, &item);
    for (int place = 0; place < 5; place++)
        assert_int_equal(item.choices[place], place);
}

static void choices_stay_in_order_when_the_rules_say_so(void **state)
{
    struct plan plan;
    struct paper paper;

    sample_plan(*state, REPEAT_FRESH, QUESTION_SINGLE, 50, 10, &plan);
    struct rules fixed = *plan.rules;
    fixed.shuffle_choices = false;
    plan.rules = &fixed;
    for (int ordinal = 1; ordinal <= 50; ordinal++) {
        draw(&plan, 1, (unsigned)ordinal, ordinal, *state, &paper);
        for (int i = 0; i < 10; i++)
            for (int j = 0; j < 5; j++)
                assert_int_equal(paper.items[i].choices[j], j);
    }
}

static void a_paper_is_written_with_the_choices_as_shown(void **state)
{
    struct item items[] = {
        { .question = sample_question(*state, "a", 1, QUESTION_SINGLE, 1),
          .points = 250,
          .choices = { 4, 0, 3, 1, 2 } },
        { .question = sample_question(*state, "a", 2, QUESTION_JUDGE, 1),
          .points = 100,
          .choices = { 0, 1 } },
        { .question = sample_question(*state, "a", 3, QUESTION_BLANK, 1),
          .points = 1000 },
    };
    struct paper paper = { 3, items };
    TEXT(text);

    paper_write(&paper, &text);
    assert_string_equal(
        text.data,
        "[{\"number\":1,\"type\":\"single\",\"stem\":\"第1题：____\",\"points\":2.5,"
        "\"choices\":[{\"label\":\"A\",\"text\":\"甲4\"},{\"label\":\"B\",\"text\":"
        "\"甲0\"},"
        "{\"label\":\"C\",\"text\":\"甲3\"},{\"label\":\"D\",\"text\":\"甲1\"},"
        "{\"label\":\"E\",\"text\":\"甲2\"}]},"
        "{\"number\":2,\"type\":\"judge\",\"stem\":\"第2题：____\",\"points\":1,"
        "\"choices\":[{\"label\":\"A\",\"text\":\"正确\"},{\"label\":\"B\",\"text\":"
        "\"错误\"}]},"
        "{\"number\":3,\"type\":\"blank\",\"stem\":\"第3题：____\",\"points\":10}]");
}

static void an_empty_paper_is_an_empty_array(void **state)
{
    struct paper paper = { 0 };
    TEXT(text);

    (void)state;
    paper_write(&paper, &text);
    assert_string_equal(text.data, "[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_section_gives_its_count_in_its_place),
        TEST(no_paper_has_a_question_twice),
        TEST(the_same_seeds_give_the_same_paper),
        TEST(a_paper_drawn_once_is_drawn_so_for_ever),
        TEST(no_paper_has_two_questions_that_share_a_group),
        TEST(fresh_papers_share_no_question_until_the_pool_is_used),
        TEST(another_attempt_seed_changes_the_order_but_not_the_fresh_questions),
        TEST(independent_papers_depend_on_the_attempt_alone),
        TEST(the_same_paper_is_the_same_in_every_attempt),
        TEST(the_order_within_a_section_is_uniform),
        TEST(the_order_of_choices_is_uniform),
        TEST(the_choices_of_judge_questions_stay_in_order),
        TEST(a_question_by_itself_has_its_choices_in_the_order_of_the_seed),
        TEST(choices_stay_in_order_when_the_rules_say_so),
        TEST(a_paper_is_written_with_the_choices_as_shown),
        TEST(an_empty_paper_is_an_empty_array),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
