#include "sample.h"
#include "chi.h"

#include <stdlib.h>

#include "paper/dealer.h"

enum { MOST = 600, MOST_SECTIONS = 4 };

/* A plan to be made: sections of judge questions, each with a topic of its own. */
struct design {
    int n_sections, n[MOST_SECTIONS], count[MOST_SECTIONS];
    const struct question *questions[MOST_SECTIONS][MOST];
};

static const char *const topics[] = { "a", "b", "c", "d" };
static const char *const names[] = { "g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7",
                                     "g8", "g9", "ga", "gb", "gc", "gd", "ge", "gf",
                                     "gg", "gh", "gi", "gj", "gk", "gl", "gm", "gn" };

static void add(struct design *design, struct arena *arena, int n, int count)
{
    int section = design->n_sections++;

    design->n[section] = n;
    design->count[section] = count;
    for (int i = 0; i < n; i++)
        design->questions[section][i] =
            sample_question(arena, topics[section], i, QUESTION_JUDGE, 1);
}

/* Questions first .. first + n - 1 of a section are in the group. */
static void tie(struct design *design, int section, int first, int n, int group)
{
    for (int i = first; i < first + n; i++)
        sample_conflict(design->questions[section][i], names[group]);
}

static bool make(const struct design *design, struct arena *arena, struct plan *out)
{
    struct rules *rules = arena_alloc(arena, sizeof(*rules));
    const struct question *all[MOST_SECTIONS * MOST];
    struct error err;
    int n = 0;

    rules->n_sections = design->n_sections;
    for (int s = 0; s < design->n_sections; s++) {
        rules->sections[s] = (struct section){ .type = -1,
                                               .n_topics = 1,
                                               .topics = { topics[s] },
                                               .count = design->count[s] };
        rules->n_questions += design->count[s];
        for (int i = 0; i < design->n[s]; i++)
            all[n++] = design->questions[s][i];
    }
    return plan_make(rules, all, n, arena, out, &err);
}

static void one_section(struct arena *arena, int n, int count, struct plan *out)
{
    static struct design design;

    design.n_sections = 0;
    add(&design, arena, n, count);
    assert_true(make(&design, arena, out));
}

static void deal(const struct plan *plan, unsigned seed_number, int ordinal,
                 uint32_t *out)
{
    uint8_t seed[SEED_BYTES];
    struct arena arena;

    arena_init(&arena);
    sample_seed(seed, seed_number);
    dealer_deal(plan, seed, ordinal, &arena, out);
    arena_done(&arena);
}

/* Follows the papers of one person, and knows nothing but what paper.h promises. */
struct reader {
    const struct plan *plan;
    bool is_left[MOST_SECTIONS][MOST]; /* of the cycle */
    int met_at[MOST_SECTIONS][MOST], n_met[MOST_SECTIONS][MOST];
    int paper;
};

static void open_reader(struct reader *reader, const struct plan *plan)
{
    *reader = (struct reader){ .plan = plan };
    memset(reader->is_left, true, sizeof(reader->is_left));
}

static bool share_group(const struct question *a, const struct question *b)
{
    for (int i = 0; i < a->n_conflicts; i++)
        for (int j = 0; j < b->n_conflicts; j++)
            if (!strcmp(a->conflicts[i], b->conflicts[j]))
                return true;
    return false;
}

static int list(const struct plan *plan, const uint32_t *dealt,
                const struct question *out[MAX_PAPER])
{
    int n = 0;

    for (int s = 0; s < plan->rules->n_sections; s++)
        for (int i = 0; i < plan->rules->sections[s].count; i++, n++) {
            assert_true(dealt[n] < (uint32_t)plan->pools[s].n);
            out[n] = plan->pools[s].questions[dealt[n]];
        }
    return n;
}

static void none_conflict(const struct question *const *paper, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            assert_ptr_not_equal(paper[i], paper[j]);
            assert_false(share_group(paper[i], paper[j]));
        }
}

static bool conflicts(const struct question *question,
                      const struct question *const *paper, int n)
{
    for (int i = 0; i < n; i++)
        if (paper[i] == question || share_group(paper[i], question))
            return true;
    return false;
}

/* Something came that was not left of the cycle, so nothing left may fit the paper; a
 * new cycle has all but what it gave to this paper. */
static void turn_over(struct reader *reader, int section, const uint32_t *dealt,
                      const bool *is_new, const struct question *const *paper, int n)
{
    const struct pool *pool = &reader->plan->pools[section];
    bool *is_left = reader->is_left[section];

    for (int i = 0; i < pool->n; i++)
        assert_true(!is_left[i] || conflicts(pool->questions[i], paper, n));
    memset(is_left, true, (size_t)pool->n);
    for (int i = 0; i < reader->plan->rules->sections[section].count; i++)
        if (is_new[i])
            is_left[dealt[i]] = false;
}

static void read_section(struct reader *reader, int section, const uint32_t *dealt,
                         const struct question *const *paper, int n)
{
    bool is_new[MAX_PAPER] = { false }, any_new = false;
    bool *is_left = reader->is_left[section];

    for (int i = 0; i < reader->plan->rules->sections[section].count; i++) {
        is_new[i] = !is_left[dealt[i]];
        any_new |= is_new[i];
        reader->met_at[section][dealt[i]] = reader->paper;
        reader->n_met[section][dealt[i]]++;
    }
    if (any_new)
        turn_over(reader, section, dealt, is_new, paper, n);
    else
        for (int i = 0; i < reader->plan->rules->sections[section].count; i++)
            is_left[dealt[i]] = false;
}

static void read_paper(struct reader *reader, const uint32_t *dealt)
{
    const struct question *paper[MAX_PAPER];
    int n = list(reader->plan, dealt, paper);

    reader->paper++;
    none_conflict(paper, n);
    for (int s = 0; s < reader->plan->rules->n_sections; s++) {
        read_section(reader, s, dealt, paper, n);
        dealt += reader->plan->rules->sections[s].count;
    }
}

/* By the end of its cycle a question has come or waits behind at most `n_waiting`. */
static void none_is_forgotten(const struct reader *reader, int section, int n_waiting)
{
    const struct pool *pool = &reader->plan->pools[section];
    int count = reader->plan->rules->sections[section].count;
    int most =
        2 * (pool->n / count + 2) + (n_waiting + 1) * reader->plan->rules->n_sections;

    for (int i = 0; i < pool->n; i++)
        assert_true(reader->paper - reader->met_at[section][i] <= most);
}

static void read_on(struct reader *reader, unsigned seed_number, int n_papers)
{
    uint32_t dealt[MAX_PAPER];

    for (int i = 0; i < n_papers; i++) {
        deal(reader->plan, seed_number, reader->paper + 1, dealt);
        read_paper(reader, dealt);
    }
}

static void keeps_its_promise(int n, int count, int n_papers, unsigned seed_number)
{
    static struct reader reader;
    struct arena arena;
    struct plan plan;

    arena_init(&arena);
    one_section(&arena, n, count, &plan);
    open_reader(&reader, &plan);
    read_on(&reader, seed_number, n_papers);
    none_is_forgotten(&reader, 0, count);
    arena_done(&arena);
}

static void nothing_comes_again_before_all_has_come_nor_twice_in_a_paper(void **state)
{
    (void)state;
    for (int n = 1; n <= 24; n++)
        for (int count = 1; count <= n; count++)
            keeps_its_promise(n, count, 3 * n / count + 25,
                              (unsigned)(n * 100 + count));
}

static void large_pools_hold_too(void **state)
{
    static const int pairs[][2] = { { 500, 20 },  { 500, 200 }, { 399, 200 },
                                    { 201, 200 }, { 200, 200 }, { 101, 97 } };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        keeps_its_promise(pairs[i][0], pairs[i][1], 60, (unsigned)i);
}

static int below(int n)
{
    return (int)(random() % n);
}

/* Up to four sections and 24 groups of any size, within sections and across. */
static void scatter(struct design *design, struct arena *arena)
{
    int n_sections = 1 + below(MOST_SECTIONS), n_groups = below(24);

    design->n_sections = 0;
    for (int s = 0; s < n_sections; s++) {
        int count = 1 + below(8);

        add(design, arena, count + below(count * 8), count);
    }
    for (int g = 0; g < n_groups; g++)
        for (int size = 2 + below(2 + below(5)), tries = 0; tries < size; tries++) {
            int s = below(n_sections), i = below(design->n[s]);
            const struct question *question = design->questions[s][i];
            bool has = false;

            for (int j = 0; j < question->n_conflicts; j++)
                has |= question->conflicts[j] == names[g];
            if (!has && question->n_conflicts < MAX_CONFLICTS)
                sample_conflict(question, names[g]);
        }
}

static int count_tied(const struct pool *pool)
{
    int n = 0;

    for (int i = 0; i < pool->n; i++)
        n += pool->questions[i]->n_conflicts > 0;
    return n;
}

static void plans_of_any_groups_hold_too(void **state)
{
    static struct reader reader;
    static struct design design;
    int n_made = 0, n_tied = 0;

    (void)state;
    srandom(1);
    for (unsigned round = 0; round < 1500; round++) {
        struct arena arena;
        struct plan plan;

        arena_init(&arena);
        scatter(&design, &arena);
        if (make(&design, &arena, &plan)) {
            open_reader(&reader, &plan);
            read_on(&reader, round, 80);
            for (int s = 0; s < design.n_sections; s++) {
                int tied = count_tied(&plan.pools[s]);

                n_tied += tied;
                none_is_forgotten(&reader, s, tied + design.count[s]);
            }
            n_made++;
        }
        arena_done(&arena);
    }
    assert_true(n_made > 400 && n_tied > 10 * n_made); /* or little was tried */
}

/* The questions of the first papers, with 6 of 30 in one group, are met once each. */
static void conflicts_do_not_bring_a_question_back_sooner(void **state)
{
    static struct design design;
    static struct reader reader;
    struct plan plan;

    design.n_sections = 0;
    add(&design, *state, 40, 4);
    add(&design, *state, 20, 2);
    tie(&design, 0, 0, 3, 0);
    tie(&design, 1, 0, 3, 0);
    tie(&design, 1, 5, 2, 1);
    assert_true(make(&design, *state, &plan));
    for (unsigned person = 0; person < 300; person++) {
        int n_again = 0;

        open_reader(&reader, &plan);
        read_on(&reader, person, 9);
        for (int i = 0; i < 40; i++)
            n_again += reader.n_met[0][i] > 1;
        assert_int_equal(n_again, 0);
    }
}

/* Of two sections that draw from one group, neither shuts the other out for ever,
 * although the first has a question of the group in nearly every paper. */
static void sections_share_what_both_want(void **state)
{
    static struct design design;
    static struct reader reader;
    struct plan plan;

    design.n_sections = 0;
    add(&design, *state, 12, 2);
    add(&design, *state, 3, 2);
    tie(&design, 0, 0, 10, 0);
    tie(&design, 1, 0, 1, 0);
    assert_true(make(&design, *state, &plan));
    open_reader(&reader, &plan);
    read_on(&reader, 1, 500);
    for (int i = 0; i < 10; i++)
        assert_in_range(reader.n_met[0][i], 20, 40);
    assert_in_range(reader.n_met[1][0], 150, 250);
}

static void each_question_is_met_about_as_often(void **state)
{
    static struct design design;
    static struct reader reader;
    struct plan plan;

    design.n_sections = 0;
    add(&design, *state, 60, 6);
    add(&design, *state, 40, 4);
    for (int g = 0; g < 8; g++) {
        tie(&design, 0, g * 3, 3, g);
        tie(&design, 1, g * 2, 2, g);
    }
    assert_true(make(&design, *state, &plan));
    open_reader(&reader, &plan);
    read_on(&reader, 5, 500); /* 50 cycles */
    for (int i = 0; i < 60; i++)
        assert_in_range(reader.n_met[0][i], 44, 52);
    for (int i = 0; i < 40; i++)
        assert_in_range(reader.n_met[1][i], 44, 52);
}

static void the_last_ordinal_there_is_can_be_dealt(void **state)
{
    uint32_t dealt[MAX_PAPER];
    static struct reader reader;
    struct plan plan;

    one_section(*state, 399, 200, &plan);
    open_reader(&reader, &plan);
    deal(&plan, 1, INT32_MAX, dealt);
    read_paper(&reader, dealt);
}

static void after_an_epoch_all_begins_anew_in_another_order(void **state)
{
    static struct reader reader;
    uint32_t first[5], again[5];
    struct plan plan;

    one_section(*state, 100, 5, &plan);
    assert_int_equal(plan.epoch, EPOCH);
    deal(&plan, 1, 1, first);
    deal(&plan, 1, EPOCH + 1, again);
    assert_memory_not_equal(first, again, sizeof(first));
    open_reader(&reader, &plan);
    read_on(&reader, 1, EPOCH);
    open_reader(&reader, &plan);
    reader.paper = EPOCH;
    read_on(&reader, 1, 50);
}

static void an_epoch_is_not_over_before_the_largest_pool_is(void **state)
{
    struct plan plan;

    one_section(*state, 599, 1, &plan);
    assert_int_equal(plan.epoch, 599);
}

static void sections_and_seeds_have_orders_of_their_own(void **state)
{
    static struct design design;
    uint32_t one[40], other[40];
    struct plan plan;

    design.n_sections = 0;
    add(&design, *state, 100, 20);
    add(&design, *state, 100, 20);
    assert_true(make(&design, *state, &plan));
    deal(&plan, 1, 1, one);
    assert_memory_not_equal(one, one + 20, 20 * sizeof(*one));
    deal(&plan, 2, 1, other);
    assert_memory_not_equal(one, other, 20 * sizeof(*one));
    assert_memory_not_equal(one + 20, other + 20, 20 * sizeof(*one));
}

/* Which question stands at a place is uniform, in papers within a cycle as in those
 * that span two: where all questions are alike in what they conflict with. */
static void is_uniform_at(const struct plan *plan, int ordinal, int section, int place)
{
    int observed[MOST] = { 0 }, n = plan->pools[section].n;
    uint32_t dealt[MAX_PAPER];

    for (unsigned person = 0; person < 20000; person++) {
        deal(plan, person, ordinal, dealt);
        observed[dealt[place]]++;
    }
    assert_true(chi_square(observed, n, 20000.0 / n) < chi_square_limit(n - 1));
}

static void every_question_is_as_likely_at_every_place(void **state)
{
    struct plan plan;

    one_section(*state, 7, 5, &plan);
    for (int place = 0; place < 5; place++)
        for (int ordinal = 1; ordinal <= 4; ordinal++)
            is_uniform_at(&plan, ordinal, 0, place);
    one_section(*state, 11, 10, &plan);
    is_uniform_at(&plan, 7, 0, 0);
    is_uniform_at(&plan, 7, 0, 9);
    one_section(*state, 50, 20, &plan);
    is_uniform_at(&plan, 3, 0, 0);
    is_uniform_at(&plan, 3, 0, 15);
}

/* Pairs within one section; pairs of which each section has one. */
static void questions_with_like_conflicts_are_as_likely(void **state)
{
    static struct design design;
    struct plan plan;

    design.n_sections = 0;
    add(&design, *state, 12, 4);
    for (int g = 0; g < 6; g++)
        tie(&design, 0, g * 2, 2, g);
    assert_true(make(&design, *state, &plan));
    for (int ordinal = 1; ordinal <= 5; ordinal++)
        for (int place = 0; place < 4; place++)
            is_uniform_at(&plan, ordinal, 0, place);
    design.n_sections = 0;
    add(&design, *state, 8, 3);
    add(&design, *state, 8, 3);
    for (int g = 0; g < 8; g++) {
        tie(&design, 0, g, 1, g);
        tie(&design, 1, g, 1, g);
    }
    assert_true(make(&design, *state, &plan));
    for (int ordinal = 1; ordinal <= 4; ordinal++)
        for (int place = 0; place < 6; place++)
            is_uniform_at(&plan, ordinal, place / 3, place);
}

/* Of 7 questions 3 can be chosen in 35 ways; paper 3 spans two cycles. */
static void every_set_of_questions_is_as_likely(void **state)
{
    struct plan plan;

    one_section(*state, 7, 3, &plan);
    for (int ordinal = 1; ordinal <= 4; ordinal++) {
        int observed[128] = { 0 }, sets[35], n_sets = 0;
        uint32_t q[3];

        for (unsigned person = 0; person < 35000; person++) {
            deal(&plan, person, ordinal, q);
            observed[1 << q[0] | 1 << q[1] | 1 << q[2]]++;
        }
        for (int set = 0; set < 128; set++)
            if (__builtin_popcount((unsigned)set) == 3)
                sets[n_sets++] = observed[set];
        assert_int_equal(n_sets, 35);
        assert_true(chi_square(sets, 35, 1000) < chi_square_limit(34));
    }
}

static void papers_dealt_on_are_those_dealt_by_themselves(void **state)
{
    static const int ordinals[] = { 1, 2, 3, 7, 8, 40, 511, 512, 513, 514, 900, 5, 6, 6 };
    struct design design = { 0 };
    struct dealing dealing = { 0 };
    struct plan plan, other;
    uint8_t seed[SEED_BYTES];
    uint32_t on[12], alone[12];

    add(&design, *state, 30, 4);
    add(&design, *state, 50, 8);
    tie(&design, 0, 0, 3, 0);
    tie(&design, 1, 0, 5, 0);
    assert_true(make(&design, *state, &plan));
    one_section(*state, 40, 12, &other);
    for (unsigned person = 1; person <= 3; person++)
        for (size_t i = 0; i < sizeof(ordinals) / sizeof(ordinals[0]); i++) {
            sample_seed(seed, person);
            dealer_deal_on(&dealing, &plan, seed, ordinals[i], *state, on);
            dealer_deal(&plan, seed, ordinals[i], *state, alone);
            assert_memory_equal(on, alone, sizeof(on));
            if (i % 5 == 4) { /* another plan comes in between */
                dealer_deal_on(&dealing, &other, seed, ordinals[i], *state, on);
                dealer_deal(&other, seed, ordinals[i], *state, alone);
                assert_memory_equal(on, alone, sizeof(on));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_comes_again_before_all_has_come_nor_twice_in_a_paper),
        TEST(large_pools_hold_too),
        TEST(plans_of_any_groups_hold_too),
        TEST(conflicts_do_not_bring_a_question_back_sooner),
        TEST(sections_share_what_both_want),
        TEST(each_question_is_met_about_as_often),
        TEST(the_last_ordinal_there_is_can_be_dealt),
        TEST(after_an_epoch_all_begins_anew_in_another_order),
        TEST(an_epoch_is_not_over_before_the_largest_pool_is),
        TEST(sections_and_seeds_have_orders_of_their_own),
        TEST(every_question_is_as_likely_at_every_place),
        TEST(questions_with_like_conflicts_are_as_likely),
        TEST(every_set_of_questions_is_as_likely),
        TEST(papers_dealt_on_are_those_dealt_by_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
