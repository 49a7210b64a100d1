/* Migrations: in order, once, unchanged, and by one process at a time. */
#include "ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/migrate.h"
#include "util/text.h"

static char folder[64];
static struct text applied;

static void put(const char *file, const char *sql)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/%s", folder, file);
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    fputs(sql, stream);
    fclose(stream);
}

static void take_away(const char *file)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/%s", folder, file);
    assert_int_equal(unlink(path), 0);
}

static int set_up(void **state)
{
    snprintf(folder, sizeof(folder), P_tmpdir "/jingda-schema-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    text_clear(&applied);
    *state = ground_session(ground_empty("migrate_test"));
    return 0;
}

static int tear_down(void **state)
{
    char command[200];

    session_close(*state);
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    text_done(&applied);
    return system(command);
}

static void note(const char *file, void *context)
{
    (void)context;
    text_printf(&applied, "%s ", file);
}

static void run(struct session *session)
{
    struct db_error err = { 0 };

    text_clear(&applied);
    text_string(&applied, "");
    if (!migrate(session, folder, note, NULL, &err))
        fail_msg("%s", err.text);
}

static void assert_refused(struct session *session, const char *said)
{
    struct db_error err = { 0 };

    assert_false(migrate(session, folder, note, NULL, &err));
    if (!strstr(err.text, said))
        fail_msg("%s", err.text);
    /* the lock is free again, and no transaction is open */
    assert_int_equal(ground_number(session,
                                   "select count(*) from pg_locks where locktype ="
                                   " 'advisory' and pid = pg_backend_pid()"),
                     0);
    ground_run(session, "begin; rollback");
}

static void files_are_applied_in_order_and_only_once(void **state)
{
    put("010_third.sql", "insert into t values (3)");
    put("001_first.sql", "create table t (n int); insert into t values (1);");
    put("002_second.sql", "insert into t values (2);\n");
    put("003_notes.txt", "no sql");
    put("readme.sql", "neither");
    put("0x3_odd.sql", "nor this");
    run(*state);
    assert_string_equal(applied.data, "001_first.sql 002_second.sql 010_third.sql ");
    assert_string_equal(ground_text(*state, "select string_agg(n::text, ' ') from t"),
                        "1 2 3");
    run(*state);
    assert_string_equal(applied.data, "");
    put("011_fourth.sql", "insert into t values (4)");
    run(*state);
    assert_string_equal(applied.data, "011_fourth.sql ");
    assert_int_equal(ground_number(*state, "select count(*) from t"), 4);
}

static void a_file_that_changed_is_refused_and_nothing_new_applied(void **state)
{
    put("001_first.sql", "create table t (n int)");
    run(*state);
    put("001_first.sql", "create table t (n int) ");
    put("002_second.sql", "insert into t values (2)");
    assert_refused(*state, "001_first.sql was changed");
    assert_int_equal(ground_number(*state, "select count(*) from t"), 0);
    put("001_first.sql", "create table t (n int)");
    run(*state);
    assert_string_equal(applied.data, "002_second.sql ");
}

static void a_file_that_is_gone_is_refused(void **state)
{
    put("001_first.sql", "create table t (n int)");
    put("002_second.sql", "insert into t values (2)");
    run(*state);
    take_away("002_second.sql");
    assert_refused(*state, "002_second.sql, which is not here");
}

static void a_file_that_fails_leaves_nothing_but_those_before_it(void **state)
{
    put("001_first.sql", "create table t (n int)");
    put("002_second.sql", "insert into t values (2); select 1 / 0");
    put("003_third.sql", "insert into t values (3)");
    assert_refused(*state, "002_second.sql: ");
    assert_int_equal(ground_number(*state, "select count(*) from t"), 0);
    assert_int_equal(ground_number(*state, "select count(*) from migration"), 1);
    put("002_second.sql", "insert into t values (2)");
    run(*state);
    assert_string_equal(applied.data, "002_second.sql 003_third.sql ");
}

static void a_folder_without_migrations_is_refused(void **state)
{
    struct db_error err = { 0 };

    assert_refused(*state, "no migrations there");
    assert_false(migrate(*state, "/nowhere/at/all", note, NULL, &err));
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
}

static int child(void)
{
    struct db_error err = { 0 };
    char conninfo[300];

    snprintf(conninfo, sizeof(conninfo), "%s dbname=migrate_test", live_database);
    struct session *session = session_open(conninfo, &err);
    bool ok = session && migrate(session, folder, note, NULL, &err);
    session_close(session);
    return !ok ? 1 : applied.length ? 3 : 2;
}

static void several_at_once_apply_each_file_once(void **state)
{
    enum { N = 5 };
    pid_t pids[N];
    int n_applied = 0;

    put("001_first.sql", "create table t (n int); select pg_sleep(0.2)");
    put("002_second.sql", "insert into t values (2); select pg_sleep(0.1)");
    for (int i = 0; i < N; i++)
        if (!(pids[i] = fork()))
            _exit(child());
    for (int i = 0; i < N; i++) {
        int status;

        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        assert_in_range(WEXITSTATUS(status), 2, 3);
        n_applied += WEXITSTATUS(status) == 3;
    }
    assert_int_equal(n_applied, 1);
    assert_int_equal(ground_number(*state, "select count(*) from t"), 1);
}

static void the_schema_of_the_house_is_applied_again_without_effect(void **state)
{
    struct session *session = ground_session(ground_migrated("migrate_house"));
    struct db_error err = { 0 };

    (void)state;
    text_clear(&applied);
    assert_true(migrate(session, SOURCE_ROOT "/schema", note, NULL, &err));
    assert_int_equal(applied.length, 0);
    session_close(session);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_applied_in_order_and_only_once),
        TEST(a_file_that_changed_is_refused_and_nothing_new_applied),
        TEST(a_file_that_is_gone_is_refused),
        TEST(a_file_that_fails_leaves_nothing_but_those_before_it),
        TEST(a_folder_without_migrations_is_refused),
        TEST(several_at_once_apply_each_file_once),
        TEST(the_schema_of_the_house_is_applied_again_without_effect),
    };

    return live_main("migrate", tests, sizeof(tests) / sizeof(tests[0]));
}
