#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rank/sort.h"
#include "rank/tree.h"
#include "util/memory.h"

/* A tree, the records in it, and what it ought to hold: a plain sorted array. */
struct bed {
    struct records records;
    struct tree tree;
    uint32_t *sorted;
    uint32_t n;
    uint64_t seed;
};

static uint32_t draw(struct bed *bed, uint32_t n)
{
    bed->seed ^= bed->seed << 13;
    bed->seed ^= bed->seed >> 7;
    bed->seed ^= bed->seed << 17;
    return (uint32_t)((bed->seed >> 32) % n);
}

static struct bed *bed_new(uint32_t capacity)
{
    struct bed *bed = memory_new(sizeof(*bed));

    records_init(&bed->records, (struct packed){ ~0ULL, ~0ULL });
    bed->sorted = memory_new(capacity * sizeof(*bed->sorted));
    bed->seed = 88172645463325252ULL;
    return bed;
}

static void bed_free(struct bed *bed)
{
    tree_done(&bed->tree);
    records_done(&bed->records);
    free(bed->sorted);
    free(bed);
}

static uint32_t expected_place(const struct bed *bed, const struct key *key)
{
    uint32_t low = 0, high = bed->n;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        struct key own = records_key(&bed->records, bed->sorted[middle]);

        if (key_is_before(&own, key))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t add_record(struct bed *bed, uint64_t head, uint64_t tail,
                           int64_t person)
{
    uint32_t index = records_add(&bed->records, person);

    records_at(&bed->records, index)->figures = (struct packed){ head, tail };
    return index;
}

static void insert(struct bed *bed, uint64_t head, uint64_t tail, int64_t person)
{
    uint32_t index = add_record(bed, head, tail, person);
    struct key key = records_key(&bed->records, index);
    uint32_t at = expected_place(bed, &key);

    memmove(bed->sorted + at + 1, bed->sorted + at, (bed->n - at) * sizeof(index));
    bed->sorted[at] = index;
    bed->n++;
    tree_insert(&bed->tree, &bed->records, index);
}

static void remove_at(struct bed *bed, uint32_t at)
{
    uint32_t index = bed->sorted[at];

    tree_remove(&bed->tree, &bed->records, index);
    records_remove(&bed->records, index);
    bed->n--;
    memmove(bed->sorted + at, bed->sorted + at + 1, (bed->n - at) * sizeof(index));
}

static void check(struct bed *bed)
{
    uint32_t *got = memory_new((bed->n + 1) * sizeof(*got));

    assert_int_equal(bed->tree.n, bed->n);
    assert_int_equal(tree_slice(&bed->tree, 0, bed->n + 1, got), bed->n);
    assert_memory_equal(got, bed->sorted, bed->n * sizeof(*got));
    for (uint32_t i = 0; i < bed->n; i++) {
        struct key key = records_key(&bed->records, bed->sorted[i]);

        assert_int_equal(tree_place(&bed->tree, &bed->records, &key), i);
    }
    for (int i = 0; i < 50 && bed->n; i++) {
        uint32_t from = draw(bed, bed->n + 2), limit = draw(bed, 300);
        uint32_t n = tree_slice(&bed->tree, from, limit, got);

        assert_int_equal(n, from >= bed->n          ? 0
                            : limit > bed->n - from ? bed->n - from
                                                    : limit);
        if (n)
            assert_memory_equal(got, bed->sorted + from, n * sizeof(*got));
    }
    free(got);
}

static void insert_random(struct bed *bed, int64_t person, uint32_t spread)
{
    insert(bed, draw(bed, spread), draw(bed, spread), person);
}

/* Grows, lives on with as many removed as added, and shrinks to nothing. */
static void live(uint32_t n, uint32_t spread)
{
    struct bed *bed = bed_new(n + 1);
    int64_t person = -(int64_t)n / 2;

    for (uint32_t i = 0; i < n; i++)
        insert_random(bed, person++, spread);
    check(bed);
    for (uint32_t i = 0; i < n; i++) {
        remove_at(bed, draw(bed, bed->n));
        insert_random(bed, person++, spread);
    }
    check(bed);
    while (bed->n > n / 3)
        remove_at(bed, draw(bed, bed->n));
    check(bed);
    while (bed->n)
        remove_at(bed, draw(bed, bed->n));
    check(bed);
    assert_int_equal(bed->tree.bytes, 0);
    bed_free(bed);
}

static void random_changes_agree_with_a_sorted_array(void **state)
{
    (void)state;
    live(20000, 1000000);
}

static void ties_in_the_first_words_are_told_apart_by_the_last(void **state)
{
    (void)state;
    live(300, 1);
    live(12000, 1);
    live(20000, 3);
}

static void every_small_size_works(void **state)
{
    (void)state;
    for (uint32_t n = 1; n < 300; n += 1 + n / 16)
        live(n, 8);
}

static void ascending_and_descending_inserts_keep_the_order(void **state)
{
    (void)state;
    for (int descending = 0; descending < 2; descending++) {
        struct bed *bed = bed_new(20000);

        for (int64_t i = 0; i < 20000; i++)
            insert(bed, (uint64_t)(descending ? 20000 - i : i), 0, i);
        check(bed);
        assert_true(bed->tree.bytes < 20000 * 20);
        while (bed->n)
            remove_at(bed, descending ? 0 : bed->n - 1);
        assert_null(bed->tree.root);
        bed_free(bed);
    }
}

static void the_place_of_a_key_that_is_absent_is_where_it_would_stand(void **state)
{
    struct bed *bed = bed_new(9000);

    (void)state;
    for (int64_t i = 0; i < 9000; i++)
        insert(bed, (uint64_t)(i / 1000) * 10, 5, i * 2);
    for (int i = 0; i < 2000; i++) {
        struct key key = { { draw(bed, 100), 4 + draw(bed, 3) }, draw(bed, 18000) };

        assert_int_equal(tree_place(&bed->tree, &bed->records, &key),
                         expected_place(bed, &key));
    }
    bed_free(bed);
}

static void fill_bed(struct bed *bed, uint32_t n, uint32_t spread)
{
    struct entry *entries = memory_new((n + 1) * sizeof(*entries));
    struct entry *scratch = memory_new((n + 1) * sizeof(*scratch));

    for (uint32_t i = 0; i < n; i++) {
        int64_t person = (int64_t)(i ^ 0x155) - n / 2;
        uint32_t index = add_record(bed, draw(bed, spread), draw(bed, spread), person);

        entries[i] =
            (struct entry){ records_at(&bed->records, index)->figures.head, index };
    }
    sort_entries(entries, scratch, n, &bed->records);
    for (uint32_t i = 0; i < n; i++)
        bed->sorted[i] = entries[i].record;
    bed->n = n;
    tree_build(&bed->tree, &bed->records, entries, n);
    free(entries);
    free(scratch);
}

static void sorting_orders_by_all_words_of_the_key(void **state)
{
    static const uint32_t spreads[] = { 1, 2, 20, 5000, 1U << 31 };

    (void)state;
    for (size_t s = 0; s < sizeof(spreads) / sizeof(*spreads); s++) {
        struct bed *bed = bed_new(6000);

        fill_bed(bed, 6000, spreads[s]);
        for (uint32_t i = 1; i < bed->n; i++) {
            struct key a = records_key(&bed->records, bed->sorted[i - 1]);
            struct key b = records_key(&bed->records, bed->sorted[i]);

            assert_true(key_is_before(&a, &b));
        }
        check(bed);
        bed_free(bed);
    }
}

static void a_built_tree_can_be_changed_like_a_grown_one(void **state)
{
    static const uint32_t sizes[] = { 0,   1,   3,    111,  112,  113,  114,
                                      224, 225, 1000, 6271, 6272, 6273, 20000 };

    (void)state;
    for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
        uint32_t n = sizes[s];
        struct bed *bed = bed_new(n + 500);

        fill_bed(bed, n, 10);
        check(bed);
        for (int i = 0; i < 500; i++)
            insert_random(bed, 1000000 + i, 10);
        check(bed);
        while (bed->n > n / 4)
            remove_at(bed, draw(bed, bed->n));
        check(bed);
        bed_free(bed);
    }
}

static void a_copy_holds_the_same_and_lives_by_itself(void **state)
{
    struct bed *bed = bed_new(20000);
    struct tree copy = { 0 };

    (void)state;
    tree_copy(&copy, &bed->tree);
    assert_null(copy.root);
    for (int i = 0; i < 20000; i++)
        insert_random(bed, i, 50);
    tree_copy(&copy, &bed->tree);
    assert_int_equal(copy.bytes, bed->tree.bytes);
    tree_done(&bed->tree);
    bed->tree = copy;
    check(bed);
    while (bed->n)
        remove_at(bed, bed->n - 1);
    assert_int_equal(bed->tree.bytes, 0);
    bed_free(bed);
}

static void an_entry_costs_less_than_twenty_bytes_after_random_changes(void **state)
{
    enum { N = 30000 };
    struct bed *bed = bed_new(N + 1);

    (void)state;
    for (int i = 0; i < N; i++)
        insert_random(bed, i, 1000000);
    assert_true(bed->tree.bytes < N * 17);
    for (int i = 0; i < N; i++) {
        remove_at(bed, draw(bed, bed->n));
        insert_random(bed, N + i, 1000000);
    }
    assert_true(bed->tree.bytes < N * 20);
    bed_free(bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_changes_agree_with_a_sorted_array),
        cmocka_unit_test(ties_in_the_first_words_are_told_apart_by_the_last),
        cmocka_unit_test(every_small_size_works),
        cmocka_unit_test(ascending_and_descending_inserts_keep_the_order),
        cmocka_unit_test(the_place_of_a_key_that_is_absent_is_where_it_would_stand),
        cmocka_unit_test(sorting_orders_by_all_words_of_the_key),
        cmocka_unit_test(a_built_tree_can_be_changed_like_a_grown_one),
        cmocka_unit_test(a_copy_holds_the_same_and_lives_by_itself),
        cmocka_unit_test(an_entry_costs_less_than_twenty_bytes_after_random_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
