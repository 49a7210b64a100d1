/* Connections of one's own: those that listen and those that block. */
#include "live.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pg/rows.h"
#include "pg/session.h"

static struct heard {
    int n_listening, n_notified;
    char channel[40], payload[40];
} heard;

static void on_notify(const char *channel, const char *payload, void *context)
{
    struct heard *h = context;

    h->n_notified++;
    snprintf(h->channel, sizeof(h->channel), "%s", channel);
    snprintf(h->payload, sizeof(h->payload), "%s", payload);
}

static void on_listening(void *context)
{
    ((struct heard *)context)->n_listening++;
}

static bool is_listening_again(void *arg)
{
    return heard.n_listening == *(int *)arg;
}

static bool is_notified(void *arg)
{
    return heard.n_notified == *(int *)arg;
}

static void a_listener_hears_and_hears_again_after_a_loss(void **state)
{
    static const char *const channels[] = { "feed", "Odd \"name\"", NULL };

    (void)state;
    heard = (struct heard){ 0 };
    struct listener *listener = listener_open(live_base, live_database, channels,
                                              on_notify, on_listening, &heard);
    assert_true(live_until(is_listening_again, &(int){ 1 }, PATIENCE_MS));
    live_must("notify feed, 'one'");
    assert_true(live_until(is_notified, &(int){ 1 }, PATIENCE_MS));
    assert_string_equal(heard.channel, "feed");
    assert_string_equal(heard.payload, "one");
    live_must("notify \"Odd \"\"name\"\"\"");
    assert_true(live_until(is_notified, &(int){ 2 }, PATIENCE_MS));
    assert_string_equal(heard.channel, "Odd \"name\"");
    live_must("select pg_terminate_backend(pid) from pg_stat_activity"
              " where query like 'listen%'");
    assert_true(live_until(is_listening_again, &(int){ 2 }, PATIENCE_MS));
    live_must("notify feed, 'three'");
    assert_true(live_until(is_notified, &(int){ 3 }, PATIENCE_MS));
    assert_string_equal(heard.payload, "three");
    listener_close(listener);
    listener_close(NULL);
}

static struct session *session(void)
{
    struct db_error err;
    struct session *opened = session_open(live_database, &err);

    assert_non_null(opened);
    return opened;
}

static void a_session_asks_and_reads(void **state)
{
    struct session *s = session();
    struct db_error err = { 0 };
    const char *values[] = { "41", NULL, "工会" };

    (void)state;
    struct rows *rows = session_query(
        s, "select $1::int + i, $2::text, $3::text from generate_series(1, 2) i", 3,
        values, &err);
    assert_non_null(rows);
    assert_int_equal(rows_count(rows), 2);
    assert_true(rows_next(rows));
    assert_int_equal(rows_int32(rows), 42);
    assert_true(rows_is_null(rows));
    assert_false(rows_is_null(rows));
    assert_string_equal(rows_text(rows), "工会");
    assert_true(rows_next(rows));
    assert_int_equal(rows_int32(rows), 43);
    assert_false(rows_next(rows));
    session_free(rows);
    session_close(s);
}

static void a_session_tells_what_the_server_said(void **state)
{
    struct session *s = session();
    struct db_error err = { 0 };

    (void)state;
    assert_true(session_run(s, "begin; create temp table t (id int); commit", &err));
    assert_true(session_run(s, "", &err));
    assert_false(session_run(s, "begin; selekt", &err));
    assert_string_equal(err.sqlstate, "42601");
    assert_non_null(strstr(err.text, "selekt"));
    assert_true(session_run(s, "rollback", &err));
    assert_null(session_query(s, "select 1 / 0", 0, NULL, &err));
    assert_string_equal(err.sqlstate, "22012");
    assert_false(session_run(s, "select pg_terminate_backend(pg_backend_pid())", &err));
    assert_string_equal(err.sqlstate, "08006");
    assert_false(session_run(s, "select 1", &err));
    assert_string_equal(err.sqlstate, "08006");
    session_close(s);
    assert_null(session_open("host=/nonexistent", &err));
    assert_string_equal(err.sqlstate, "08001");
    assert_non_null(strstr(err.text, "/nonexistent"));
    session_close(NULL);
    session_free(NULL);
}

struct copied {
    int64_t n, sum;
    int n_wrong;
};

static void add_row(struct rows *rows, void *context)
{
    struct copied *copied = context;
    char expected[20];
    size_t n;

    copied->n++;
    int64_t value = rows_int64(rows);
    copied->sum += value;
    snprintf(expected, sizeof(expected), "t%" PRId64, value);
    copied->n_wrong +=
        value % 2 ? !rows_is_null(rows) : strcmp(rows_text(rows), expected) != 0;
    copied->n_wrong += rows_int16(rows) != -7;
    rows_bytes(rows, &n);
    copied->n_wrong += n != 0;
    copied->n_wrong += strcmp(rows_text(rows), "z") != 0;
}

static void a_million_rows_are_copied_fast(void **state)
{
    struct session *s = session();
    struct db_error err = { 0 };
    struct copied copied = { 0 };
    int64_t began = live_now_ms();

    (void)state;
    assert_true(session_copy(
        s,
        "copy (select i, case when i % 2 = 0 then 't' || i end, -7::int2, ''::bytea, "
        "'z'"
        " from generate_series(1, 1000000::int8) i) to stdout (format binary)",
        add_row, &copied, &err));
    print_message("copied 1,000,000 rows in %d ms\n", (int)(live_now_ms() - began));
    assert_int_equal(copied.n, 1000000);
    assert_true(copied.sum == INT64_C(500000500000));
    assert_int_equal(copied.n_wrong, 0);
    assert_in_range(live_now_ms() - began, 0, 10000);
    session_close(s);
}

static void a_copy_can_be_empty_or_fail(void **state)
{
    struct session *s = session();
    struct db_error err = { 0 };
    struct copied copied = { 0 };

    (void)state;
    assert_true(session_copy(s, "copy (select 1 where false) to stdout (format binary)",
                             add_row, &copied, &err));
    assert_int_equal(copied.n, 0);
    assert_false(session_copy(
        s,
        "copy (select i::int8, null, -7::int2, ''::bytea, 'z', 1 / (99 - i)"
        " from generate_series(1, 200, 2) i) to stdout (format binary)",
        add_row, &copied, &err));
    assert_string_equal(err.sqlstate, "22012");
    assert_true(copied.n > 0 && copied.n < 100);
    assert_false(session_copy(s, "select 1", add_row, &copied, &err));
    assert_true(session_run(s, "select 1", &err));
    session_close(s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        LIVE_TEST(a_listener_hears_and_hears_again_after_a_loss),
        LIVE_TEST(a_session_asks_and_reads),
        LIVE_TEST(a_session_tells_what_the_server_said),
        LIVE_TEST(a_million_rows_are_copied_fast),
        LIVE_TEST(a_copy_can_be_empty_or_fail),
    };

    return live_main("session", tests, sizeof(tests) / sizeof(*tests));
}
