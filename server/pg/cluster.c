#include "pg/cluster.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <libpq-fe.h>

#include "log/log.h"
#include "pg/child.h"
#include "pg/making.h"
#include "pg/place.h"
#include "pg/programs.h"
#include "util/arena.h"
#include "util/clock.h"
#include "util/memory.h"

/*
 * The postmaster is our own child, not a daemon: the kernel sends it SIGINT when we
 * die, and waitpid says when it has ended.  One that a killed jingda left behind is
 * not; it is told from any other process by what it runs and where.
 */

enum {
    LEFTOVER_MS = 10000,
    FAST_MS = 30000,
    IMMEDIATE_MS = 10000,
    START_MS = 600000, /* recovery after a crash may take minutes */
    ORPHANS_MS = 10000,
    REMIND_MS = 10000,
    POLL_MS = 20,
};

#define ADDRESS "host=%s port=5432 user=jingda "

struct cluster {
    struct place place;
    pid_t owner, postmaster; /* 0: none */
    const char *bin, *conninfo;
};

bool cluster_fail(struct cluster_error *err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    return false;
}

static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

/* A postmaster lives in its data folder; a number in a file could be anybody's by now.
 */
static bool serves(pid_t pid, const char *data)
{
    char path[64], name[32];
    struct stat there, here;

    snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
    if (!place_line(path, name, sizeof(name)) || strcmp(name, "postgres"))
        return false;
    snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
    return !stat(path, &there) && !stat(data, &here) && there.st_dev == here.st_dev &&
           there.st_ino == here.st_ino;
}

static bool is_gone(const struct cluster *c, pid_t pid)
{
    if (pid == c->postmaster)
        return waitpid(pid, NULL, WNOHANG) != 0;
    return !serves(pid, c->place.data);
}

static bool wait_gone(const struct cluster *c, pid_t pid, int limit_ms)
{
    int64_t until = clock_ms() + limit_ms;

    while (!is_gone(c, pid)) {
        if (clock_ms() >= until)
            return false;
        pause_ms(POLL_MS);
    }
    return true;
}

/* SIGINT ends sessions and writes a checkpoint; SIGQUIT leaves the rest to recovery. */
static bool stop(const struct cluster *c, pid_t pid)
{
    kill(pid, SIGINT);
    if (wait_gone(c, pid, FAST_MS))
        return true;
    log_warn("cluster", "PostgreSQL (process %d) is slow to stop: it must end now",
             (int)pid);
    kill(pid, SIGQUIT);
    return wait_gone(c, pid, IMMEDIATE_MS);
}

/* One whose jingda was killed is on its way out already, and only needs time.  The lock
 * files of one that was killed itself may name a process that lives again as another,
 * and PostgreSQL would take it for a postmaster; with the folder locked we know better.
 */
static bool clear_leftover(struct cluster *c, struct cluster_error *err)
{
    const char *pid_file =
        arena_printf(&c->place.arena, "%s/postmaster.pid", c->place.data);
    char text[32] = "";

    place_line(pid_file, text, sizeof(text));
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    if (pid > 1 && serves(pid, c->place.data)) {
        log_info("cluster", "waiting for the PostgreSQL left over in %s (process %d)",
                 c->place.base, (int)pid);
        log_flush();
        if (!wait_gone(c, pid, LEFTOVER_MS) && !stop(c, pid))
            return cluster_fail(
                err, "PostgreSQL (process %d) still runs in %s and does not stop",
                (int)pid, c->place.base);
    } else if (pid > 1 && !kill(pid, 0)) {
        unlink(pid_file);
    }
    unlink(arena_printf(&c->place.arena, "%s/" PLACE_SOCKET_NAME ".lock",
                        c->place.socket));
    return true;
}

static bool launch(struct cluster *c, struct cluster_error *err)
{
    struct arena arena;
    int out = place_start_log(&c->place);

    if (out < 0)
        return cluster_fail(err, "cannot write %s: %s", c->place.start_log,
                            strerror(errno));
    arena_init(&arena);
    unlink(arena_printf(&arena, "%s/current_logfiles", c->place.data));
    char *argv[] = { arena_printf(&arena, "%s/postgres", c->bin),
                     "-D",
                     arena_string(&arena, c->place.data),
                     "-c",
                     "listen_addresses=",
                     "-c",
                     "port=5432",
                     "-c",
                     arena_printf(&arena, "unix_socket_directories=%s",
                                  c->place.socket),
                     "-c",
                     "logging_collector=on",
                     "-c",
                     "log_directory=../log",
                     NULL };
    c->postmaster = child_spawn(&c->place.user, argv, out);
    close(out);
    arena_done(&arena);
    if (c->postmaster > 0)
        return true;
    c->postmaster = 0;
    return cluster_fail(err, "cannot start PostgreSQL: %s", strerror(errno));
}

/* Where the postmaster spoke last: it says so itself once it keeps a log of its own. */
static const char *last_log(struct cluster *c)
{
    char line[256];

    if (place_line(arena_printf(&c->place.arena, "%s/current_logfiles", c->place.data),
                   line, sizeof(line)) &&
        !strncmp(line, "stderr ", 7))
        return arena_printf(&c->place.arena, "%s/%s", c->place.data, line + 7);
    return c->place.start_log;
}

static bool wait_ready(struct cluster *c, struct cluster_error *err)
{
    int64_t began = clock_ms(), remind = began + REMIND_MS;
    const char *conninfo = arena_printf(
        &c->place.arena, ADDRESS "dbname=postgres connect_timeout=5", c->place.socket);

    while (PQping(conninfo) != PQPING_OK) {
        if (is_gone(c, c->postmaster)) {
            c->postmaster = 0;
            return place_report(&c->place, "PostgreSQL did not start", last_log(c),
                                err);
        }
        if (clock_ms() >= began + START_MS)
            return place_report(&c->place, "PostgreSQL does not answer", last_log(c),
                                err);
        if (clock_ms() >= remind) {
            log_info("cluster", "PostgreSQL is still getting ready in %s",
                     c->place.base);
            log_flush();
            remind += REMIND_MS;
        }
        pause_ms(POLL_MS);
    }
    return true;
}

/* Processes of a postmaster that was killed outlive it for a moment, with the memory
 * they share; until they are gone PostgreSQL refuses to start. */
static bool start(struct cluster *c, struct cluster_error *err)
{
    int64_t until = clock_ms() + ORPHANS_MS;

    while (launch(c, err)) {
        if (wait_ready(c, err))
            return true;
        if (!strstr(err->text, "still in use") || clock_ms() >= until)
            return false;
        pause_ms(10 * POLL_MS);
    }
    return false;
}

static bool create_in(PGconn *conn, struct cluster_error *err)
{
    PGresult *found = PQexec(conn, "select from pg_database where datname = 'jingda'");
    bool is_good = PQresultStatus(found) == PGRES_TUPLES_OK;

    if (is_good && PQntuples(found) == 0) {
        PQclear(found);
        found = PQexec(conn, "create database jingda");
        is_good = PQresultStatus(found) == PGRES_COMMAND_OK;
    }
    PQclear(found);
    return is_good ||
           cluster_fail(err, "cannot create the database: %s", PQerrorMessage(conn));
}

static bool create_database(struct cluster *c, struct cluster_error *err)
{
    PGconn *conn = PQconnectdb(
        arena_printf(&c->place.arena, ADDRESS "dbname=postgres", c->place.socket));
    bool is_good = PQstatus(conn) == CONNECTION_OK
                       ? create_in(conn, err)
                       : cluster_fail(err, "cannot connect: %s", PQerrorMessage(conn));

    PQfinish(conn);
    return is_good;
}

/* A new PostgreSQL cannot read the files of an older one, so what is there decides. */
static bool choose_programs(struct cluster *c, struct cluster_error *err)
{
    struct arena *arena = &c->place.arena;
    const char *data = c->place.data;
    char made_by[16] = "";

    place_line(arena_printf(arena, "%s/PG_VERSION", data), made_by, sizeof(made_by));
    int wanted = atoi(made_by);
    c->bin = programs_find(&c->place.user, wanted, arena);
    if (c->bin)
        return true;
    if (wanted)
        return cluster_fail(
            err,
            "%s was made by PostgreSQL %d, which is not installed: install "
            "that version beside the other (Debian: postgresql-%d), or "
            "bring the data to the installed one with pg_upgrade",
            data, wanted, wanted);
    return cluster_fail(err, "no PostgreSQL server found: install one (Debian: "
                             "postgresql-15), or name a running one in DATABASE_URL");
}

static bool bring_up(struct cluster *c, const char *folder, struct cluster_error *err)
{
    if (!place_open(&c->place, folder, err) || !choose_programs(c, err))
        return false;
    c->conninfo =
        arena_printf(&c->place.arena, ADDRESS "dbname=jingda", c->place.socket);
    return (place_has_data(&c->place) || making_run(&c->place, c->bin, err)) &&
           clear_leftover(c, err) && start(c, err) && create_database(c, err);
}

struct cluster *cluster_start(const char *folder, struct cluster_error *err)
{
    struct cluster *c = memory_new(sizeof(*c));

    c->owner = getpid();
    if (bring_up(c, folder, err)) {
        log_info("cluster", "PostgreSQL (process %d, programs in %s) serves %s",
                 (int)c->postmaster, c->bin, c->place.base);
        return c;
    }
    cluster_stop(c);
    return NULL;
}

struct cluster *cluster_join(const char *folder)
{
    struct cluster *c = memory_new(sizeof(*c));

    if (place_is_held(&c->place, folder)) {
        c->conninfo =
            arena_printf(&c->place.arena, ADDRESS "dbname=jingda", c->place.socket);
        return c;
    }
    cluster_stop(c);
    return NULL;
}

const char *cluster_conninfo(const struct cluster *c)
{
    return c->conninfo;
}

void cluster_tend(struct cluster *c)
{
    struct cluster_error err;

    if (c->owner != getpid() || (c->postmaster && !is_gone(c, c->postmaster)))
        return;
    c->postmaster = 0;
    log_warn("cluster", "PostgreSQL in %s has ended: starting it again", c->place.base);
    if (!launch(c, &err))
        log_error("cluster", "%s", err.text);
}

static void put_down(struct cluster *c)
{
    if (c->postmaster && !stop(c, c->postmaster))
        log_error("cluster", "PostgreSQL (process %d) did not stop",
                  (int)c->postmaster);
    place_unlock(&c->place);
}

void cluster_stop(struct cluster *c)
{
    if (!c)
        return;
    if (c->owner == getpid())
        put_down(c);
    place_close(&c->place);
    free(c);
}
