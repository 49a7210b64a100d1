#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "paper/random.h"
#include "chi.h"

static const uint8_t seed[32] = { 1, 2, 3 };

static void it_yields_the_numbers_of_its_authors(void **state)
{
    static const uint64_t published[] = {
        11520u,
        0u,
        1509978240u,
        1215971899390074240u,
        1216172134540287360u,
        607988272756665600u,
        16172922978634559625u,
        8476171486693032832u,
        10595114339597558777u,
        2904607092377533576u,
    };
    struct random random = { { 1, 2, 3, 4 } };

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(random_next(&random) == published[i]);
}

static void one_seed_and_stream_give_one_sequence(void **state)
{
    struct random a, b;

    (void)state;
    random_seed(&a, seed, 7);
    random_seed(&b, seed, 7);
    for (int i = 0; i < 100; i++)
        assert_true(random_next(&a) == random_next(&b));
}

static void every_bit_of_seed_and_stream_counts(void **state)
{
    struct random plain, other;

    (void)state;
    for (int bit = 0; bit < 256 + 64; bit++) {
        uint8_t changed[32] = { 1, 2, 3 };
        uint64_t stream = 7;

        if (bit < 256)
            changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        else
            stream ^= 1ull << (bit - 256);
        random_seed(&plain, seed, 7);
        random_seed(&other, changed, stream);
        int n_same = 0;
        for (int i = 0; i < 10; i++)
            n_same += random_next(&plain) == random_next(&other);
        assert_int_equal(n_same, 0);
    }
}

static void numbers_below_are_uniform(void **state)
{
    struct random random;

    (void)state;
    random_seed(&random, seed, 0);
    for (uint32_t n = 2; n <= 50; n++) {
        int observed[50] = { 0 };

        for (int i = 0; i < 100000; i++)
            observed[random_below(&random, n)]++;
        assert_true(chi_square(observed, (int)n, 100000.0 / n) <
                    chi_square_limit((int)n - 1));
    }
}

/* Below 3 * 2^30 the plain method would give a third of the numbers twice as often. */
static void large_ranges_have_no_bias(void **state)
{
    struct random random;
    int observed[3] = { 0 };

    (void)state;
    random_seed(&random, seed, 1);
    for (int i = 0; i < 300000; i++)
        observed[random_below(&random, 3u << 30) >> 30]++;
    assert_true(chi_square(observed, 3, 100000) < chi_square_limit(2));
    for (int i = 0; i < 300000; i++)
        observed[random_below(&random, 3u << 30) % 3]++;
    assert_true(chi_square(observed, 3, 200000) < chi_square_limit(2));
}

static void below_one_is_nothing(void **state)
{
    struct random random;

    (void)state;
    random_seed(&random, seed, 2);
    for (int i = 0; i < 100; i++)
        assert_int_equal(random_below(&random, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_yields_the_numbers_of_its_authors),
        cmocka_unit_test(one_seed_and_stream_give_one_sequence),
        cmocka_unit_test(every_bit_of_seed_and_stream_counts),
        cmocka_unit_test(numbers_below_are_uniform),
        cmocka_unit_test(large_ranges_have_no_bias),
        cmocka_unit_test(below_one_is_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
