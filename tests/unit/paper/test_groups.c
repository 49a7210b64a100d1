#include "sample.h"

#include <stdlib.h>

#include "paper/groups.h"

enum { MOST = 60, N_SECTIONS = 3 };

static const char *const topics[] = { "a", "b", "c" };
static const char *const names[] = { "g0", "g1", "g2", "g3", "g4", "g5" };

struct design {
    struct rules rules;
    const struct question *questions[N_SECTIONS * MOST], *pools[N_SECTIONS][MOST];
    int n, sizes[N_SECTIONS];
};

static void add_section(struct design *design, struct arena *arena, int n, int count)
{
    int section = design->rules.n_sections++;

    design->rules.sections[section] = (struct section){
        .type = -1, .n_topics = 1, .topics = { topics[section] }, .count = count
    };
    design->rules.n_questions += count;
    design->sizes[section] = n;
    for (int i = 0; i < n; i++)
        design->pools[section][i] = design->questions[design->n++] =
            sample_question(arena, topics[section], i, QUESTION_JUDGE, 1);
}

static void tie(struct design *design, int section, int first, int n, int group)
{
    for (int i = first; i < first + n; i++)
        sample_conflict(design->pools[section][i], names[group]);
}

static bool make(const struct design *design, struct arena *arena, struct plan *out,
                 struct error *err)
{
    return plan_make(&design->rules, design->questions, design->n, arena, out, err);
}

static void each_question_has_a_number_of_its_own_and_those_of_its_groups(void **state)
{
    struct design design = { 0 };
    struct plan plan;
    struct error err;

    add_section(&design, *state, 4, 1);
    add_section(&design, *state, 3, 1);
    tie(&design, 0, 0, 2, 1);
    tie(&design, 0, 1, 1, 0);
    tie(&design, 1, 2, 1, 0);
    tie(&design, 1, 0, 1, 2); /* nobody else: no group at all */
    assert_true(make(&design, *state, &plan, &err));
    assert_int_equal(plan.width, 3);
    assert_int_equal(plan.n_groups, 7 + 2);
    static const uint32_t first[] = { 0, 8, 0, 1, 7, 8, 2, 2, 2, 3, 3, 3 },
                          second[] = { 4, 4, 4, 5, 5, 5, 6, 7, 6 };
    assert_memory_equal(plan.pools[0].groups, first, sizeof(first));
    assert_memory_equal(plan.pools[1].groups, second, sizeof(second));
}

static void refused(const struct design *design, struct arena *arena, int section,
                    int lack)
{
    struct plan plan = { 0 };
    struct error err = { 0 };
    char where[64], says[64];

    assert_false(make(design, arena, &plan, &err));
    assert_null(plan.rules);
    assert_int_equal(err.problem, PROBLEM_POOL_CONFLICTS);
    snprintf(where, sizeof(where), "/paper/sections/%d/count", section);
    assert_string_equal(err.where, where);
    snprintf(says, sizeof(says), ": %d more without a group", lack);
    if (!strstr(err.detail[ENGLISH], says))
        fail_msg("\"%s\" does not say \"%s\"", err.detail[ENGLISH], says);
}

static void a_group_within_a_section_counts_as_one_question(void **state)
{
    for (int count = 1; count <= 8; count++) {
        struct design design = { 0 };
        struct plan plan;
        struct error err;

        add_section(&design, *state, 10, count);
        tie(&design, 0, 0, 4, 0);
        tie(&design, 0, 4, 3, 1);
        if (count <= 5)
            assert_true(make(&design, *state, &plan, &err));
        else
            refused(&design, *state, 0, count - 5);
    }
}

static void a_group_across_sections_may_be_used_up_by_the_other(void **state)
{
    for (int count = 1; count <= 6; count++) {
        struct design design = { 0 };
        struct plan plan;
        struct error err;

        add_section(&design, *state, 30, 1);
        add_section(&design, *state, 7, count);
        tie(&design, 0, 0, 1, 0);
        tie(&design, 1, 0, 3, 0);
        if (count <= 4)
            assert_true(make(&design, *state, &plan, &err));
        else
            refused(&design, *state, 1, count - 4);
    }
}

/* Six pairs across, but the other section draws two questions only. */
static void a_section_that_draws_little_shuts_out_little(void **state)
{
    for (int count = 1; count <= 10; count++) {
        struct design design = { 0 };
        struct plan plan;
        struct error err;

        add_section(&design, *state, 10, count);
        add_section(&design, *state, 20, 2);
        for (int g = 0; g < 6; g++) {
            tie(&design, 0, g, 1, g);
            tie(&design, 1, g, 1, g);
        }
        if (count <= 8)
            assert_true(make(&design, *state, &plan, &err));
        else
            refused(&design, *state, 0, count - 8);
    }
}

static int below(int n)
{
    return (int)(random() % n);
}

static void scatter(struct design *design, struct arena *arena)
{
    int n_sections = 1 + below(N_SECTIONS), n_groups = below(6);

    for (int s = 0; s < n_sections; s++) {
        int count = 1 + below(5);

        add_section(design, arena, count + below(8), count);
    }
    for (int g = 0; g < n_groups; g++)
        for (int i = 0; i < design->n; i++)
            if (below(5) == 0)
                sample_conflict(design->questions[i], names[g]);
}

static bool share_group(const struct question *a, const struct question *b)
{
    for (int i = 0; i < a->n_conflicts; i++)
        for (int j = 0; j < b->n_conflicts; j++)
            if (a->conflicts[i] == b->conflicts[j])
                return true;
    return a == b;
}

struct paper_so_far {
    const struct question *taken[N_SECTIONS * MOST];
    int n, n_of[N_SECTIONS];
};

/* One that fits, by chance, or the one that shuts out most; NULL if none does. */
static const struct question *pick(const struct design *design, int section,
                                   const struct paper_so_far *paper, bool is_mean)
{
    const struct question *picked = NULL;
    int most = -1;

    for (int i = 0; i < design->sizes[section]; i++) {
        const struct question *question = design->pools[section][i];
        bool fits = true;
        int worth = below(1000);

        for (int j = 0; j < paper->n; j++)
            fits &= !share_group(question, paper->taken[j]);
        for (int j = 0; is_mean && j < design->n; j++)
            worth += share_group(question, design->questions[j]) ? 1000 : 0;
        if (fits && worth > most) {
            picked = question;
            most = worth;
        }
    }
    return picked;
}

/* Fills a paper in any order of sections; false when something was missing. */
static bool fill(const struct design *design, bool is_mean)
{
    struct paper_so_far paper = { 0 };

    while (paper.n < design->rules.n_questions) {
        int section = below(design->rules.n_sections);

        if (paper.n_of[section] == design->rules.sections[section].count)
            continue;
        const struct question *question = pick(design, section, &paper, is_mean);
        if (!question)
            return false;
        paper.n_of[section]++;
        paper.taken[paper.n++] = question;
    }
    return true;
}

/* What is refused for want of k questions is taken, as to that section, with k more. */
static void mend(struct design *design, struct arena *arena, const struct error *err)
{
    const char *lack = strstr(err->detail[ENGLISH], ": ");
    int section = err->where[strlen("/paper/sections/")] - '0', k = atoi(lack + 2);
    struct plan plan;
    struct error other;

    for (int i = 0; i < k; i++) {
        assert_false(make(design, arena, &plan, &other));
        assert_string_equal(other.where, err->where);
        design->questions[design->n++] =
            sample_question(arena, topics[section], MOST + i, QUESTION_JUDGE, 1);
    }
    if (!make(design, arena, &plan, &other))
        assert_string_not_equal(other.where, err->where);
}

static void a_plan_that_is_taken_never_runs_short(void **state)
{
    int n_taken = 0, n_short = 0;

    (void)state;
    srandom(1);
    for (int round = 0; round < 3000; round++) {
        struct design design = { 0 };
        struct arena arena;
        struct plan plan;
        struct error err;

        arena_init(&arena);
        scatter(&design, &arena);
        bool is_taken = make(&design, &arena, &plan, &err), any_short = false;
        for (int i = 0; i < 40; i++)
            any_short |= !fill(&design, i % 2);
        assert_false(is_taken && any_short);
        n_taken += is_taken;
        n_short += any_short;
        if (!is_taken)
            mend(&design, &arena, &err);
        arena_done(&arena);
    }
    assert_true(n_taken > 1000 && n_short > 300); /* or nothing was tried */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_question_has_a_number_of_its_own_and_those_of_its_groups),
        TEST(a_group_within_a_section_counts_as_one_question),
        TEST(a_group_across_sections_may_be_used_up_by_the_other),
        TEST(a_section_that_draws_little_shuts_out_little),
        TEST(a_plan_that_is_taken_never_runs_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
