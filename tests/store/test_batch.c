/* Batches of writes: how they grow, and what becomes of them when calls fail. */
#include "ground.h"

#include <event2/event.h>
#include <string.h>

#include "pg/rows.h"
#include "store/batch.h"

/* What a value stands for, beside being kept. */
enum { BAD = -1, SLOW = 1000, DEADLY = 2000, SHY = 3000, MUTE = 4000 };

static const char set_up_sql[] =
    "drop table if exists kept; drop sequence if exists calls;"
    "create sequence calls;"
    "create table kept (call int, place int, campaign int, person bigint, value int,"
    " primary key (campaign, person, value));"
    "create or replace function keep(p_bucket smallint, p_campaign int[],"
    " p_person bigint[], p_value int[]) returns table (idx int, call int, n int)"
    " language plpgsql as $$"
    " declare v_call int := nextval('calls');"
    " begin"
    "  if -1 = any(p_value) then raise exception 'a bad row'; end if;"
    "  insert into kept select v_call, i.place, i.campaign, i.person, i.value"
    "   from unnest(p_campaign, p_person, p_value) with ordinality"
    "   as i(campaign, person, value, place) on conflict do nothing;"
    "  if 1000 = any(p_value) then perform pg_sleep(0.4); end if;"
    "  if 2000 = any(p_value) then perform pg_terminate_backend(pg_backend_pid());"
    "   perform pg_sleep(1); end if;"
    "  return query select s, v_call, cardinality(p_value)"
    "   from generate_series(cardinality(p_value), 1, -1) s where p_value[s] <> 4000"
    "    and (p_value[s] <> 3000 or exists (select from kept k"
    "     where k.person = p_person[s] and k.value = 3000 and k.call < v_call));"
    " end $$";

struct item {
    struct batch_row row;
    struct task task;
    int32_t value;
    int32_t call, n; /* the answer: which call, and of how many rows */
};

static void read_item(struct rows *rows, struct batch_row *row)
{
    struct item *item = (struct item *)row;

    item->call = rows_int32(rows);
    item->n = rows_int32(rows);
}

static int n_committed;

static void count_committed(struct batch_row **rows, size_t n, void *context)
{
    (void)context;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(rows[i]->task->pending, 1);
    n_committed += (int)n;
}

static const struct batch_column columns[] = {
    { BATCH_INT32, offsetof(struct item, row.campaign) },
    { BATCH_INT64, offsetof(struct item, row.person) },
    { BATCH_INT32, offsetof(struct item, value) },
    { 0 },
};

static const struct batch_kind kind = {
    .sql = "select idx, call, n from keep($1, $2, $3, $4)",
    .columns = columns,
    .read = read_item,
    .committed = count_committed,
};

enum { MOST = 2000 };
static struct item items[MOST];
static struct pool *pool;
static struct batch *batch;

static int open_batch(void **state)
{
    live_set_up(state);
    live_must(set_up_sql);
    memset(items, 0, sizeof(items));
    n_committed = 0;
    pool = live_one();
    batch = batch_new(live_base, pool, &kind, 0, NULL);
    return 0;
}

static int close_batch(void **state)
{
    pool_close(pool);
    batch_free(batch);
    return live_tear_down(state);
}

static void add(int i, int64_t person, int32_t value)
{
    items[i].row.person = person;
    items[i].row.campaign = 1;
    items[i].value = value;
    batch_add(batch, &items[i].row, &items[i].task);
}

static bool all_are_over(void *n)
{
    for (int i = 0; i < *(int *)n; i++)
        if (items[i].task.pending)
            return false;
    return true;
}

static void wait_for(int n)
{
    assert_true(live_until(all_are_over, &n, PATIENCE_MS));
    assert_int_equal(batch_counts(batch).waiting, 0);
}

static void assert_all_are_kept(int n)
{
    for (int i = 0; i < n; i++)
        assert_int_equal(items[i].task.error.problem, PROBLEM_NONE);
    assert_int_equal(live_number(pool, "select count(*)::int from kept"), n);
    assert_int_equal(n_committed, n);
}

static void rows_left_out_are_asked_for_again_and_answers_come_in_any_order(void **state)
{
    (void)state;
    add(0, 1, 0);
    for (int i = 1; i <= 10; i++)
        add(i, i + 1, i % 5 ? i : SHY);
    add(11, 100, 11);
    wait_for(12);
    assert_all_are_kept(12);
    for (int i = 1; i <= 11; i++)
        assert_int_equal(items[i].n, i % 5 ? 11 : 2);
    assert_int_equal(batch_counts(batch).calls, 3);
}

static void a_call_without_any_answer_rests_and_gives_up_in_time(void **state)
{
    (void)state;
    add(0, 1, MUTE);
    wait_for(1);
    assert_int_equal(items[0].task.error.problem, PROBLEM_BUSY);
    assert_in_range(batch_counts(batch).calls, 2, 100);
}

static void an_idle_batch_sends_at_once_and_a_busy_one_grows(void **state)
{
    (void)state;
    for (int i = 0; i < 1200; i++)
        add(i, i + 1, i);
    wait_for(1200);
    assert_all_are_kept(1200);
    assert_int_equal(items[0].n, 1);
    assert_int_equal(items[1].n, 128);
    assert_int_equal(items[128].n, 128);
    assert_int_equal(items[129].n, 128);
    assert_int_equal(items[1199].n, (1200 - 1) % 128);
    assert_int_equal(batch_counts(batch).calls, 1 + 9 + 1);
    assert_int_equal(batch_counts(batch).rows, 1200);
}

static void rows_travel_in_the_order_they_came(void **state)
{
    (void)state;
    for (int i = 0; i < 1500; i++)
        add(i, 7000000 - i, i);
    wait_for(1500);
    assert_all_are_kept(1500);
    assert_int_equal(live_number(pool,
                                 "select count(*)::int from (select value, row_number()"
                                 " over (order by call, place) - 1 as n from kept) k"
                                 " where value <> n"),
                     0);
}

static void a_person_is_never_twice_in_a_call_and_keeps_the_order(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++)
        add(i, i % 7 + 1, i);
    wait_for(300);
    assert_all_are_kept(300);
    assert_int_equal(live_number(pool, "select count(*)::int from (select from kept"
                                       " group by call, person having count(*) > 1) k"),
                     0);
    assert_int_equal(live_number(pool,
                                 "select count(*)::int from (select value - lag(value)"
                                 " over (partition by person order by call) as step"
                                 " from kept) k where step < 0"),
                     0);
    assert_in_range(batch_counts(batch).calls, 300 / 7, 300 / 7 + 2);
}

static void a_person_in_two_campaigns_is_in_one_call(void **state)
{
    (void)state;
    add(0, 1, 0);
    for (int i = 1; i < 3; i++) {
        items[i].row = (struct batch_row){ .person = 9, .campaign = i };
        batch_add(batch, &items[i].row, &items[i].task);
    }
    wait_for(3);
    assert_int_equal(items[1].n, 2);
    assert_int_equal(items[1].call, items[2].call);
}

static void one_bad_row_does_not_fail_its_neighbours(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++)
        add(i, i + 1, i == 17 || i == 30 ? BAD : i);
    wait_for(40);
    for (int i = 0; i < 40; i++)
        assert_int_equal(items[i].task.error.problem,
                         i == 17 || i == 30 ? PROBLEM_BROKEN : PROBLEM_NONE);
    assert_int_equal(live_number(pool, "select count(*)::int from kept"), 38);
    assert_int_equal(n_committed, 38);
    memset(items, 0, sizeof(items));
    for (int i = 0; i < 20; i++)
        add(i, i + 1, 100 + i);
    wait_for(20);
    assert_int_equal(items[19].n, 19);
}

static void cut(void)
{
    live_must("select pg_terminate_backend(pid) from pg_stat_activity"
              " where application_name = 'jingda' and pid <> pg_backend_pid()");
}

static bool is_asleep(void *arg)
{
    struct session *session = arg;

    return ground_number(session, "select count(*) from pg_stat_activity where"
                                  " wait_event = 'PgSleep'") > 0;
}

static void a_lost_connection_is_retried_and_nothing_is_stored_twice(void **state)
{
    struct session *session = ground_session(live_database);

    (void)state;
    add(0, 1, SLOW);
    for (int i = 1; i < 700; i++)
        add(i, i + 1, 10000 + i);
    assert_true(live_until(is_asleep, session, PATIENCE_MS));
    cut();
    session_close(session);
    wait_for(700);
    assert_all_are_kept(700);
    assert_int_equal(live_number(pool, "select (count(*) - count(distinct value))::int"
                                       " from kept"),
                     0);
    /* what was in flight came back to the front */
    assert_int_equal(live_number(pool, "select call - (select min(call) from kept)"
                                       " from kept where value = 1000"),
                     0);
}

static void when_patience_runs_out_the_database_is_away(void **state)
{
    (void)state;
    int64_t began = live_now_ms();
    add(0, 1, DEADLY);
    wait_for(1);
    assert_int_equal(items[0].task.error.problem, PROBLEM_DATABASE_AWAY);
    assert_in_range(live_now_ms() - began, 4000, 12000);
    assert_int_equal(n_committed, 0);
    add(1, 1, 5);
    wait_for(2);
    assert_int_equal(items[1].task.error.problem, PROBLEM_NONE);
}

static void rows_fail_while_the_server_is_down_and_go_on_when_it_is_back(void **state)
{
    (void)state;
    assert_int_equal(live_ctl("-m immediate stop"), 0);
    for (int i = 0; i < 50; i++)
        add(i, i + 1, i);
    wait_for(50);
    for (int i = 0; i < 50; i++)
        assert_int_equal(items[i].task.error.problem, PROBLEM_DATABASE_AWAY);
    live_start();
    for (int i = 50; i < 100; i++)
        add(i, i + 1, i);
    wait_for(100);
    for (int i = 50; i < 100; i++)
        assert_int_equal(items[i].task.error.problem, PROBLEM_NONE);
    assert_int_equal(live_number(pool, "select count(*)::int from kept"), 50);
}

static void a_pool_that_closes_fails_what_is_in_flight_and_waits_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 1100; i++)
        add(i, i + 1, i ? i : SLOW);
    live_for(100);
    int64_t began = live_now_ms();
    pool_close(pool);
    pool = NULL;
    assert_in_range(live_now_ms() - began, 0, 1000);
    for (int i = 0; i < 1100; i++) {
        assert_int_equal(items[i].task.pending, 0);
        assert_int_equal(items[i].task.error.problem, PROBLEM_STOPPING);
    }
}

static int n_added;

static void add_another(struct task *task)
{
    (void)task;
    if (n_added < 100) {
        n_added++;
        items[n_added].task.resume = add_another;
        add(n_added, 1, n_added);
    }
}

static bool are_hundred(void *arg)
{
    (void)arg;
    return n_added == 100 && !items[100].task.pending;
}

static void a_task_that_goes_on_may_add_the_next_row(void **state)
{
    (void)state;
    n_added = 0;
    items[0].task.resume = add_another;
    add(0, 1, 0);
    assert_true(live_until(are_hundred, NULL, PATIENCE_MS));
    assert_all_are_kept(101);
    assert_int_equal(batch_counts(batch).calls, 101);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_batch, close_batch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_idle_batch_sends_at_once_and_a_busy_one_grows),
        TEST(rows_travel_in_the_order_they_came),
        TEST(rows_left_out_are_asked_for_again_and_answers_come_in_any_order),
        TEST(a_call_without_any_answer_rests_and_gives_up_in_time),
        TEST(a_person_is_never_twice_in_a_call_and_keeps_the_order),
        TEST(a_person_in_two_campaigns_is_in_one_call),
        TEST(one_bad_row_does_not_fail_its_neighbours),
        TEST(a_lost_connection_is_retried_and_nothing_is_stored_twice),
        TEST(when_patience_runs_out_the_database_is_away),
        TEST(rows_fail_while_the_server_is_down_and_go_on_when_it_is_back),
        TEST(a_pool_that_closes_fails_what_is_in_flight_and_waits_at_once),
        TEST(a_task_that_goes_on_may_add_the_next_row),
    };

    return live_main("batch", tests, sizeof(tests) / sizeof(tests[0]));
}
