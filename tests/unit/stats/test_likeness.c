#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "stats/likeness.h"
#include "../../support/pick.h"

enum { N_ITEMS = 20, N_BANK = 30 };

struct made { /* an attempt: to every question of the bank the answer, 1 is right, -1:
                 not met */
    int64_t person;
    int answers[N_BANK];
};

static void make_up(struct made *out, int64_t person)
{
    out->person = person;
    for (int i = 0; i < N_BANK; i++)
        out->answers[i] = pick(N_BANK) < N_ITEMS ? pick(5) : -1;
}

static struct responses responses_of(const struct made *made)
{
    struct responses out = { .person = made->person,
                             .all = calloc(N_BANK, sizeof(*out.all)) };

    for (int i = N_BANK - 1; i >= 0; i--) /* likeness_sort has something to do */
        if (made->answers[i] >= 0)
            out.all[out.n++] = (struct response){ .question = 100 + (uint64_t)i,
                                                  .answer = (uint64_t)made->answers[i],
                                                  .is_right = made->answers[i] == 1 };
    likeness_sort(&out);
    return out;
}

/* Straight from the definition. */
static struct likeness compare(const struct made *a, const struct made *b)
{
    struct likeness out = { 0 };

    for (int i = 0; i < N_BANK; i++) {
        int x = a->answers[i], y = b->answers[i];

        if (x < 0 || y < 0)
            continue;
        out.n_met++;
        out.differences += x != y;
        out.errors += x > 1 && y > 1;
        out.exact_errors += x > 1 && x == y;
    }
    return out;
}

static bool is_alike(const struct likeness *pair)
{
    return pair->exact_errors >= 6 && pair->exact_errors >= pair->differences &&
           pair->exact_errors >= 0.75 * pair->errors;
}

static int find(const struct made *made, int n, struct likeness *out)
{
    struct responses *all = calloc((size_t)n + 1, sizeof(*all));

    for (int i = 0; i < n; i++)
        all[i] = responses_of(&made[i]);
    int found = likeness_find(all, n, out);
    for (int i = 0; i < n; i++)
        free(all[i].all);
    free(all);
    return found;
}

static void those_found_are_those_of_the_definition(void **state)
{
    struct likeness out[MAX_PAIRS];
    int n_all = 0;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct made made[24];
        int n = 24, n_expected = 0, copied = pick(n);

        for (int i = 0; i < n; i++)
            make_up(&made[i], i / 2); /* two attempts each */
        for (int i = 0; i < 8; i++) { /* some copy one, but for a few answers */
            int copy = pick(n);

            for (int q = 0; q < N_BANK; q++)
                if (pick(10) < 6 + i % 5)
                    made[copy].answers[q] = made[copied].answers[q];
        }
        int found = find(made, n, out);
        for (int a = 0; a < n; a++)
            for (int b = a + 1; b < n; b++) {
                struct likeness pair = compare(&made[a], &made[b]);

                if (!is_alike(&pair) || made[a].person == made[b].person)
                    continue;
                n_expected++;
                int k = 0;
                while (k < found && (out[k].a != a || out[k].b != b))
                    k++;
                assert_true(k < found);
                assert_int_equal(out[k].n_met, pair.n_met);
                assert_int_equal(out[k].exact_errors, pair.exact_errors);
                assert_int_equal(out[k].errors, pair.errors);
                assert_int_equal(out[k].differences, pair.differences);
            }
        assert_int_equal(found, n_expected);
        for (int k = 1; k < found; k++)
            assert_true(out[k - 1].exact_errors >= out[k].exact_errors);
        n_all += found;
    }
    assert_true(n_all > 200);
}

/* So many pairs that not all are kept, and the best among the last. */
static void of_too_many_pairs_the_most_alike_are_kept(void **state)
{
    static struct made made[MAX_LIKE];
    struct likeness out[MAX_PAIRS];

    (void)state;
    for (int i = 0; i < MAX_LIKE; i++) {
        made[i].person = i;
        for (int q = 0; q < N_BANK; q++)
            made[i].answers[q] = q < 6 || (i >= MAX_LIKE - 2 && q < 16) ? 3 : 1;
    }
    assert_int_equal(find(made, MAX_LIKE, out), MAX_PAIRS);
    assert_int_equal(out[0].exact_errors, 16);
    assert_int_equal(out[0].a, MAX_LIKE - 2);
    assert_int_equal(out[0].b, MAX_LIKE - 1);
    assert_int_equal(out[1].exact_errors, 6);
    assert_int_equal(out[MAX_PAIRS - 1].exact_errors, 6);
}

static void who_knows_everything_or_answers_nothing_is_not_alike(void **state)
{
    struct made made[4] = { 0 };
    struct likeness out[MAX_PAIRS];

    (void)state;
    for (int q = 0; q < N_BANK; q++) {
        made[0].answers[q] = made[1].answers[q] = 1; /* right */
        made[2].answers[q] = made[3].answers[q] = 0; /* none */
    }
    for (int i = 0; i < 4; i++)
        made[i].person = i;
    assert_int_equal(find(made, 4, out), 0);
    assert_int_equal(find(made, 1, out), 0);
    assert_int_equal(find(made, 0, out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_found_are_those_of_the_definition),
        cmocka_unit_test(of_too_many_pairs_the_most_alike_are_kept),
        cmocka_unit_test(who_knows_everything_or_answers_nothing_is_not_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
