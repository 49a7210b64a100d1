#include "sample.h"
#include "chi.h"
#include "paper/deck.h"

enum { MOST = 600 };

static void slice(struct arena *arena, unsigned seed_number, int section, int n,
                  int count, int ordinal, uint32_t *out)
{
    uint8_t seed[SEED_BYTES];
    struct deck deck;

    sample_seed(seed, seed_number);
    deck_init(&deck, arena, seed, section, n, count);
    deck_slice(&deck, ordinal, out);
}

/* Follows the slices of one person and counts how often each question was met. */
struct reader {
    int n, count;
    int n_met[MOST]; /* in this cycle */
    int n_read;      /* of this cycle */
};

static void read_slice(struct reader *reader, const uint32_t *questions)
{
    bool is_here[MOST] = { false };

    for (int i = 0; i < reader->count; i++) {
        uint32_t question = questions[i];

        assert_true(question < (uint32_t)reader->n);
        assert_false(is_here[question]);
        is_here[question] = true;
        assert_int_equal(reader->n_met[question]++, 0);
        if (++reader->n_read == reader->n) {
            memset(reader->n_met, 0, sizeof(reader->n_met));
            reader->n_read = 0;
        }
    }
}

static void is_fresh(int n, int count, int n_slices, unsigned seed_number)
{
    struct reader reader = { .n = n, .count = count };
    uint32_t questions[MOST];

    for (int ordinal = 1; ordinal <= n_slices; ordinal++) {
        struct arena arena;

        arena_init(&arena);
        slice(&arena, seed_number, 0, n, count, ordinal, questions);
        arena_done(&arena);
        read_slice(&reader, questions);
    }
}

static void nothing_comes_again_before_all_has_come_nor_twice_in_a_slice(void **state)
{
    (void)state;
    for (int n = 1; n <= 32; n++)
        for (int count = 1; count <= n; count++)
            is_fresh(n, count, 3 * n / count + 25, (unsigned)(n * 100 + count));
}

static void chains_through_many_cycles_hold_too(void **state)
{
    static const int pairs[][2] = { { 11, 10 }, { 19, 10 },  { 21, 13 },  { 37, 29 },
                                    { 53, 50 }, { 101, 97 }, { 199, 100 } };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        is_fresh(pairs[i][0], pairs[i][1], 250, (unsigned)i);
}

static void large_pools_hold_too(void **state)
{
    static const int pairs[][2] = { { 500, 20 },  { 500, 200 }, { 399, 200 },
                                    { 201, 200 }, { 200, 200 }, { 503, 30 } };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        is_fresh(pairs[i][0], pairs[i][1], 60, (unsigned)i);
}

static void any_slice_is_had_without_those_before(void **state)
{
    uint8_t seed[SEED_BYTES];
    uint32_t in_turn[8], alone[8];
    struct deck deck;

    sample_seed(seed, 3);
    deck_init(&deck, *state, seed, 0, 11, 8);
    for (int ordinal = 1; ordinal <= 60; ordinal++) {
        deck_slice(&deck, ordinal, in_turn);
        slice(*state, 3, 0, 11, 8, ordinal, alone);
        assert_memory_equal(in_turn, alone, sizeof(alone));
    }
}

static void the_last_ordinal_there_is_can_be_dealt(void **state)
{
    uint32_t questions[200];
    struct reader reader = { .n = 399, .count = 200 };

    slice(*state, 1, 15, 399, 200, INT32_MAX, questions);
    for (int i = 0; i < 200; i++)
        assert_int_equal(reader.n_met[questions[i]]++, 0);
}

static void sections_and_seeds_have_orders_of_their_own(void **state)
{
    uint32_t one[20], other[20];

    slice(*state, 1, 0, 100, 20, 1, one);
    slice(*state, 1, 1, 100, 20, 1, other);
    assert_memory_not_equal(one, other, sizeof(one));
    slice(*state, 2, 0, 100, 20, 1, other);
    assert_memory_not_equal(one, other, sizeof(one));
}

/* Which question stands at a place is uniform, in slices within a cycle as in those
 * that span two. */
static void is_uniform_at(int n, int count, int ordinal, int place)
{
    int observed[MOST] = { 0 };
    uint32_t questions[MOST];

    for (unsigned person = 0; person < 20000; person++) {
        struct arena arena;

        arena_init(&arena);
        slice(&arena, person, 0, n, count, ordinal, questions);
        arena_done(&arena);
        observed[questions[place]]++;
    }
    assert_true(chi_square(observed, n, 20000.0 / n) < chi_square_limit(n - 1));
}

static void every_question_is_as_likely_at_every_place(void **state)
{
    (void)state;
    for (int place = 0; place < 5; place++)
        for (int ordinal = 1; ordinal <= 4; ordinal++)
            is_uniform_at(7, 5, ordinal, place);
    is_uniform_at(11, 10, 7, 0);
    is_uniform_at(11, 10, 7, 9);
    is_uniform_at(50, 20, 3, 0);
    is_uniform_at(50, 20, 3, 15);
}

/* Of 7 questions 3 can be chosen in 35 ways; slice 3 spans two cycles. */
static void every_set_of_questions_is_as_likely(void **state)
{
    (void)state;
    for (int ordinal = 1; ordinal <= 4; ordinal++) {
        int observed[128] = { 0 }, sets[35], n_sets = 0;
        uint32_t q[3];

        for (unsigned person = 0; person < 35000; person++) {
            struct arena arena;

            arena_init(&arena);
            slice(&arena, person, 0, 7, 3, ordinal, q);
            arena_done(&arena);
            observed[1 << q[0] | 1 << q[1] | 1 << q[2]]++;
        }
        for (int set = 0; set < 128; set++)
            if (__builtin_popcount((unsigned)set) == 3)
                sets[n_sets++] = observed[set];
        assert_int_equal(n_sets, 35);
        assert_true(chi_square(sets, 35, 1000) < chi_square_limit(34));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_comes_again_before_all_has_come_nor_twice_in_a_slice),
        TEST(chains_through_many_cycles_hold_too),
        TEST(large_pools_hold_too),
        TEST(any_slice_is_had_without_those_before),
        TEST(the_last_ordinal_there_is_can_be_dealt),
        TEST(sections_and_seeds_have_orders_of_their_own),
        TEST(every_question_is_as_likely_at_every_place),
        TEST(every_set_of_questions_is_as_likely),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
