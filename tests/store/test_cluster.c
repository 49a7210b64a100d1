#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>
#include <libpq-fe.h>

#include "pg/cluster.h"

enum { PATIENCE_MS = 20000 };

static char folder[64];

static void path_in(char *out, size_t size, const char *name)
{
    snprintf(out, size, "%s/%s", folder, name);
}

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), P_tmpdir "/jingda-test-XXXXXX");
    return !mkdtemp(folder) || chmod(folder, 0755);
}

static int remove_one(const char *path, const struct stat *st, int kind,
                      struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    return remove(path);
}

static int teardown(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct cluster *start(void)
{
    struct cluster_error err = { "" };
    struct cluster *cluster = cluster_start(folder, &err);

    if (!cluster)
        fail_msg("%s", err.text);
    return cluster;
}

/* One value, or "" with the connection lost. */
static void ask(const struct cluster *cluster, const char *sql, char out[64])
{
    PGconn *conn = PQconnectdb(cluster_conninfo(cluster));
    PGresult *result = PQexec(conn, sql);

    snprintf(out, 64, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(conn);
}

static pid_t postmaster(void)
{
    char path[128];
    int pid = 0;

    path_in(path, sizeof(path), "data/postmaster.pid");
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%d", &pid) != 1)
        pid = 0;
    fclose(file);
    return pid;
}

/* A zombie that nobody waits for no longer runs. */
static bool runs(pid_t pid)
{
    char path[64], state = 'X';

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'X';
    fclose(file);
    return state != 'X' && state != 'Z';
}

static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){ 0, ms * 1000000L }, NULL);
}

static bool ends(pid_t pid)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += 20) {
        if (!runs(pid))
            return true;
        pause_ms(20);
    }
    return false;
}

static bool is_making(void)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    bool is_there = false;

    while (dir && (entry = readdir(dir)))
        is_there = is_there || !strncmp(entry->d_name, "making-", 7);
    if (dir)
        closedir(dir);
    return is_there;
}

/* Another process that owns the folder and writes a byte once its database answers and
 * holds table t. */
static pid_t owner(int *out_ready)
{
    int ends_of_pipe[2];
    char ignored[64];

    assert_int_equal(pipe2(ends_of_pipe, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        struct cluster_error err;
        struct cluster *cluster = cluster_start(folder, &err);

        if (!cluster)
            _exit(1);
        ask(cluster, "create table if not exists t as select 42 as x", ignored);
        if (write(ends_of_pipe[1], "!", 1) == 1)
            pause();
        _exit(0);
    }
    close(ends_of_pipe[1]);
    *out_ready = ends_of_pipe[0];
    return child;
}

static pid_t ready_owner(void)
{
    int ready;
    char c;
    pid_t child = owner(&ready);

    assert_int_equal(read(ready, &c, 1), 1);
    close(ready);
    return child;
}

static void kill_owner(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void a_second_start_finds_the_data_of_the_first(void **state)
{
    (void)state;
    char answer[64];
    struct cluster *cluster = start();
    pid_t first = postmaster();

    ask(cluster, "create table t as select 42 as x", answer);
    cluster_stop(cluster);
    assert_false(runs(first));

    cluster = start();
    ask(cluster, "select x from t", answer);
    assert_string_equal(answer, "42");
    cluster_stop(cluster);
}

static void the_database_is_durable_checked_and_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
    } wanted[] = { { "fsync", "on" },
                   { "synchronous_commit", "on" },
                   { "full_page_writes", "on" },
                   { "data_checksums", "on" },
                   { "server_encoding", "UTF8" },
                   { "listen_addresses", "" },
                   { "shared_buffers", "256MB" },
                   { "max_connections", "64" },
                   { "jit", "off" },
                   { "logging_collector", "on" } };
    char sql[64], answer[64];
    struct cluster *cluster = start();

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        snprintf(sql, sizeof(sql), "show %s", wanted[i].name);
        ask(cluster, sql, answer);
        assert_string_equal(answer, wanted[i].value);
    }
    cluster_stop(cluster);
}

static void it_does_not_run_as_root_and_keeps_its_folders_shut(void **state)
{
    (void)state;
    static const char *const names[] = { "data", "log", "socket" };
    char path[128];
    struct stat st;
    struct cluster *cluster = start();

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        path_in(path, sizeof(path), names[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0700);
        assert_int_not_equal(st.st_uid, 0);
    }
    cluster_stop(cluster);
}

static void the_terminals_interrupt_does_not_reach_it(void **state)
{
    (void)state;
    struct cluster *cluster = start();

    assert_int_equal(getsid(postmaster()), postmaster());
    cluster_stop(cluster);
}

static void a_killed_owner_leaves_no_postmaster_and_no_loss(void **state)
{
    (void)state;
    char answer[64];
    pid_t child = ready_owner(), pid = postmaster();

    assert_true(runs(pid));
    kill_owner(child);
    assert_true(ends(pid));

    struct cluster *cluster = start();
    ask(cluster, "select x from t", answer);
    assert_string_equal(answer, "42");
    cluster_stop(cluster);
}

static void a_start_waits_for_the_postmaster_of_a_killed_owner(void **state)
{
    (void)state;
    pid_t child = ready_owner(), pid = postmaster();

    kill_owner(child);
    struct cluster *cluster = start();
    assert_false(runs(pid));
    assert_int_not_equal(postmaster(), pid);
    cluster_stop(cluster);
}

static void owner_and_database_killed_together_start_again(void **state)
{
    (void)state;
    char answer[64];
    pid_t child = ready_owner(), pid = postmaster();

    kill(pid, SIGKILL);
    kill_owner(child);
    struct cluster *cluster = start();
    ask(cluster, "select x from t", answer);
    assert_string_equal(answer, "42");
    cluster_stop(cluster);
}

static void the_number_of_another_process_in_its_pid_file_is_no_hindrance(void **state)
{
    (void)state;
    char path[128];

    cluster_stop(start());
    path_in(path, sizeof(path), "data/postmaster.pid");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%d\n%s/data\n", (int)getpid(), folder);
    fclose(file);
    cluster_stop(start());
}

static void a_postmaster_that_was_killed_is_started_again(void **state)
{
    (void)state;
    char answer[64] = "";
    struct cluster *cluster = start();

    kill(postmaster(), SIGKILL);
    for (int ms = 0; ms < PATIENCE_MS && strcmp(answer, "1"); ms += 100) {
        cluster_tend(cluster);
        pause_ms(100);
        ask(cluster, "select 1", answer);
    }
    assert_string_equal(answer, "1");
    cluster_stop(cluster);
}

static void two_owners_of_one_folder_are_refused(void **state)
{
    (void)state;
    struct cluster_error err = { "" };
    struct cluster *cluster = start();

    assert_null(cluster_start(folder, &err));
    assert_non_null(strstr(err.text, "another jingda"));
    assert_true(runs(postmaster()));
    cluster_stop(cluster);
}

static void an_interrupted_making_is_done_again(void **state)
{
    (void)state;
    int ready;
    pid_t child = owner(&ready);

    for (int ms = 0; ms < PATIENCE_MS && !is_making(); ms += 20)
        pause_ms(20);
    assert_true(is_making());
    pause_ms(200);
    kill_owner(child);
    close(ready);
    assert_int_equal(postmaster(), 0);

    cluster_stop(start());
    assert_false(is_making());
}

static void data_of_another_version_is_left_alone_with_advice(void **state)
{
    (void)state;
    struct cluster_error err = { "" };
    char path[128];

    cluster_stop(start());
    path_in(path, sizeof(path), "data/PG_VERSION");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("8\n", file);
    fclose(file);
    assert_null(cluster_start(folder, &err));
    assert_non_null(strstr(err.text, "PostgreSQL 8"));
    assert_non_null(strstr(err.text, "pg_upgrade"));
}

static void a_postmaster_that_cannot_start_says_why(void **state)
{
    (void)state;
    struct cluster_error err = { "" };
    char path[128];

    cluster_stop(start());
    path_in(path, sizeof(path), "data/postgresql.conf");
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs("no_such_setting = 1\n", file);
    fclose(file);
    assert_null(cluster_start(folder, &err));
    assert_non_null(strstr(err.text, "no_such_setting"));
}

static void a_long_or_odd_folder_gets_its_socket_below_tmp(void **state)
{
    (void)state;
    struct cluster_error err = { "" };
    char path[256], answer[64];

    path_in(
        path, sizeof(path),
        "a folder, with 'quotes' and a name which is far too long for the address of "
        "a socket/职工");
    struct cluster *cluster = cluster_start(path, &err);
    if (!cluster)
        fail_msg("%s", err.text);
    assert_non_null(strstr(cluster_conninfo(cluster), "host=/tmp/jingda-"));
    ask(cluster, "select 1", answer);
    assert_string_equal(answer, "1");
    cluster_stop(cluster);
}

/* "host=/var/lib/jingda/HASH/socket port=..." */
static void remove_elsewhere(const char *conninfo)
{
    char path[128] = "";

    sscanf(conninfo, "host=%127s", path);
    assert_memory_equal(path, "/var/lib/jingda/", strlen("/var/lib/jingda/"));
    *strrchr(path, '/') = '\0';
    assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void below_a_shut_folder_roots_data_goes_to_var_lib(void **state)
{
    (void)state;
    char conninfo[256], answer[64];

    if (geteuid())
        skip();
    chmod(folder, 0700);
    struct cluster *cluster = start();
    snprintf(conninfo, sizeof(conninfo), "%s", cluster_conninfo(cluster));
    ask(cluster, "create table t as select 42 as x", answer);
    cluster_stop(cluster);

    chmod(folder, 0755); /* what was made there stays there */
    cluster = start();
    ask(cluster, "select x from t", answer);
    cluster_stop(cluster);
    remove_elsewhere(conninfo);
    assert_string_equal(answer, "42");
}

static void data_that_became_unreachable_is_not_replaced(void **state)
{
    (void)state;
    struct cluster_error err = { "" };

    if (geteuid())
        skip();
    cluster_stop(start());
    chmod(folder, 0700);
    assert_null(cluster_start(folder, &err));
    assert_non_null(strstr(err.text, "cannot reach its data"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_second_start_finds_the_data_of_the_first),
        TEST(the_database_is_durable_checked_and_utf8),
        TEST(it_does_not_run_as_root_and_keeps_its_folders_shut),
        TEST(the_terminals_interrupt_does_not_reach_it),
        TEST(a_killed_owner_leaves_no_postmaster_and_no_loss),
        TEST(a_start_waits_for_the_postmaster_of_a_killed_owner),
        TEST(owner_and_database_killed_together_start_again),
        TEST(the_number_of_another_process_in_its_pid_file_is_no_hindrance),
        TEST(a_postmaster_that_was_killed_is_started_again),
        TEST(two_owners_of_one_folder_are_refused),
        TEST(an_interrupted_making_is_done_again),
        TEST(data_of_another_version_is_left_alone_with_advice),
        TEST(a_postmaster_that_cannot_start_says_why),
        TEST(a_long_or_odd_folder_gets_its_socket_below_tmp),
        TEST(below_a_shut_folder_roots_data_goes_to_var_lib),
        TEST(data_that_became_unreachable_is_not_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
