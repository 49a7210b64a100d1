#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "rank/records.h"
#include "util/memory.h"

static const struct packed whole = { ~0ULL, ~0ULL };

static int64_t draw(int64_t n)
{
    static uint64_t seed = 88172645463325252ULL;

    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int64_t)((seed >> 20) % (uint64_t)n);
}

static void people_are_found_while_others_come_and_go(void **state)
{
    enum { N = 20000 };
    struct records records;
    uint32_t *at = memory_new(N * sizeof(*at));

    (void)state;
    records_init(&records, whole);
    for (int i = 0; i < N; i++)
        at[i] = RECORD_NONE;
    for (int i = 0; i < 10 * N; i++) {
        int64_t person = draw(N);

        assert_int_equal(records_find(&records, person), at[person]);
        if (at[person] == RECORD_NONE) {
            at[person] = records_add(&records, person);
        } else {
            records_remove(&records, at[person]);
            at[person] = RECORD_NONE;
        }
    }
    records_index(&records);
    for (int64_t i = 0; i < N; i++)
        assert_int_equal(records_find(&records, i), at[i]);
    records_done(&records);
    free(at);
}

static void the_place_of_somebody_removed_is_used_again(void **state)
{
    struct records records;

    (void)state;
    records_init(&records, whole);
    for (int64_t i = 0; i < 10000; i++) {
        uint32_t index = records_add(&records, i);

        records_at(&records, index)->attempts = 7;
        if (i >= 100)
            records_remove(&records, records_find(&records, i - 100));
    }
    assert_int_equal(records.n_used, 101);
    assert_int_equal(records.n_alive, 100);
    assert_int_equal(records_at(&records, records_add(&records, -1))->attempts, 0);
    records_done(&records);
}

static void appended_people_are_found_when_indexed(void **state)
{
    struct records records;

    (void)state;
    for (int64_t n = 0; n < 5000; n = n * 2 + 1) {
        records_init(&records, whole);
        for (int64_t i = 0; i < n; i++)
            records_append(&records, i * 1000003 - 7);
        records_index(&records);
        for (int64_t i = 0; i < n; i++)
            assert_int_equal(records_find(&records, i * 1000003 - 7), i);
        assert_int_equal(records_find(&records, 1), RECORD_NONE);
        for (int64_t i = 0; i < n; i++)
            records_add(&records, i * 1000003 - 8);
        for (int64_t i = 0; i < n; i++)
            assert_int_equal(records_find(&records, i * 1000003 - 8), n + i);
        records_done(&records);
    }
}

static void a_record_never_moves(void **state)
{
    struct records records;

    (void)state;
    records_init(&records, whole);
    const struct record *first = records_at(&records, records_add(&records, 1));
    for (int64_t i = 2; i < 50000; i++)
        records_add(&records, i);
    assert_ptr_equal(records_at(&records, records_find(&records, 1)), first);
    records_done(&records);
}

static void a_record_and_its_way_there_cost_less_than_forty_four_bytes(void **state)
{
    struct records records;
    size_t most = 0;

    (void)state;
    records_init(&records, whole);
    for (int64_t i = 1; i <= 300000; i++) {
        records_add(&records, i);
        if (i >= 50000 && records_memory(&records) * 1000 / (size_t)i > most)
            most = records_memory(&records) * 1000 / (size_t)i;
    }
    assert_in_range(most, 32000, 44000);
    records_done(&records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_are_found_while_others_come_and_go),
        cmocka_unit_test(the_place_of_somebody_removed_is_used_again),
        cmocka_unit_test(appended_people_are_found_when_indexed),
        cmocka_unit_test(a_record_never_moves),
        cmocka_unit_test(a_record_and_its_way_there_cost_less_than_forty_four_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
