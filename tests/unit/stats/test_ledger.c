#include "../paper/sample.h"
#include "stats/ledger.h"
#include "../../support/pick.h"

#include <stdlib.h>

enum { N_POOL = 40, N_ITEMS = 6, N_ATTEMPTS = 3000 };

struct played { /* an attempt, made up */
    struct paper paper;
    struct item items[N_ITEMS];
    const struct question *drawn[N_ITEMS];
    struct answer answers[N_ITEMS];
    struct mark marks[N_ITEMS];
    uint8_t spent[2 * N_ITEMS];
    struct counted counted;
};

static const struct question *pool[N_POOL];

static void play(struct played *out, int i)
{
    *out = (struct played){ .paper = { .n_items = N_ITEMS, .items = out->items } };
    for (int j = 0; j < N_ITEMS; j++) {
        out->drawn[j] = pool[(i * 7 + j) % N_POOL];
        out->items[j] = (struct item){ .question = out->drawn[j], .points = 1000 };
        out->answers[j] = (struct answer){ .is_given = pick(8) > 0,
                                           .choices = (uint16_t)(1 << pick(5)) };
        out->spent[2 * j + 1] = (uint8_t)pick(256);
    }
    score_paper(&out->paper, out->answers, PARTIAL_NONE, out->marks);
    out->counted = (struct counted){ .campaign = 1 + i % 2,
                                     .union_id = 1 + i % 17,
                                     .drawn = out->drawn,
                                     .paper = &out->paper,
                                     .answers = out->answers,
                                     .marks = out->marks,
                                     .spent = i % 3 ? out->spent : NULL };
}

static bool is_zero(const struct tally *tally)
{
    static const struct tally zero;

    return !memcmp(tally, &zero, sizeof(zero));
}

/* By the points of the whole paper. */
static int bin_of(const struct played *one)
{
    int points = 0;

    for (int j = 0; j < N_ITEMS; j++)
        points += one->marks[j].points;
    return points * 20 / (N_ITEMS * 1000);
}

/* The cells of a line are these bins and no others. */
static void assert_histogram(const struct ledger *ledger,
                             const struct ledger_line *line, struct histogram *bins)
{
    const struct ledger_cell *cell = NULL;

    while ((cell = ledger_next(ledger, line, cell))) {
        assert_in_range(cell->bin, 0, BINS - 1);
        assert_int_equal(cell->shown, bins->shown[cell->bin]);
        assert_int_equal(cell->right, bins->right[cell->bin]);
        bins->shown[cell->bin] = 0;
    }
    for (int i = 0; i < BINS; i++)
        assert_int_equal(bins->shown[i], 0);
}

/* More lines than the tables begin with, so that they grow on the way. */
static void what_is_taken_back_leaves_nothing(void **state)
{
    struct played *all = calloc(N_ATTEMPTS, sizeof(*all));
    struct ledger *ledger = ledger_new();
    const struct ledger_line *lines;
    const struct ledger_turnout *turnouts;

    (void)state;
    for (int i = 0; i < N_ATTEMPTS; i++) {
        play(&all[i], i);
        ledger_count(ledger, &all[i].counted, 1);
    }
    for (int i = N_ATTEMPTS - 1; i >= 0; i--)
        ledger_count(ledger, &all[i].counted, -1);
    size_t n = ledger_lines(ledger, &lines);
    assert_true(n > 1024);
    for (size_t i = 0; i < n; i++) {
        const struct ledger_cell *cell = NULL;

        assert_true(is_zero(&lines[i].tally));
        while ((cell = ledger_next(ledger, &lines[i], cell)))
            assert_true(!cell->shown && !cell->right);
    }
    n = ledger_turnouts(ledger, &turnouts);
    assert_int_equal(n, 2 * 17 + 2);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(turnouts[i].attempts, 0);
    ledger_free(ledger);
    free(all);
}

static void lines_are_sums_over_the_attempts_in_order_of_their_keys(void **state)
{
    struct played *all = calloc(N_ATTEMPTS, sizeof(*all));
    struct ledger *ledger = ledger_new();
    const struct ledger_line *lines;

    (void)state;
    for (int i = 0; i < N_ATTEMPTS; i++) {
        play(&all[i], i);
        ledger_count(ledger, &all[i].counted, 1);
    }
    size_t n = ledger_lines(ledger, &lines);
    for (size_t k = 0; k < n; k += 29) {
        const struct ledger_line *line = &lines[k];
        struct histogram bins = { 0 };
        struct tally found = { 0 };

        for (int i = 0; i < N_ATTEMPTS; i++)
            for (int j = 0; j < N_ITEMS; j++)
                if (all[i].counted.campaign == line->campaign &&
                    (!line->union_id || all[i].counted.union_id == line->union_id) &&
                    all[i].drawn[j]->id == line->question) {
                    int bin = bin_of(&all[i]);

                    bins.shown[bin]++;
                    bins.right[bin] += all[i].marks[j].is_right;
                    found.shown++;
                    found.right += all[i].marks[j].is_right;
                    found.given += all[i].answers[j].is_given;
                    found.chosen[2] +=
                        all[i].answers[j].is_given && all[i].answers[j].choices & 4;
                }
        assert_int_equal(line->tally.shown, found.shown);
        assert_int_equal(line->tally.right, found.right);
        assert_int_equal(line->tally.given, found.given);
        assert_int_equal(line->tally.chosen[2], found.chosen[2]);
        assert_histogram(ledger, line, &bins);
        if (k)
            assert_true(lines[k - 1].campaign < line->campaign ||
                        lines[k - 1].union_id < line->union_id ||
                        strcmp(lines[k - 1].question, line->question) < 0);
    }
    ledger_clear(ledger);
    assert_int_equal(ledger_size(ledger), 0);
    ledger_free(ledger);
    free(all);
}

static void score_and_rest_are_shares_of_the_full_points(void **state)
{
    struct played one = { 0 };
    struct ledger *ledger = ledger_new();
    const struct ledger_line *lines;

    (void)state;
    play(&one, 0);
    for (int j = 0; j < N_ITEMS; j++)
        one.marks[j] = (struct mark){ .is_right = j < 2, .points = j < 2 ? 1000 : 0 };
    ledger_count(ledger, &one.counted, 1);
    size_t n = ledger_lines(ledger, &lines);
    assert_int_equal(n, 2 * N_ITEMS);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(lines[i].tally.score, 3333); /* 2 of 6, rounded down */
        assert_int_equal(lines[i].tally.rest, lines[i].tally.right ? 1666 : 3333);
        assert_int_equal(lines[i].tally.n_spent, 0);
    }
    ledger_free(ledger);
}

static int make_pool(void **state)
{
    struct arena *arena = malloc(sizeof(*arena));

    arena_init(arena);
    for (int i = 0; i < N_POOL; i++)
        pool[i] = sample_question(arena, "a", i,
                                  i % 2 ? QUESTION_SINGLE : QUESTION_MULTIPLE, 1);
    *state = arena;
    return 0;
}

static int drop_pool(void **state)
{
    arena_done(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_back_leaves_nothing),
        cmocka_unit_test(lines_are_sums_over_the_attempts_in_order_of_their_keys),
        cmocka_unit_test(score_and_rest_are_shares_of_the_full_points),
    };

    return cmocka_run_group_tests(tests, make_pool, drop_pool);
}
