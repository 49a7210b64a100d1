/* Counters packed into numbers: what PostgreSQL adds up is what each adds up to. */
#include "live.h"

#include <string.h>

#include "pg/packed.h"
#include "pg/rows.h"
#include "../support/pick.h"

enum { N = 42, ROUNDS = 40, ROWS = 25 };

static struct {
    int64_t of[ROWS][N]; /* each as it is kept at the end */
    int64_t found[N];
    bool is_read;
} kept;

static bool read_packed(struct rows *rows, void *out, struct error *err)
{
    size_t size;

    (void)out, (void)err;
    if (!rows_next(rows))
        return true;
    const void *number = rows_numeric(rows, &size);
    kept.is_read = packed_read(number, size, kept.found, N);
    return true;
}

static void ask(struct pool *pool, const char *sql)
{
    struct task task = { 0 };

    kept.is_read = false;
    query_send(query_new(pool, &task, sql), read_packed, NULL);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    assert_true(kept.is_read);
}

/* A few counters somewhere go up and down, but never below nothing. */
static void change(int row, int64_t *delta)
{
    memset(delta, 0, N * sizeof(*delta));
    for (int k = pick(6); k >= 0; k--) {
        int i = pick(N);

        int64_t to = pick(3) ? pick(2000000000) : 0;
        delta[i] = to - kept.of[row][i];
    }
    for (int i = 0; i < N; i++)
        kept.of[row][i] += delta[i];
}

static void add_changes(struct pool *pool)
{
    struct bytes numbers[ROWS];
    int32_t names[ROWS];
    struct task task = { 0 };
    TEXT(packed);

    for (int row = 0; row < ROWS; row++) {
        int64_t delta[N];
        size_t first = 0, n = N, before = packed.length;

        names[row] = row;
        change(row, delta);
        while (n > 0 && !delta[n - 1])
            n--;
        while (first < n && !delta[first])
            first++;
        packed_write(&packed, first, delta + first, n - first);
        numbers[row].size = packed.length - before;
    }
    for (size_t row = 0, at = 0; row < ROWS; at += numbers[row++].size)
        numbers[row].data = packed.data + at;
    struct query *query = query_new(
        pool, &task,
        "insert into kept as k select * from unnest($1::integer[], $2::numeric[])"
        " on conflict (name) do update set number = k.number + excluded.number");
    query_bind_int32_array(query, names, ROWS);
    query_bind_numeric_array(query, numbers, ROWS);
    query_send(query, NULL, NULL);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
}

static void what_is_added_and_taken_away_is_read_again_and_summed_up(void **state)
{
    struct pool *pool = live_one();
    int64_t sum[N];

    (void)state;
    assert_int_equal(
        live_run(pool,
                 "create temp table kept (name integer primary key, number numeric)"),
        PROBLEM_NONE);
    for (int round = 0; round < ROUNDS; round++) {
        add_changes(pool);
        ask(pool, "select number from kept where name = 0");
        assert_memory_equal(kept.found, kept.of[0], sizeof(kept.found));
        ask(pool, "select sum(number) from kept");
        memset(sum, 0, sizeof(sum));
        for (int row = 0; row < ROWS; row++)
            for (int i = 0; i < N; i++)
                sum[i] += kept.of[row][i];
        assert_memory_equal(kept.found, sum, sizeof(sum));
    }
    pool_close(pool);
}

static void a_number_of_other_counters_is_refused(void **state)
{
    static const int64_t some[] = { 5, 0, 7 }, below[] = { 3, -1 };
    int64_t found[3];
    TEXT(packed);

    (void)state;
    packed_write(&packed, 0, some, 3);
    assert_true(packed_read(packed.data, packed.length, found, 3));
    assert_memory_equal(found, some, sizeof(some));
    assert_false(packed_read(packed.data, packed.length, found, 2));
    assert_false(packed_read(packed.data, packed.length - 1, found, 3));
    assert_false(packed_read(packed.data, 0, found, 3));
    text_clear(&packed);
    packed_write(&packed, 0, below, 2);
    assert_false(packed_read(packed.data, packed.length, found, 3));
    text_clear(&packed);
    packed_write(&packed, 0, some, 0); /* nothing has changed */
    assert_true(packed_read(packed.data, packed.length, found, 3));
    assert_int_equal(found[0] + found[1] + found[2], 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        LIVE_TEST(what_is_added_and_taken_away_is_read_again_and_summed_up),
        LIVE_TEST(a_number_of_other_counters_is_refused),
    };

    return live_main("packed", tests, sizeof(tests) / sizeof(*tests));
}
