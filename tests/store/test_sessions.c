/* Sessions that end: every process learns of it, also when it could not listen. */
#include "ground.h"

#include "store/people.h"
#include "store/store.h"

static struct session *session;
static struct store *store;
static const char *conninfo;

static bool is_up(void *arg)
{
    (void)arg;
    /* the listener's connection is the one that is not of the pool */
    return store_is_up(store) &&
           ground_number(session,
                         "select count(*) from pg_stat_activity where datname ="
                         " current_database() and query ilike 'listen%'") > 0;
}

static int set_up(void **state)
{
    struct store_options options = { .connections = 2 };
    struct db_error err = { 0 };

    live_set_up(state);
    options.conninfo = conninfo = ground_migrated("sessions_test");
    session = ground_session(conninfo);
    ground_run(session, "insert into person (name) values ('x');"
                        "insert into session (person, expires_at) select 1, now_ms() +"
                        " 1000000000 from generate_series(1, 9);"
                        "select end_session(9)");
    store = store_open(live_base, &options, &err);
    if (!store)
        fail_msg("%s", err.text);
    return live_until(is_up, NULL, PATIENCE_MS) ? 0 : -1;
}

static int tear_down(void **state)
{
    store_close(store);
    session_close(session);
    return live_tear_down(state);
}

static bool is_over(void *id)
{
    return store_session_is_over(store, *(int64_t *)id);
}

static void what_ended_before_the_start_is_known(void **state)
{
    (void)state;
    assert_true(store_session_is_over(store, 9));
    assert_false(store_session_is_over(store, 1));
}

static void what_is_ended_here_is_over_at_once(void **state)
{
    struct task task = { 0 };

    (void)state;
    store_session_end(store, &task, 1);
    assert_true(store_session_is_over(store, 1));
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    assert_int_equal(ground_number(session, "select count(*) from session where"
                                            " revoked_at is not null"),
                     2);
}

static void what_another_process_ends_is_learned(void **state)
{
    int64_t two = 2;

    (void)state;
    ground_run(session, "select end_session(2)");
    assert_true(live_until(is_over, &two, PATIENCE_MS));
    assert_false(store_session_is_over(store, 3));
}

static void all_of_a_person_end_at_once_and_nobody_elses(void **state)
{
    struct task task = { 0 };
    int64_t eleven = 11, other = 10;

    (void)state;
    ground_run(session, "insert into person (name) values ('y');"
                        "insert into session (person, expires_at) values"
                        " (2, now_ms() + 1000000000), (1, now_ms() - 1000),"
                        " (1, now_ms() - 8000000)");
    store_sessions_end(store, &task, 1);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    for (int64_t id = 1; id <= 9; id++)
        assert_true(store_session_is_over(store, id));
    assert_true(store_session_is_over(store, eleven)); /* its token may be younger */
    assert_false(store_session_is_over(store, other));
    assert_int_equal(ground_number(session, "select count(*) from session where"
                                            " revoked_at is null"),
                     2);
}

static void what_another_process_ends_for_a_person_is_learned(void **state)
{
    struct store_options options = { .conninfo = conninfo, .connections = 1 };
    struct db_error err = { 0 };
    struct task task = { 0 };
    int64_t eight = 8;

    (void)state;
    struct store *there = store_open(live_base, &options, &err);
    assert_non_null(there);
    store_sessions_end(there, &task, 1);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    assert_true(live_until(is_over, &eight, PATIENCE_MS));
    store_close(there);
}

static void what_ended_while_nobody_could_listen_is_learned_afterwards(void **state)
{
    int64_t three = 3;

    (void)state;
    ground_run(session, "select pg_terminate_backend(pid, 1000) from pg_stat_activity"
                        " where datname = current_database() and pid <>"
                        " pg_backend_pid(); select end_session(3)");
    assert_true(live_until(is_over, &three, PATIENCE_MS));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_ended_before_the_start_is_known),
        TEST(what_is_ended_here_is_over_at_once),
        TEST(what_another_process_ends_is_learned),
        TEST(all_of_a_person_end_at_once_and_nobody_elses),
        TEST(what_another_process_ends_for_a_person_is_learned),
        TEST(what_ended_while_nobody_could_listen_is_learned_afterwards),
    };

    return live_main("sessions", tests, sizeof(tests) / sizeof(tests[0]));
}
