/* The pool: many at once, limits, and servers that go away and come back. */
#include "live.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg/rows.h"
#include "util/memory.h"
#include "util/text.h"

static bool read_string(struct rows *rows, void *out, struct error *err)
{
    (void)err;
    while (rows_next(rows))
        snprintf(out, 100, "%s", rows_text(rows));
    return true;
}

static void thousands_at_once_on_few_connections_are_all_answered(void **state)
{
    enum { N = 5000 };
    static int32_t answers[N];
    struct pool_options options = pool_defaults;
    struct task task = { 0 };
    int wrong = 0;

    (void)state;
    options.size = 3;
    struct pool *pool = live_pool(options);
    for (int i = 0; i < N; i++) {
        struct query *query = query_new(pool, &task, "select $1 + 1");

        query_bind_int32(query, i);
        query_send(query, live_read_int, &answers[i]);
    }
    assert_int_equal(task.pending, N);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    for (int i = 0; i < N; i++)
        wrong += answers[i] != i + 1;
    assert_int_equal(wrong, 0);
    assert_int_equal(pool_counts(pool).queries, N);
    assert_int_equal(pool_counts(pool).in_flight, 0);
    assert_int_equal(pool_counts(pool).waiting, 0);
    pool_close(pool);
}

static void a_session_has_our_settings_and_the_operators(void **state)
{
    static const char *const expected[][2] = {
        { "select current_setting('timezone')", "UTC" },
        { "select current_setting('client_encoding')", "UTF8" },
        { "select current_setting('jit')", "off" },
        { "select current_setting('statement_timeout')", "4500ms" },
        { "select current_setting('application_name')", "jingda" },
        { "select current_setting('jingda.clock_offset_ms')", "-86400000" },
        { "select current_setting('work_mem')", "9MB" },
    };
    struct pool_options options = pool_defaults;
    TEXT(conninfo);

    (void)state;
    text_printf(&conninfo, "%s options='-c work_mem=9MB'", live_database);
    options.conninfo = conninfo.data;
    options.clock_offset_ms = -86400000;
    struct pool *pool = live_pool(options);
    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
        struct task task = { 0 };
        char found[100] = "";

        query_send(query_new(pool, &task, expected[i][0]), read_string, found);
        assert_int_equal(live_wait(&task), PROBLEM_NONE);
        assert_string_equal(found, expected[i][1]);
    }
    pool_close(pool);
}

static struct again {
    struct task task;
    struct pool *pool;
    int n_resumed, n_left;
    bool is_inside, was_inside;
} again;

/* Asks again for as long as it is told to, whatever came of it. */
static void resume_again(struct task *task)
{
    (void)task;
    again.n_resumed++;
    again.was_inside |= again.is_inside;
    if (again.n_left-- <= 0)
        return;
    again.is_inside = true;
    live_ask(again.pool, &again.task, "select 3");
    again.is_inside = false;
}

static bool is_done_again(void *arg)
{
    (void)arg;
    return again.n_left < 0;
}

static void start_again(struct pool *pool, int n)
{
    again = (struct again){ .task.resume = resume_again, .pool = pool, .n_left = n };
    again.is_inside = true;
    live_ask(pool, &again.task, "select 3");
    again.is_inside = false;
}

static void a_query_never_ends_inside_query_send(void **state)
{
    struct pool_options options = pool_defaults;

    (void)state;
    options.size = 2;
    struct pool *pool = live_pool(options);
    start_again(pool, 300); /* first waiting for the connection, then sent at once */
    assert_true(live_until(is_done_again, NULL, PATIENCE_MS));
    assert_false(again.was_inside);
    assert_int_equal(again.n_resumed, 301);
    pool_close(pool);

    options.max_waiting = 0; /* and refused at once */
    options.conninfo = "host=/nonexistent";
    pool = live_pool(options);
    start_again(pool, 300);
    assert_true(live_until(is_done_again, NULL, PATIENCE_MS));
    assert_false(again.was_inside);
    assert_int_equal(again.n_resumed, 301);
    assert_int_equal(again.task.error.problem, PROBLEM_DATABASE_AWAY);
    pool_close(pool);
}

static void sending_into_a_dead_connection_fails_later(void **state)
{
    struct pool *pool = live_one();
    int32_t pid = live_number(pool, "select pg_backend_pid()");
    struct task task = { 0 };
    AUTO(memory_freep) char *big = memory_new(1000001);
    TEXT(kill_it);

    (void)state;
    memset(big, 'x', 1000000);
    text_printf(&kill_it, "select pg_terminate_backend(%d, 5000)", pid);
    live_must(kill_it.data);
    for (int i = 0; i < 20; i++) {
        struct query *query = query_new(pool, &task, "select $1");

        query_bind_text(query, big);
        query_send(query, NULL, NULL);
    }
    assert_int_equal(task.pending, 20);
    assert_int_equal(live_wait(&task), PROBLEM_DATABASE_AWAY);
    assert_int_equal(pool_counts(pool).lost_connections, 1);
    assert_int_equal(live_number(pool, "select 4"), 4);
    pool_close(pool);
}

static void a_backend_killed_in_the_middle_fails_only_what_it_had(void **state)
{
    struct pool *pool = live_one();
    int32_t pid = live_number(pool, "select pg_backend_pid()");
    struct task slow = { 0 }, behind = { 0 };
    TEXT(kill_it);

    (void)state;
    live_ask(pool, &slow, "select pg_sleep(4)");
    live_ask(pool, &behind, "select 1");
    live_for(100);
    text_printf(&kill_it, "select pg_terminate_backend(%d)", pid);
    live_must(kill_it.data);
    assert_int_equal(live_wait(&slow), PROBLEM_DATABASE_AWAY);
    assert_int_equal(live_wait(&behind), PROBLEM_DATABASE_AWAY);
    assert_int_equal(live_number(pool, "select 4"), 4);
    assert_int_not_equal(live_number(pool, "select pg_backend_pid()"), pid);
    pool_close(pool);
}

static void a_connection_lost_while_idle_is_dialled_again(void **state)
{
    struct pool *pool = live_one();
    TEXT(kill_it);

    (void)state;
    text_printf(&kill_it, "select pg_terminate_backend(%d, 5000)",
                live_number(pool, "select pg_backend_pid()"));
    live_must(kill_it.data);
    live_for(300);
    assert_true(pool_is_up(pool));
    assert_int_equal(pool_counts(pool).lost_connections, 1);
    assert_int_equal(live_number(pool, "select 4"), 4);
    assert_int_equal(pool_counts(pool).failures, 0);
    pool_close(pool);
}

static struct pool *open_with_limit(int limit_ms)
{
    struct pool_options options = pool_defaults;

    options.size = 1;
    options.limit_ms = limit_ms;
    struct pool *pool = live_pool(options);
    assert_true(live_until(live_has_connection, pool, PATIENCE_MS));
    return pool;
}

static void a_slow_query_is_given_up_by_the_server_first(void **state)
{
    struct pool *pool = open_with_limit(500);
    struct task task[2] = { 0 };
    int64_t began = live_now_ms();

    (void)state;
    live_ask(pool, &task[0], "select pg_sleep(10)");
    live_for(200);
    live_ask(pool, &task[1], "select 1");
    assert_int_equal(live_wait(&task[0]), PROBLEM_BUSY);
    assert_int_equal(live_wait(&task[1]), PROBLEM_NONE);
    assert_in_range(live_now_ms() - began, 400, 5000);
    assert_int_equal(pool_counts(pool).lost_connections, 0);
    pool_close(pool);
}

static void a_stuck_backend_costs_its_connection(void **state)
{
    struct pool *pool = open_with_limit(500);
    int32_t pid = live_number(pool, "select pg_backend_pid()");
    struct task early = { 0 }, late = { 0 };
    int64_t began = live_now_ms();

    (void)state;
    kill(pid, SIGSTOP);
    live_ask(pool, &early, "select 1");
    live_for(250);
    live_ask(pool, &late, "select 2");
    enum problem first = live_wait(&early), second = live_wait(&late);
    int64_t took = live_now_ms() - began;
    int32_t after = live_number(pool, "select 4");
    kill(pid, SIGCONT);
    assert_int_equal(first, PROBLEM_BUSY);
    assert_int_equal(second, PROBLEM_DATABASE_AWAY);
    assert_in_range(took, 480, PATIENCE_MS);
    assert_int_equal(after, 4);
    pool_close(pool);
}

static void a_query_waits_for_a_server_that_is_not_there_yet(void **state)
{
    struct pool_options options = pool_defaults;
    struct task task = { 0 };
    int32_t value = 0;

    (void)state;
    assert_int_equal(live_ctl("-m fast stop"), 0);
    options.wait_ms = PATIENCE_MS;
    struct pool *pool = live_pool(options);
    query_send(query_new(pool, &task, "select 5"), live_read_int, &value);
    live_for(300);
    assert_false(pool_is_up(pool));
    assert_int_equal(task.pending, 1);
    assert_int_equal(pool_counts(pool).waiting, 1);
    live_start();
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    assert_int_equal(value, 5);
    pool_close(pool);
}

static void a_query_does_not_wait_for_ever(void **state)
{
    struct pool_options options = pool_defaults;
    struct task task[3] = { 0 };
    int64_t began = live_now_ms();

    (void)state;
    options.conninfo = "host=/nonexistent";
    options.wait_ms = 200;
    options.max_waiting = 2;
    struct pool *pool = live_pool(options);
    for (int i = 0; i < 3; i++)
        live_ask(pool, &task[i], "select 1");
    assert_int_equal(task[2].pending, 1);
    assert_int_equal(live_wait(&task[2]), PROBLEM_DATABASE_AWAY);
    assert_int_equal(task[0].pending, 1);
    assert_int_equal(live_wait(&task[0]), PROBLEM_DATABASE_AWAY);
    assert_int_equal(live_wait(&task[1]), PROBLEM_DATABASE_AWAY);
    assert_in_range(live_now_ms() - began, 190, PATIENCE_MS);
    pool_close(pool);
}

static void one_that_finds_no_place_in_time_is_told_we_are_busy(void **state)
{
    struct pool_options options = pool_defaults;
    struct task slow = { 0 }, rest = { 0 }, last = { 0 };

    (void)state;
    options.size = 1;
    options.wait_ms = 200;
    struct pool *pool = live_pool(options);
    assert_true(live_until(live_has_connection, pool, PATIENCE_MS));
    live_ask(pool, &slow, "select pg_sleep(1)");
    for (int i = 1; i < 64; i++)
        live_ask(pool, &rest, "select 1");
    live_ask(pool, &last, "select 1");
    assert_int_equal(pool_counts(pool).in_flight, 64);
    assert_int_equal(live_wait(&last), PROBLEM_BUSY);
    assert_int_equal(slow.pending, 1);
    assert_int_equal(live_wait(&slow), PROBLEM_NONE);
    assert_int_equal(live_wait(&rest), PROBLEM_NONE);
    pool_close(pool);
}

static pid_t postmaster(void)
{
    char path[200];
    int pid = 0;

    snprintf(path, sizeof(path), "%s/postmaster.pid", getenv("PGDATA"));
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%d", &pid) != 1)
        pid = 0;
    if (file)
        fclose(file);
    return pid;
}

static void the_pool_outlives_a_postmaster_killed_and_started_again(void **state)
{
    struct pool_options options = pool_defaults;
    struct task slow = { 0 }, waiting = { 0 };

    (void)state;
    options.wait_ms = PATIENCE_MS;
    struct pool *pool = live_pool(options);
    assert_int_equal(live_number(pool, "select 1"), 1);
    live_ask(pool, &slow, "select pg_sleep(2)");
    live_for(50);
    pid_t pid = postmaster();
    assert_true(pid > 1);
    kill(pid, SIGKILL);
    assert_int_equal(live_wait(&slow), PROBLEM_DATABASE_AWAY);
    live_for(300);
    assert_false(pool_is_up(pool));
    live_ask(pool, &waiting, "select 1");
    live_start();
    assert_int_equal(live_wait(&waiting), PROBLEM_NONE);
    assert_int_equal(live_number(pool, "select 4"), 4);
    pool_close(pool);
}

static void a_server_that_is_stopped_is_waited_for(void **state)
{
    struct pool_options options = pool_defaults;
    struct task stuck = { 0 }, impatient = { 0 };
    pid_t pids[2];

    (void)state;
    options.size = 1;
    options.limit_ms = 500;
    options.wait_ms = 500;
    struct pool *pool = live_pool(options);
    pids[0] = live_number(pool, "select pg_backend_pid()");
    pids[1] = postmaster();
    for (int i = 0; i < 2; i++)
        kill(pids[i], SIGSTOP);
    live_ask(pool, &stuck, "select 1");
    enum problem first = live_wait(&stuck);
    live_ask(pool, &impatient, "select 1"); /* a connection is made and never greeted */
    enum problem second = live_wait(&impatient);
    for (int i = 0; i < 2; i++)
        kill(pids[i], SIGCONT);
    assert_int_equal(first, PROBLEM_BUSY);
    assert_int_equal(second, PROBLEM_DATABASE_AWAY);
    assert_true(live_until(live_has_connection, pool, PATIENCE_MS));
    assert_int_equal(live_number(pool, "select 4"), 4);
    pool_close(pool);
}

static void closing_ends_everything_once(void **state)
{
    struct pool_options options = pool_defaults;
    struct task slow = { 0 }, rest = { 0 };

    (void)state;
    options.size = 1;
    struct pool *pool = live_pool(options);
    assert_true(live_until(live_has_connection, pool, PATIENCE_MS));
    live_ask(pool, &slow, "select pg_sleep(2)");
    start_again(pool, 3);
    for (int i = 0; i < 100; i++)
        live_ask(pool, &rest, "select 1");
    pool_close(pool);
    assert_int_equal(slow.pending, 0);
    assert_int_equal(rest.pending, 0);
    assert_int_equal(slow.error.problem, PROBLEM_STOPPING);
    assert_int_equal(rest.error.problem, PROBLEM_STOPPING);
    assert_int_equal(again.n_resumed, 4);
    assert_false(again.was_inside);
    live_for(50);

    pool = live_pool(options); /* closed before it is up */
    rest = (struct task){ 0 };
    live_ask(pool, &rest, "select 1");
    pool_close(pool);
    assert_int_equal(rest.error.problem, PROBLEM_STOPPING);
    pool_close(NULL);
}

static int n_done;

static void on_done(const struct error *err, void *context)
{
    *(enum problem *)context = err ? err->problem : PROBLEM_NONE;
    n_done++;
}

static bool are_two_done(void *arg)
{
    (void)arg;
    return n_done == 2;
}

static void a_query_can_do_without_a_task(void **state)
{
    enum problem good = PROBLEM_COUNT, bad = PROBLEM_COUNT;
    struct pool *pool = live_one();

    (void)state;
    n_done = 0;
    query_send_then(query_new(pool, NULL, "select 1"), NULL, NULL, on_done, &good);
    query_send_then(query_new(pool, NULL, "select 1/0"), NULL, NULL, on_done, &bad);
    live_ask(pool, NULL, "select 1");
    assert_int_equal(n_done, 0);
    assert_true(live_until(are_two_done, NULL, PATIENCE_MS));
    assert_int_equal(good, PROBLEM_NONE);
    assert_int_equal(bad, PROBLEM_BROKEN);
    pool_close(pool);
}

static void ask_long(struct pool *pool, struct task *task, const char *sql, int n)
{
    for (int i = 0; i < n; i++)
        query_send(query_new_long(pool, task, sql), NULL, NULL);
}

static bool are_three_up(void *pool)
{
    return pool_counts(pool).up == 3;
}

static void nobody_waits_behind_what_takes_long(void **state)
{
    struct pool_options options = pool_defaults;
    struct task slow = { 0 }, quick = { 0 };

    (void)state;
    options.size = 3;
    struct pool *pool = live_pool(options);
    assert_true(live_until(are_three_up, pool, PATIENCE_MS));
    ask_long(pool, &slow, "select pg_sleep(4)", 5);
    assert_int_equal(pool_counts(pool).in_flight, 2);
    assert_int_equal(pool_counts(pool).waiting, 3);
    for (int i = 0; i < 50; i++)
        live_ask(pool, &quick, "select 1");
    assert_int_equal(live_wait(&quick), PROBLEM_NONE);
    assert_int_equal(slow.pending, 5);
    pool_close(pool);
    assert_int_equal(slow.pending, 0);
    assert_int_equal(slow.error.problem, PROBLEM_STOPPING);
}

static void what_takes_long_has_its_turn_too(void **state)
{
    struct pool *pool = live_one();
    struct task slow = { 0 };

    (void)state;
    ask_long(pool, &slow, "select pg_sleep(0.01)", 20);
    assert_int_equal(pool_counts(pool).in_flight, 1);
    assert_int_equal(live_wait(&slow), PROBLEM_NONE);
    assert_int_equal(pool_counts(pool).waiting, 0);
    pool_close(pool);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        LIVE_TEST(thousands_at_once_on_few_connections_are_all_answered),
        LIVE_TEST(a_session_has_our_settings_and_the_operators),
        LIVE_TEST(a_query_never_ends_inside_query_send),
        LIVE_TEST(sending_into_a_dead_connection_fails_later),
        LIVE_TEST(a_backend_killed_in_the_middle_fails_only_what_it_had),
        LIVE_TEST(a_connection_lost_while_idle_is_dialled_again),
        LIVE_TEST(a_slow_query_is_given_up_by_the_server_first),
        LIVE_TEST(a_stuck_backend_costs_its_connection),
        LIVE_TEST(a_query_waits_for_a_server_that_is_not_there_yet),
        LIVE_TEST(a_query_does_not_wait_for_ever),
        LIVE_TEST(one_that_finds_no_place_in_time_is_told_we_are_busy),
        LIVE_TEST(the_pool_outlives_a_postmaster_killed_and_started_again),
        LIVE_TEST(a_server_that_is_stopped_is_waited_for),
        LIVE_TEST(closing_ends_everything_once),
        LIVE_TEST(a_query_can_do_without_a_task),
        LIVE_TEST(nobody_waits_behind_what_takes_long),
        LIVE_TEST(what_takes_long_has_its_turn_too),
    };

    return live_main("pool", tests, sizeof(tests) / sizeof(*tests));
}
