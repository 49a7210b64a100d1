#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "live.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "log/log.h"
#include "pg/rows.h"
#include "pg/session.h"
#include "util/memory.h"
#include "util/text.h"

struct event_base *live_base;
const char *live_database;

int64_t live_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nothing(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what, (void)arg;
}

bool live_until(bool (*is_true)(void *), void *arg, int limit_ms)
{
    int64_t end = live_now_ms() + limit_ms;
    struct event *tick = event_new(live_base, -1, EV_PERSIST, nothing, NULL);
    bool is;

    event_add(tick, &(struct timeval){ 0, 10000 });
    while (!(is = is_true(arg)) && live_now_ms() < end)
        event_base_loop(live_base, EVLOOP_ONCE);
    event_free(tick);
    return is;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

void live_for(int ms)
{
    live_until(never, NULL, ms);
}

static bool is_over(void *task)
{
    return ((struct task *)task)->pending == 0;
}

enum problem live_wait(struct task *task)
{
    assert_true(live_until(is_over, task, PATIENCE_MS));
    return task->error.problem;
}

bool live_has_connection(void *pool)
{
    return pool_is_up(pool);
}

struct pool *live_pool(struct pool_options options)
{
    if (!options.conninfo)
        options.conninfo = live_database;
    return pool_open(live_base, &options);
}

/* So few that the order is known: one connection. */
struct pool *live_one(void)
{
    struct pool_options options = pool_defaults;

    options.size = 1;
    struct pool *pool = live_pool(options);
    assert_true(live_until(live_has_connection, pool, PATIENCE_MS));
    return pool;
}

bool live_read_int(struct rows *rows, void *out, struct error *err)
{
    (void)err;
    while (rows_next(rows))
        *(int32_t *)out = rows_int32(rows);
    return true;
}

void live_ask(struct pool *pool, struct task *task, const char *sql)
{
    query_send(query_new(pool, task, sql), NULL, NULL);
}

enum problem live_run(struct pool *pool, const char *sql)
{
    struct task task = { 0 };

    live_ask(pool, &task, sql);
    return live_wait(&task);
}

int32_t live_number(struct pool *pool, const char *sql)
{
    struct task task = { 0 };
    int32_t value = -1;

    query_send(query_new(pool, &task, sql), live_read_int, &value);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    return value;
}

void live_must(const char *sql)
{
    struct db_error err = { 0 };
    struct session *session = session_open(live_database, &err);

    assert_non_null(session);
    if (!session_run(session, sql, &err))
        fail_msg("%s: %s", sql, err.text);
    session_close(session);
}

int live_ctl(const char *what)
{
    TEXT(command);

    text_printf(
        &command,
        "cd / && %s '%s/pg_ctl' -D '%s' -w -t 60 -l '%s/../log' %s >/dev/null 2>&1",
        getenv("JINGDA_TEST_AS"), getenv("PGBIN"), getenv("PGDATA"), getenv("PGDATA"),
        what);
    return system(command.data);
}

/* A postmaster that was killed keeps its lock until somebody has reaped it. */
void live_start(void)
{
    int64_t end = live_now_ms() + PATIENCE_MS;

    while (live_ctl("start") != 0) {
        assert_true(live_now_ms() < end);
        live_for(100);
    }
}

int live_set_up(void **state)
{
    (void)state;
    live_base = event_base_new();
    return live_base ? 0 : -1;
}

int live_tear_down(void **state)
{
    (void)state;
    event_base_free(live_base);
    return 0;
}

static void begin(void)
{
    live_database = getenv("JINGDA_TEST_DATABASE");
    if (!live_database || !getenv("PGBIN") || !getenv("PGDATA") ||
        !getenv("JINGDA_TEST_AS")) {
        fprintf(stderr, "run by tests/support/with-postgres.sh\n");
        exit(1);
    }
    memory_adopt();
    log_open("/dev/null", LOG_INFO);
}

int live_main(const char *name, const struct CMUnitTest *tests, size_t n)
{
    begin();
    int failed = _cmocka_run_group_tests(name, tests, n, NULL, NULL);
    log_close();
    libevent_global_shutdown();
    return failed ? 1 : 0;
}
