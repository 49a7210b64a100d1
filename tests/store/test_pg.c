/* Queries: the values that go, the rows that come, and what becomes of errors. */
#include "live.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/log.h"
#include "pg/rows.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "util/memory.h"

static bool read_int64(struct rows *rows, void *out, struct error *err)
{
    (void)err;
    while (rows_next(rows))
        *(int64_t *)out = rows_int64(rows);
    return true;
}

struct all {
    int16_t int2;
    int32_t int4;
    int64_t int8;
    bool yes, no;
    double half;
    char text[40], empty[40], jsonb[80], json[40], varchar[40], name[40];
    unsigned char bytes[4];
    size_t n_bytes, n_empty;
};

static bool read_all(struct rows *rows, void *out, struct error *err)
{
    struct all *all = out;

    (void)err;
    if (rows_count(rows) != 1 || !rows_next(rows))
        return error_set(err, PROBLEM_BUSY);
    all->int2 = rows_int16(rows);
    all->int4 = rows_int32(rows);
    all->int8 = rows_int64(rows);
    all->yes = rows_bool(rows);
    all->no = rows_bool(rows);
    all->half = rows_double(rows);
    snprintf(all->text, sizeof(all->text), "%s", rows_text(rows));
    snprintf(all->empty, sizeof(all->empty), "%s", rows_text(rows));
    snprintf(all->jsonb, sizeof(all->jsonb), "%s", rows_text(rows));
    snprintf(all->json, sizeof(all->json), "%s", rows_text(rows));
    snprintf(all->varchar, sizeof(all->varchar), "%s", rows_text(rows));
    snprintf(all->name, sizeof(all->name), "%s", rows_text(rows));
    memcpy(all->bytes, rows_bytes(rows, &all->n_bytes), 4);
    rows_bytes(rows, &all->n_empty);
    return !rows_next(rows);
}

static void every_scalar_comes_back_as_it_was(void **state)
{
    struct pool *pool = live_one();
    struct task task = { 0 };
    struct all all = { .n_empty = 9 };

    (void)state;
    struct query *query =
        query_new(pool, &task,
                  "select $1, $2, $3, $4, $5, 0.5::float8, $6, $7, $8, $8::json,"
                  " $6::varchar, 'n'::name, $9, $10");
    query_bind_int16(query, INT16_MIN);
    query_bind_int32(query, INT32_MIN);
    query_bind_int64(query, INT64_MIN);
    query_bind_bool(query, true);
    query_bind_bool(query, false);
    query_bind_text(query, "工会 '\"\\");
    query_bind_text(query, "");
    query_bind_json(query, "{\"a\":[1,\"二\"]}");
    query_bind_bytes(query, "\0x\0\377", 4);
    query_bind_bytes(query, "", 0);
    query_send(query, read_all, &all);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    assert_int_equal(all.int2, INT16_MIN);
    assert_int_equal(all.int4, INT32_MIN);
    assert_true(all.int8 == INT64_MIN);
    assert_true(all.yes && !all.no);
    assert_true(all.half == 0.5);
    assert_string_equal(all.text, "工会 '\"\\");
    assert_string_equal(all.empty, "");
    assert_string_equal(all.jsonb, "{\"a\": [1, \"二\"]}");
    assert_string_equal(all.json, "{\"a\": [1, \"二\"]}");
    assert_string_equal(all.varchar, all.text);
    assert_string_equal(all.name, "n");
    assert_int_equal(all.n_bytes, 4);
    assert_memory_equal(all.bytes, "\0x\0\377", 4);
    assert_int_equal(all.n_empty, 0);
    pool_close(pool);
}

static bool count_nulls(struct rows *rows, void *out, struct error *err)
{
    (void)err;
    while (rows_next(rows))
        for (int i = 0; i < 5; i++)
            *(int *)out += rows_is_null(rows);
    return true;
}

static void nulls_come_back_as_nulls(void **state)
{
    struct pool *pool = live_one();
    struct task task = { 0 };
    int n = 0;

    (void)state;
    struct query *query = query_new(pool, &task, "select $1, $2, $3, $4::int8, null");
    query_bind_text(query, NULL);
    query_bind_bytes(query, NULL, 0);
    query_bind_json(query, NULL);
    query_bind_null(query);
    query_send(query, count_nulls, &n);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    assert_int_equal(n, 5);
    pool_close(pool);
}

static void a_null_of_no_type_does_not_fix_the_type_of_a_later_value(void **state)
{
    static const char sql[] = "select coalesce($1, 5)::int8";
    struct pool *pool = live_one();
    struct task task = { 0 };
    int64_t values[3] = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct query *query = query_new(pool, &task, sql);

        if (i == 1)
            query_bind_int64(query, INT64_C(1) << 40);
        else
            query_bind_null(query);
        query_send(query, read_int64, &values[i]);
    }
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    assert_true(values[0] == 5 && values[1] == INT64_C(1) << 40 && values[2] == 5);
    pool_close(pool);
}

enum { MANY = 10000 };

static struct lists {
    int16_t int2[MANY];
    int32_t int4[MANY];
    int64_t int8[MANY];
    double float8[MANY];
    char texts[MANY][16];
    const char *text[MANY];
    struct bytes bytes[MANY];
    int n_rows, n_differ;
} lists;

static void fill_lists(void)
{
    for (int i = 0; i < MANY; i++) {
        lists.int2[i] = (int16_t)(i * 7);
        lists.int4[i] = (i - MANY / 2) * 400003;
        lists.int8[i] = i * INT64_C(-900000000001);
        lists.float8[i] = (i - 5) / 7.0;
        snprintf(lists.texts[i], sizeof(lists.texts[i]), "%d\"{,}", i);
        lists.text[i] = i % 3 ? lists.texts[i] : NULL;
        lists.bytes[i].data = i % 5 ? &lists.int8[i] : NULL;
        lists.bytes[i].size = (size_t)(i % 9);
    }
}

static bool text_differs(struct rows *rows, const char *expected)
{
    return rows_is_null(rows) ? expected != NULL
                              : !expected || strcmp(rows_text(rows), expected) != 0;
}

static bool bytes_differ(struct rows *rows, const struct bytes *expected)
{
    size_t n;

    if (rows_is_null(rows))
        return expected->data != NULL;
    const void *found = rows_bytes(rows, &n);
    return !expected->data || n != expected->size ||
           memcmp(found, expected->data, n) != 0;
}

static bool compare_lists(struct rows *rows, void *out, struct error *err)
{
    (void)out, (void)err;
    for (int i = 0; rows_next(rows); i++) {
        lists.n_rows++;
        lists.n_differ += rows_int16(rows) != lists.int2[i];
        lists.n_differ += rows_int32(rows) != lists.int4[i];
        lists.n_differ += rows_int64(rows) != lists.int8[i];
        lists.n_differ += rows_double(rows) != lists.float8[i];
        lists.n_differ += text_differs(rows, lists.text[i]);
        lists.n_differ += bytes_differ(rows, &lists.bytes[i]);
    }
    return true;
}

static const char unnest[] = "select a, b, c, d, e, f"
                             " from unnest($1, $2, $3, $4, $5, $6) with ordinality"
                             " as t(a, b, c, d, e, f, i) order by i";

static void send_lists(struct pool *pool, struct task *task, size_t n)
{
    struct query *query = query_new(pool, task, unnest);

    lists.n_rows = lists.n_differ = 0;
    query_bind_int16_array(query, lists.int2, n);
    query_bind_int32_array(query, lists.int4, n);
    query_bind_int64_array(query, lists.int8, n);
    query_bind_double_array(query, lists.float8, n);
    query_bind_text_array(query, lists.text, n);
    query_bind_bytes_array(query, lists.bytes, n);
    query_send(query, compare_lists, NULL);
}

static void arrays_of_many_and_of_none_come_back(void **state)
{
    static const size_t sizes[] = { MANY, 0, 1, 2 };
    struct pool *pool = live_one();

    (void)state;
    fill_lists();
    for (size_t i = 0; i < 4; i++) {
        struct task task = { 0 };

        send_lists(pool, &task, sizes[i]);
        assert_int_equal(live_wait(&task), PROBLEM_NONE);
        assert_int_equal(lists.n_rows, sizes[i]);
        assert_int_equal(lists.n_differ, 0);
    }
    pool_close(pool);
}

static bool read_length(struct rows *rows, void *out, struct error *err)
{
    (void)err;
    rows_next(rows);
    *(size_t *)out = strlen(rows_text(rows));
    return true;
}

static void values_and_rows_of_many_megabytes_pass(void **state)
{
    enum { SIZE = 8000000 };
    struct pool *pool = live_one();
    struct task task = { 0 };
    size_t lengths[3] = { 0 };
    AUTO(memory_freep) char *big = memory_new(SIZE + 1);

    (void)state;
    memset(big, 'x', SIZE);
    for (int i = 0; i < 3; i++) {
        struct query *query = query_new(pool, &task, "select $1 || 'y'");

        query_bind_text(query, big);
        query_send(query, read_length, &lengths[i]);
    }
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    for (int i = 0; i < 3; i++)
        assert_int_equal(lengths[i], SIZE + 1);
    pool_close(pool);
}

static bool misread(struct rows *rows, void *out, struct error *err)
{
    (void)out, (void)err;
    rows_next(rows);
    rows_int32(rows);
    return true;
}

/* A core of a process full of test data helps nobody. */
static int signal_of_a_child_that_runs(const char *sql)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct db_error err;

        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        signal(SIGABRT, SIG_DFL);
        struct session *session = session_open(live_database, &err);
        struct rows *rows = session_query(session, sql, 0, NULL, &err);
        misread(rows, NULL, NULL);
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void reading_another_type_or_a_null_aborts(void **state)
{
    (void)state;
    assert_int_equal(signal_of_a_child_that_runs("select 1::int8"), SIGABRT);
    assert_int_equal(signal_of_a_child_that_runs("select null::int4"), SIGABRT);
    assert_int_equal(signal_of_a_child_that_runs("select 1 where false"), SIGABRT);
    assert_int_equal(signal_of_a_child_that_runs("select 1"), 0);
}

static void a_failing_query_fails_alone(void **state)
{
    struct pool *pool = live_one();
    struct task task[6] = { 0 };
    int32_t one = 0, two = 0, n = 0;

    (void)state;
    live_must("drop table if exists alone; create table alone (id int primary key);"
              "insert into alone values (1)");
    query_send(query_new(pool, &task[0], "select 1"), live_read_int, &one);
    live_ask(pool, &task[1], "select 1 / 0");
    live_ask(pool, &task[2], "insert into alone values (2)");
    live_ask(pool, &task[3], "insert into alone values (3), (1)");
    live_ask(pool, &task[4], "this is no statement");
    query_send(query_new(pool, &task[5], "select 2"), live_read_int, &two);
    assert_int_equal(live_wait(&task[0]), PROBLEM_NONE);
    assert_int_equal(live_wait(&task[1]), PROBLEM_BROKEN);
    assert_int_equal(live_wait(&task[2]), PROBLEM_NONE);
    assert_int_equal(live_wait(&task[3]), PROBLEM_BROKEN);
    assert_int_equal(live_wait(&task[4]), PROBLEM_BROKEN);
    assert_int_equal(live_wait(&task[5]), PROBLEM_NONE);
    n = live_number(pool, "select count(*)::int from alone");
    assert_int_equal(one, 1);
    assert_int_equal(two, 2);
    assert_int_equal(n, 2);
    assert_int_equal(pool_counts(pool).failures, 3);
    assert_int_equal(pool_counts(pool).lost_connections, 0);
    pool_close(pool);
}

static void a_statement_that_failed_to_parse_can_be_tried_again(void **state)
{
    static const char sql[] = "select count(*)::int from later";
    struct pool *pool = live_one();
    struct task task[2] = { 0 };

    (void)state;
    live_must("drop table if exists later");
    live_ask(pool, &task[0], sql);
    live_ask(pool, &task[1],
             sql); /* goes out before the PARSE of the first has failed */
    assert_int_equal(live_wait(&task[0]), PROBLEM_BROKEN);
    assert_int_equal(live_wait(&task[1]), PROBLEM_BROKEN);
    live_must("create table later (id int)");
    assert_int_equal(live_number(pool, sql), 0);
    pool_close(pool);
}

static void an_error_at_commit_fails_the_query(void **state)
{
    struct pool *pool = live_one();
    struct task task[3] = { 0 };
    int32_t value = 0;

    (void)state;
    live_must("drop table if exists pair;"
              "create table pair (id int unique deferrable initially deferred)");
    live_ask(pool, &task[0], "insert into pair values (1)");
    query_send(query_new(pool, &task[1], "insert into pair values (1) returning 7"),
               live_read_int, &value);
    live_ask(pool, &task[2], "insert into pair values (2)");
    assert_int_equal(live_wait(&task[0]), PROBLEM_NONE);
    assert_int_equal(live_wait(&task[1]), PROBLEM_BROKEN);
    assert_int_equal(live_wait(&task[2]), PROBLEM_NONE);
    assert_int_equal(value, 0);
    pool_close(pool);
}

static bool refuse_to_read(struct rows *rows, void *out, struct error *err)
{
    (void)rows, (void)out;
    return error_set(err, PROBLEM_STARTING);
}

static void a_reader_can_fail_its_query(void **state)
{
    struct pool *pool = live_one();
    struct task task = { 0 };

    (void)state;
    query_send(query_new(pool, &task, "select 1"), refuse_to_read, NULL);
    assert_int_equal(live_wait(&task), PROBLEM_STARTING);
    pool_close(pool);
}

static void a_statement_survives_an_altered_table_and_deallocate_all(void **state)
{
    static const char sql[] = "select * from altered";
    struct pool *pool = live_one();

    (void)state;
    live_must("drop table if exists altered; create table altered (id int)");
    assert_int_equal(live_run(pool, sql), PROBLEM_NONE);
    live_must("alter table altered add more int");
    assert_int_equal(live_run(pool, sql), PROBLEM_NONE);
    assert_int_equal(live_run(pool, sql), PROBLEM_NONE);
    assert_int_equal(live_run(pool, "deallocate all"), PROBLEM_NONE);
    assert_int_equal(live_run(pool, sql), PROBLEM_NONE);
    assert_int_equal(pool_counts(pool).failures, 0);
    pool_close(pool);
}

static int occurrences(const char *text, const char *part)
{
    int n = 0;

    while ((text = strstr(text, part))) {
        n++;
        text++;
    }
    return n;
}

static void a_failure_is_logged_once_and_without_values(void **state)
{
    char path[] = P_tmpdir "/jingda-log.XXXXXX", log[20000] = "";
    struct pool *pool = live_one();
    struct task task = { 0 };

    (void)state;
    live_must("drop table if exists logged;"
              "create table logged (id text constraint logged_once unique);"
              "insert into logged values ('sesame')");
    log_close();
    close(mkstemp(path));
    assert_true(log_open(path, LOG_INFO));
    struct query *query = query_new(pool, &task, "insert into logged values ($1)");
    query_bind_text(query, "sesame");
    query_send(query, NULL, NULL);
    query = query_new(pool, &task, "select\n$1::int");
    query_bind_text(query, "sesame");
    query_send(query, NULL, NULL);
    live_wait(&task);
    log_close();
    log_open("/dev/null", LOG_INFO);
    FILE *file = fopen(path, "r");
    fread(log, 1, sizeof(log) - 1, file);
    fclose(file);
    unlink(path);
    assert_int_equal(occurrences(log, "query.failed"), 2);
    assert_int_equal(occurrences(log, "sqlstate=23505"), 1);
    assert_int_equal(occurrences(log, "constraint=logged_once"), 1);
    assert_int_equal(occurrences(log, "sqlstate=22P02"), 1);
    assert_int_equal(occurrences(log, "sql=\"select $1::int\""), 1);
    assert_int_equal(occurrences(log, "sesame"), 0);
    pool_close(pool);
}

static void an_sqlstate_says_whether_to_try_again(void **state)
{
    (void)state;
    assert_int_equal(sqlstate_problem("40001"), PROBLEM_BUSY);
    assert_int_equal(sqlstate_problem("40P01"), PROBLEM_BUSY);
    assert_int_equal(sqlstate_problem("55P03"), PROBLEM_BUSY);
    assert_int_equal(sqlstate_problem("57014"), PROBLEM_BUSY);
    assert_int_equal(sqlstate_problem("57P01"), PROBLEM_DATABASE_AWAY);
    assert_int_equal(sqlstate_problem("08006"), PROBLEM_DATABASE_AWAY);
    assert_int_equal(sqlstate_problem("53100"), PROBLEM_DATABASE_AWAY);
    assert_int_equal(sqlstate_problem("25006"), PROBLEM_DATABASE_AWAY);
    assert_int_equal(sqlstate_problem("23505"), PROBLEM_BROKEN);
    assert_int_equal(sqlstate_problem("42601"), PROBLEM_BROKEN);
}

static void socket_address(struct sockaddr_un *address, const char *folder)
{
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    snprintf(address->sun_path, sizeof(address->sun_path), "%.80s/.s.PGSQL.5432",
             folder);
}

/* Passes on at most seven bytes at a time. */
static void relay(int client, int server)
{
    struct pollfd fds[2] = { { client, POLLIN, 0 }, { server, POLLIN, 0 } };
    char piece[7];

    while (poll(fds, 2, -1) > 0)
        for (int i = 0; i < 2; i++) {
            if (!fds[i].revents)
                continue;
            ssize_t n = read(fds[i].fd, piece, sizeof(piece));
            if (n <= 0 || write(fds[!i].fd, piece, (size_t)n) != n)
                _exit(0);
        }
}

static pid_t start_relay(const char *folder)
{
    struct sockaddr_un here, there;
    char real[100];
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);

    sscanf(live_database, "host=%99s", real);
    socket_address(&here, folder);
    socket_address(&there, real);
    bind(listening, (struct sockaddr *)&here, sizeof(here));
    listen(listening, 5);
    pid_t child = fork();
    if (child == 0) {
        int client = accept(listening, NULL, NULL);
        int server = socket(AF_UNIX, SOCK_STREAM, 0);

        if (connect(server, (struct sockaddr *)&there, sizeof(there)) == 0)
            relay(client, server);
        _exit(1);
    }
    close(listening);
    return child;
}

static void answers_that_come_in_pieces_are_put_together(void **state)
{
    char folder[] = P_tmpdir "/jingda-relay.XXXXXX", conninfo[200], path[100];
    struct pool_options options = pool_defaults;
    struct task task = { 0 };

    (void)state;
    assert_non_null(mkdtemp(folder));
    pid_t child = start_relay(folder);
    snprintf(conninfo, sizeof(conninfo), "host=%s user=postgres dbname=jingda_test",
             folder);
    options.conninfo = conninfo;
    options.size = 1;
    options.limit_ms = PATIENCE_MS;
    struct pool *pool = live_pool(options);
    fill_lists();
    live_ask(pool, &task, "select 1");
    send_lists(pool, &task, 500);
    live_ask(pool, &task, "select 1");
    enum problem problem = live_wait(&task);
    pool_close(pool);
    waitpid(child, NULL, 0);
    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", folder);
    unlink(path);
    rmdir(folder);
    assert_int_equal(problem, PROBLEM_NONE);
    assert_int_equal(lists.n_rows, 500);
    assert_int_equal(lists.n_differ, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        LIVE_TEST(every_scalar_comes_back_as_it_was),
        LIVE_TEST(nulls_come_back_as_nulls),
        LIVE_TEST(a_null_of_no_type_does_not_fix_the_type_of_a_later_value),
        LIVE_TEST(arrays_of_many_and_of_none_come_back),
        LIVE_TEST(values_and_rows_of_many_megabytes_pass),
        LIVE_TEST(reading_another_type_or_a_null_aborts),
        LIVE_TEST(a_failing_query_fails_alone),
        LIVE_TEST(a_statement_that_failed_to_parse_can_be_tried_again),
        LIVE_TEST(an_error_at_commit_fails_the_query),
        LIVE_TEST(a_reader_can_fail_its_query),
        LIVE_TEST(a_statement_survives_an_altered_table_and_deallocate_all),
        LIVE_TEST(a_failure_is_logged_once_and_without_values),
        LIVE_TEST(an_sqlstate_says_whether_to_try_again),
        LIVE_TEST(answers_that_come_in_pieces_are_put_together),
    };

    return live_main("pg", tests, sizeof(tests) / sizeof(*tests));
}
